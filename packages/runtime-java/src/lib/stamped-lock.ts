/**
 * java.util.concurrent.locks.StampedLock (JDK 25): a version with a reader count, and a FIFO queue in which readers that come one
 * after another are one group: the first queues, the others hang on it and are woken by it, newest first. Nobody owns the lock.
 * Left out: races inside one operation, more readers than the count holds, the views as Lock.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, NOTHING, Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** `StampedLock.WBIT`: below it the readers, in it the writer, above it the version. */
const WBIT = 128;
const ORIGIN = WBIT * 2;

class Node {
  waiter: JavaThread | null;
  readonly reader: boolean;
  /** Readers that hang on this one, newest first. */
  readonly cowaiters: JavaThread[] = [];
  /** It was served, or gave up. */
  done = false;

  constructor(waiter: JavaThread, reader: boolean) {
    this.waiter = waiter;
    this.reader = reader;
  }
}

export class StampedLock {
  readonly javaClass = "java.util.concurrent.locks.StampedLock";
  readonly owner = null;
  private readonly jvm: Jvm;
  private state = ORIGIN;
  private readonly queue: Node[] = [];

  constructor(jvm: Jvm) {
    this.jvm = jvm;
  }

  // ---- taking it ------------------------------------------------------------------------------------------------

  /** A stamp for `unlockWrite`. */
  *writeLock(): Steps<number> {
    const stamp = this.tryWriteLock();
    return stamp === 0 ? yield* this.acquireWrite(false, Infinity) : stamp;
  }

  *writeLockInterruptibly(): Steps<number> {
    return yield* this.interruptibly(
      () => this.tryWriteLock(),
      (deadline) => this.acquireWrite(true, deadline),
      Infinity,
    );
  }

  /** `tryWriteLock(time, unit)`: 0 if the time was over. */
  *tryWriteLockNanos(nanos: number): Steps<number> {
    return yield* this.interruptibly(
      () => this.tryWriteLock(),
      (deadline) => this.acquireWrite(true, deadline),
      nanos,
    );
  }

  /** 0 if it is not free. */
  tryWriteLock(): number {
    this.jvm.machine.charge(this.jvm.costs.lock);
    if (this.state % ORIGIN !== 0) return 0;
    this.state += WBIT;
    return this.state;
  }

  *readLock(): Steps<number> {
    const stamp = this.tryReadLock();
    return stamp === 0 ? yield* this.acquireRead(false, Infinity) : stamp;
  }

  *readLockInterruptibly(): Steps<number> {
    return yield* this.interruptibly(
      () => this.tryReadLock(),
      (deadline) => this.acquireRead(true, deadline),
      Infinity,
    );
  }

  *tryReadLockNanos(nanos: number): Steps<number> {
    return yield* this.interruptibly(
      () => this.tryReadLock(),
      (deadline) => this.acquireRead(true, deadline),
      nanos,
    );
  }

  /** 0 if a writer has it; barges past whoever waits. */
  tryReadLock(): number {
    this.jvm.machine.charge(this.jvm.costs.lock);
    return this.isWriteLocked ? 0 : ++this.state;
  }

  private *interruptibly(
    attempt: () => number,
    acquire: (deadlineNs: number) => Steps<number>,
    nanos: number,
  ): Steps<number> {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    const stamp = attempt();
    if (stamp !== 0 || nanos <= 0) return stamp;
    return yield* acquire(nanos === Infinity ? Infinity : this.jvm.machine.threadNow + nanos);
  }

  private *acquireWrite(interruptible: boolean, deadlineNs: number): Steps<number> {
    const node = new Node(this.jvm.currentThread(), false);
    this.queue.push(node);
    return yield* this.acquire(node, () => this.tryWriteLock(), interruptible, deadlineNs);
  }

  /** Hangs on the last in the queue if that is a reader, else queues and leads. */
  private *acquireRead(interruptible: boolean, deadlineNs: number): Steps<number> {
    const current = this.jvm.currentThread();
    const attempt = (): number => this.tryReadLock();
    for (;;) {
      const leader = this.queue.at(-1);
      if (leader === undefined || !leader.reader) {
        const node = new Node(current, true);
        this.queue.push(node);
        return yield* this.acquire(node, attempt, interruptible, deadlineNs);
      }
      leader.cowaiters.unshift(current);
      let interrupted = false;
      while (!leader.done && deadlineNs > this.jvm.machine.now && !(interrupted && interruptible))
        interrupted = (yield* this.park(current, deadlineNs)) || interrupted;
      const place = leader.cowaiters.indexOf(current);
      if (place >= 0) leader.cowaiters.splice(place, 1);
      if (interrupted && interruptible) throw this.jvm.interruptedException();
      const stamp = this.tryReadLock();
      if (leader.done) this.signalCowaiters(leader);
      if (interrupted) current.interrupt();
      if (stamp !== 0 || deadlineNs <= this.jvm.machine.now) return stamp;
    }
  }

