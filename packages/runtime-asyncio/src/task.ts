/**
 * asyncio/tasks.py Task and task_step_impl of Modules/_asynciomodule.c, 3.11 to 3.13. A coroutine is a generator that yields a
 * Future it awaits, nothing (a bare yield), CPU time or a blocking call (see python.ts).
 *
 * Invariant while a task is not done: either it awaits `_fut_waiter`, or one step of it is queued or running. So a task
 * is its own handle in `_ready`; what its step is to do is in `pending`.
 */
import type { Steps } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { BaseEventLoop } from "./base_events.ts";
import { coroutine_name, format_coroutine } from "./coroutines.ts";
import { CancelledError, InvalidStateError, leavesTheLoop, pyRepr, RuntimeError } from "./exceptions.ts";
import { Future, type Waiting } from "./futures.ts";
import { BlockingCall } from "./python.ts";

export type Coroutine<T = unknown> = Steps<T>;
export type Awaitable<T = unknown> = Coroutine<T> | Future<T>;

/** A step that goes on elsewhere: ns to burn or a call to make on the loop's thread, then `resume`. Null: it is over. */
export type StepRest = number | BlockingCall | null;

export class Task<T = unknown> extends Future<T> implements Waiting {
  readonly _coro: Coroutine<T>;
  /** Id in the trace. */
  readonly id: number;
  _fut_waiter: Future | null = null;
  _must_cancel = false;
  _num_cancels_requested = 0;
  _log_destroy_pending = true;
  /** The queued step: a future whose outcome it takes, an error to throw, or null for a plain send. */
  pending: Future | Error | null = null;
  /** Neighbours in the loop's list of tasks that are not done (tasks._all_tasks, in order of creation). */
  previous: Task | null = null;
  next: Task | null = null;
  /** A number n stands for `Task-n`. */
  private name: string | number;

  /** `eager_start` (3.12+): the first step runs here, if the loop runs. */
  constructor(
    loop: BaseEventLoop,
    coro: Coroutine<T>,
    name: string | number | null,
    id: number,
    eager_start = false,
  ) {
    super(loop, "Task", 2);
    this._coro = coro;
    this.name = name ?? ++loop.python.task_name_counter;
    this.id = id;
    loop._register_task(this);
    if (eager_start && loop.is_running()) this.__eager_start();
    else loop._call_step(this, null, "call_soon: task_step");
  }

  /** The first step inside the constructor, in the place of the current task. Its CPU time is the creator's. */
  private __eager_start(): void {
    const loop = this._loop;
    const creator = loop._current_task;
    for (let rest = this.step(); rest !== null; rest = this.resume(null, 0)) {
      if (rest instanceof BlockingCall)
        throw new RuntimeError(
          `${rest.name} in the eager step of ${this.get_name()}: create_task cannot block`,
        );
      loop.python.machine.charge(rest);
    }
    loop._current_task = creator;
  }

  get_name(): string {
    return typeof this.name === "number" ? `Task-${this.name}` : this.name;
  }

  set_name(name: string): void {
    this.name = name;
  }

  get_coro(): Coroutine<T> {
    return this._coro;
  }

  override set_result(_result: T): void {
    throw new RuntimeError("Task does not support set_result operation");
  }

  override set_exception(_exception: Error): void {
    throw new RuntimeError("Task does not support set_exception operation");
  }

  override cancel(message: string | null = null): boolean {
    this._log_traceback = false;
    if (this._state !== "PENDING") return false;
    this._num_cancels_requested++;
    if (this._fut_waiter !== null && this._fut_waiter.cancel(message)) return true;
    this._must_cancel = true;
    this._cancel_message = message;
    return true;
  }

  cancelling(): number {
    return this._num_cancels_requested;
  }

  uncancel(): number {
    if (this._num_cancels_requested > 0) {
      this._num_cancels_requested--;
      if (this._num_cancels_requested === 0 && this._loop.python.minor >= 13) this._must_cancel = false;
    }
    return this._num_cancels_requested;
  }

  /** `__step` or `__wakeup`, as queued. */
  step(): StepRest {
    const { pending } = this;
    this.pending = null;
    let exc: Error | null = null;
    if (pending !== null) {
      if (pending instanceof Error) exc = pending;
      else if (pending._exception !== null || pending._state === "CANCELLED") {
        pending._log_traceback = false;
        exc = pending._exception ?? pending._make_cancelled_error();
      }
    }
    if (this._state !== "PENDING") throw new InvalidStateError("__step(): already done");
    if (this._must_cancel) {
      if (!(exc instanceof CancelledError)) exc = this._make_cancelled_error();
      this._must_cancel = false;
    }
    this._fut_waiter = null;
    const loop = this._loop;
    loop._current_task = this;
    loop.task_steps++;
    loop.python.machine.charge(loop.python.costs.step);
    if (loop.python.machine.trace.enabled)
      loop.python.machine.emit(
        Kind.run,
        loop.index,
        this.id,
        pending instanceof Future ? "task_wakeup" : "task_step",
      );
    return this.resume(exc, undefined);
  }

