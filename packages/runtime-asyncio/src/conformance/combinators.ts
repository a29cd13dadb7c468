/** combinators.py: gather, wait, wait_for, shield, as_completed. */
import { typeName, ValueError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import type { Coroutine, Task } from "../task.ts";
import { coroutine, exception, inFile, nop, outcome, wrap } from "./prelude.ts";

/** `sorted(task.get_name() for task in tasks)` */
const names = (tasks: readonly Future[]): string[] =>
  tasks.map((task) => (task as Task).get_name()).toSorted();

export const combinators = inFile("combinators.py", [
  {
    name: "gather_error",
    pins: "The first error is delivered at once; siblings go on, and their late errors are swallowed.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child(delay: number, error: Error | null = null) {
        yield* asyncio.sleep(delay);
        print("end", delay);
        if (error !== null) throw error;
      }
      const failing = asyncio.gather(
        child(0.03),
        child(0.01, new ValueError("")),
        child(0.02, exception("KeyError")),
      );
      print(yield* outcome(failing));
      yield* asyncio.sleep(0.05);
      print(yield* asyncio.gather_settled(child(0.001, exception("OSError")), nop(3)));
    }),
  },
  {
    name: "gather_cancel",
    pins: "Cancelling gather cancels every child; one cancelled alone only raises in the awaiter.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child(i: number) {
        try {
          yield* asyncio.sleep(9);
        } finally {
          print("child", i);
        }
      }
      const task = asyncio.create_task(wrap(asyncio.gather_settled(child(1), child(2))));
      yield* asyncio.sleep(0);
      yield* asyncio.sleep(0);
      task.cancel();
      print(yield* outcome(task), task.cancelled());
      let alone = asyncio.create_task(child(3));
      yield* asyncio.sleep(0);
      alone.cancel();
      const results = yield* asyncio.gather_settled(alone, nop());
      print(typeName(results[0]), results[1]);
      alone = asyncio.create_task(child(4));
      asyncio.get_running_loop().call_later(0.005, () => alone.cancel());
      print(yield* outcome(asyncio.gather(alone)), asyncio.current_task()!.cancelling());
    }),
  },
  {
    name: "gather_done",
    pins: "gather of a done future takes two iterations.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const future = loop.create_future<number>();
      future.set_result(1);
      const begun = loop.iterations;
      yield* asyncio.gather(future);
      print(loop.iterations - begun);
    }),
  },
  {
    name: "wait_modes",
    pins: "wait never cancels; whatever has ended when it goes on is among the done.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child(delay: number, bad: boolean) {
        yield* asyncio.sleep(delay);
        if (bad) throw exception("AssertionError");
      }
      const spawn = (delay: number, bad = false) => asyncio.create_task(child(delay, bad), `${delay}`);
      const tell = (done: readonly Future[], pending: readonly Future[]): void =>
        print(names(done), names(pending));

      const x = asyncio.create_task(nop(), "x");
      const y = asyncio.create_task(nop(), "y");
      const first = [spawn(0.01), spawn(0.3), x, y];
      let { done, pending } = yield* asyncio.wait(first, { return_when: "FIRST_COMPLETED" });
      tell(done, pending);
      ({ done, pending } = yield* asyncio.wait(pending, { timeout: 0.1 }));
      tell(done, pending);
      const tasks = [spawn(0.01), spawn(0.02, true), spawn(0.3)];
      ({ done, pending } = yield* asyncio.wait(tasks, { return_when: "FIRST_EXCEPTION" }));
      tell(done, pending);
      for (const task of done) task.exception();
    }),
  },
  {
    name: "wait_for_cleanup",
    pins: "At the timeout the child is cancelled and awaited; with a timeout of zero a coroutine never starts.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child() {
        try {
          yield* asyncio.sleep(9);
        } finally {
          yield* asyncio.sleep(0.02);
          print("cleaned");
        }
      }
      print(yield* outcome(asyncio.wait_for(child(), 0.005)));
      print(yield* outcome(asyncio.wait_for(child(), 0)));
      const future = asyncio.get_running_loop().create_future<string>();
      future.set_result("value");
      print(yield* asyncio.wait_for(future, 0));
    }),
  },
  {
    name: "v_wait_for",
    pins: "3.11: wait_for runs its coroutine in a task; a cancellation that races with the result is swallowed.",
    port: coroutine(function* ({ asyncio, print }) {
      const main = asyncio.current_task();
      function* in_main() {
        return asyncio.current_task() === main;
      }
      print(yield* asyncio.wait_for(in_main(), 9), yield* asyncio.wait_for(in_main(), null));
      const future = asyncio.get_running_loop().create_future<string>();
      const task = asyncio.create_task(asyncio.wait_for(future, 9));
      yield* asyncio.sleep(0);
      future.set_result("value");
      task.cancel();
      print(yield* outcome(task), task.cancelling());
    }),
  },
  {
    name: "shield_rules",
    pins: "Cancelling the awaiter leaves the inner task running; cancelling the inner one cancels the shield.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child() {
        yield* asyncio.sleep(0.01);
        print("inner done");
        return 5;
      }
      let inner = asyncio.create_task(child());
      const awaiter = asyncio.create_task(wrap(asyncio.shield(inner)));
      yield* asyncio.sleep(0);
      awaiter.cancel();
      print(yield* outcome(awaiter), inner.done());
      print(yield* inner);
      inner = asyncio.create_task(child());
      const outer = asyncio.shield(inner);
      yield* asyncio.sleep(0);
      inner.cancel();
      yield* asyncio.sleep(0.002);
      print(outer.cancelled());
    }),
  },
  {
    name: "as_completed_order",
    pins: "Results come in order of completion; after the timeout every await that is left raises.",
    port: coroutine(function* ({ asyncio, print }) {
      function* child(delay: number): Coroutine<number> {
        yield* asyncio.sleep(delay);
        return delay;
      }
      for (const coro of asyncio.as_completed([child(0.05), child(0.01), child(0.03)])) print(yield* coro);
      for (const coro of asyncio.as_completed([child(0.005), child(9), child(9)], 0.15))
        print(yield* outcome(coro));
    }),
  },
]);
