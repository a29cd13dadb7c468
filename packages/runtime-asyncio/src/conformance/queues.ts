/** queues.py: Queue, LifoQueue, PriorityQueue. */
import type { Queue } from "../queues.ts";
import { coroutine, inFile, outcome, outcome_of_call, range } from "./prelude.ts";

export const queues = inFile("queues.py", [
  {
    name: "queue_barging",
    pins: "A woken getter that finds the queue empty queues up again at the back.",
    port: coroutine(function* ({ asyncio, print }) {
      const queue = asyncio.Queue<string>();
      function* getter(i: number) {
        print(i, yield* queue.get());
      }
      const tasks = range(2).map((i) => asyncio.create_task(getter(i)));
      yield* asyncio.sleep(0);
      queue.put_nowait("a");
      print("main", queue.get_nowait());
      yield* asyncio.sleep(0);
      queue.put_nowait("b");
      queue.put_nowait("c");
      yield* asyncio.wait(tasks);
    }),
  },
  {
    name: "queue_bounded",
    pins: "get wakes one putter, which adds its item only when it runs.",
    port: coroutine(function* ({ asyncio, print }) {
      const queue = asyncio.Queue<number>(1);
      function* putter(i: number) {
        yield* queue.put(i);
        print("put", i);
      }
      const tasks = range(3).map((i) => asyncio.create_task(putter(i)));
      yield* asyncio.sleep(0);
      print(queue.qsize(), queue._putters.length);
      print("got", queue.get_nowait(), queue.qsize());
      yield* asyncio.sleep(0);
      print(queue.qsize());
      for (const _ of range(2)) print("got", yield* queue.get());
      yield* asyncio.wait(tasks);
      print(outcome_of_call(() => queue.get_nowait()));
    }),
  },
  {
    name: "queue_cancel_pass_on",
    pins: "A getter that is cancelled after it was woken wakes the next one.",
    port: coroutine(function* ({ asyncio, print }) {
      const queue = asyncio.Queue<string>();
      function* getter(i: number) {
        print(i, yield* queue.get());
      }
      const a = asyncio.create_task(getter(1));
      const b = asyncio.create_task(getter(2));
      yield* asyncio.sleep(0);
      queue.put_nowait("x");
      a.cancel();
      yield* asyncio.wait([a, b]);
      print(a.cancelled());
    }),
  },
  {
    name: "queue_kinds",
    pins: "Last in first out, priorities, join and task_done.",
    port: coroutine(function* ({ asyncio, print }) {
      const lifo = asyncio.LifoQueue<number>();
      const priority = asyncio.PriorityQueue<number>();
      const queue = asyncio.Queue<number>();
      for (const each of [lifo, priority, queue] as Queue<number>[])
        for (const item of [2, 3, 1]) each.put_nowait(item);
      print(...range(3).map(() => lifo.get_nowait()), ...range(3).map(() => priority.get_nowait()));
      function* worker() {
        for (;;) {
          yield* queue.get();
          yield* asyncio.sleep(0);
          queue.task_done();
          print("done");
        }
      }
      const task = asyncio.create_task(worker());
      yield* queue.join();
      print(
        "joined",
        task.done(),
        outcome_of_call(() => queue.task_done()),
      );
    }),
  },
  {
    name: "v_queue_shutdown",
    pins: "From 3.13 a queue can be shut down: nothing more is put, and getters end when it is empty; 3.12 has no such call.",
    port: coroutine(function* ({ asyncio, print }) {
      const queue = asyncio.Queue<number>(2);
      function* put(i: number) {
        print("put", i, yield* outcome(queue.put(i)));
      }
      const tasks = range(3).map((i) => asyncio.create_task(put(i)));
      yield* asyncio.sleep(0);
      queue.shutdown();
      yield* asyncio.wait(tasks);
      print(outcome_of_call(() => queue.put_nowait(9)));
      for (const _ of range(3)) print("get", yield* outcome(queue.get()));
      print(outcome_of_call(() => queue.get_nowait()));
      const other = asyncio.Queue<number>();
      other.put_nowait(1);
      const joining = asyncio.create_task(other.join());
      yield* asyncio.sleep(0);
      other.shutdown(true);
      yield* joining;
      print("joined", other.qsize());
    }),
  },
]);
