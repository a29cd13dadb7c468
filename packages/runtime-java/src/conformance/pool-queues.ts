/** Which queue of the pool a thread goes to, and which one a carrier takes from. */
import { CountDownLatch } from "../lib/count-down-latch.ts";
import { LockSupport } from "../lib/lock-support.ts";
import { join, sleepNanos, Thread } from "../lib/thread.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import type { Port, Program } from "./prelude.ts";

/** `ScanExact`, whose argument is the number of idle cycles. */
const scanExact = (idleCycles: number): Port =>
  function* ({ jvm, go, log, nap, burn }) {
    for (let i = 0; i < idleCycles; i++) {
      yield* join(go("idle", function* () {}));
      yield* nap(10);
    }
    const up = new CountDownLatch(jvm, 1);
    const logger = (text: string): void => {
      go(text, function* () {
        log(text);
      });
    };
    const r = go("R", function* () {
      logger("C1");
      logger("C2");
      up.countDown();
      yield* burn(80);
      log("R");
    });
    const p = Thread.startPlatformThread(
      jvm,
      function* () {
        yield* up.await();
        logger("M1");
        logger("M2");
      },
      "p",
    );
    yield* join(p);
    yield* join(r);
    yield* nap(30);
  };

export const poolQueues: readonly Program[] = [
  {
    name: "SpawnFromMain",
    pins: "Platform-thread submissions share one external queue: FIFO",
    onMainThread: true,
    *port({ go, log, joinAll }) {
      const threads = ["A", "B", "C", "D"].map((n) =>
        go(n, function* () {
          log(n);
        }),
      );
      yield* joinAll(threads);
    },
  },
  {
    name: "SpawnDeferred",
    pins: "start never switches; children run FIFO after the spawner blocks",
    *port({ go, log, joinAll }) {
      const threads = ["A", "B"].map((n) =>
        go(n, function* () {
          log(n);
        }),
      );
      log("root");
      yield* joinAll(threads);
      log("end");
    },
  },
  {
    name: "SpawnNested",
    pins: "Grandchildren go behind siblings; the joiner (local) overtakes them (external)",
    *port({ go, log, joinAll, yieldNow }) {
      const parent = (n: string): VirtualThread =>
        go(n, function* () {
          log(n);
          go(`${n}1`, function* () {
            log(`${n}1`);
          });
        });
      const threads = [parent("A"), parent("B")];
      log("root");
      yield* joinAll(threads);
      log("joined");
      yield* yieldNow();
      log("end");
    },
  },
  {
    name: "WokenBeforeSpawned",
    pins: "unpark pushes to the local queue, start to the external one: the woken runs first",
    *port({ go, log, park, yieldNow, joinAll }) {
      const p = go("P", function* () {
        yield* park();
        log("P");
      });
      yield* yieldNow();
      const s = go("S", function* () {
        log("S");
      });
      LockSupport.unpark(p);
      log("root");
      yield* joinAll([s, p]);
    },
  },
  {
    name: "LocalStarvesExternal",
    pins: "Two local yielders alternate until done; a started thread waits for all of it",
    *port({ go, log, park, yieldNow }) {
      const yielder = (n: string): VirtualThread =>
        go(n, function* () {
          yield* park();
          for (let i = 0; i < 3; i++) {
            log(n + i);
            yield* yieldNow();
          }
        });
      const x = yielder("X");
      const y = yielder("Y");
      yield* yieldNow();
      const s = go("S", function* () {
        log("S");
      });
      LockSupport.unpark(x);
      LockSupport.unpark(y);
      yield* join(s);
    },
  },
  {
    name: "YieldRoundRobin",
    pins: "Threads that yield take turns, FIFO",
    *port({ go, log, yieldNow, joinAll }) {
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          for (let i = 0; i < 3; i++) {
            log(n + i);
            yield* yieldNow();
          }
        }),
      );
      yield* joinAll(threads);
    },
  },
  {
    name: "YieldStaysLocal",
    pins: "The first yield finds P in the local queue and goes there; the second finds it empty and goes external, behind S",
    *port({ go, log, park, yieldNow }) {
      const p = go("P", function* () {
        yield* park();
        log("P");
      });
      yield* yieldNow();
      const s = go("S", function* () {
        log("S");
      });
      LockSupport.unpark(p);
      log("r1");
      yield* yieldNow();
      log("r2");
      yield* yieldNow();
      log("r3");
      yield* join(s);
    },
  },
  {
    name: "SleepZeroYields",
    pins: "A sleep of no time is a yield",
    *port({ jvm, go, log }) {
      go("A", function* () {
        log("A");
      });
      log("r1");
      yield* Thread.sleep(jvm, 0);
      log("r2");
      go("B", function* () {
        log("B");
      });
      yield* sleepNanos(jvm, 0);
      log("r3");
    },
  },
  {
    name: "YieldSpinStarvesTimers",
    pins: "A yield loop stays on its own source queue: the 5 ms timer is not even looked at for 150 ms",
    *port({ jvm, go, log, nap, yieldNow }) {
      const flag = { up: false };
      const b = go("B", function* () {
        yield* nap(5);
        flag.up = true;
        log("B");
      });
      yield* yieldNow();
      const until = jvm.machine.now + 150_000_000;
      while (!flag.up && jvm.machine.now < until) yield* yieldNow();
      log(`flag=${flag.up}`);
      yield* join(b);
    },
  },
  {
    name: "SleepPollLetsTimersRun",
    pins: "A loop that sleeps leaves the carrier, and the timer runs",
    *port({ jvm, go, log, nap, yieldNow }) {
      const flag = { up: false };
      const b = go("B", function* () {
        yield* nap(5);
        flag.up = true;
        log("B");
      });
      yield* yieldNow();
      while (!flag.up) yield* Thread.sleep(jvm, 1);
      log(`flag=${flag.up}`);
      yield* join(b);
    },
  },
  {
    name: "SourceStickyStarvesMain",
    pins: "A yield loop starves a thread that the platform main thread starts, too",
    onMainThread: true,
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const flag = { up: false };
      const a = go("A", function* () {
        const until = jvm.machine.now + 200_000_000;
        while (!flag.up && jvm.machine.now < until) yield* yieldNow();
        log(`A:${flag.up}`);
      });
      yield* Thread.sleep(jvm, 40);
      const b = go("B", function* () {
        flag.up = true;
        log("B");
      });
      yield* joinAll([a, b]);
    },
  },
  {
    name: "OneSpinnerTwoCarriers",
    scheduler: { parallelism: 2, maxPoolSize: 2 },
    pins: "Beside a yield loop another carrier runs the timer",
    onMainThread: true,
    *port({ jvm, go, log, nap, yieldNow, joinAll }) {
      const flag = { up: false };
      const b = go("B", function* () {
        yield* nap(20);
        flag.up = true;
      });
      const a = go("A", function* () {
        const until = jvm.machine.now + 5_000_000_000;
        while (!flag.up && jvm.machine.now < until) yield* yieldNow();
        log(flag.up);
      });
      yield* joinAll([a, b]);
    },
  },
  {
    name: "ScanFollowsSource",
    pins: "After R the worker keeps polling the queue R came from, main's; then it scans and finds the carrier's own",
    onMainThread: true,
    *port({ jvm, go, log, nap, burn, joinAll }) {
      const up = new CountDownLatch(jvm, 1);
      const r = go("R", function* () {
        go("C1", function* () {
          log("C1");
        });
        go("C2", function* () {
          log("C2");
        });
        up.countDown();
        yield* burn(60);
        log("R");
      });
      yield* up.await();
      const m1 = go("M1", function* () {
        log("M1");
        go("C3", function* () {
          log("C3");
        });
      });
      const m2 = go("M2", function* () {
        log("M2");
      });
      yield* joinAll([r, m1, m2]);
      yield* nap(30);
    },
  },
  ...Array.from({ length: 10 }, (_, idleCycles) => ({
    name: `ScanExact${idleCycles}`,
    pins: "The xorshift of the scan: the number of idle cycles before decides which queue is met first",
    main: ["ScanExact", `${idleCycles}`],
    onMainThread: true,
    port: scanExact(idleCycles),
  })),
];
