/**
 * asyncio/tasks.py (3.11.7, 3.12.1, 3.13.0) without the class Task: sleep, gather, wait, wait_for, shield, as_completed. Sets of tasks are
 * arrays in order of insertion; `python.iterate` gives the order in which Python would walk them.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { CancelledError, TimeoutError, TypeError, ValueError } from "./exceptions.ts";
import { _set_result_unless_cancelled, Future, JoinFuture } from "./futures.ts";
import { Queue } from "./queues.ts";
import type { Awaitable, Coroutine, Task } from "./task.ts";
import { Timeout } from "./timeouts.ts";

export type ReturnWhen = "FIRST_COMPLETED" | "FIRST_EXCEPTION" | "ALL_COMPLETED";

/** Seconds; 0 and less give up one iteration without a timer. */
export function* sleep<T = null>(loop: BaseEventLoop, delay: number, result: T = null as T): Coroutine<T> {
  if (delay <= 0) {
    yield;
    return result;
  }
  const future = loop.create_future<T>("sleep");
  const handle = loop.call_later(delay, _set_result_unless_cancelled, future, result);
  try {
    future._asyncio_future_blocking = true;
    yield future; // `await future`, without a generator of its own
    return future.result();
  } finally {
    handle.cancel();
  }
}

export function ensure_future<T>(loop: BaseEventLoop, awaitable: Awaitable<T>): Future<T> {
  return awaitable instanceof Future ? awaitable : loop.create_task(awaitable);
}

/** The future that gather returns: cancelling it cancels the children and leaves it to them to end it. */
export class GatheringFuture extends Future<unknown[]> {
  readonly _children: readonly Future[];
  _cancel_requested = false;

  constructor(loop: BaseEventLoop, children: readonly Future[]) {
    super(loop, "gather", 2);
    this._children = children;
  }

  override cancel(message: string | null = null): boolean {
    if (this.done()) return false;
    let accepted = false;
    for (const child of this._children) if (child.cancel(message)) accepted = true;
    if (accepted) this._cancel_requested = true;
    return accepted;
  }

  override class_name(): string {
    return "_GatheringFuture";
  }

  protected override created_in(): string {
    return "asyncio/tasks.py";
  }
}

export function gather(
  loop: BaseEventLoop,
  awaitables: readonly Awaitable[],
  return_exceptions = false,
): Future<unknown[]> {
  const { machine, costs } = loop.python;
  if (awaitables.length === 0) {
    const outer = loop.create_future<unknown[]>("gather");
    outer.set_result([]);
    return outer;
  }
  const futures = new Map<Awaitable, Future>(); // only looked up: duplicates share one future
  let nfinished = 0;
  const children: Future[] = [];
  const done_futs: Future[] = []; // 3.12+: counted at once

  const _done_callback = (future: Future): void => {
    nfinished++;
    machine.charge(costs.perChild);
    if (outer.done()) {
      if (!future.cancelled()) future.exception(); // marks it retrieved
      return;
    }
    if (!return_exceptions) {
      const error = future.cancelled() ? future._make_cancelled_error() : future.exception();
      if (error !== null) {
        outer.set_exception(error);
        return;
      }
    }
    if (nfinished < futures.size) return;
    if (outer._cancel_requested) outer.set_exception(future._make_cancelled_error());
    else outer.set_result(children.map(outcome));
  };

  for (const awaitable of awaitables) {
    let future = futures.get(awaitable);
    if (future === undefined) {
      future = ensure_future(loop, awaitable);
      if (future !== awaitable) (future as Task)._log_destroy_pending = false;
      futures.set(awaitable, future);
      if (loop.python.minor >= 12 && future.done()) done_futs.push(future);
      else future.add_done_callback(_done_callback);
    }
    children.push(future);
  }
  machine.charge(costs.createFuture + costs.perChild * futures.size);
  const outer = new GatheringFuture(loop, children);
  for (const future of done_futs) _done_callback(future);
  return outer;
}

/** Result of a done future, its error as a value. */
function outcome(future: Future): unknown {
  if (future.cancelled()) return future._make_cancelled_error();
  return future.exception() ?? future.result();
}

export interface Waited {
  readonly done: Future[];
  readonly pending: Future[];
}

