/** asyncio/timeouts.py (3.11.7 to 3.13.0, without the TimeoutError that 3.13 puts into a chain of contexts). `yield* timeout(...).scope(function* (t) { ... })` is `async with timeout(...) as t:`. */
import type { BaseEventLoop } from "./base_events.ts";
import type { Handle } from "./events.ts";
import { CancelledError, RuntimeError, TimeoutError } from "./exceptions.ts";
import type { Coroutine, Task } from "./task.ts";

type State = "created" | "active" | "expiring" | "expired" | "finished";

export class Timeout {
  private _state: State = "created";
  private _timeout_handler: Handle | null = null;
  private _task: Task | null = null;
  private _cancelling = 0;
  private _when: number | null;
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, when: number | null) {
    this._loop = loop;
    this._when = when;
  }

  when(): number | null {
    return this._when;
  }

  repr(): string {
    const when = this._when === null ? "None" : Math.round(this._when * 1e3) / 1e3;
    return `<Timeout [${this._state}]${this._state === "active" ? ` when=${when}` : ""}>`;
  }

  expired(): boolean {
    return this._state === "expiring" || this._state === "expired";
  }

  reschedule(when: number | null): void {
    if (this._state === "created") throw new RuntimeError("Timeout has not been entered");
    if (this._state !== "active") throw new RuntimeError(`Cannot change state of ${this._state} Timeout`);
    this._when = when;
    this._timeout_handler?.cancel();
    const loop = this._loop;
    const _on_timeout = (): void => this._on_timeout();
    if (when === null) this._timeout_handler = null;
    else
      this._timeout_handler =
        when <= loop.time() ? loop.call_soon(_on_timeout) : loop.call_at(when, _on_timeout);
  }

  *scope<T>(body: (timeout: Timeout) => Coroutine<T>): Coroutine<T> {
    this.enter();
    let result: T;
    try {
      result = yield* body(this);
    } catch (error) {
      this.exit(error);
      throw error;
    }
    this.exit(null);
    return result;
  }

  private enter(): void {
    this._loop.python.machine.charge(this._loop.python.costs.timeoutScope);
    if (this._state !== "created") throw new RuntimeError("Timeout has already been entered");
    const task = this._loop._current_task;
    if (task === null) throw new RuntimeError("Timeout should be used inside a task");
    this._state = "active";
    this._task = task;
    this._cancelling = task.cancelling();
    this.reschedule(this._when);
  }

  private exit(error: unknown): void {
    this._loop.python.machine.charge(this._loop.python.costs.timeoutScope);
    this._timeout_handler?.cancel();
    this._timeout_handler = null;
    if (this._state === "active") this._state = "finished";
    if (this._state !== "expiring") return;
    this._state = "expired";
    if (this._task!.uncancel() <= this._cancelling && error instanceof CancelledError)
      throw new TimeoutError("", { cause: error });
  }

  private _on_timeout(): void {
    this._task!.cancel();
    this._state = "expiring";
    this._timeout_handler = null;
  }
}
