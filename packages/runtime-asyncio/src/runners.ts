/** asyncio/runners.py Runner (3.11.7), without its SIGINT handler. */
import type { Thread } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import type { Coroutine, Task } from "./task.ts";
import { gather } from "./tasks.ts";

/** asyncio.run on the calling thread: runs main, then takes the loop down in four phases. */
export function* run<T>(loop: BaseEventLoop, thread: Thread, main: Task<T>): Generator<number, T, number> {
  try {
    return yield* loop.run_until_complete(thread, main);
  } finally {
    yield* close(loop, thread);
  }
}

/** Runner.close */
export function* close(loop: BaseEventLoop, thread: Thread): Generator<number, void, number> {
  try {
    yield* _cancel_all_tasks(loop, thread);
    yield* loop.run_until_complete(thread, loop.shutdown_asyncgens());
    yield* loop.run_until_complete(thread, loop.shutdown_default_executor());
  } finally {
    loop.close();
  }
}

export function* _cancel_all_tasks(loop: BaseEventLoop, thread: Thread): Generator<number, void, number> {
  const to_cancel = loop.python.iterate(loop.all_tasks());
  if (to_cancel.length === 0) return;
  for (const task of to_cancel) task.cancel();
  yield* loop.run_until_complete(thread, gather(loop, to_cancel, true) as Coroutine | Task);
  for (const task of to_cancel) {
    if (task.cancelled()) continue;
    const exception = task.exception();
    if (exception !== null)
      loop.call_exception_handler({
        message: "unhandled exception during asyncio.run() shutdown",
        exception,
        task,
      });
  }
}
