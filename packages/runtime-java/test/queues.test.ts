/** Conformance: queues, futures, executors, uncaught exceptions. Each expected output is that of Temurin 25.0.3. */
import { describe, expect, it } from "vitest";
import {
  ArrayBlockingQueue,
  CompletableFuture,
  FixedThreadPool,
  FutureTask,
  InterruptedException,
  join,
  LinkedBlockingQueue,
  P1,
  runJava,
  SynchronousQueue,
  Thread,
  Throwable,
} from "../src/index.ts";
import { run } from "./prelude.ts";

describe("blocking queues", () => {
  it("BoundedQueue", () => {
    expect(
      run(function* ({ jvm, go, log, joinAll }) {
        const q = new ArrayBlockingQueue<number>(jvm, 2);
        const p = go("P", function* () {
          for (let i = 0; i < 5; i++) {
            yield* q.put(i);
            log(`p${i}`);
          }
        });
        const c = go("C", function* () {
          for (let i = 0; i < 5; i++) log(`c${yield* q.take()}`);
        });
        yield* joinAll([p, c]);
      }),
    ).toBe("p0 p1 c0 c1 p2 p3 c2 c3 p4 c4");
  });

  it("QueueTakersFifoAndBarging", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const q = new LinkedBlockingQueue<string>(jvm);
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            log(n + (yield* q.take()));
          }),
        );
        yield* yieldNow();
        yield* q.put("1");
        yield* q.put("2");
        log(`root${yield* q.take()}`);
        yield* yieldNow();
        yield* q.put("3");
        yield* q.put("4");
        yield* joinAll(threads);
      }),
    ).toBe("root1 A2 B3 C4");
  });

  it("SynchronousQueueLifo: pairs with the newest waiter, in fair mode with the oldest", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        for (const fair of [false, true]) {
          const q = new SynchronousQueue<string>(jvm, fair);
          const threads = ["A", "B", "C"].map((n) =>
            go(n, function* () {
              log(n + (yield* q.take()));
            }),
          );
          yield* yieldNow();
          for (let i = 1; i <= 3; i++) {
            yield* q.put(String(i));
            log(`p${i}`);
          }
          yield* joinAll(threads);
          log(`${q.offer("x")}|`);
        }
      }),
    ).toBe("p1 p2 p3 C1 B2 A3 false| p1 p2 p3 A1 B2 C3 false|");
  });

  it("a rendezvous of four items alternates in pairs, as in Go", () => {
    expect(
      run(function* ({ jvm, go, log, joinAll }) {
        const q = new SynchronousQueue<number>(jvm);
        const s = go("S", function* () {
          for (let i = 0; i < 4; i++) {
            yield* q.put(i);
            log(`s${i}`);
          }
        });
        const r = go("R", function* () {
          for (let i = 0; i < 4; i++) log(`r${yield* q.take()}`);
        });
        yield* joinAll([s, r]);
      }),
    ).toBe("r0 s0 s1 r1 r2 s2 s3 r3");
  });
});

describe("CompletableFuture", () => {
  it("FutureCallbackOrder: dependents newest first, theirs oldest first, getters only unparked", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const f = new CompletableFuture<string>(jvm);
        const threads = ["X", "Y"].map((n) =>
          go(n, function* () {
            log(n + (yield* f.get()));
          }),
        );
        yield* yieldNow();
        const a = f.thenApply((v) => {
          log("a");
          return v;
        });
        a.thenAccept(() => log("a1"));
        a.thenAccept(() => log("a2"));
        a.thenAccept(() => log("a3"));
        f.thenAccept(() => log("b"));
        f.thenAccept(() => log("c"));
        f.complete("v");
        log("done");
        f.thenAccept(() => log("late"));
        yield* joinAll(threads);
      }),
    ).toBe("c b a a1 a2 a3 done late Yv Xv");
  });

  it("FutureErrors: dependents see CompletionException, the failed stage the raw one, get ExecutionException", () => {
    expect(
      run(function* ({ jvm, log }) {
        const f = new CompletableFuture<string>(jvm);
        const simpleName = (error: Throwable): string => error.javaClass.split(".").at(-1)!;
        f.thenApply((v) => v)
          .exceptionally((e) => {
            log(`${simpleName(e)}/${(e.cause as Throwable).message}`);
            return "dflt";
          })
          .thenAccept((v) => log(v));
        f.exceptionally((e) => {
          log(simpleName(e));
          return "";
        });
        f.completeExceptionally(new Throwable("java.lang.IllegalStateException", "bad"));
        try {
          yield* f.get();
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(`get ${(error.cause as Throwable).message}`);
        }
      }),
    ).toBe("IllegalStateException CompletionException/bad dflt get bad");
  });
});

describe("executors", () => {
  it("FutureTaskWaitersLifo", () => {
    expect(
      run(function* ({ jvm, go, log, yieldNow, joinAll }) {
        const f = new FutureTask(jvm, function* () {
          log("run");
        });
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            yield* f.get();
            log(n);
          }),
        );
        yield* yieldNow();
        yield* f.run();
        log("root");
        yield* joinAll(threads);
      }),
    ).toBe("run root C B A");
  });

  it("a fixed pool runs as many tasks at a time as it has threads; the carrier stays free", () => {
    expect(
      run(function* ({ jvm, go, log, burn, joinAll }) {
        const pool = new FixedThreadPool(jvm, 2, 1);
        const threads = [0, 1, 2, 3].map((n) =>
          go(`T${n}`, function* () {
            const task = yield* pool.submit(() => burn(10));
            yield* task.get();
            log(Math.round(jvm.machine.now / 10e6));
          }),
        );
        log("root");
        yield* joinAll(threads);
      }),
    ).toBe("root 1 1 2 2");
  });
});

describe("the end", () => {
  it("UncaughtException: printed; join and main are unaffected", () => {
    const { out, err } = runJava(P1, function* (jvm, log) {
      const thrower = (message: string) =>
        (function* () {
          throw new Throwable("java.lang.RuntimeException", message);
        })();
      const a = Thread.startVirtualThread(jvm, thrower("boom"));
      yield* join(a);
      const b = Thread.ofVirtual(jvm, thrower("bang"), "B");
      jvm.uncaughtExceptionHandlers.set(b, (thread, error) => log(`${thread.name}:${error.message}`));
      b.start();
      yield* join(b);
      log(a.getState());
    });
    expect(err).toEqual(['Exception in thread "" java.lang.RuntimeException: boom']);
    expect(out.join(" ")).toBe("B:bang TERMINATED");
  });

  it("MainExitKillsVirtualThreads: no finally block runs", () => {
    const { out, outcome } = runJava({ ...P1, onMainThread: true }, function* (jvm, log) {
      const sleeper = function* () {
        try {
          log("started");
          yield* Thread.sleep(jvm, 5000);
        } catch (error) {
          if (!(error instanceof InterruptedException)) throw error;
          log("never");
        } finally {
          log("never");
        }
      };
      Thread.startVirtualThread(jvm, sleeper());
      yield* Thread.sleep(jvm, 100);
      log("main done");
    });
    expect(out).toEqual(["started", "main done"]);
    expect(outcome).toBe("halted");
  });
});