  /** Waits in the queue, and tries whenever it is the first. */
  private *acquire(
    node: Node,
    attempt: () => number,
    interruptible: boolean,
    deadlineNs: number,
  ): Steps<number> {
    const { machine, costs } = this.jvm;
    const current = node.waiter!;
    let interrupted = false;
    machine.charge(costs.aqsEnqueue);
    if (!machine.settle()) yield 0;
    for (;;) {
      const stamp = this.queue[0] === node ? attempt() : 0;
      if (stamp !== 0 || deadlineNs <= machine.now || (interrupted && interruptible)) {
        this.leave(node, stamp !== 0);
        if (stamp === 0 && interrupted) throw this.jvm.interruptedException();
        if (interrupted) current.interrupt();
        return stamp;
      }
      interrupted = (yield* this.park(current, deadlineNs)) || interrupted;
    }
  }

  /** True if it was interrupted. */
  private *park(current: JavaThread, deadlineNs: number): Steps<boolean> {
    current.parkBlocker = this;
    const how = current.startPark(deadlineNs === Infinity ? UNTIMED : deadlineNs - this.jvm.machine.now);
    if (how !== NOTHING) {
      yield how;
      current.endPark();
    }
    current.parkBlocker = null;
    return current.getAndClearInterrupt();
  }

  /** Served, or given up: then the next may have its turn. */
  private leave(node: Node, served: boolean): void {
    const first = this.queue[0] === node;
    this.queue.splice(this.queue.indexOf(node), 1);
    node.waiter = null;
    node.done = true;
    this.signalCowaiters(node);
    if (first && !served) this.signalNext();
  }

  private signalCowaiters(leader: Node): void {
    for (let thread = leader.cowaiters.shift(); thread !== undefined; thread = leader.cowaiters.shift())
      thread.unpark();
  }

  private signalNext(): void {
    const next = this.queue[0];
    if (next === undefined) return;
    this.jvm.machine.charge(this.jvm.costs.aqsSignal);
    next.waiter?.unpark();
  }

  // ---- giving it back -------------------------------------------------------------------------------------------

  unlockWrite(stamp: number): void {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    if (this.state !== stamp || !this.isWriteLocked) throw illegalState();
    this.state += WBIT;
    this.signalNext();
  }

  unlockRead(stamp: number): void {
    this.jvm.machine.charge(this.jvm.costs.unlock);
    if (!this.sameVersion(stamp) || stamp % WBIT === 0 || this.readLockCount === 0) throw illegalState();
    this.state--;
    if (this.readLockCount === 0) this.signalNext();
  }

  /** Whichever of the two the stamp is for. */
  unlock(stamp: number): void {
    if (isWriteStamp(stamp)) this.unlockWrite(stamp);
    else this.unlockRead(stamp);
  }

  // ---- without waiting ------------------------------------------------------------------------------------------

  /** 0 if a writer has it. */
  tryOptimisticRead(): number {
    return this.isWriteLocked ? 0 : this.state - this.readLockCount;
  }

  /** No writer has had the lock since the stamp. */
  validate(stamp: number): boolean {
    return stamp !== 0 && this.sameVersion(stamp);
  }

  /** 0 if that would have to wait. */
  tryConvertToWriteLock(stamp: number): number {
    if (!this.sameVersion(stamp)) return 0;
    if (isWriteStamp(stamp)) return stamp;
    if (stamp % WBIT === 0) return this.tryWriteLock();
    if (this.readLockCount !== 1) return 0;
    this.state += WBIT - 1;
    return this.state;
  }

  tryConvertToReadLock(stamp: number): number {
    if (!this.sameVersion(stamp)) return 0;
    if (!isWriteStamp(stamp)) return stamp % WBIT === 0 ? this.tryReadLock() : stamp;
    this.state += WBIT + 1;
    this.signalNext();
    return this.state;
  }

  get isWriteLocked(): boolean {
    return isWriteStamp(this.state);
  }

  get isReadLocked(): boolean {
    return this.readLockCount > 0;
  }

  get readLockCount(): number {
    return this.state % WBIT;
  }

  private sameVersion(stamp: number): boolean {
    return Math.floor(stamp / WBIT) === Math.floor(this.state / WBIT);
  }
}

const isWriteStamp = (stamp: number): boolean => stamp % ORIGIN >= WBIT;
const illegalState = (): Throwable => new Throwable("java.lang.IllegalMonitorStateException");
