/** Timers, and what keeps them waiting. */
import { LockSupport } from "../lib/lock-support.ts";
import { join } from "../lib/thread.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import type { Program } from "./prelude.ts";

export const timers: readonly Program[] = [
  {
    name: "NoTimeSlice",
    pins: "Nothing takes the carrier from a thread that runs",
    *port({ go, log, nap, burn }) {
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
    },
  },
  {
    name: "TimerDeadlineOrder",
    pins: "Sleepers wake in the order of their deadlines",
    *port({ go, log, nap, joinAll }) {
      const threads = [160, 40, 120, 80].map((d) =>
        go(`t${d}`, function* () {
          yield* nap(d);
          log(d);
        }),
      );
      yield* joinAll(threads);
    },
  },
  {
    name: "ExpiredTimersOneByOne",
    pins: "Each expired timer is a pool task of its own that pushes its thread locally: X, woken by A, precedes B's timer",
    *port({ go, log, nap, burn, park, yieldNow, joinAll }) {
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
    },
  },
  {
    name: "TimersYieldToLocal",
    pins: "A's wake-ups and yields stay local and drain before B's already expired timer",
    *port({ go, log, nap, burn, park, yieldNow, joinAll }) {
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
    },
  },
];
