/** java.util.concurrent.locks.ReentrantReadWriteLock (JDK 25): readers and writers in one synchronizer's queue. */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { AbstractQueuedSynchronizer } from "./abstract-queued-synchronizer.ts";

class Sync extends AbstractQueuedSynchronizer {
  private readonly fair: boolean;
  /** `state` counts the writer's holds; readers are counted here, and each reader's own holds below. */
  private readers = 0;
  private readonly holds = new Map<JavaThread, number>();

  constructor(jvm: Jvm, fair: boolean) {
    super(jvm, 0);
    this.fair = fair;
  }

  get javaClass(): string {
    return `java.util.concurrent.locks.ReentrantReadWriteLock$${this.fair ? "Fair" : "Nonfair"}Sync`;
  }

  override isHeldExclusively(): boolean {
    return this.owner === this.jvm.currentThread();
  }

  override tryAcquire(holds: number): boolean {
    if (this.state > 0 || this.readers > 0) {
      if (!this.isHeldExclusively()) return false; // an upgrade from reader to writer never succeeds
    } else if (this.fair && this.hasQueuedPredecessors()) return false;
    this.state += holds;
    this.owner = this.jvm.currentThread();
    return true;
  }

  protected override tryRelease(holds: number): boolean {
    if (!this.isHeldExclusively()) throw new Throwable("java.lang.IllegalMonitorStateException");
    this.state -= holds;
    if (this.state > 0) return false;
    this.owner = null;
    return true;
  }

  protected override tryAcquireShared(): number {
    if (this.owner !== null && !this.isHeldExclusively()) return -1;
    // A new reader lets a queued writer go first; one that reads already does not.
    const shouldBlock = this.fair ? this.hasQueuedPredecessors() : this.apparentlyFirstQueuedIsExclusive();
    if (shouldBlock && !this.holds.has(this.jvm.currentThread()) && this.owner === null) return -1;
    this.addReader();
    return 1;
  }

  /** `ReadLock.tryLock`: barges. */
  tryReadLock(): boolean {
    if (this.owner !== null && !this.isHeldExclusively()) return false;
    this.addReader();
    return true;
  }

  private addReader(): void {
    const current = this.jvm.currentThread();
    this.readers++;
    this.holds.set(current, (this.holds.get(current) ?? 0) + 1);
  }

  protected override tryReleaseShared(): boolean {
    const current = this.jvm.currentThread();
    const holds = this.holds.get(current);
    if (holds === undefined)
      throw new Throwable(
        "java.lang.IllegalMonitorStateException",
        "attempt to unlock read lock, not locked by current thread",
      );
    if (holds === 1) this.holds.delete(current);
    else this.holds.set(current, holds - 1);
    this.readers--;
    return this.readers === 0 && this.state === 0;
  }

  *lockExclusive(): Steps {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (!this.tryAcquire(1)) yield* this.acquireQueued(null, 1, false, false, Infinity);
  }

  *lockShared(): Steps {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (this.tryAcquireShared() < 0) yield* this.acquireQueued(null, 1, true, false, Infinity);
  }

  unlockExclusive(): void {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    this.release(1);
  }

  unlockShared(): void {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    this.releaseShared(1);
  }
}

/** What the two locks have in common. */
export interface Lock {
  lock(): Steps;
  tryLock(): boolean;
  unlock(): void;
}

export class ReentrantReadWriteLock {
  readonly readLock: Lock;
  readonly writeLock: Lock;

  constructor(jvm: Jvm, fair = false) {
    const sync = new Sync(jvm, fair);
    this.readLock = {
      lock: () => sync.lockShared(),
      tryLock: () => sync.tryReadLock(),
      unlock: () => sync.unlockShared(),
    };
    this.writeLock = {
      lock: () => sync.lockExclusive(),
      tryLock: () => sync.tryAcquire(1),
      unlock: () => sync.unlockExclusive(),
    };
  }
}
