/** Conformance: which queue a thread goes to and who runs next. Each expected output is that of Temurin 25.0.3. */
import { describe, expect, it } from "vitest";
import { CountDownLatch, join, LockSupport, sleepNanos, Thread, type VirtualThread } from "../src/index.ts";
import { run, runMain } from "./prelude.ts";

describe("start", () => {
  it("SpawnFromMain: submissions of the platform thread share one external queue, FIFO", () => {
    expect(
      runMain(function* ({ go, log, joinAll }) {
        const threads = ["A", "B", "C", "D"].map((n) =>
          go(n, function* () {
            log(n);
          }),
        );
        yield* joinAll(threads);
      }),
    ).toBe("A B C D");
  });

  it("SpawnDeferred: start never switches; children run FIFO after the spawner blocks", () => {
    expect(
      run(function* ({ go, log, joinAll }) {
        const threads = ["A", "B"].map((n) =>
          go(n, function* () {
            log(n);
          }),
        );
        log("root");
        yield* joinAll(threads);
        log("end");
      }),
    ).toBe("root A B end");
  });

  it("SpawnNested: grandchildren go behind siblings, the joiner (local) overtakes them (external)", () => {
    expect(
      run(function* ({ go, log, joinAll, yieldNow }) {
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
      }),
    ).toBe("root A B joined A1 B1 end");
  });

  it("WokenBeforeSpawned: unpark pushes to the local queue, start to the external one: the woken runs first", () => {
    expect(
      run(function* ({ go, log, park, yieldNow, joinAll }) {
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
      }),
    ).toBe("root P S");
  });

  it("LocalStarvesExternal: two local yielders alternate until done, a started thread waits for all of it", () => {
    expect(
      run(function* ({ go, log, park, yieldNow }) {
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
      }),
    ).toBe("X0 Y0 X1 Y1 X2 Y2 S");
  });
});

