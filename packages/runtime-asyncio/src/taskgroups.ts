/** asyncio/taskgroups.py (3.11.7, 3.12.1, 3.13.0). `yield* group.scope(function* () { ... })` is `async with group:`. */
import type { BaseEventLoop } from "./base_events.ts";
import { BaseExceptionGroup, CancelledError, leavesTheLoop, RuntimeError } from "./exceptions.ts";
import { type Future, JoinFuture } from "./futures.ts";
import type { Coroutine, Task } from "./task.ts";

export class TaskGroup {
  private _entered = false;
  private _exiting = false;
  private _aborting = false;
  private _parent_task: Task | null = null;
  private _parent_cancel_requested = false;
  /** Insertion order; Python's is a set. */
  private readonly _tasks = new Set<Task>();
  private readonly _errors: Error[] = [];
  private _base_error: Error | null = null;
  private _on_completed_fut: Future<boolean> | null = null;
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop) {
    this._loop = loop;
  }

  repr(): string {
    let info = "";
    if (this._tasks.size > 0) info += ` tasks=${this._tasks.size}`;
    if (this._errors.length > 0) info += ` errors=${this._errors.length}`;
    if (this._aborting) info += " cancelling";
    else if (this._entered) info += " entered";
    return `<TaskGroup${info}>`;
  }

  *scope<T>(body: (group: TaskGroup) => Coroutine<T>): Coroutine<T> {
    this.__aenter__();
    let result: T;
    try {
      result = yield* body(this);
    } catch (error) {
      yield* this.__aexit__(error as Error);
      throw error;
    }
    yield* this.__aexit__(null);
    return result;
  }

  __aenter__(): void {
    if (this._entered) throw new RuntimeError(`TaskGroup ${this.repr()} has already been entered`);
    this._parent_task = this._loop._current_task;
    if (this._parent_task === null)
      throw new RuntimeError(`TaskGroup ${this.repr()} cannot determine the parent task`);
    this._entered = true;
  }

  /** Waits for the children; raises what the block is to end with, or returns. */
  *__aexit__(error: Error | null): Coroutine<void> {
    this._exiting = true;
    if (error !== null && leavesTheLoop(error)) this._base_error ??= error;
    let propagate = error instanceof CancelledError ? error : null;
    const uncancels_first = this._loop.python.minor < 13;
    if (uncancels_first && this._uncancel_parent()) propagate = null;
    if (error !== null && !this._aborting) this._abort();
    while (this._tasks.size > 0) {
      this._on_completed_fut ??= new JoinFuture(this._loop, "TaskGroup.__aexit__", () => [...this._tasks]);
      try {
        yield* this._on_completed_fut;
      } catch (raised) {
        if (!(raised instanceof CancelledError)) throw raised;
        if (!this._aborting) {
          propagate = raised;
          this._abort();
        }
      }
      this._on_completed_fut = null;
    }
    if (this._base_error !== null) throw this._base_error;
    if (!uncancels_first && this._uncancel_parent()) propagate = null;
    if (propagate !== null && this._errors.length === 0) throw propagate;
    if (error !== null && !(error instanceof CancelledError)) this._errors.push(error);
    if (this._errors.length === 0) return;
    if (!uncancels_first && this._parent_task!.cancelling() > 0) {
      this._parent_task!.uncancel(); // cancelled from outside too: told again, at its next suspension
      this._parent_task!.cancel();
    }
    throw new BaseExceptionGroup("unhandled errors in a TaskGroup", this._errors);
  }

  /** Takes its own cancellation of the parent back; true: none is left. */
  private _uncancel_parent(): boolean {
    return this._parent_cancel_requested && this._parent_task!.uncancel() === 0;
  }

  create_task<T>(coro: Coroutine<T>, name: string | null = null): Task<T> {
    this._check_open();
    return this._adopt(this._loop.create_task(coro, name));
  }

  _check_open(): void {
    if (!this._entered) throw new RuntimeError(`TaskGroup ${this.repr()} has not been entered`);
    if (this._exiting && this._tasks.size === 0)
      throw new RuntimeError(`TaskGroup ${this.repr()} is finished`);
    if (this._aborting) throw new RuntimeError(`TaskGroup ${this.repr()} is shutting down`);
  }

  _adopt<T>(task: Task<T>): Task<T> {
    this._loop.python.machine.charge(this._loop.python.costs.perChild);
    if (task.done() && this._loop.python.minor >= 12) {
      this._on_task_done(task as Task); // it ended in its eager step
      return task;
    }
    task.add_done_callback(this._on_task_done);
    this._tasks.add(task as Task);
    return task;
  }

  private _abort(): void {
    this._aborting = true;
    for (const task of this._loop.python.iterate([...this._tasks])) if (!task.done()) task.cancel();
  }

  private readonly _on_task_done = (task: Task): void => {
    this._tasks.delete(task);
    if (this._on_completed_fut !== null && this._tasks.size === 0 && !this._on_completed_fut.done())
      this._on_completed_fut.set_result(true);
    if (task.cancelled()) return;
    const error = task.exception();
    if (error === null) return;
    this._errors.push(error);
    if (leavesTheLoop(error)) this._base_error ??= error;
    if (this._parent_task!.done()) {
      this._loop.call_exception_handler({
        message: `Task ${task.repr()} has errored out but its parent task ${this._parent_task!.repr()} is already completed`,
        exception: error,
        task,
      });
      return;
    }
    if (!this._aborting && !this._parent_cancel_requested) {
      this._abort();
      this._parent_cancel_requested = true;
      this._parent_task!.cancel();
    }
  };
}
