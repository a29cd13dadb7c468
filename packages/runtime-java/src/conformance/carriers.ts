/** What holds a carrier, and what the pool does about it. */
import { Descriptor } from "@orrery/simulator";
import { Blocker } from "../lib/blocker.ts";
import { LockSupport } from "../lib/lock-support.ts";
import { join, nativeFrame } from "../lib/thread.ts";
import { P1 } from "../run-java.ts";
import type { Port, Program } from "./prelude.ts";

/** `ProcessReadCompensates`: the other process writes after 300 ms. */
const processRead: Port = function* ({ jvm, go, log, joinAll }) {
  const stdout = new Descriptor(jvm.machine, "stdout of the process");
  jvm.machine.at(jvm.machine.now + 300_000_000, () => stdout.signal());
  const a = go("A", function* () {
    log("a1");
    const began = Blocker.begin(jvm);
    yield* stdout.read(jvm.currentCarrier()!.os);
    Blocker.end(jvm, began);
    log("a2");
  });
  const b = go("B", function* () {
    log("B");
  });
  yield* joinAll([a, b]);
};

export const carriers: readonly Program[] = [
  {
    name: "ClassInitPins",
    pins: "A class initialiser's frame pins, and pinned parking is not compensated, however large maxPoolSize",
    scheduler: { parallelism: 1 },
    onMainThread: true,
    *port({ jvm, go, log, joinAll }) {
      const a = go("A", function* () {
        log("a1");
        yield* nativeFrame(jvm, () => LockSupport.parkNanos(jvm, 40_000_000));
        log("a2");
      });
      const b = go("B", function* () {
        log("B");
      });
      yield* joinAll([a, b]);
    },
  },
  {
    name: "ForeignCallPins",
    pins: "Java that C calls back (qsort) parks under a native frame: the carrier blocks",
    flags: ["--enable-native-access=ALL-UNNAMED"],
    *port({ jvm, go, log }) {
      const b = go("B", function* () {
        log("B");
      });
      yield* nativeFrame(jvm, function* () {
        yield* LockSupport.parkNanos(jvm, 10_000_000);
        log("cmp");
      });
      log("sorted");
      yield* join(b);
    },
  },
  {
    name: "ProcessReadCompensates",
    pins: "Reading a process's output is compensated: the pool grows",
    scheduler: { parallelism: 1 },
    onMainThread: true,
    port: processRead,
  },
  {
    name: "ProcessReadP1",
    pins: "The pool does not grow beyond maxPoolSize",
    main: ["ProcessReadCompensates"],
    scheduler: P1,
    onMainThread: true,
    port: processRead,
  },
  {
    name: "PlainFileReadHoldsCarrier",
    pins: "FileInputStream.read of a FIFO blocks the carrier, uncompensated since JDK 23: B waits for the writer",
    scheduler: { parallelism: 1 },
    onMainThread: true,
    *port({ jvm, go, log, nap, joinAll }) {
      const fifo = new Descriptor(jvm.machine, "fifo");
      const r = go("R", function* () {
        yield* fifo.read(jvm.currentCarrier()!.os);
        log("r65");
      });
      yield* nap(60);
      const b = go("B", function* () {
        log("B");
      });
      yield* nap(60);
      log("main");
      fifo.signal();
      yield* joinAll([r, b]);
    },
  },
  {
    name: "PrintlnExpandsPool",
    pins: "Each write of System.err is a compensated block: a second carrier appears, no more",
    scheduler: { parallelism: 1 },
    onMainThread: true,
    *port({ jvm, system, go, log, joinAll }) {
      const carriers = new Set<string>();
      const threads = Array.from({ length: 300 }, (_, i) =>
        go(`T${i}`, function* () {
          yield* system.err.println();
          carriers.add(jvm.currentCarrier()!.name);
        }),
      );
      yield* joinAll(threads);
      log(carriers.size);
    },
  },
];