describe("yield", () => {
  it("YieldRoundRobin", () => {
    expect(
      run(function* ({ go, log, yieldNow, joinAll }) {
        const threads = ["A", "B", "C"].map((n) =>
          go(n, function* () {
            for (let i = 0; i < 3; i++) {
              log(n + i);
              yield* yieldNow();
            }
          }),
        );
        yield* joinAll(threads);
      }),
    ).toBe("A0 B0 C0 A1 B1 C1 A2 B2 C2");
  });

  it("YieldStaysLocal: with a local task the yielder goes local, without one external, behind S", () => {
    expect(
      run(function* ({ go, log, park, yieldNow }) {
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
      }),
    ).toBe("r1 P r2 S r3");
  });

  it("SleepZeroYields", () => {
    expect(
      run(function* ({ jvm, go, log }) {
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
      }),
    ).toBe("r1 A r2 B r3");
  });

  it("YieldSpinStarvesTimers: a yield loop stays on its own source queue, the timer is not even looked at", () => {
    expect(
      run(function* ({ jvm, go, log, nap, yieldNow }) {
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
      }),
    ).toBe("flag=false B");
  });

  it("SleepPollLetsTimersRun", () => {
    expect(
      run(function* ({ jvm, go, log, nap, yieldNow }) {
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
      }),
    ).toBe("B flag=true");
  });

  it("SourceStickyStarvesMain: the same against a thread started by the platform main thread", () => {
    expect(
      runMain(function* ({ jvm, go, log, yieldNow, joinAll }) {
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
      }),
    ).toBe("A:false B");
  });

  it("OneSpinnerTwoCarriers: another carrier runs the timer", () => {
    expect(
      runMain(
        function* ({ jvm, go, log, nap, yieldNow, joinAll }) {
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
        { parallelism: 2, maxPoolSize: 2 },
      ),
    ).toBe("true");
  });
});

describe("scan", () => {
  it("ScanFollowsSource: the worker polls on in the queue of its last task, then scans", () => {
    expect(
      runMain(function* ({ jvm, go, log, nap, burn, joinAll }) {
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
      }),
    ).toBe("R M1 M2 C1 C2 C3");
  });

  // First letter after R for 0 to 9 idle cycles, run on Temurin 25: the xorshift of the scan, exactly.
  it.each([..."MMCMCMMMMC"].map((letter, w) => [w, letter] as const))(
    "ScanExact: after %i idle cycles %s comes first",
    (w, letter) => {
      const out = runMain(function* ({ jvm, go, log, nap, burn }) {
        for (let i = 0; i < w; i++) {
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
      });
      expect(out).toBe(letter === "C" ? "R C1 C2 M1 M2" : "R M1 M2 C1 C2");
    },
  );
});

describe("park and unpark", () => {
  it("UnparkFifo", () => {
    expect(
      run(function* ({ go, log, park, yieldNow, joinAll }) {
        const threads = new Map(
          ["A", "B", "C", "D"].map((n) => [
            n,
            go(n, function* () {
              yield* park();
              log(n);
            }),
          ]),
        );
        yield* yieldNow();
        for (const n of ["C", "A", "D", "B"]) LockSupport.unpark(threads.get(n)!);
        log("root");
        yield* joinAll([...threads.values()]);
      }),
    ).toBe("root C A D B");
  });

  it("OnePermit", () => {
    expect(
      run(function* ({ jvm, go, log, park }) {
        const me = Thread.currentThread(jvm);
        LockSupport.unpark(me);
        LockSupport.unpark(me);
        yield* park();
        log("1st");
        go("O", function* () {
          log("unparking");
          LockSupport.unpark(me);
        });
        yield* park();
        log("2nd");
      }),
    ).toBe("1st unparking 2nd");
  });

  it("SleepLeavesPermit: after every sleep the next park returns at once", () => {
    expect(
      run(function* ({ go, log, nap, park }) {
        yield* nap(5);
        const q = go("Q", function* () {
          log("Q");
        });
        yield* park();
        log("park returned");
        yield* join(q);
      }),
    ).toBe("park returned Q");
  });

  it("UnparkDoesNotEndSleep", () => {
    expect(
      run(function* ({ jvm, go, log, park, yieldNow }) {
        const s = go("S", function* () {
          const t = jvm.machine.now;
          yield* Thread.sleep(jvm, 40);
          log(`slept=${jvm.machine.now - t >= 40_000_000}`);
          yield* park();
          log("permit");
        });
        yield* yieldNow();
        LockSupport.unpark(s);
        log("root");
        yield* join(s);
      }),
    ).toBe("root slept=true permit");
  });

  it("ParkNanosZero: a time of 0 or less returns without yielding, a positive one unmounts", () => {
    expect(
      run(function* ({ jvm, go, log }) {
        const a = go("A", function* () {
          log("A");
        });
        yield* LockSupport.parkNanos(jvm, 0);
        log("r1");
        yield* LockSupport.parkNanos(jvm, -5);
        log("r2");
        yield* LockSupport.parkNanos(jvm, 20_000_000);
        log("r3");
        yield* join(a);
      }),
    ).toBe("r1 r2 A r3");
  });
});

describe("timers", () => {
  it("NoTimeSlice", () => {
    expect(
      run(function* ({ go, log, nap, burn }) {
        const a = go("A", function* () {
          yield* nap(2);
          log("A");
        });
        const b = go("B", function* () {
          log("B1");
          yield* burn(40);
          log("B2");
        });
        yield* join(b);
        log("root");
        yield* join(a);
      }),
    ).toBe("B1 B2 root A");
  });

  it("TimerDeadlineOrder", () => {
    expect(
      run(function* ({ go, log, nap, joinAll }) {
        const threads = [160, 40, 120, 80].map((d) =>
          go(`t${d}`, function* () {
            yield* nap(d);
            log(d);
          }),
        );
        yield* joinAll(threads);
      }),
    ).toBe("40 80 120 160");
  });

  it("ExpiredTimersOneByOne: each expired timer is a pool task of its own", () => {
    expect(
      run(function* ({ go, log, nap, burn, park, yieldNow, joinAll }) {
        const x = go("X", function* () {
          yield* park();
          log("X");
        });
        go("A", function* () {
          yield* nap(5);
          log("A");
          LockSupport.unpark(x);
        });
        const b = go("B", function* () {
          yield* nap(15);
          log("B");
        });
        yield* yieldNow();
        yield* burn(60);
        log("root");
        yield* joinAll([b, x]);
      }),
    ).toBe("root A X B");
  });

  it("TimersYieldToLocal: wake-ups and yields stay local and drain before an already expired timer", () => {
    expect(
      run(function* ({ go, log, nap, burn, park, yieldNow, joinAll }) {
        const sleeper = (n: string): VirtualThread =>
          go(n, function* () {
            yield* park();
            log(n);
            yield* yieldNow();
            log(`${n}'`);
          });
        const y1 = sleeper("y1");
        const y2 = sleeper("y2");
        const a = go("A", function* () {
          yield* nap(5);
          log("A");
          LockSupport.unpark(y1);
          LockSupport.unpark(y2);
          yield* yieldNow();
          log("A'");
        });
        const b = go("B", function* () {
          yield* nap(15);
          log("B");
        });
        yield* yieldNow();
        yield* burn(60);
        yield* joinAll([b, a, y1, y2]);
      }),
    ).toBe("A y1 y2 A' y1' y2' B");
  });

  it("a 1 ms sleeper among four 100 ms hogs on one carrier is late by hundreds of milliseconds", () => {
    const late = Number(
      run(function* ({ jvm, go, log, burn, joinAll }) {
        const sleeper = go("S", function* () {
          const t = jvm.machine.now;
          yield* Thread.sleep(jvm, 1);
          log((jvm.machine.now - t) / 1e6);
        });
        const hogs = [1, 2, 3, 4].map((n) =>
          go(`H${n}`, function* () {
            yield* burn(100);
          }),
        );
        yield* joinAll([sleeper, ...hogs]);
      }),
    );
    expect(late).toBeGreaterThan(300);
    expect(late).toBeLessThan(700);
  });
});
