/**
 * The asyncio task of a task of the program. The interpreter keeps the outcome; when the body returns, it is told to
 * asyncio as a coroutine would have: result, exception or cancellation.
 */
import { complete, type Steps, type Task as ProgramSide, type Value, Waiter } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import { where } from "./coroutines.ts";
import { CancelledError } from "./exceptions.ts";
import { Future } from "./futures.ts";
import { type Coroutine, type StepRest, Task } from "./task.ts";
import { GatheringFuture } from "./tasks.ts";

/** A future that several tasks may await: a cancelled awaiter must not cancel it for the others. */
export class PromiseFuture extends Future<null> {}

/** What an emulated operation waits on. Once it is done the operation has happened, and a cancellation comes too late. */
export class HandOff extends Future<null> {
  readonly waiter: Waiter<HandOff> = new Waiter<HandOff>(this);

  /** Who has been cancelled is handed nothing, though it has not left the queue yet. */
  override cancel(message: string | null = null): boolean {
    this.waiter.done = true;
    return super.cancel(message);
  }

  /** The timer of a wait that may end without its operation. */
  timesOut(arm: number): void {
    complete(this.waiter, handOver, arm, null, false);
  }
}

export const handOver = (waiter: Waiter<HandOff>): void => waiter.parked.set_result(null);

/** Steps that no cancellation ends: it is delivered at the next cancellation point. */
export function* shielded<V>(self: ProgramSide, steps: Steps<V>): Steps<V> {
  self.shields++;
  try {
    return yield* steps;
  } finally {
    self.shields--;
  }
}

/** Container objects that the collector sees beyond those of an asyncio.Task: of 18 per sleeper; asyncio's own has 11. */
const PROGRAM_OBJECTS = 7;

export class ProgramTask extends Task<Value> {
  readonly program: ProgramSide;
  /** Tasks to be cancelled when the scope hears that this one has ended. */
  cancels: ProgramSide[] | null = null;
  private begun = false;

  constructor(loop: BaseEventLoop, program: ProgramSide, body: Coroutine<Value>) {
    super(loop, body, program.id + 1, program.id);
    this.program = program;
    loop.python.gc.track(PROGRAM_OBJECTS);
  }

  /**
   * task.cancel() as the language means it. Departures from asyncio: a task that awaits another task, a gather or a promise
   * leaves that alone, where a practitioner would have written `shield`; what has been handed over already is not lost; and
   * sleep(0) and shields are no cancellation points. A running task is cancelled by the interpreter, at its next one.
   */
  interrupt(): void {
    if (this.done() || this.program.shields > 0 || this._loop._current_task === this) return;
    const waiter = this._fut_waiter;
    if (waiter === null ? this.begun : waiter instanceof HandOff && waiter.done()) return;
    this._num_cancels_requested++;
    if (waiter === null || waiter.done()) this._must_cancel = true;
    else if (!isShared(waiter)) waiter.cancel();
    else {
      waiter.remove_done_callback(this);
      this._fut_waiter = null;
      this._loop._call_step(this, new CancelledError(), "call_soon: task_step with CancelledError");
    }
  }

  override step(): StepRest {
    this.begun = true;
    return super.step();
  }

  protected override returned(_value: Value): void {
    this._must_cancel = false;
    this.tell();
  }

  protected override ended_by(raised: Error): void {
    if (!(raised instanceof CancelledError) || this.program.ended) throw raised; // a bug of the model: tasks don't throw
    this._loop.python.world.neverStarted?.(this.program);
    this.tell();
  }

  override coro_name(): string {
    return this.program.proc;
  }

  protected override coro_repr(): string {
    return `${this.program.proc}() ${where(this._loop.python.options.file, this.done())}`;
  }

  private tell(): void {
    this._loop.python.gc.untrack(PROGRAM_OBJECTS);
    const { state, error } = this.program;
    if (state === "cancelled") this._state = "CANCELLED";
    else {
      this._state = "FINISHED";
      if (state === "failed") this._exception = error;
      this._result = null;
    }
    this.finish(state === "cancelled" ? 2 : state === "failed" ? 1 : 0);
    this.schedule_callbacks();
  }
}

function isShared(waiter: Future): boolean {
  return waiter instanceof Task || waiter instanceof GatheringFuture || waiter instanceof PromiseFuture;
}
