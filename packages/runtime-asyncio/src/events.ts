/**
 * asyncio/events.py Handle and TimerHandle (3.11). A callback takes up to two arguments; one that burns CPU or blocks its
 * thread is a generator function. Contexts are left out: they never affect order.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { created_at, format_callback, format_callback_source } from "./reprs.ts";
import { created_stack, type Frames } from "./tracebacks.ts";

export type Callback = (a: never, b: never) => unknown;

/** Debug mode: what a handle was before it was cancelled. */
const reprs_before_cancel = new WeakMap<Handle, string>();

export class Handle {
  _callback: Callback | null;
  _a: unknown;
  _b: unknown;
  _cancelled = false;
  readonly _loop: BaseEventLoop;
  /** Debug mode: the stack that queued it. */
  readonly _source_traceback: Frames | null;

  /** `above`: frames of the library between it and the program. */
  constructor(callback: Callback, a: unknown, b: unknown, loop: BaseEventLoop, above = 2) {
    this._callback = callback;
    this._a = a;
    this._b = b;
    this._loop = loop;
    this._source_traceback = loop.get_debug() ? created_stack(above) : null;
  }

  cancel(): void {
    if (this._cancelled) return;
    this._cancelled = true;
    if (this._source_traceback !== null) reprs_before_cancel.set(this, this.repr());
    this._callback = null;
    this._a = undefined;
    this._b = undefined;
  }

  cancelled(): boolean {
    return this._cancelled;
  }

  /** Calls the callback with the arguments it was queued with. */
  call(): unknown {
    const callback = this._callback as (...args: unknown[]) => unknown;
    if (this._b !== undefined) return callback(this._a, this._b);
    return this._a !== undefined ? callback(this._a) : callback();
  }

  /** What runs, for people: `cb(7)`. */
  format_callback(): string {
    return this._callback === null ? "" : format_callback(this._callback, this.args());
  }

  /** With its place: `cb(7) at program.py:0`. 3.13 shows the arguments in debug mode only. */
  format_callback_source(): string {
    if (this._callback === null) return "";
    const { python } = this._loop;
    const hidden = python.minor >= 13 && !this._loop.get_debug();
    return format_callback_source(this._callback, hidden ? [] : this.args(), python);
  }

  private args(): readonly unknown[] {
    if (this._b !== undefined) return [this._a, this._b];
    return this._a !== undefined ? [this._a] : [];
  }

  repr(): string {
    return reprs_before_cancel.get(this) ?? `<${this.repr_info().join(" ")}>`;
  }

  protected repr_info(): string[] {
    const info = ["Handle"];
    if (this._cancelled) info.push("cancelled");
    if (this._callback !== null) {
      info.push(this.format_callback_source());
      if (this._source_traceback !== null) info.push(created_at(this._callback, this._loop.python));
    }
    return info;
  }
}

export class TimerHandle extends Handle {
  /** Deadline, seconds of `loop.time()`. */
  readonly _when: number;
  /** True while it is in the heap. */
  _scheduled = false;

  constructor(when: number, callback: Callback, a: unknown, b: unknown, loop: BaseEventLoop) {
    super(callback, a, b, loop, 3);
    this._when = when;
  }

  override cancel(): void {
    if (!this._cancelled) this._loop._timer_handle_cancelled(this);
    super.cancel();
  }

  when(): number {
    return this._when;
  }

  protected override repr_info(): string[] {
    const info = super.repr_info();
    info[0] = "TimerHandle";
    info.splice(this._cancelled ? 2 : 1, 0, `when=${this._when}`);
    return info;
  }
}
