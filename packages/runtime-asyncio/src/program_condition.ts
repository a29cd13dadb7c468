/**
 * The condition of the language: asyncio.Condition, but signalled with its lock or without, and who has been signalled has not
 * been cancelled or timed out (3.11's Condition loses such a signal). A monitor is one with a lock of its own.
 */
import { type Op, type Task as ProgramSide, Waiters } from "@orrery/runtime";
import type { BaseEventLoop } from "./base_events.ts";
import { HandOff, handOver, shielded } from "./program_task.ts";
import type { Coroutine } from "./task.ts";

/** What a condition needs of its lock: asyncio.Lock has it. */
export interface Lockable {
  /** Takes it if that needs no waiting. */
  acquire_nowait(): boolean;
  /** The rest of acquire, when it has to wait. */
  acquire_wait(): Coroutine<unknown>;
  release(): void;
}

export class ProgramCondition {
  readonly lock: Lockable;
  private readonly waiters = new Waiters<HandOff>(handOver);
  private readonly loop: BaseEventLoop;

  constructor(loop: BaseEventLoop, lock: Lockable) {
    this.loop = loop;
    this.lock = lock;
  }

  /** Takes the lock; a cancellation that comes meanwhile is delivered later. */
  take(self: ProgramSide): Op {
    const { machine, costs } = this.loop.python;
    machine.charge(costs.shield + costs.coroutine + costs.cancellationPoint);
    return this.lock.acquire_nowait() ? undefined : shielded(self, this.wait_for_lock());
  }

  private *wait_for_lock(): Coroutine<void> {
    yield* this.lock.acquire_wait();
  }

  /** True if it was signalled within `ns`; null: without a limit. */
  *wait(self: ProgramSide, ns: number | null): Coroutine<boolean> {
    const { python } = this.loop;
    this.lock.release();
    python.machine.charge(python.costs.waiter + python.costs.createFuture);
    const { waiter } = new HandOff(this.loop, "Condition.wait");
    this.waiters.park(waiter);
    const timer = ns === null ? null : this.loop.call_later(ns / 1e9, () => waiter.parked.timesOut(0));
    try {
      yield* waiter.parked;
    } finally {
      timer?.cancel();
      this.waiters.forget(waiter);
      const taken = this.take(self);
      if (taken !== undefined) yield* taken;
    }
    return waiter.ok;
  }

  notify(all: boolean): void {
    this.loop.python.machine.charge(this.loop.python.costs.lock);
    if (all) this.waiters.broadcast();
    else this.waiters.signal();
  }
}
