/** Blocking queues. */
import { LinkedTransferQueue } from "../lib/linked-transfer-queue.ts";
import { DelayQueue, PriorityBlockingQueue } from "../lib/priority-blocking-queue.ts";
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
  {
    name: "TransferFifo",
    pins: "LinkedTransferQueue: put never waits, transfer waits for a taker; both are paired FIFO",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const q = new LinkedTransferQueue<string>(jvm);
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          log(n + (yield* q.take()));
        }),
      );
      yield* yieldNow();
      q.put("1");
      log(q.tryTransfer("2"));
      yield* q.transfer("3");
      log(`root ${q.tryTransfer("4")} ${q.hasWaitingConsumer}`);
      yield* joinAll(threads);
      q.put("5");
      const t = go("T", function* () {
        yield* q.transfer("6");
        log("T");
      });
      yield* yieldNow();
      log(`${q.size} ${yield* q.take()}${yield* q.take()} ${q.poll()}`);
      const u = go("U", function* () {
        log(`${yield* q.tryTransferNanos("7", 5_000_000)} ${q.size}`);
      });
      yield* joinAll([u, t]);
    },
  },
  {
    name: "DelayQueueLeader",
    pins: "One leader waits for the first delay, the others without a timeout; who takes wakes the next",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const q = new DelayQueue<{ readonly atNs: number; readonly name: string }>(jvm);
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          log(n + (yield* q.take()).name);
        }),
      );
      yield* yieldNow();
      const { now } = jvm.machine;
      for (const ms of [180, 60, 120]) yield* q.put({ name: `@${ms}`, atNs: now + ms * 1_000_000 });
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "PriorityTakers",
    pins: "PriorityBlockingQueue: the least element first; takers wait FIFO",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const q = new PriorityBlockingQueue<number>(jvm, (a, b) => a - b);
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          log(n + (yield* q.take()));
        }),
      );
      yield* yieldNow();
      for (const i of [3, 1, 2]) yield* q.put(i);
      log(`root ${yield* q.take()}`);
      yield* q.put(9);
      yield* joinAll(threads);
    },
  },
];
