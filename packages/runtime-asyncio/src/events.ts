/**
 * asyncio/events.py Handle and TimerHandle (3.11). A callback takes up to two arguments; one that burns CPU or blocks its
 * thread is a generator function. Contexts are left out: they never affect order.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { pyRepr } from "./exceptions.ts";

export type Callback = (a: never, b: never) => unknown;

export class Handle {
  _callback: Callback | null;
  _a: unknown;
  _b: unknown;
  _cancelled = false;
  readonly _loop: BaseEventLoop;

  constructor(callback: Callback, a: unknown, b: unknown, loop: BaseEventLoop) {
    this._callback = callback;
    this._a = a;
    this._b = b;
    this._loop = loop;
  }

  cancel(): void {
    if (this._cancelled) return;
    this._cancelled = true;
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

  /** What runs, for people: `cb(7)`. 3.13 shows the arguments in debug mode only. */
  format_callback(): string {
    if (this._callback === null) return "";
    const hidden = this._loop.python.minor >= 13 && !this._loop.get_debug();
    const args = hidden
      ? []
      : this._b !== undefined
        ? [this._a, this._b]
        : this._a !== undefined
          ? [this._a]
          : [];
    return `${this._callback.name || "<lambda>"}(${args.map(argument).join(", ")})`;
  }

  repr(): string {
    return `<${this.repr_info().join(" ")}>`;
  }

  protected repr_info(): string[] {
    const info = ["Handle"];
    if (this._cancelled) info.push("cancelled");
    if (this._callback !== null) info.push(this.format_callback());
    return info;
  }
}

export class TimerHandle extends Handle {
  /** Deadline, seconds of `loop.time()`. */
  readonly _when: number;
  /** True while it is in the heap. */
  _scheduled = false;

  constructor(when: number, callback: Callback, a: unknown, b: unknown, loop: BaseEventLoop) {
    super(callback, a, b, loop);
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

function argument(value: unknown): string {
  if (typeof value === "object" && value !== null && "repr" in value && typeof value.repr === "function")
    return String(value.repr());
  return pyRepr(value);
}
