/** Semaphore, CyclicBarrier, Phaser. */
import { CyclicBarrier } from "../lib/cyclic-barrier.ts";
import { Phaser } from "../lib/phaser.ts";
import { Semaphore } from "../lib/semaphore.ts";
import { Thread } from "../lib/thread.ts";
import type { Program } from "./prelude.ts";

export const synchronizers: readonly Program[] = [
  {
    name: "SemaphoreChain",
    pins: "release(3) unparks only the head; each acquirer unparks the next",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const s = new Semaphore(jvm, 0);
      const threads = ["A", "B", "C", "D"].map((n) =>
        go(n, function* () {
          yield* s.acquire();
          log(n);
          yield* yieldNow();
          log(`${n}'`);
        }),
      );
      yield* yieldNow();
      s.release(3);
      log("root");
      yield* yieldNow();
      log("r2");
      yield* yieldNow();
      log("r3");
      s.release();
      yield* joinAll(threads);
    },
  },
  {
    name: "SemaphoreBigHeadBlocks",
    pins: "A head that wants more than there is holds up those behind it; a newcomer barges",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const s = new Semaphore(jvm, 1);
      const a = go("A", function* () {
        yield* s.acquire(3);
        log("A");
      });
      const b = go("B", function* () {
        yield* s.acquire(2);
        log("B");
      });
      yield* yieldNow();
      s.release();
      yield* yieldNow();
      log(`avail=${s.availablePermits}`);
      go("C", function* () {
        yield* s.acquire(1);
        log("C barged");
      });
      yield* yieldNow();
      log(`avail=${s.availablePermits}`);
      s.release(2);
      yield* yieldNow();
      s.release(2);
      yield* joinAll([a, b]);
    },
  },
  {
    name: "BarrierOrder",
    pins: "The last to arrive runs the action and goes on; the others resume FIFO; the result counts the arrivals down",
    *port({ jvm, go, log, joinAll }) {
      const b = new CyclicBarrier(jvm, 3, () => log(`act@${Thread.currentThread(jvm).name}`));
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          for (let i = 0; i < 2; i++) log(`${n}${i}:${yield* b.await()}`);
        }),
      );
      yield* joinAll(threads);
    },
  },
  {
    name: "BarrierBroken",
    pins: "Who times out breaks the barrier for all the others, later ones too",
    *port({ jvm, go, log, joinAll }) {
      const b = new CyclicBarrier(jvm, 3);
      const a = go("A", () => b.await());
      const c = go("C", () => b.await(5_000_000));
      yield* joinAll([a, c]);
      log(b.isBroken);
      yield* b.await();
    },
  },
  {
    name: "PhaserLifo",
    pins: "A phase's waiters resume LIFO",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const p = new Phaser(jvm, 4);
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          log(n + (yield* p.arriveAndAwaitAdvance()));
        }),
      );
      yield* yieldNow();
      log(`root${yield* p.arriveAndAwaitAdvance()}`);
      yield* joinAll(threads);
    },
  },
];
