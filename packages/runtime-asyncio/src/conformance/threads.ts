/** threads.py: executor threads and the GIL. */
import { defaultWorkers } from "../run_asyncio.ts";
import { ValueError } from "../exceptions.ts";
import { coroutine, inFile, outcome, range } from "./prelude.ts";

/** ns of CPU between two looks at a flag */
const LOOK_NS = 100_000;

export const threads = inFile("threads.py", [
  {
    name: "executor_basics",
    pins: "The loop stays live beside a job; cancelling the awaiter does not stop a job that has started.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const { machine } = asyncio.python;
      const log: string[] = [];
      let opened = false;
      function* job() {
        log.push(machine.current!.name);
        while (!opened) yield* asyncio.time_sleep(0.001);
        log.push("end");
      }
      const task = asyncio.create_task(asyncio.to_thread(job));
      yield* asyncio.sleep(0.08);
      print("live", task.done());
      task.cancel();
      print(yield* outcome(task), log);
      opened = true;
      print(yield* loop.run_in_executor(null, () => 3));
      yield* asyncio.sleep(0.08);
      print(log, loop._default_executor!.max_workers === defaultWorkers(machine.cores.length));
    }),
  },
  {
    name: "executor_fifo",
    pins: "Jobs beyond the pool wait in order; there are never more threads than the pool may have.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const executor = asyncio.ThreadPoolExecutor(2);
      const begun = loop.time();
      function* job(i: number) {
        yield* loop.run_in_executor(executor, () => asyncio.time_sleep(0.05));
        print(Math.floor(i / 2), Math.floor((loop.time() - begun) / 0.05));
      }
      yield* asyncio.gather(...range(4).map(job));
      print("threads", executor.threads.length);
    }),
  },
  {
    name: "executor_cancel_queued",
    pins: "A job that is cancelled while it is queued never runs.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const executor = asyncio.ThreadPoolExecutor(1);
      const first = yield* loop.submit_to_executor(executor, () => asyncio.time_sleep(0.05));
      const second = yield* loop.submit_to_executor(executor, () => print("second"));
      yield* asyncio.sleep(0.001);
      second.cancel();
      yield* first;
      print("first");
      print(yield* outcome(second));
      yield* asyncio.sleep(0.02);
      print("main");
    }),
  },
  {
    name: "executor_exception",
    pins: "A job's exception crosses to its awaiter.",
    port: coroutine(function* ({ asyncio, print }) {
      function job() {
        throw new ValueError("");
      }
      print(yield* outcome(asyncio.to_thread(job)));
    }),
  },
  {
    name: "gil_wakeup",
    pins: "Beside a thread that burns CPU each wake-up from select waits for a switch interval of 5 ms.",
    port: coroutine(function* ({ asyncio, print }) {
      let stopped = false;
      const times: number[] = [];
      function* burn() {
        while (!stopped) yield LOOK_NS;
      }
      const thread = asyncio.start_thread(burn);
      yield* thread.started();
      yield* asyncio.sleep(0.02);
      for (const _ of range(21)) {
        const begun = asyncio.monotonic();
        yield* asyncio.sleep(0.002);
        times.push(asyncio.monotonic() - begun);
      }
      stopped = true;
      yield* thread.join();
      print(times.toSorted((a, b) => a - b)[10]! > 0.006);
    }),
  },
  {
    name: "blocking_sleep",
    pins: "time.sleep in a coroutine blocks the loop, but not the other threads.",
    port: coroutine(function* ({ asyncio, print }) {
      let ticks = 0;
      function* ticker() {
        while (ticks < 20) {
          yield* asyncio.time_sleep(0.001);
          ticks++;
        }
      }
      const thread = asyncio.start_thread(ticker);
      yield* thread.started();
      asyncio.get_running_loop().call_soon(print, "callback");
      yield* asyncio.time_sleep(0.2);
      print(ticks);
      yield* thread.join();
      yield* asyncio.sleep(0);
    }),
  },
]);