/** Seconds, null: no timeout. Never cancels anything. */
export function* wait(
  loop: BaseEventLoop,
  futures: readonly Future[],
  return_when: ReturnWhen = "ALL_COMPLETED",
  timeout: number | null = null,
): Coroutine<Waited> {
  if (futures.length === 0) throw new ValueError("Set of Tasks/Futures is empty.");
  if (futures.some((future) => !(future instanceof Future)))
    throw new TypeError("Passing coroutines is forbidden, use tasks explicitly.");
  const fs = loop.python.iterate([...new Set(futures)]);
  const { machine, costs } = loop.python;
  const waiter = new JoinFuture<null>(loop, "wait", () => fs);
  const timer = timeout === null ? null : loop.call_later(timeout, _release_waiter, waiter);
  let counter = fs.length;

  const _on_completion = (future: Future): void => {
    counter--;
    machine.charge(costs.perChild);
    if (
      counter <= 0 ||
      return_when === "FIRST_COMPLETED" ||
      (return_when === "FIRST_EXCEPTION" && !future.cancelled() && future.exception() !== null)
    ) {
      timer?.cancel();
      _release_waiter(waiter);
    }
  };
  machine.charge(costs.perChild * fs.length);
  for (const future of fs) future.add_done_callback(_on_completion);
  try {
    yield* waiter;
  } finally {
    timer?.cancel();
    for (const future of fs) future.remove_done_callback(_on_completion);
  }
  return { done: fs.filter((future) => future.done()), pending: fs.filter((future) => !future.done()) };
}

function _release_waiter(waiter: Future<null>): void {
  if (!waiter.done()) waiter.set_result(null);
}

/**
 * 3.11: the awaitable runs in a task of its own, which is cancelled and awaited when time is up. From 3.12 on the caller
 * awaits it itself, inside `timeout`.
 */
export function* wait_for<T>(
  loop: BaseEventLoop,
  awaitable: Awaitable<T>,
  timeout: number | null,
): Coroutine<T> {
  if (timeout === null) return yield* awaitable;
  if (timeout > 0 && loop.python.minor >= 12)
    return yield* new Timeout(loop, loop.time() + timeout).scope(() => wrap(awaitable));
  if (timeout <= 0) {
    const future = ensure_future(loop, awaitable);
    if (future.done()) return future.result();
    yield* _cancel_and_wait(loop, future);
    return result_or_timeout(future);
  }
  loop.python.machine.charge(loop.python.costs.waitFor);
  const waiter = loop.create_future<null>("wait_for");
  const timer = loop.call_later(timeout, _release_waiter, waiter);
  const callback = (): void => _release_waiter(waiter);
  const future = ensure_future(loop, awaitable);
  future.add_done_callback(callback);
  try {
    try {
      yield* waiter;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      if (future.done()) return future.result();
      future.remove_done_callback(callback);
      yield* _cancel_and_wait(loop, future);
      throw error;
    }
    if (future.done()) return future.result();
    future.remove_done_callback(callback);
    yield* _cancel_and_wait(loop, future);
    return result_or_timeout(future);
  } finally {
    timer.cancel();
  }
}

function* wrap<T>(awaitable: Awaitable<T>): Coroutine<T> {
  return yield* awaitable;
}

function result_or_timeout<T>(future: Future<T>): T {
  try {
    return future.result();
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError("", { cause: error });
    throw error;
  }
}

function* _cancel_and_wait(loop: BaseEventLoop, future: Future): Coroutine<void> {
  const waiter = loop.create_future<null>("_cancel_and_wait");
  const callback = (): void => _release_waiter(waiter);
  future.add_done_callback(callback);
  try {
    future.cancel();
    yield* waiter;
  } finally {
    future.remove_done_callback(callback);
  }
}

export function shield<T>(loop: BaseEventLoop, awaitable: Awaitable<T>): Future<T> {
  const inner = ensure_future(loop, awaitable);
  if (inner.done()) return inner;
  const outer = loop.create_future<T>("shield");
  const _inner_done_callback = (): void => {
    if (outer.cancelled()) {
      if (!inner.cancelled()) inner.exception();
      return;
    }
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    const error = inner.exception();
    if (error !== null) outer.set_exception(error);
    else outer.set_result(inner.result());
  };
  inner.add_done_callback(_inner_done_callback);
  outer.add_done_callback(() => {
    if (!inner.done()) inner.remove_done_callback(_inner_done_callback);
  });
  return outer;
}

/** Coroutines to await one after the other: each gives the next result in order of completion. */
export function as_completed<T>(
  loop: BaseEventLoop,
  awaitables: readonly Awaitable<T>[],
  timeout: number | null = null,
): Coroutine<T>[] {
  const done = new Queue<Future<T> | null>(loop);
  const todo = loop.python
    .iterate([...new Set(awaitables)])
    .map((awaitable) => ensure_future(loop, awaitable));
  const waits = todo.map(() => _wait_for_one());

  function* _wait_for_one(): Coroutine<T> {
    const future = yield* done.get();
    if (future === null) throw new TimeoutError();
    return future.result();
  }
  const _on_completion = (future: Future): void => {
    const place = todo.indexOf(future as Future<T>);
    if (place < 0) return; // the timeout was first
    todo.splice(place, 1);
    done.put_nowait(future as Future<T>);
    if (todo.length === 0) timer?.cancel();
  };
  const _on_timeout = (): void => {
    for (const future of todo) {
      future.remove_done_callback(_on_completion);
      done.put_nowait(null);
    }
    todo.length = 0;
  };
  for (const future of todo) future.add_done_callback(_on_completion);
  const timer = todo.length > 0 && timeout !== null ? loop.call_later(timeout, _on_timeout) : null;
  return waits;
}
