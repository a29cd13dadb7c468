/** Object monitors. */
import { LockSupport } from "../lib/lock-support.ts";
import { join, Thread } from "../lib/thread.ts";
import { ObjectMonitor, synchronizedOn } from "../vm/object-monitor.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import { caught, type Program } from "./prelude.ts";

export const monitors: readonly Program[] = [
  {
    name: "MonitorFifo",
    pins: "Blocked entrants get the monitor FIFO",
    *port({ jvm, go, log, nap, joinAll }) {
      const m = new ObjectMonitor(jvm);
      const threads: VirtualThread[] = [];
      yield* synchronizedOn(m, function* () {
        for (const n of ["A", "B", "C"])
          threads.push(
            go(n, () =>
              synchronizedOn(m, function* () {
                log(n);
              }),
            ),
          );
        yield* nap(5);
        log("root");
      });
      yield* joinAll(threads);
    },
  },
  {
    name: "MonitorHandoffIsExternal",
    pins: "The unblocker thread submits A externally: P and Q, woken locally, and their yields go first",
    *port({ jvm, go, log, burn, park, yieldNow }) {
      const m = new ObjectMonitor(jvm);
      const twice = (n: string): VirtualThread =>
        go(n, function* () {
          yield* park();
          log(`${n}1`);
          yield* yieldNow();
          log(`${n}2`);
        });
      const [p, q] = [twice("P"), twice("Q")];
      const a = yield* synchronizedOn(m, function* () {
        const thread = go("A", () =>
          synchronizedOn(m, function* () {
            log("A");
          }),
        );
        yield* yieldNow();
        return thread;
      });
      yield* burn(20);
      LockSupport.unpark(p);
      LockSupport.unpark(q);
      log("root");
      yield* join(a);
    },
  },
  {
    name: "NotifyFifo",
    pins: "Blocked entrants come before notified waiters, which keep their order; nobody runs before the exit",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const m = new ObjectMonitor(jvm);
      const threads = ["A", "B", "C", "D"].map((n) =>
        go(n, () =>
          synchronizedOn(m, function* () {
            yield* m.wait();
            log(n);
          }),
        ),
      );
      yield* yieldNow();
      yield* synchronizedOn(m, function* () {
        threads.push(
          go("E", () =>
            synchronizedOn(m, function* () {
              log("E");
            }),
          ),
        );
        yield* yieldNow();
        m.notify();
        m.notify();
        log("n2");
        m.notifyAll();
        log("all");
      });
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "WaitTimeoutInterruptNotify",
    pins: "A waiter that timed out must enter again; notify beats interrupt",
    *port({ jvm, go, log, nap, yieldNow, joinAll }) {
      const m = new ObjectMonitor(jvm);
      const a = go("A", () =>
        synchronizedOn(m, function* () {
          yield* m.wait(5);
          log("A");
        }),
      );
      const b = go("B", () =>
        synchronizedOn(m, function* () {
          try {
            yield* m.wait();
            log(`B ok ${Thread.interrupted(jvm)}`);
          } catch (error) {
            caught(error, "InterruptedException");
            log("B IE");
          }
        }),
      );
      yield* yieldNow();
      yield* synchronizedOn(m, function* () {
        yield* nap(40);
        log("root");
        m.notify();
        b.interrupt();
      });
      yield* joinAll([b, a]);
    },
  },
  {
    name: "MonitorReleasesCarrier",
    pins: "A thread that sleeps with a monitor held unmounts (JEP 491)",
    *port({ jvm, go, log, nap }) {
      const m = new ObjectMonitor(jvm);
      const b = go("B", function* () {
        log("B");
      });
      yield* synchronizedOn(m, function* () {
        log("r1");
        yield* nap(5);
        log("r2");
      });
      yield* join(b);
    },
  },
  {
    name: "LegacyMonitorPins",
    pins: "With -XX:LockingMode=1, legacy stack locking, a monitor pins as on JDK 21: no unmount, and yield does nothing",
    flags: ["-XX:-PrintWarnings", "-XX:LockingMode=1"],
    lockingMode: "legacy",
    *port({ jvm, go, log, nap, yieldNow }) {
      const m = new ObjectMonitor(jvm);
      const b = go("B", function* () {
        log("B");
      });
      yield* synchronizedOn(m, function* () {
        log("r1");
        yield* nap(5);
        yield* yieldNow();
        log("r2");
      });
      yield* join(b);
    },
  },
];
