/** Semaphore, CyclicBarrier, Phaser. */
import { Exchanger } from "../lib/exchanger.ts";
import { CyclicBarrier } from "../lib/cyclic-barrier.ts";
import { Phaser } from "../lib/phaser.ts";
import { Semaphore } from "../lib/semaphore.ts";
import { join, Thread } from "../lib/thread.ts";
import { caught, type Program } from "./prelude.ts";

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
  {
    name: "PhaserRegistration",
    pins: "Parties come and go: who deregisters may be the last to arrive; a phaser without parties has ended",
    *port({ jvm, go, log, nap, yieldNow, joinAll }) {
      const phaser = new Phaser(jvm, 1);
      const threads = ["A", "B"].map((n) => {
        phaser.register();
        return go(n, function* () {
          log(n + (yield* phaser.arriveAndAwaitAdvance()));
          if (n === "A") log(`A leaves ${phaser.arriveAndDeregister()}`);
          else log(n + (yield* phaser.arriveAndAwaitAdvance()));
        });
      });
      yield* yieldNow();
      log(`${phaser.phase} ${phaser.arrivedParties}/${phaser.registeredParties}`);
      log(`root${yield* phaser.arriveAndAwaitAdvance()}`);
      yield* nap(5);
      log(`${phaser.arrivedParties}/${phaser.registeredParties}`);
      log(`leaves ${phaser.arriveAndDeregister()}`);
      yield* joinAll(threads);
      log(`${phaser.registeredParties} ${phaser.isTerminated}`);
      log(`${phaser.arriveAndDeregister()} ${phaser.isTerminated} ${phaser.register() < 0}`);
    },
  },
  {
    name: "PhaserAdvance",
    pins: "onAdvance runs in the last to arrive and may end the phaser; who waits for an older phase does not wait",
    *port({ jvm, go, log, yieldNow }) {
      class Two extends Phaser {
        protected override onAdvance(phase: number, registered: number): boolean {
          log(`advance${phase} ${registered}`);
          return phase === 1;
        }
      }
      const phaser = new Two(jvm, 2);
      const w = go("W", function* () {
        log(`W${yield* phaser.awaitAdvance(0)}`);
        log(`W${(yield* phaser.awaitAdvance(1)) < 0}`);
      });
      yield* yieldNow();
      log(`arrive${phaser.arrive()}`);
      log(`arrive${phaser.arrive()}`);
      log(`old${yield* phaser.awaitAdvance(0)}`);
      yield* yieldNow();
      const i = go("I", function* () {
        try {
          yield* phaser.awaitAdvanceInterruptibly(1);
        } catch (error) {
          caught(error, "InterruptedException");
          log("IE");
        }
      });
      yield* yieldNow();
      i.interrupt();
      yield* join(i);
      phaser.arrive();
      phaser.arrive();
      log(phaser.isTerminated);
      yield* join(w);
    },
  },
  {
    name: "ExchangeInPairs",
    pins: "The second to come takes what the first has brought and goes on; the first is unparked",
    *port({ jvm, go, log, nap, yieldNow, joinAll }) {
      const exchanger = new Exchanger<string>(jvm);
      const threads = ["A", "B", "C", "D"].map((n) =>
        go(n, function* () {
          log(n + (yield* exchanger.exchange(n.toLowerCase())));
        }),
      );
      yield* yieldNow();
      log("root");
      yield* joinAll(threads);
      const t = go("T", function* () {
        try {
          yield* exchanger.exchange("x", 5_000_000);
        } catch (error) {
          caught(error, "TimeoutException");
          log("TE");
        }
      });
      yield* join(t);
      const i = go("I", () => exchanger.exchange("y"));
      yield* nap(5);
      i.interrupt();
      yield* join(i);
    },
  },
];
