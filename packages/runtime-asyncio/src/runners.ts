/** asyncio/runners.py Runner (3.11.7). */
import type { Thread } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import { CancelledError, KeyboardInterrupt } from "./exceptions.ts";
import type { Coroutine, Task } from "./task.ts";
import { gather } from "./tasks.ts";

/** asyncio.run on the calling thread: runs main, then takes the loop down in four phases. */
export function* run<T>(loop: BaseEventLoop, thread: Thread, main: Task<T>): Generator<number, T, number> {
  const { python } = loop;
  const { sigint } = python;
  let interrupt_count = 0;
  /** Runner._on_sigint: the first one cancels main, the next are raised on the spot. */
  python.sigint = () => {
    interrupt_count++;
    if (interrupt_count > 1 || main.done()) throw new KeyboardInterrupt("");
    main.cancel();
    loop.call_soon_threadsafe(() => {}); // wakes the loop
  };
  python.signal_loop ??= loop;
  try {
    return yield* loop.run_until_complete(thread, main);
  } catch (error) {
    if (interrupt_count > 0 && error instanceof CancelledError && main.uncancel() === 0)
      throw new KeyboardInterrupt("");
    throw error;
  } finally {
    python.sigint = sigint;
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
