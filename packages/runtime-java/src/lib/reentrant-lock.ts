/** java.util.concurrent.locks.ReentrantLock (JDK 25). */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { AbstractQueuedSynchronizer, ConditionObject } from "./abstract-queued-synchronizer.ts";

export class ReentrantLock extends AbstractQueuedSynchronizer {
  private readonly fair: boolean;

  constructor(jvm: Jvm, fair = false) {
    super(jvm, 0);
    this.fair = fair;
  }

  get javaClass(): string {
    return `java.util.concurrent.locks.ReentrantLock$${this.fair ? "Fair" : "Nonfair"}Sync`;
  }

  *lock(): Steps {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (!this.initialTryLock()) yield* this.acquireQueued(null, 1, false, false, Infinity);
  }

  *lockInterruptibly(): Steps {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (!this.initialTryLock()) yield* this.acquireInterruptibly(1);
  }

  /** Barges, also on a fair lock. */
  tryLock(): boolean {
    this.jvm.machine.charge(this.jvm.costs.lock);
    return this.reenter() || this.take(1);
  }

  /** `tryLock(time, unit)`: honours fairness, also with a time of 0. */
  *tryLockNanos(nanos: number): Steps<boolean> {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.initialTryLock()) return true;
    return yield* this.tryAcquireNanos(1, nanos);
  }

  unlock(): void {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    this.release(1);
  }

  newCondition(): ConditionObject {
    return new ConditionObject(this);
  }

  hasQueuedThread(thread: JavaThread): boolean {
    return this.queuedThreads().includes(thread);
  }

  private initialTryLock(): boolean {
    return this.reenter() || ((!this.fair || !this.hasQueuedPredecessors()) && this.take(1));
  }

  private reenter(): boolean {
    if (this.owner === null || this.owner !== this.jvm.currentThread()) return false;
    this.state++;
    return true;
  }

  private take(holds: number): boolean {
    if (this.state !== 0) return false;
    this.state = holds;
    this.owner = this.jvm.currentThread();
    return true;
  }

  override tryAcquire(holds: number): boolean {
    return this.state === 0 && (!this.fair || !this.hasQueuedPredecessors()) && this.take(holds);
  }

  protected override tryRelease(holds: number): boolean {
    if (!this.isHeldExclusively()) throw new Throwable("java.lang.IllegalMonitorStateException");
    this.state -= holds;
    if (this.state > 0) return false;
    this.owner = null;
    return true;
  }

  override isHeldExclusively(): boolean {
    return this.owner === this.jvm.currentThread();
  }
}
