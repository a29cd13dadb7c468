/** Conformance: readiness, blocked carriers, compensation. Each expected output is that of Temurin 25.0.3. */
import { Descriptor } from "@orrery/simulator";
import { describe, expect, it } from "vitest";
import {
  blockingCall,
  blockingRead,
  compensatedCall,
  type Jvm,
  join,
  ReentrantLock,
  Throwable,
} from "../src/index.ts";
import { run, runMain } from "./prelude.ts";

const write = (jvm: Jvm, descriptor: Descriptor): void => {
  jvm.machine.charge(jvm.costs.syscall);
  descriptor.signal();
};

describe("network readiness", () => {
  it("PipeReadiness: the sub-poller unparks in the order of readiness, after root has blocked", () => {
    expect(
      run(
        function* ({ jvm, go, log, nap, joinAll }) {
          const pipes = new Map(["A", "B", "C"].map((n) => [n, new Descriptor(jvm.machine, n)]));
          const threads = [...pipes].map(([n, pipe]) =>
            go(n, function* () {
              yield* blockingRead(jvm, pipe, 0);
              log(n);
            }),
          );
          yield* nap(40);
          for (const n of ["C", "A", "B"]) write(jvm, pipes.get(n)!);
          log("root");
          yield* joinAll(threads);
        },
        { parallelism: 1, maxPoolSize: 1 },
      ),
    ).toBe("root C A B");
  });

  it("SocketEcho: the reader that is not ready parks, and is unparked by its poller", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow }) {
        const request = new Descriptor(jvm.machine, "request");
        const reply = new Descriptor(jvm.machine, "reply");
        const server = go("srv", function* () {
          yield* blockingRead(jvm, request, 0);
          log("srv got");
          write(jvm, reply);
        });
        yield* yieldNow();
        write(jvm, request);
        log("sent");
        yield* blockingRead(jvm, reply, 1);
        log("reply");
        yield* join(server);
      }),
    ).toBe("sent srv got reply");
  });

  it("SocketTimeoutCloseInterrupt: an interrupt closes the socket and keeps the flag", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow }) {
        const socket = new Descriptor(jvm.machine, "socket");
        const r = go("R", function* () {
          try {
            yield* blockingRead(jvm, socket, 0);
          } catch (error) {
            if (!(error instanceof Throwable)) throw error;
            log(`R: ${error.message} ${jvm.currentThread().interrupted}`);
          }
        });
        yield* yieldNow();
        r.interrupt();
        yield* join(r);
      }),
    ).toBe("R: Closed by interrupt true");
  });

  it("a spinning carrier keeps ready readers waiting: readiness needs a free carrier", () => {
    const out = run(function* ({ jvm, go, log, burn }) {
      const pipe = new Descriptor(jvm.machine, "pipe");
      const reader = go("R", function* () {
        yield* blockingRead(jvm, pipe, 0);
        log("R");
      });
      yield* burn(0);
      jvm.machine.at(jvm.machine.now + 5_000_000, () => pipe.signal());
      yield* jvm.currentThread().park(1_000_000);
      yield* burn(50);
      log("root");
      yield* join(reader);
    });
    expect(out).toBe("root R");
  });
});

describe("blocked carriers", () => {
  it("PlainFileReadHoldsCarrier: no compensation, the other thread waits", () => {
    expect(
      runMain(
        function* ({ jvm, go, log, nap, joinAll }) {
          const r = go("R", function* () {
            yield* blockingCall(jvm, 120_000_000);
            log("r65");
          });
          yield* nap(60);
          const b = go("B", function* () {
            log("B");
          });
          yield* nap(50);
          log("main");
          yield* joinAll([r, b]);
        },
        { parallelism: 1 },
      ),
    ).toBe("main r65 B");
  });

  const processRead = (maxPoolSize: number): string =>
    runMain(
      function* ({ jvm, go, log, joinAll }) {
        const a = go("A", function* () {
          log("a1");
          yield* compensatedCall(jvm, 300_000_000);
          log("a2");
        });
        const b = go("B", function* () {
          log("B");
        });
        yield* joinAll([a, b]);
      },
      { parallelism: 1, maxPoolSize },
    );

  it("ProcessReadCompensates: Blocker.begin grows the pool", () => {
    expect(processRead(256)).toBe("a1 B a2");
  });

  it("ProcessReadCompensates: not beyond maxPoolSize", () => {
    expect(processRead(1)).toBe("a1 a2 B");
  });

  it("PrintlnExpandsPool: compensated blocks on one carrier bring a second, no more", () => {
    expect(
      runMain(
        function* ({ jvm, go, log, joinAll }) {
          const carriers = new Set<string>();
          const stream = new ReentrantLock(jvm); // PrintStream's own lock
          const threads = Array.from({ length: 300 }, (_, i) =>
            go(`T${i}`, function* () {
              yield* stream.lock();
              yield* compensatedCall(jvm, 2_000);
              stream.unlock();
              carriers.add(String(jvm.currentCarrier()!.name));
            }),
          );
          yield* joinAll(threads);
          log(carriers.size);
        },
        { parallelism: 1 },
      ),
    ).toBe("2");
  });
});
