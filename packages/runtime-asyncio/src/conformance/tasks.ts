/** tasks.py: futures, tasks and cancellation. */
import { BaseEventLoop } from "../base_events.ts";
import { CancelledError, RuntimeError, typeName, ValueError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import type { Coroutine, Task } from "../task.ts";
import { coroutine, exception, inFile, nop, outcome, outcome_of_call, wrap } from "./prelude.ts";

export const tasks = inFile("tasks.py", [
  {
    name: "future_callbacks",
    pins: "Callbacks and waiters are queued in order of registration, a late one at once.",
    port: coroutine(function* ({ asyncio, print }) {
      const future = asyncio.get_running_loop().create_future<number>();
      const removed = (): void => print("removed");
      function* waiter(i: number) {
        yield* future;
        print("waiter", i);
      }
      future.add_done_callback(removed);
      future.add_done_callback(() => print("1"));
      const tasks = [1, 2].map((i) => asyncio.create_task(waiter(i)));
      yield* asyncio.sleep(0);
      future.add_done_callback(removed);
      future.add_done_callback(() => print("2"));
      print(future.remove_done_callback(removed));
      future.set_result(0);
      print("set");
      future.add_done_callback(() => print("late"));
      yield* future;
      print("no suspension");
      yield* asyncio.wait(tasks);
      print("after");
    }),
  },
  {
    name: "cancel_before_start",
    pins: "A task that is cancelled before its first step never enters its body.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child() {
        print("body");
      }
      const task = asyncio.create_task(child());
      print(task.cancel(), task.done());
      yield* asyncio.sleep(0);
      print(task.done(), task.cancelled(), task.cancel());
    }),
  },
  {
    name: "cancel_self",
    pins: "Cancelling the running task strikes at its next suspension; without one its result is lost.",
    port: coroutine(function* ({ asyncio, print }) {
      function* goes_on() {
        asyncio.current_task()!.cancel();
        yield* nop();
        print("still running");
        print(yield* outcome(asyncio.sleep(0)));
        return "survived";
      }
      function* returns() {
        asyncio.current_task()!.cancel("message");
        return 42;
      }
      print(yield* outcome(asyncio.create_task(goes_on())));
      print(yield* outcome(asyncio.create_task(returns())));
    }),
  },
  {
    name: "cancel_self_refused",
    pins: "A task that cancels itself cancels what it awaits next, once: one that refuses leaves both alive.",
    port: coroutine(function* ({ asyncio, print }) {
      function* stubborn() {
        try {
          yield* asyncio.sleep(9);
        } catch (error) {
          if (error instanceof CancelledError) return "kept";
          throw error;
        }
        return null;
      }
      function* cancels_itself(task: Task<string | null>) {
        asyncio.current_task()!.cancel();
        const kept = yield* task;
        yield* asyncio.sleep(0);
        print(kept, asyncio.current_task()!.cancelling());
      }
      const task = asyncio.create_task(stubborn());
      yield* asyncio.sleep(0);
      yield* asyncio.create_task(cancels_itself(task));
    }),
  },
  {
    name: "cancel_counting",
    pins: "Several cancel() before the step deliver one CancelledError; cancelling and uncancel only count.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child() {
        const task = asyncio.current_task()!;
        print(yield* outcome(asyncio.sleep(9)), task.cancelling());
        yield* asyncio.sleep(0);
        print("alive", task.uncancel(), task.uncancel(), task.uncancel());
        return "ok";
      }
      const task = asyncio.create_task(child());
      yield* asyncio.sleep(0);
      task.cancel();
      task.cancel();
      print(yield* task, task.cancelled());
    }),
  },
  {
    name: "cancel_beats_result",
    pins: "Cancelling a task whose future is done already loses the result.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      let future = loop.create_future<unknown>();
      let task = asyncio.create_task(wrap(future));
      yield* asyncio.sleep(0);
      future.set_result("value");
      print(task.cancel(), yield* outcome(task));
      future = loop.create_future();
      task = asyncio.create_task(wrap(future));
      yield* asyncio.sleep(0);
      task.cancel();
      print(
        future.cancelled(),
        outcome_of_call(() => future.set_result(1)),
      );
    }),
  },
  {
    name: "cancel_chain",
    pins: "cancel() reaches the innermost future at once; CancelledError climbs one task per iteration.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const innermost = loop.create_future<unknown>();
      let outermost: Future = innermost;
      let begun = 0;
      function* level(awaitable: Future, k: number) {
        try {
          yield* awaitable;
        } finally {
          print(k, loop.iterations - begun);
        }
      }
      for (const k of [1, 2, 3]) {
        outermost = asyncio.create_task(level(outermost, k));
        yield* asyncio.sleep(0);
      }
      begun = loop.iterations;
      outermost.cancel();
      print(innermost.cancelled());
      yield* outcome(outermost);
      print("main", loop.iterations - begun);
    }),
  },
  {
    name: "uncancelled",
    pins: "uncancel() down to zero does not take back the CancelledError that is due.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child() {
        const task = asyncio.current_task()!;
        task.cancel();
        task.uncancel();
        yield* asyncio.sleep(0);
      }
      print(yield* outcome(asyncio.create_task(child())));
    }),
  },
  {
    name: "task_errors",
    pins: "An illegal await becomes a RuntimeError that is thrown into the task.",
    port: coroutine(function* ({ asyncio, print }) {
      function* bare(value: unknown) {
        yield value;
      }
      function* child(awaitable: Iterable<unknown>): Coroutine<void> {
        try {
          yield* awaitable;
        } catch (error) {
          if (!(error instanceof RuntimeError)) throw error;
          print(error.message.split(": ")[0]!.split(" in task")[0]!.split("> ").at(-1));
        }
      }
      const other_loop = new BaseEventLoop(asyncio.python, 1);
      const own_future = asyncio.get_running_loop().create_future();
      for (const awaitable of [bare("x"), bare(own_future), other_loop.create_future()])
        yield* asyncio.create_task(child(awaitable));
      const box: Task[] = [];
      function* awaits_itself() {
        yield* child(box[0]!);
      }
      box.push(asyncio.create_task(awaits_itself()));
      yield* box[0]!;
      other_loop.close();
    }),
  },
  {
    name: "never_retrieved",
    pins: "An exception that nobody retrieved is told when its task dies, just before the next handle runs.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      loop.set_exception_handler((_, context) => print(context.message));
      function* bad(): Coroutine<void> {
        print("bad");
        throw new ValueError("");
      }
      asyncio.create_task(bad()).drop();
      loop.call_soon(print, "next");
      yield* asyncio.sleep(0);
      print("main");
      const future = loop.create_future();
      future.set_exception(exception("KeyError"));
      future.drop();
      const task = asyncio.create_task(bad());
      yield* asyncio.wait([task]);
      print(typeName(task.exception()));
      task.drop();
      yield* asyncio.sleep(0);
    }),
  },
  {
    name: "v_eager",
    pins: "From 3.12 an eager task runs inside create_task up to its first suspension; 3.11 has none.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      loop.set_task_factory(asyncio.eager_task_factory);
      const name = (): string => asyncio.current_task()!.get_name();
      function* child(i: number) {
        print("in", i, name());
        yield* asyncio.sleep(0);
        print("out", i);
      }
      const main = name();
      const task = asyncio.create_task(child(1), "A");
      print("created", name() === main);
      const done = asyncio.create_task(nop(5));
      print(done.done());
      const begun = loop.iterations;
      print(yield* asyncio.gather(done, nop(2)), loop.iterations - begun);
      print(yield* outcome(asyncio.wait_for(nop(3), 0)));
      yield* task;
      function* bad(): Coroutine<void> {
        throw new ValueError("");
      }
      try {
        yield* asyncio.TaskGroup().scope(function* (group) {
          group.create_task(bad());
          print("body goes on", asyncio.current_task()!.cancelling());
        });
      } catch (error) {
        if (typeName(error) !== "ExceptionGroup") throw error;
        print("group", asyncio.current_task()!.cancelling());
      }
      print(yield* outcome(asyncio.sleep(0)));
    }),
  },
]);
