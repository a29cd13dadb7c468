/** java.util.concurrent.Semaphore (JDK 25). */
import type { Steps } from "@orrery/runtime";
import type { Jvm } from "../vm/jvm.ts";
import { AbstractQueuedSynchronizer } from "./abstract-queued-synchronizer.ts";

export class Semaphore extends AbstractQueuedSynchronizer {
  private readonly fair: boolean;

  constructor(jvm: Jvm, permits: number, fair = false) {
    super(jvm, permits);
    this.fair = fair;
  }

  get javaClass(): string {
    return `java.util.concurrent.Semaphore$${this.fair ? "Fair" : "Nonfair"}Sync`;
  }

  *acquire(permits = 1): Steps {
    this.jvm.machine.charge(this.jvm.costs.lock);
    yield* this.acquireSharedInterruptibly(permits);
  }

  /** Barges, also on a fair semaphore. */
  override tryAcquire(permits = 1): boolean {
    this.jvm.machine.charge(this.jvm.costs.lock);
    return this.take(permits) >= 0;
  }

  *tryAcquireFor(nanos: number, permits = 1): Steps<boolean> {
    this.jvm.machine.charge(this.jvm.costs.lock);
    return yield* this.tryAcquireSharedNanos(permits, nanos);
  }

  override release(permits = 1): boolean {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    return this.releaseShared(permits);
  }

  get availablePermits(): number {
    return this.state;
  }

  /** What would be left, negative if there are too few. */
  private take(permits: number): number {
    const remaining = this.state - permits;
    if (remaining >= 0) this.state = remaining;
    return remaining;
  }

  /** An `acquire` that need not wait: what a caller without a generator may try first. */
  acquireAtOnce(permits: number): boolean {
    this.jvm.machine.charge(this.jvm.costs.lock);
    return this.tryAcquireShared(permits) >= 0;
  }

  /** What `acquire` does when `acquireAtOnce` failed. */
  acquireQueuing(permits: number): Steps {
    return this.acquireSharedInterruptibly(permits);
  }

  *acquireUninterruptibly(permits = 1): Steps {
    if (!this.acquireAtOnce(permits)) yield* this.acquireQueued(null, permits, true, false, Infinity);
  }

  protected override tryAcquireShared(permits: number): number {
    if (this.fair && this.hasQueuedPredecessors()) return -1;
    return this.take(permits);
  }

  protected override tryReleaseShared(permits: number): boolean {
    this.state += permits;
    return true;
  }
}
