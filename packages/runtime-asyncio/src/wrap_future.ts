/** concurrent/futures/_base.py Future, and asyncio/futures.py wrap_future that ties one to a loop. */
import type { BaseEventLoop } from "./base_events.ts";
import { CancelledError, InvalidStateError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import type { Coroutine } from "./task.ts";

/** A future between threads. Its callbacks run at once, in the thread that settles it. */
export class ConcurrentFuture<T> {
  private state: "PENDING" | "RUNNING" | "CANCELLED" | "FINISHED" = "PENDING";
  private value: T | undefined = undefined;
  private error: Error | null = null;
  private readonly callbacks: ((future: ConcurrentFuture<T>) => void)[] = [];

  /** Works only while nobody runs it. */
  cancel(): boolean {
    if (this.state === "RUNNING" || this.state === "FINISHED") return false;
    if (this.state === "PENDING") {
      this.state = "CANCELLED";
      this.invoke_callbacks();
    }
    return true;
  }

  cancelled(): boolean {
    return this.state === "CANCELLED";
  }

  done(): boolean {
    return this.state === "CANCELLED" || this.state === "FINISHED";
  }

  /** False: it was cancelled while it was queued. */
  set_running_or_notify_cancel(): boolean {
    if (this.state === "CANCELLED") return false;
    this.state = "RUNNING";
    return true;
  }

  set_result(value: T): void {
    this.value = value;
    this.state = "FINISHED";
    this.invoke_callbacks();
  }

  set_exception(error: Error): void {
    this.error = error;
    this.state = "FINISHED";
    this.invoke_callbacks();
  }

  exception(): Error | null {
    return this.error;
  }

  /** The result of a future that is done: this one never waits. */
  result(): T {
    if (this.state === "CANCELLED") throw new CancelledError();
    if (this.state !== "FINISHED") throw new InvalidStateError("result() of a future that is not done");
    if (this.error !== null) throw this.error;
    return this.value as T;
  }

  add_done_callback(callback: (future: ConcurrentFuture<T>) => void): void {
    if (this.done()) callback(this);
    else this.callbacks.push(callback);
  }

  private invoke_callbacks(): void {
    for (const callback of this.callbacks) callback(this);
  }
}

/** An asyncio future that follows `source`: the worker queues `_set_state` on the loop and wakes it. */
export function wrap_future<T>(source: ConcurrentFuture<T>, loop: BaseEventLoop): Future<T> {
  const destination = loop.create_future<T>("run_in_executor");
  const _call_check_cancel = (future: Future): void => {
    if (future.cancelled()) source.cancel();
  };
  destination.add_done_callback(_call_check_cancel);
  source.add_done_callback(() => {
    if (loop.is_closed()) return;
    loop.call_soon_threadsafe(_set_state, destination, source);
  });
  return destination;
}

/** tasks.run_coroutine_threadsafe: the other way round, a future that `coro`'s task settles in the loop. */
export function run_coroutine_threadsafe<T>(coro: Coroutine<T>, loop: BaseEventLoop): ConcurrentFuture<T> {
  const future = new ConcurrentFuture<T>();
  loop.call_soon_threadsafe(() => {
    const task = loop.create_task(coro);
    future.add_done_callback(() => {
      if (future.cancelled()) loop.call_soon_threadsafe(() => void task.cancel());
    });
    task.add_done_callback(() => {
      if (task.cancelled()) future.cancel();
      if (!future.set_running_or_notify_cancel()) return;
      const error = task.exception();
      if (error !== null) future.set_exception(error);
      else future.set_result(task.result());
    });
  });
  return future;
}

/** futures._copy_future_state, in the loop's thread. */
export function _set_state<T>(destination: Future<T>, source: ConcurrentFuture<T>): void {
  if (destination.done()) return;
  const error = source.cancelled() ? null : source.exception();
  if (source.cancelled()) destination.cancel();
  else if (error !== null) destination.set_exception(error);
  else destination.set_result(source.result());
}
