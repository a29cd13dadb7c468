/**
 * asyncio/locks.py (3.11.7 to 3.13.0). A lock's release wakes the first waiter, which stays queued until its step runs, so nobody
 * barges past it; a semaphore's permit is handed over by the releaser.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { BrokenBarrierError, CancelledError, RuntimeError, ValueError } from "./exceptions.ts";
import { object_repr, waiters_repr } from "./reprs.ts";
import type { Coroutine } from "./task.ts";
import { Waiters } from "./waiters.ts";

export class Lock {
  _locked = false;
  readonly _waiters = new Waiters();
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop) {
    this._loop = loop;
  }

  locked(): boolean {
    return this._locked;
  }

  repr(): string {
    const state = this._locked ? "locked" : "unlocked";
    return object_repr("asyncio.locks.Lock", `${state}${waiters_repr(this._waiters)}`);
  }

  /** Takes it if that needs no waiting. */
  acquire_nowait(): boolean {
    this._loop.python.machine.charge(this._loop.python.costs.lock);
    if (this._locked || !this._waiters.all_cancelled()) return false;
    this._locked = true;
    return true;
  }

  *acquire(): Coroutine<boolean> {
    return this.acquire_nowait() || (yield* this.acquire_wait());
  }

  /** The rest of acquire, when it has to wait. */
  *acquire_wait(): Coroutine<boolean> {
    const waiter = this._waiters.append(this._loop, "Lock.acquire");
    try {
      try {
        yield* waiter;
      } finally {
        this._waiters.remove(waiter);
      }
    } catch (error) {
      if (error instanceof CancelledError && !this._locked) this._wake_up_first();
      throw error;
    }
    this._locked = true;
    return true;
  }

  release(): void {
    this._loop.python.machine.charge(this._loop.python.costs.lock);
    if (!this._locked) throw new RuntimeError("Lock is not acquired.");
    this._locked = false;
    this._wake_up_first();
  }

  private _wake_up_first(): void {
    const waiter = this._waiters.first();
    if (waiter !== undefined && !waiter.done()) waiter.set_result(true);
  }
}

export class Event {
  _value = false;
  readonly _waiters = new Waiters();
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop) {
    this._loop = loop;
  }

  is_set(): boolean {
    return this._value;
  }

  repr(): string {
    const state = this._value ? "set" : "unset";
    return object_repr("asyncio.locks.Event", `${state}${waiters_repr(this._waiters)}`);
  }

  set(): void {
    if (this._value) return;
    this._value = true;
    for (const waiter of this._waiters.not_done()) waiter.set_result(true);
  }

  clear(): void {
    this._value = false;
  }

  *wait(): Coroutine<boolean> {
    if (this._value) return true;
    const waiter = this._waiters.append(this._loop, "Event.wait");
    try {
      yield* waiter;
      return true;
    } finally {
      this._waiters.remove(waiter);
    }
  }
}

export class Condition {
  readonly _lock: Lock;
  readonly _waiters = new Waiters();
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, lock: Lock = new Lock(loop)) {
    this._loop = loop;
    this._lock = lock;
  }

  locked(): boolean {
    return this._lock.locked();
  }

  acquire(): Coroutine<boolean> {
    return this._lock.acquire();
  }

  release(): void {
    this._lock.release();
  }

  *wait(): Coroutine<boolean> {
    if (!this.locked()) throw new RuntimeError("cannot wait on un-acquired lock");
    this.release();
    let raised: unknown = null;
    const waiter = this._waiters.append(this._loop, "Condition.wait");
    try {
      yield* waiter;
    } catch (error) {
      raised = error;
    }
    this._waiters.remove(waiter);
    raised = (yield* this._reacquire()) ?? raised;
    if (raised === null) return true;
    if (this._loop.python.minor >= 13) this._notify(1); // it may have been notified: somebody else is
    throw raised;
  }

  /** The lock is taken again whatever happens; returns a cancellation that came meanwhile. */
  private *_reacquire(): Coroutine<CancelledError | null> {
    let cancelled: CancelledError | null = null;
    for (;;)
      try {
        yield* this.acquire();
        return cancelled;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = error;
      }
  }

  *wait_for(predicate: () => boolean): Coroutine<boolean> {
    while (!predicate()) yield* this.wait();
    return true;
  }

  notify(n = 1): void {
    if (!this.locked()) throw new RuntimeError("cannot notify on un-acquired lock");
    this._notify(n);
  }

  repr(): string {
    const state = this.locked() ? "locked" : "unlocked";
    return object_repr("asyncio.locks.Condition", `${state}${waiters_repr(this._waiters)}`);
  }

  private _notify(n: number): void {
    for (const waiter of this._waiters.not_done().slice(0, n)) waiter.set_result(false);
  }

  notify_all(): void {
    this.notify(this._waiters.length);
  }
}

