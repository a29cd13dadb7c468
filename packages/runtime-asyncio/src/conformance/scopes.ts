/** scopes.py: timeout and TaskGroup. */
import { BaseExceptionGroup, typeName, ValueError } from "../exceptions.ts";
import type { Task } from "../task.ts";
import type { TaskGroup } from "../taskgroups.ts";
import { coroutine, exception, inFile, nop, outcome, outcome_of_call } from "./prelude.ts";

export const scopes = inFile("scopes.py", [
  {
    name: "timeout_scopes",
    pins: "The scope that expired converts CancelledError, inner ones do not; it acts at a suspension only.",
    port: coroutine(function* ({ asyncio, print }) {
      const nested = () =>
        asyncio.timeout(0.005).scope((outer) =>
          asyncio.timeout(9).scope(function* (inner) {
            try {
              yield* asyncio.sleep(9);
            } finally {
              print("inner", inner.expired(), "outer", outer.expired());
            }
          }),
        );
      const zero = () =>
        asyncio.timeout(0).scope(function* () {
          yield* asyncio.sleep(0);
          print("not reached");
        });
      print(yield* outcome(nested()));
      const overdue = asyncio.timeout(-1);
      yield* overdue.scope(function* () {});
      print("no suspension", overdue.expired());
      print(yield* outcome(zero()));
      const rescheduled = asyncio.timeout(0.005);
      yield* rescheduled.scope(function* () {
        rescheduled.reschedule(null);
        yield* asyncio.sleep(0.01);
      });
      const swallowed = asyncio.timeout(0.005);
      yield* swallowed.scope(function* () {
        print(yield* outcome(asyncio.sleep(9)));
      });
      print(rescheduled.expired(), swallowed.expired(), asyncio.current_task()!.cancelling());
    }),
  },
  {
    name: "taskgroup_error",
    pins: "The first failure cancels siblings, then the parent's body; errors are listed as they came.",
    port: coroutine(function* ({ asyncio, print }) {
      function* bad(delay: number, error: Error) {
        yield* asyncio.sleep(delay);
        throw error;
      }
      function* sibling() {
        try {
          yield* asyncio.sleep(9);
        } finally {
          print("sibling cancelled");
        }
      }
      function* stubborn() {
        try {
          yield* asyncio.sleep(9);
        } catch {
          throw exception("KeyError");
        }
      }
      let task: Task | null = null;
      try {
        yield* asyncio.TaskGroup().scope(function* (group) {
          group.create_task(bad(0.005, new ValueError("")));
          task = group.create_task(sibling()) as Task;
          group.create_task(stubborn());
          try {
            yield* asyncio.sleep(9);
          } finally {
            print("body cancelled", asyncio.current_task()!.cancelling());
          }
        });
      } catch (error) {
        if (!(error instanceof BaseExceptionGroup)) throw error;
        print(error.exceptions.map(typeName), error.message);
        print(task!.cancelled(), asyncio.current_task()!.cancelling());
      }
    }),
  },
  {
    name: "taskgroup_misc",
    pins: "The body's error joins the group; a lone cancelled child is ignored; one that is over takes no tasks.",
    port: coroutine(function* ({ asyncio, print }) {
      try {
        yield* asyncio.TaskGroup().scope(function* () {
          throw exception("OSError");
        });
      } catch (error) {
        if (!(error instanceof BaseExceptionGroup)) throw error;
        print(error.exceptions.length);
      }

      const group = asyncio.TaskGroup();
      const task = yield* group.scope(function* () {
        const sleeper = group.create_task(asyncio.sleep(9));
        yield* asyncio.sleep(0);
        sleeper.cancel();
        return sleeper;
      });
      print(
        "ignored",
        task.cancelled(),
        outcome_of_call(() => group.create_task(nop())),
      );

      function* late(group: TaskGroup) {
        yield* asyncio.sleep(0.003);
        group.create_task(nop());
        print("late ok");
      }
      yield* asyncio.TaskGroup().scope(function* (group) {
        group.create_task(late(group));
      });
    }),
  },
  {
    name: "v_cancel_scopes",
    pins: "3.11: a group that fails while its parent awaits its end leaves a cancellation counted.",
    port: coroutine(function* ({ asyncio, print }) {
      function* bad(delay: number) {
        yield* outcome(asyncio.sleep(delay));
        throw new ValueError("");
      }
      function* failing_group(delay: number) {
        try {
          yield* asyncio.TaskGroup().scope(function* (group) {
            group.create_task(bad(delay));
          });
        } catch (error) {
          if (typeName(error) !== "ExceptionGroup") throw error;
          print("group", asyncio.current_task()!.cancelling());
        }
      }
      const in_timeout = () =>
        asyncio.timeout(0.01).scope(function* () {
          yield* failing_group(0);
          yield* asyncio.sleep(9);
        });
      function* cancelled() {
        yield* failing_group(9);
        yield* asyncio.sleep(0);
      }
      print(yield* outcome(asyncio.create_task(in_timeout())));
      const task = asyncio.create_task(cancelled());
      yield* asyncio.sleep(0);
      yield* asyncio.sleep(0);
      task.cancel();
      print(yield* outcome(task));
    }),
  },
]);
