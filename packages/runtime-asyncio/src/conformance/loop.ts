/** loop.py: what an iteration runs, and how a run begins and ends. */
import { async_yield } from "../asyncgens.ts";
import { BaseEventLoop } from "../base_events.ts";
import { CancelledError, KeyboardInterrupt, RuntimeError, SystemExit, ValueError } from "../exceptions.ts";
import { runAsyncio } from "../run_asyncio.ts";
import { _cancel_all_tasks } from "../runners.ts";
import type { Coroutine, Task } from "../task.ts";
import { coroutine, exception, inFile, nop, outcome, outcome_of_call, plain, range } from "./prelude.ts";

export const loop = inFile("loop.py", [
  {
    name: "spawn_order",
    pins: "create_task only queues; children start FIFO in the next iteration.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child(i: number) {
        print("start", i);
        yield* asyncio.sleep(0);
        print("end", i);
      }
      const tasks = range(3).map((i) => asyncio.create_task(child(i)));
      print("spawned");
      yield* asyncio.wait(tasks);
    }),
  },
  {
    name: "await_is_not_yield",
    pins: "A coroutine, a done future, a queue with items and a free lock never suspend.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      loop.call_soon(print, "other");
      const future = loop.create_future();
      future.set_result(1);
      const queue = asyncio.Queue<number>();
      queue.put_nowait(1);
      const lock = asyncio.Lock();
      yield* nop();
      yield* future;
      yield* queue.get();
      yield* lock.acquire();
      yield* queue.put(2);
      print("no yield yet");
      yield* asyncio.sleep(0);
      print("yielded");
    }),
  },
  {
    name: "iteration_counts",
    pins: "Iterations that pass around a child that ends in one step.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      function* measure(name: string, make: () => Iterable<unknown>) {
        const begun = loop.iterations;
        yield* make();
        print(name, loop.iterations - begun);
      }
      function task_group() {
        return asyncio.TaskGroup().scope(function* (group) {
          group.create_task(nop());
        });
      }
      function* as_completed() {
        for (const coro of asyncio.as_completed([nop()])) yield* coro;
      }
      yield* measure("coro", () => nop());
      yield* measure("task", () => asyncio.create_task(nop()));
      yield* measure("sleep(0)", () => asyncio.sleep(0));
      yield* measure("timer", () => asyncio.sleep(0.002));
      yield* measure("gather()", () => asyncio.gather());
      yield* measure("gather", () => asyncio.gather(nop(), nop()));
      yield* measure("shield", () => asyncio.shield(nop()));
      yield* measure("wait", () => asyncio.wait([asyncio.create_task(nop())]));
      yield* measure("TaskGroup", task_group);
      yield* measure("as_completed", as_completed);
      yield* measure("wait_for 5", () => asyncio.wait_for(nop(), 5));
      yield* measure("wait_for None", () => asyncio.wait_for(nop(), null));
    }),
  },
  {
    name: "run_iterations",
    pins: "Iterations of asyncio.run's phases: main, cancelling, asynchronous generators, executor.",
    port: plain(function* ({ asyncio, print }, _, thread) {
      function* alone() {
        yield* nop();
      }
      function* leaves_a_task() {
        asyncio.create_task(asyncio.sleep(9));
        yield* asyncio.sleep(0);
      }
      for (const main of [alone, leaves_a_task]) {
        const loop = new BaseEventLoop(asyncio.python, 0);
        const marks = [0];
        yield* loop.run_until_complete(thread, main());
        marks.push(loop.iterations);
        yield* _cancel_all_tasks(loop, thread);
        marks.push(loop.iterations);
        yield* loop.run_until_complete(thread, loop.shutdown_asyncgens());
        marks.push(loop.iterations);
        yield* loop.run_until_complete(thread, loop.shutdown_default_executor());
        marks.push(loop.iterations);
        loop.close();
        print(...marks.slice(1).map((after, i) => after - marks[i]!));
      }
    }),
  },
  {
    name: "ready_snapshot",
    pins: "An iteration runs only the handles that are there when it begins to run them.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const begun = loop.iterations;
      const tell = (who: string): void => print(who, loop.iterations - begun);
      function first() {
        tell("a");
        loop.call_soon(tell, "c");
      }
      loop.call_soon(first);
      loop.call_soon(tell, "b");
      yield* asyncio.sleep(0);
      tell("main");
      yield* asyncio.sleep(0);
      tell("main");
    }),
  },
  {
    name: "cancelled_handle_counts",
    pins: "A cancelled ready handle is skipped, but its iteration does not wait in select.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      let begun = loop.iterations;
      yield* asyncio.sleep(0.004);
      print(loop.iterations - begun);
      begun = loop.iterations;
      loop.call_soon(print, "never").cancel();
      yield* asyncio.sleep(0.004);
      print(loop.iterations - begun);
    }),
  },
  {
    name: "self_queueing_callback",
    pins: "A callback that always queues itself again does not keep a timer from firing.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const done = loop.create_future<null>();
      function again() {
        if (!done.done()) loop.call_soon(again);
      }
      function fire() {
        print("fired");
        done.set_result(null);
      }
      loop.call_later(0.005, fire);
      again();
      yield* asyncio.wait_for(done, 1);
    }),
  },
  {
    name: "stop_rules",
    pins: "stop() lets the iteration end; the next run goes on; a run that begins stopped makes one pass.",
    port: plain(function* ({ print }, loop, thread) {
      function stop_and_queue() {
        print("a");
        loop.stop();
        loop.call_soon(print, "left over");
      }
      loop.call_soon(stop_and_queue);
      loop.call_soon(print, "b");
      yield* loop.run_forever(thread);
      print("stopped");
      loop.call_soon(() => loop.stop());
      yield* loop.run_forever(thread);
      loop.stop();
      loop.call_later(9, print);
      const begun = loop.iterations;
      yield* loop.run_forever(thread);
      print("passes", loop.iterations - begun);
      loop.call_soon(() => loop.stop());
      try {
        yield* loop.run_until_complete(thread, loop.create_future());
      } catch (error) {
        print((error as Error).name);
      }
      loop.close();
    }),
  },
  {
    name: "misuse",
    pins: "A loop that runs can neither run again nor be closed; a closed one takes no callbacks.",
    port: plain(function* ({ print }, loop, thread) {
      function* main() {
        print(outcome_of_call(() => loop.run_forever(thread).next()));
        print(outcome_of_call(() => loop.close()));
      }
      yield* loop.run_until_complete(thread, main());
      loop.close();
      try {
        loop.call_soon(print);
      } catch (error) {
        if (error instanceof RuntimeError) print(error);
      }
    }),
  },
  {
    name: "threadsafe_wakeup",
    pins: "call_soon from another thread does not wake select; call_soon_threadsafe does.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const begun = asyncio.monotonic();
      function* queue() {
        yield* asyncio.time_sleep(0.01);
        loop.call_soon(() => print("not woken", asyncio.monotonic() - begun > 0.1));
      }
      yield* asyncio.start_thread(queue).started();
      yield* asyncio.sleep(0.12);
      const future = loop.create_future<number>();
      function* queue_and_wake() {
        yield* asyncio.time_sleep(0.01);
        loop.call_soon_threadsafe(() => future.set_result(1));
      }
      yield* asyncio.start_thread(queue_and_wake).started();
      yield* future;
      print("woken");
    }),
  },
  {
    name: "run_coroutine_threadsafe",
    pins: "run_coroutine_threadsafe gives a future of concurrent.futures, settled by the loop.",
    port: coroutine(function* ({ asyncio, print }) {
      const future = asyncio.run_coroutine_threadsafe(nop(9), asyncio.get_running_loop());
      yield* asyncio.sleep(0.001);
      print(future.result());
    }),
  },
  {
    name: "signal_handler",
    pins: "A signal's handler runs one iteration after the read of the self-pipe.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const future = loop.create_future();
      const begun = loop.iterations;
      function handler() {
        print("signal", loop.iterations - begun);
        future.set_result(null);
      }
      loop.add_signal_handler("SIGUSR1", handler);
      asyncio.python.kill("SIGUSR1");
      yield* future;
      print("main", loop.iterations - begun);
      loop.remove_signal_handler("SIGUSR1");
    }),
  },
  {
    name: "callback_raises",
    pins: "A callback's exception goes to the exception handler, and the loop goes on.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      loop.set_exception_handler((_, context) => print(context.message));
      function int(text: string) {
        if (!/^\d+$/.test(text)) throw new ValueError(`invalid literal for int() with base 10: '${text}'`);
      }
      loop.call_soon(int, "x");
      loop.call_soon(print, "loop survives");
      yield* asyncio.sleep(0);
    }),
  },
  {
    name: "system_exit",
    pins: "SystemExit in a task leaves run_forever at once; the rest of the iteration runs during shutdown.",
    port: coroutine(function* ({ asyncio, print }) {
      function* bad(): Coroutine<void> {
        print("exit");
        throw new SystemExit(3);
      }
      function* other() {
        print("other");
        print("other", yield* outcome(asyncio.sleep(9)));
      }
      asyncio.create_task(other());
      const task = asyncio.create_task(bad());
      task.add_done_callback((done: Task) => void done.exception());
      asyncio.get_running_loop().call_soon(print, "left over");
      yield* asyncio.sleep(9);
    }),
  },
  {
    name: "after_main_returns",
    pins: "What else is ready gets one more iteration, then tasks are cancelled.",
    port: coroutine(function* ({ asyncio, print }) {
      function* background() {
        try {
          for (;;) {
            print("background");
            yield* asyncio.sleep(0);
          }
        } catch (error) {
          if (error instanceof CancelledError) print("background cancelled");
          throw error;
        }
      }
      asyncio.create_task(background());
      yield* asyncio.sleep(0);
      print("main returns");
    }),
  },
  {
    name: "asyncgens_closed_last",
    pins: "Asynchronous generators are closed after the tasks have been cancelled.",
    port: coroutine(function* ({ asyncio, print }) {
      function* sleeper() {
        try {
          yield* asyncio.sleep(9);
        } finally {
          print("cancelled");
        }
      }
      function* body(): Coroutine<void> {
        try {
          yield* async_yield(1);
        } finally {
          print("closed");
        }
      }
      asyncio.create_task(sleeper());
      const generator = asyncio.async_generator(body);
      yield* generator.__anext__();
      yield* asyncio.sleep(0);
      print("main returns");
    }),
  },
  {
    name: "asyncgen_finalizer",
    pins: "Leaving `async for` early closes the generator through the loop, two iterations later.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      let begun = 0;
      function* body(): Coroutine<void> {
        try {
          for (const i of range(9)) yield* async_yield(i);
        } finally {
          print("closed", loop.iterations - begun);
        }
      }
      const generator = asyncio.async_generator(body);
      yield* generator.for_each(function* () {
        return true;
      });
      generator.drop();
      begun = loop.iterations;
      print("after loop");
      for (const _ of range(3)) yield* asyncio.sleep(0);
      yield* asyncio.async_generator(body).for_each(function* () {});
      print("exhausted");
    }),
  },
  {
    name: "asyncgen_protocol",
    pins: "asend answers the yield, aclose runs the generator's end at once, and nobody iterates while another does.",
    port: coroutine(function* ({ asyncio, print }) {
      function* echo(): Coroutine<void> {
        let got: unknown = null;
        try {
          for (;;) {
            got = yield* async_yield(got);
            yield* asyncio.sleep(0);
          }
        } finally {
          print("closing");
          yield* asyncio.sleep(0);
          print("closed");
        }
      }
      const generator = asyncio.async_generator(echo);
      print(yield* generator.__anext__());
      print(yield* generator.asend("a"));
      const task = asyncio.create_task(generator.asend("b"));
      yield* asyncio.sleep(0);
      print(yield* outcome(generator.asend("c")));
      print(yield* task);
      print(yield* outcome(generator.athrow(exception("KeyError"))));
      print(yield* outcome(generator.__anext__()));
      const unused = asyncio.async_generator(echo);
      yield* unused.aclose();
      print(yield* outcome(unused.__anext__()));
    }),
  },
  {
    name: "sigint_cancels_main",
    pins: "The first SIGINT cancels main, and the run ends with KeyboardInterrupt.",
    port: coroutine(function* ({ asyncio, print }) {
      asyncio.python.kill("SIGINT");
      print("goes on", asyncio.current_task()!.cancelling());
      try {
        yield* asyncio.sleep(1);
      } catch (error) {
        if (error instanceof CancelledError) print("cancelled");
        throw error;
      }
    }),
  },
  {
    name: "sigint_twice",
    pins: "A second SIGINT raises KeyboardInterrupt on the spot, and that leaves the loop.",
    port: coroutine(function* ({ asyncio, print }) {
      asyncio.python.kill("SIGINT");
      try {
        asyncio.python.kill("SIGINT");
      } catch (error) {
        if (error instanceof KeyboardInterrupt) print("on the spot");
        throw error;
      }
      yield;
    }),
  },
  {
    name: "slow_callback",
    pins: "Debug mode tells of a handle that ran for slow_callback_duration and longer.",
    port: () => {
      const { diagnostics } = runAsyncio(function* ({ asyncio }) {
        const loop = asyncio.get_running_loop();
        function* slow(seconds: number) {
          yield* asyncio.time_sleep(seconds);
        }
        loop.set_debug(true);
        loop.slow_callback_duration = 0.05;
        loop.call_soon(slow, 0.06);
        loop.call_soon((seconds: number) => asyncio.time_sleep(seconds), 0.001);
        yield* asyncio.sleep(0);
        loop.set_debug(false);
      });
      return diagnostics
        .map((text) => text.replaceAll(/ at \S+:\d+| created at \S+:\d+/g, ""))
        .map((text) => text.replace(/0\.0\d+ seconds/, "0.0NN seconds"))
        .join("\n");
    },
  },
]);
