/** The support classes of the lowering that are asyncio's own with something added. */
import type { TaskScope } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import { Future, JoinFuture } from "./futures.ts";
import { Semaphore } from "./locks.ts";
import type { Lockable } from "./program_condition.ts";
import type { ProgramTask } from "./program_task.ts";
import type { Coroutine, Task } from "./task.ts";

class Permits extends Future<boolean> {
  readonly count: number;

  constructor(loop: BaseEventLoop, count: number) {
    super(loop, "Semaphore.acquire");
    this.count = count;
  }
}

/** asyncio.Semaphore whose waiters may want several permits: strict FIFO, a wide request blocks those behind it. */
export class CountingSemaphore extends Semaphore {
  private readonly loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, value: number) {
    super(loop, value);
    this.loop = loop;
  }

  *acquire_many(count: number): Coroutine<void> {
    this.loop.python.machine.charge(this.loop.python.costs.waiter);
    const waiter = new Permits(this.loop, count);
    this._waiters.push(waiter);
    try {
      try {
        yield* waiter;
      } finally {
        this._waiters.remove(waiter);
      }
    } catch (error) {
      if (!waiter.cancelled()) this._value += count; // granted, and cancelled before it ran
      this._wake_up_next();
      throw error;
    }
    if (this._value > 0) this._wake_up_next();
  }

  acquire_many_nowait(count: number): boolean {
    if (count === 1) return this.acquire_nowait();
    this.loop.python.machine.charge(this.loop.python.costs.semaphore);
    if (this._value < count || !this._waiters.all_cancelled()) return false;
    this._value -= count;
    return true;
  }

  release_many(count: number): void {
    this.loop.python.machine.charge(this.loop.python.costs.semaphore);
    for (let i = 0; i < count; i++) {
      this._value++;
      this._wake_up_next();
    }
  }

  protected override _wake_up_next(): boolean {
    const waiter = this._waiters.first_not_done();
    if (waiter === undefined) return false;
    const count = waiter instanceof Permits ? waiter.count : 1;
    if (this._value < count) return false;
    this._value -= count;
    waiter.set_result(true);
    return true;
  }
}

/** A semaphore whose permits go to whoever comes to take them: who waits longest is woken, one at a time, to try again. */
export class BargingSemaphore {
  private _value: number;
  private readonly _places: { future: Future<null> | null }[] = [];
  private readonly loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, value: number) {
    this.loop = loop;
    this._value = value;
  }

  acquire_many_nowait(count: number): boolean {
    this.loop.python.machine.charge(this.loop.python.costs.semaphore);
    if (this._value < count) return false;
    this._value -= count;
    return true;
  }

  *acquire_many(count: number): Coroutine<void> {
    const place: { future: Future<null> | null } = { future: null };
    this._places.push(place);
    try {
      do {
        this.loop.python.machine.charge(this.loop.python.costs.waiter);
        place.future = this.loop.create_future<null>("Semaphore.acquire");
        yield* place.future;
      } while (!this.acquire_many_nowait(count));
    } finally {
      this._places.splice(this._places.indexOf(place), 1);
      this._wake_up_first();
    }
  }

  release_many(count: number): void {
    this.loop.python.machine.charge(this.loop.python.costs.semaphore);
    this._value += count;
    this._wake_up_first();
  }

  private _wake_up_first(): void {
    const future = this._places[0]?.future;
    if (this._value > 0 && future !== undefined && future !== null && !future.done()) future.set_result(null);
  }
}

/** A lock that whoever comes may take: one permit of such a semaphore. */
export class BargingLock extends BargingSemaphore implements Lockable {
  constructor(loop: BaseEventLoop) {
    super(loop, 1);
  }

  acquire_nowait(): boolean {
    return this.acquire_many_nowait(1);
  }

  acquire_wait(): Coroutine<void> {
    return this.acquire_many(1);
  }

  release(): void {
    this.release_many(1);
  }
}

/** What a TaskGroup keeps about its children; who is cancelled is the language's decision. */
export class ScopeGroup {
  children = 0;
  private on_completed: Future<null> | null = null;
  private over: () => boolean = () => true;
  private readonly loop: BaseEventLoop;
  private readonly scope: TaskScope;

  constructor(loop: BaseEventLoop, scope: TaskScope) {
    this.loop = loop;
    this.scope = scope;
  }

  adopt(child: ProgramTask): void {
    this.children++;
    this.loop.python.machine.charge(this.loop.python.costs.perChild);
    child.add_done_callback(this._on_task_done);
  }

  /** Waits until a child's end makes `over` true; a cancellation of the owner ends the wait. */
  *wait(over: () => boolean): Coroutine<void> {
    if (over()) return;
    this.over = over;
    const tasks = (): Task[] => [...this.scope.children].map(({ native }) => native as Task);
    this.on_completed = new JoinFuture(this.loop, "TaskGroup.__aexit__", tasks);
    try {
      yield* this.on_completed;
    } finally {
      this.on_completed = null;
    }
  }

  /** TaskGroup._on_task_done, one iteration after the child's end: only now does its failure cancel others. */
  private readonly _on_task_done = (child: ProgramTask): void => {
    this.children--;
    if (this.on_completed !== null && !this.on_completed.done() && this.over())
      this.on_completed.set_result(null);
    if (child.cancels === null) return;
    const siblings = this.scope.children; // those that came since are cancelled too
    for (const target of new Set([...siblings, ...child.cancels])) {
      if (target.ended) continue;
      target.cancelRequested = true;
      (target.native as ProgramTask).interrupt();
    }
    child.cancels = null;
  };
}
