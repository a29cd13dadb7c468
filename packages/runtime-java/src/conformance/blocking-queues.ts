/** Blocking queues. */
import { ArrayBlockingQueue } from "../lib/array-blocking-queue.ts";
import { LinkedBlockingQueue } from "../lib/linked-blocking-queue.ts";
import { SynchronousQueue } from "../lib/synchronous-queue.ts";
import type { Program } from "./prelude.ts";

export const blockingQueues: readonly Program[] = [
  {
    name: "BoundedQueue",
    pins: "A full queue and an empty one hand the carrier to and fro",
    *port({ jvm, go, log, joinAll }) {
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
    },
  },
  {
    name: "QueueTakersFifoAndBarging",
    pins: "Takers are woken FIFO, and a running thread takes before the woken one",
    *port({ jvm, go, log, yieldNow, joinAll }) {
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
    },
  },
  {
    name: "SynchronousQueueLifo",
    pins: "SynchronousQueue pairs with the newest waiter, in fair mode with the oldest",
    *port({ jvm, go, log, yieldNow, joinAll }) {
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
    },
  },
  {
    name: "RendezvousInPairs",
    pins: "A rendezvous of several items alternates in pairs",
    *port({ jvm, go, log, joinAll }) {
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
    },
  },
];
