/**
 * asyncio/futures.py Future with the wording of the C one (Modules/_asynciomodule.c), 3.11. Nothing runs synchronously:
 * settling a future only queues its callbacks. `yield* future` is Python's `await future`.
 */
import type { BaseEventLoop } from "./base_events.ts";
import type { Callback } from "./events.ts";
import { CancelledError, InvalidStateError, repr } from "./exceptions.ts";
import type { PySteps } from "./python.ts";
import { format_callback_source, reprlib } from "./reprs.ts";
import { created_stack, type Frames } from "./tracebacks.ts";

/** What the loop can queue without a Handle of its own: a task whose awaited future is done. */
export interface Waiting {
  /** Repr of `task_wakeup` as a callback. */
  format_callback(): string;
}

export type DoneCallback = Callback | Waiting;

export const isWaiting = (callback: DoneCallback): callback is Waiting => typeof callback !== "function";

/** Container objects that the collector sees: a future and what awaits it. */
const FUTURE_OBJECTS = 2;

export type State = "PENDING" | "CANCELLED" | "FINISHED";

export class Future<T = unknown> {
  readonly _loop: BaseEventLoop;
  /** What the future stands for, in a word or two for traces and snapshots: `sleep`, `Lock.acquire`. */
  readonly label: string;
  /** Debug mode: the stack that made it. */
  readonly _source_traceback: Frames | null;
  _state: State = "PENDING";
  _result: T | undefined = undefined;
  _exception: Error | null = null;
  _asyncio_future_blocking = false;
  /** `__log_traceback`: an exception that nobody has retrieved. */
  _log_traceback = false;
  _cancel_message: string | null = null;
  /** Most futures have one callback at most. */
  private callbacks: DoneCallback | DoneCallback[] | null = null;

  /** `above`: frames of the library between it and the program. */
  constructor(loop: BaseEventLoop, label: string, above = 1) {
    this._loop = loop;
    this.label = label;
    loop.python.gc.track(FUTURE_OBJECTS);
    this._source_traceback = loop.get_debug() ? created_stack(above) : null;
  }

  done(): boolean {
    return this._state !== "PENDING";
  }

  cancelled(): boolean {
    return this._state === "CANCELLED";
  }

  cancel(message: string | null = null): boolean {
    this._log_traceback = false;
    if (this._state !== "PENDING") return false;
    this._state = "CANCELLED";
    this._cancel_message = message;
    this.schedule_callbacks();
    return true;
  }

  result(): T {
    if (this._state === "FINISHED") {
      this._log_traceback = false;
      if (this._exception !== null) throw this._exception;
      return this._result as T;
    }
    if (this._state === "CANCELLED") throw this._make_cancelled_error();
    throw new InvalidStateError("Result is not set.");
  }

  exception(): Error | null {
    if (this._state === "CANCELLED") throw this._make_cancelled_error();
    if (this._state === "PENDING") throw new InvalidStateError("Exception is not set.");
    this._log_traceback = false;
    return this._exception;
  }

  set_result(result: T): void {
    if (this._state !== "PENDING") throw new InvalidStateError("invalid state");
    this._result = result;
    this._state = "FINISHED";
    this.schedule_callbacks();
  }

  set_exception(exception: Error): void {
    if (this._state !== "PENDING") throw new InvalidStateError("invalid state");
    this._exception = exception;
    this._state = "FINISHED";
    this._log_traceback = true;
    if (this.callbacks === null && this._loop._dropped.has(this as Future)) {
      this._loop.python.gc.untrack(FUTURE_OBJECTS);
      this.tell_unretrieved();
      return;
    }
    this.schedule_callbacks();
    this._loop._unretrieved.push(this);
  }

  add_done_callback(callback: DoneCallback): void {
    if (this._state !== "PENDING") this._loop._call_done(callback, this);
    else if (this.callbacks === null) this.callbacks = callback;
    else if (Array.isArray(this.callbacks)) this.callbacks.push(callback);
    else this.callbacks = [this.callbacks, callback];
  }

  /** Removes every equal entry that is not queued yet; returns how many. */
  remove_done_callback(callback: DoneCallback): number {
    const all = this.callback_list();
    const kept = all.filter((entry) => entry !== callback);
    this.callbacks = kept.length > 0 ? kept : null;
    return all.length - kept.length;
  }

  /** The program's last reference goes. Objects have no reference counts here, so the program says so. */
  drop(): void {
    if (this.done()) this.tell_unretrieved();
    else this._loop._dropped.add(this as Future);
  }

  /** `__del__`: an exception that nobody has retrieved. */
  tell_unretrieved(): void {
    if (!this._log_traceback) return;
    this._log_traceback = false;
    this._loop.call_exception_handler({
      message: `${this.class_name()} exception was never retrieved`,
      exception: this._exception,
      future: this as Future,
    });
  }

  get_loop(): BaseEventLoop {
    return this._loop;
  }

  _make_cancelled_error(): CancelledError {
    return new CancelledError(this._cancel_message ?? "");
  }

  /** `await`: suspends unless it is done. */
  *[Symbol.iterator](): PySteps<T> {
    if (this._state === "PENDING") {
      this._asyncio_future_blocking = true;
      yield this;
    }
    return this.result();
  }

  repr(): string {
    return `<${this.class_name()} ${this.repr_info().join(" ")}>`;
  }

  class_name(): string {
    return "Future";
  }

  protected repr_info(): string[] {
    const info = [this._state.toLowerCase()];
    if (this._state === "FINISHED")
      info.push(
        this._exception !== null ? `exception=${repr(this._exception)}` : `result=${reprlib(this._result)}`,
      );
    const callbacks = this.callback_list().map((entry) =>
      isWaiting(entry) ? entry.format_callback() : format_callback_source(entry, [], this._loop.python),
    );
    if (callbacks.length > 2)
      info.push(`cb=[${callbacks[0]}, <${callbacks.length - 2} more>, ${callbacks.at(-1)}]`);
    else if (callbacks.length > 0) info.push(`cb=[${callbacks.join(", ")}]`);
    if (this._source_traceback !== null) info.push(`created at ${this.created_in()}:0`);
    return info;
  }

  /** The file that made it: `loop.create_future()` is base_events.py's. */
  protected created_in(): string {
    return "asyncio/base_events.py";
  }

  private callback_list(): DoneCallback[] {
    const { callbacks } = this;
    if (callbacks === null) return [];
    return Array.isArray(callbacks) ? callbacks : [callbacks];
  }

  protected schedule_callbacks(): void {
    this._loop.python.gc.untrack(FUTURE_OBJECTS);
    const { callbacks } = this;
    if (callbacks === null) return;
    this.callbacks = null;
    if (!Array.isArray(callbacks)) this._loop._call_done(callbacks, this);
    else for (const callback of callbacks) this._loop._call_done(callback, this);
  }
}

/** A future of the library that is done when some others are: what pstree follows. */
export class JoinFuture<T> extends Future<T> {
  readonly _children: () => readonly Future[];

  constructor(loop: BaseEventLoop, label: string, children: () => readonly Future[]) {
    super(loop, label);
    loop.python.machine.charge(loop.python.costs.createFuture);
    this._children = children;
  }
}

/** futures._set_result_unless_cancelled: the callback of `sleep`'s timer. */
export function _set_result_unless_cancelled(future: Future, result: unknown): void {
  if (!future.cancelled()) future.set_result(result);
}
