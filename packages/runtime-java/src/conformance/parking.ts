/** Permits, interrupts, joins, and the states of a thread. */
import { LockSupport } from "../lib/lock-support.ts";
import { join, joinNanos, Thread } from "../lib/thread.ts";
import { ObjectMonitor, synchronizedOn } from "../vm/object-monitor.ts";
import { caught, type Program } from "./prelude.ts";

export const parking: readonly Program[] = [
  {
    name: "UnparkFifo",
    pins: "The unparked run in the order of the unparks",
    *port({ go, log, park, yieldNow, joinAll }) {
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
    },
  },
  {
    name: "OnePermit",
    pins: "Two unparks are one permit",
    *port({ jvm, go, log, park }) {
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
    },
  },
  {
    name: "SleepLeavesPermit",
    pins: "Every sleep leaves a permit, so the next park returns at once",
    *port({ go, log, nap, park }) {
      yield* nap(5);
      const q = go("Q", function* () {
        log("Q");
      });
      yield* park();
      log("park returned");
      yield* join(q);
    },
  },
  {
    name: "UnparkDoesNotEndSleep",
    pins: "An unpark does not end a sleep; it is kept as a permit",
    *port({ jvm, go, log, park, yieldNow }) {
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
    },
  },
  {
    name: "ParkNanosZero",
    pins: "parkNanos of 0 or less returns without yielding; a positive time unmounts",
    *port({ jvm, go, log }) {
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
    },
  },
  {
    name: "InterruptPermit",
    pins: "interrupt sets the flag and the permit: clearing the flag still leaves one free park",
    *port({ jvm, go, log, park, yieldNow }) {
      const t = go("T", function* () {
        yield* yieldNow();
        log(`flag=${Thread.interrupted(jvm)}`);
        yield* park();
        log("no block");
      });
      yield* yieldNow();
      t.interrupt();
      yield* join(t);
      const me = Thread.currentThread(jvm);
      me.interrupt();
      yield* park();
      log("r1");
      yield* park();
      log(`r2 ${Thread.interrupted(jvm)}`);
    },
  },
  {
    name: "InterruptSleep",
    pins: "An interrupt wakes the sleeper through the local queue; the exception clears the flag",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const t = go("T", function* () {
        try {
          yield* Thread.sleep(jvm, 10_000);
          log("?");
        } catch (error) {
          caught(error, "InterruptedException");
          log(`IE ${Thread.currentThread(jvm).interrupted}`);
        }
      });
      yield* yieldNow();
      const s = go("S", function* () {
        log("S");
      });
      t.interrupt();
      log("root");
      yield* joinAll([s, t]);
      Thread.currentThread(jvm).interrupt();
      try {
        yield* Thread.sleep(jvm, 0);
        log("?");
      } catch (error) {
        caught(error, "InterruptedException");
        log("IE0");
      }
    },
  },
  {
    name: "JoinersFifoChain",
    pins: "A thread's end wakes one joiner; each wakes the next from inside its own acquire",
    *port({ go, log, nap, yieldNow, joinAll }) {
      const w = go("W", function* () {
        yield* nap(5);
        log("W");
      });
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          yield* join(w);
          log(`${n}1`);
          yield* yieldNow();
          log(`${n}2`);
        }),
      );
      yield* joinAll(threads);
    },
  },
  {
    name: "JoinTimeout",
    pins: "A timed join tells whether the thread has ended, and refuses one that was not started",
    *port({ jvm, go, log, nap }) {
      const t = go("T", () => nap(60));
      log(yield* joinNanos(t, 5_000_000));
      log(yield* joinNanos(t, 0));
      log(yield* joinNanos(t, 2_000_000_000));
      const u = Thread.ofVirtual(jvm, (function* () {})());
      try {
        yield* joinNanos(u, 1_000_000);
      } catch (error) {
        caught(error, "IllegalThreadStateException");
        log("ITSE");
      }
      yield* join(u);
      log("returns");
    },
  },
  {
    name: "ThreadStates",
    pins: "getState along a whole life: an interrupted waiter is runnable at once",
    *port({ jvm, log, nap, park, yieldNow }) {
      const m = new ObjectMonitor(jvm);
      const body = function* () {
        yield* park();
        yield* nap(30);
        yield* synchronizedOn(m, function* () {
          log("in");
        });
        yield* synchronizedOn(m, function* () {
          try {
            yield* m.wait();
          } catch (error) {
            caught(error, "InterruptedException");
            log("IE");
          }
        });
      };
      const t = Thread.ofVirtual(jvm, body());
      log(t.getState());
      t.start();
      log(t.getState());
      yield* yieldNow();
      log(t.getState());
      LockSupport.unpark(t);
      log(t.getState());
      yield* yieldNow();
      log(t.getState());
      yield* synchronizedOn(m, function* () {
        yield* nap(80);
        log(t.getState());
      });
      yield* nap(20);
      log(t.getState());
      t.interrupt();
      log(t.getState());
      yield* join(t);
      log(t.getState());
    },
  },
  {
    name: "ToStringForms",
    pins: "toString tells number, name, state, and the carrier while there is one",
    *port({ jvm, log, park, yieldNow }) {
      const t = Thread.ofVirtual(jvm, (() => park())());
      const show = (thread: object): void => log(String(thread).replaceAll(/#\d+/g, "#N"));
      show(Thread.currentThread(jvm));
      show(t);
      t.start();
      show(t);
      yield* yieldNow();
      show(t);
      LockSupport.unpark(t);
      yield* join(t);
      show(t);
    },
  },
  {
    name: "GroupAndPriority",
    pins: "Virtual threads are daemons of normal priority; they share one group, which an ended one has left",
    *port({ jvm, go, log }) {
      const t = go("T", function* () {});
      yield* join(t);
      log(t.daemon);
      log(t.priority);
      log(t.threadGroup);
      log(Thread.currentThread(jvm).threadGroup);
    },
  },
];