export class Semaphore {
  _value: number;
  readonly _waiters = new Waiters();
  private readonly _loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, value = 1) {
    if (value < 0) throw new ValueError("Semaphore initial value must be >= 0");
    this._loop = loop;
    this._value = value;
  }

  locked(): boolean {
    return this._value === 0 || !this._waiters.all_cancelled();
  }

  repr(): string {
    const state = this.locked() ? "locked" : `unlocked, value:${this._value}`;
    return object_repr(`asyncio.locks.${this.class_name()}`, `${state}${waiters_repr(this._waiters)}`);
  }

  protected class_name(): string {
    return "Semaphore";
  }

  acquire_nowait(): boolean {
    this._loop.python.machine.charge(this._loop.python.costs.semaphore);
    if (this.locked()) return false;
    this._value--;
    return true;
  }

  *acquire(): Coroutine<boolean> {
    if (this.acquire_nowait()) return true;
    const waiter = this._waiters.append(this._loop, "Semaphore.acquire");
    try {
      try {
        yield* waiter;
      } finally {
        this._waiters.remove(waiter);
      }
    } catch (error) {
      if (error instanceof CancelledError && !waiter.cancelled()) {
        this._value++;
        this._wake_up_next();
      }
      if (this._loop.python.minor >= 13) this._wake_up_all_it_can();
      throw error;
    }
    if (this._loop.python.minor >= 13) this._wake_up_all_it_can();
    else if (this._value > 0) this._wake_up_next();
    return true;
  }

  release(): void {
    this._loop.python.machine.charge(this._loop.python.costs.semaphore);
    this._value++;
    this._wake_up_next();
  }

  /** 3.13: whoever came while others had to go first. */
  private _wake_up_all_it_can(): void {
    while (this._value > 0 && this._wake_up_next());
  }

  /** False: nobody waits. */
  protected _wake_up_next(): boolean {
    const waiter = this._waiters.first_not_done();
    if (waiter === undefined) return false;
    this._value--;
    waiter.set_result(true);
    return true;
  }
}

export class BoundedSemaphore extends Semaphore {
  private readonly _bound_value: number;

  constructor(loop: BaseEventLoop, value = 1) {
    super(loop, value);
    this._bound_value = value;
  }

  protected override class_name(): string {
    return "BoundedSemaphore";
  }

  override release(): void {
    if (this._value >= this._bound_value) throw new ValueError("BoundedSemaphore released too many times");
    super.release();
  }
}

type BarrierState = "filling" | "draining" | "resetting" | "broken";

export class Barrier {
  readonly parties: number;
  private readonly _cond: Condition;
  private _state: BarrierState = "filling";
  private _count = 0;

  constructor(loop: BaseEventLoop, parties: number) {
    if (parties < 1) throw new ValueError("parties must be > 0");
    this.parties = parties;
    this._cond = new Condition(loop);
  }

  get broken(): boolean {
    return this._state === "broken";
  }

  get n_waiting(): number {
    return this._state === "filling" ? this._count : 0;
  }

  repr(): string {
    const waiting = this.broken ? "" : `, waiters:${this.n_waiting}/${this.parties}`;
    return object_repr("asyncio.locks.Barrier", `${this._state}${waiting}`);
  }

  /** Index of the caller, 0 to parties-1, in order of arrival. */
  *wait(): Coroutine<number> {
    yield* this._cond.acquire();
    try {
      yield* this._cond.wait_for(() => this._state !== "draining" && this._state !== "resetting");
      if (this.broken) throw new BrokenBarrierError("Barrier aborted");
      try {
        const index = this._count++;
        if (index + 1 === this.parties) {
          this._state = "draining";
          this._cond.notify_all();
        } else {
          yield* this._cond.wait_for(() => this._state !== "filling");
          if (this._state === "broken" || this._state === "resetting")
            throw new BrokenBarrierError("Abort or reset of barrier");
        }
        return index;
      } finally {
        this._count--;
        this._exit();
      }
    } finally {
      this._cond.release();
    }
  }

  private _exit(): void {
    if (this._count > 0) return;
    if (this._state === "resetting" || this._state === "draining") this._state = "filling";
    this._cond.notify_all();
  }

  *reset(): Coroutine<void> {
    yield* this._cond.acquire();
    this._state = this._count > 0 ? "resetting" : "filling";
    this._cond.notify_all();
    this._cond.release();
  }

  *abort(): Coroutine<void> {
    yield* this._cond.acquire();
    this._state = "broken";
    this._cond.notify_all();
    this._cond.release();
  }
}