  /** Sends or throws into the coroutine, and does what it yields. */
  resume(error: Error | null, value: unknown): StepRest {
    const loop = this._loop;
    const { machine, gil } = loop.python;
    let exc = error;
    let sent = value;
    for (;;) {
      let result: IteratorResult<unknown, T>;
      try {
        result = exc === null ? this._coro.next(sent) : this._coro.throw(exc);
      } catch (raised) {
        loop._current_task = null;
        this.ended_by(raised as Error);
        return null;
      }
      if (result.done === true) {
        loop._current_task = null;
        this.returned(result.value);
        return null;
      }
      const what = result.value;
      if (typeof what === "number") {
        if (gil.gil_drop_request) return what;
        machine.charge(what);
        if (!machine.settle()) return 0; // whoever runs this step burns the debt
        exc = null;
        sent = 0;
        continue;
      }
      if (what instanceof BlockingCall) {
        if (machine.trace.enabled) machine.emit(Kind.syscallEnter, loop.index, this.id, what.name);
        return what;
      }
      loop._current_task = null;
      machine.charge(loop.python.costs.suspend);
      this.suspended_on(what);
      return null;
    }
  }

  private suspended_on(what: unknown): void {
    const loop = this._loop;
    const { machine } = loop.python;
    if (what instanceof Future) {
      if (what._loop !== loop)
        this.refuse(`Task ${this.repr()} got Future ${what.repr()} attached to a different loop`);
      else if (!what._asyncio_future_blocking)
        this.refuse(`yield was used instead of yield from in task ${this.repr()} with ${what.repr()}`);
      else if ((what as Future) === this) this.refuse(`Task cannot await on itself: ${this.repr()}`);
      else {
        what._asyncio_future_blocking = false;
        if (machine.trace.enabled) machine.emit(Kind.park, loop.index, this.id, what.label);
        what.add_done_callback(this);
        this._fut_waiter = what;
        if (this._must_cancel && what.cancel(this._cancel_message)) this._must_cancel = false;
      }
    } else if (what === undefined || what === null) {
      if (machine.trace.enabled) machine.emit(Kind.yield, loop.index, this.id, "bare yield");
      loop._call_step(this, null, "call_soon: task_step after a bare yield");
    } else this.refuse(`Task got bad yield: ${pyRepr(what)}`);
  }

  /** An illegal await: a RuntimeError is thrown into the coroutine by a step of its own. */
  private refuse(message: string): void {
    this._loop.python.machine.emit(Kind.yield, this._loop.index, this.id, "bad yield");
    this._loop._call_step(this, new RuntimeError(message), "call_soon: task_step with RuntimeError");
  }

  protected returned(value: T): void {
    if (this._must_cancel) {
      this._must_cancel = false;
      this.finish(2);
      super.cancel(this._cancel_message); // cancelled right before it stopped: the value is lost
    } else {
      this.finish(0);
      super.set_result(value);
    }
  }

  protected ended_by(raised: Error): void {
    if (raised instanceof CancelledError) {
      this.finish(2);
      super.cancel(raised.message === "" ? null : raised.message);
      return;
    }
    this.finish(1);
    this._loop.python.raised.add(raised);
    super.set_exception(raised);
    if (leavesTheLoop(raised)) throw raised;
  }

  /** Takes it off the books; `how` as in the trace's `exit`. */
  protected finish(how: 0 | 1 | 2): void {
    this._loop._unregister_task(this);
    this._loop.python.machine.emit(Kind.exit, this._loop.index, this.id, "task_step", how);
  }

  format_callback(): string {
    return "Task.task_wakeup()";
  }

  /** The step as a queued callback. */
  step_repr(): string {
    return this.pending instanceof Future
      ? `task_wakeup(${this.get_name()})`
      : `task_step(${this.get_name()})`;
  }

  override class_name(): string {
    return "Task";
  }

  /** Name of the coroutine's function. */
  coro_name(): string {
    return coroutine_name(this._coro);
  }

  protected coro_repr(): string {
    return format_coroutine(this._loop.python, this._coro, this.done());
  }

  protected override created_in(): string {
    return "asyncio/tasks.py";
  }

  protected override repr_info(): string[] {
    const info = super.repr_info();
    if (this._num_cancels_requested > 0 && this._state === "PENDING") info[0] = "cancelling";
    const more = [`name=${pyRepr(this.get_name())}`, `coro=<${this.coro_repr()}>`];
    if (this._fut_waiter !== null) more.push(`wait_for=${this._fut_waiter.repr()}`);
    info.splice(1, 0, ...more);
    return info;
  }
}
