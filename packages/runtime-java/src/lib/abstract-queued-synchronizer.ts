/**
 * java.util.concurrent.locks.AbstractQueuedSynchronizer (JDK 25): a FIFO list of waiting threads behind a dummy head, and
 * conditions. A release wakes one thread, which tries again; nothing is handed over. Left out: races inside one operation
 * (an operation is one instant; between trying and parking time passes), out of memory.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, NOTHING, Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** Bits of `Node.status`. */
const WAITING = 1;
const COND = 2;
const CANCELLED = 0x8000_0000 | 0;

/** Results of `acquireQueued`: 1 acquired, 0 timed out, CANCELLED interrupted. */
const ACQUIRED = 1;

/** `postSpins` is a signed byte: after 127 comes -1, which counts down through -128 and 127 to 0. */
const MAX_SPINS = 255;

class Node {
  prev: Node | null = null;
  next: Node | null = null;
  waiter: JavaThread | null = null;
  status = 0;
  readonly shared: boolean;
  nextWaiter: Node | null = null;

  constructor(shared: boolean) {
    this.shared = shared;
  }
}

export abstract class AbstractQueuedSynchronizer {
  readonly jvm: Jvm;
  state: number;
  /** `exclusiveOwnerThread` */
  owner: JavaThread | null = null;
  private head: Node | null = null;
  private tail: Node | null = null;

  constructor(jvm: Jvm, state: number) {
    this.jvm = jvm;
    this.state = state;
  }

  tryAcquire(_arg: number): boolean {
    throw new Error("not an exclusive synchronizer");
  }
  protected tryRelease(_arg: number): boolean {
    throw new Error("not an exclusive synchronizer");
  }
  /** Negative: failed. */
  protected tryAcquireShared(_arg: number): number {
    throw new Error("not a shared synchronizer");
  }
  protected tryReleaseShared(_arg: number): boolean {
    throw new Error("not a shared synchronizer");
  }
  /** Of the real synchronizer, a class inside the lock's. */
  abstract get javaClass(): string;
  isHeldExclusively(): boolean {
    throw new Error("not an exclusive synchronizer");
  }

  // ---- the queue ------------------------------------------------------------------------------------------------

  private enqueue(node: Node): void {
    if (this.tail === null) {
      this.head = new Node(false);
      this.tail = this.head;
    }
    node.prev = this.tail;
    this.tail.next = node;
    this.tail = node;
  }

  private signalNext(node: Node | null, onlyShared: boolean): void {
    const next = node === null ? null : node.next;
    if (next === null || next.status === 0 || (onlyShared && !next.shared)) return;
    this.jvm.machine.charge(this.jvm.costs.aqsSignal);
    next.status &= ~WAITING;
    next.waiter?.unpark();
  }

  /**
   * The real `acquire`: tries, queues, tries again whenever it is the first in the queue, parks. `deadlineNs` Infinity: no timeout.
   * `node` is that of a condition's waiter: queued already if it was signalled.
   */
  protected *acquireQueued(
    node: Node | null,
    arg: number,
    shared: boolean,
    interruptible: boolean,
    deadlineNs: number,
  ): Steps<number> {
    const { machine, costs } = this.jvm;
    const current = this.jvm.currentThread();
    let interrupted = false;
    let spins = 0;
    let postSpins = 0;
    if (node === null || node.prev === null) {
      // Not queued yet: barges if it can.
      if (this.attempt(arg, shared)) return ACQUIRED;
      node ??= new Node(shared);
      node.waiter = current;
      machine.charge(costs.aqsEnqueue);
      if (!machine.settle()) yield 0;
      if (this.attempt(arg, shared)) return ACQUIRED;
      this.enqueue(node);
    }
    for (;;) {
      if (node.prev === this.head && this.attempt(arg, shared)) {
        this.becomeHead(node, shared);
        if (interrupted) current.interrupt();
        return ACQUIRED;
      }
      if (node.prev === this.head && spins > 0) {
        spins--;
        machine.charge(costs.onSpinWait);
        if (!machine.settle()) yield 0;
        continue;
      }
      if (node.status === 0) {
        node.status = WAITING; // enables the signal; try once more
        continue;
      }
      // The longer it waits in vain, the longer it spins: 1, 3, 7 ... times.
      spins = postSpins = Math.min(2 * postSpins + 1, MAX_SPINS);
      if (deadlineNs <= machine.now) break;
      current.parkBlocker = this;
      const how = current.startPark(deadlineNs === Infinity ? UNTIMED : deadlineNs - machine.now);
      if (how !== NOTHING) {
        yield how;
        current.endPark();
      }
      current.parkBlocker = null;
      node.status = 0;
      if (current.interrupted) {
        current.getAndClearInterrupt();
        interrupted = true;
        if (interruptible) break;
      }
    }
    this.cancelAcquire(node);
    if (!interrupted) return 0;
    if (interruptible) return CANCELLED;
    current.interrupt();
    return 0;
  }

  private attempt(arg: number, shared: boolean): boolean {
    return shared ? this.tryAcquireShared(arg) >= 0 : this.tryAcquire(arg);
  }

  private becomeHead(node: Node, shared: boolean): void {
    node.prev!.next = null;
    node.prev = null;
    node.waiter = null;
    this.head = node;
    if (shared) this.signalNext(node, true); // a chain, not a broadcast
  }

  /** Unlinks a waiter that gave up (`cleanQueue`); if it was the first, the next one is signalled. */
  private cancelAcquire(node: Node): void {
    node.waiter = null;
    node.status = CANCELLED;
    const { prev, next } = node;
    if (prev === null) return;
    prev.next = next;
    if (next === null) this.tail = prev;
    else next.prev = prev;
    if (prev === this.head) this.signalNext(prev, false);
  }

  // ---- exclusive and shared modes -------------------------------------------------------------------------------

  *acquireInterruptibly(arg: number): Steps {
    const current = this.jvm.currentThread();
    if (current.getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.tryAcquire(arg)) return;
    if ((yield* this.acquireQueued(null, arg, false, true, Infinity)) < 0)
      throw this.jvm.interruptedException();
  }

  *tryAcquireNanos(arg: number, nanos: number): Steps<boolean> {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.tryAcquire(arg)) return true;
    if (nanos <= 0) return false;
    const result = yield* this.acquireQueued(null, arg, false, true, this.jvm.machine.threadNow + nanos);
    if (result < 0) throw this.jvm.interruptedException();
    return result > 0;
  }

  release(arg: number): boolean {
    if (!this.tryRelease(arg)) return false;
    this.signalNext(this.head, false);
    return true;
  }

  *acquireSharedInterruptibly(arg: number): Steps {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.tryAcquireShared(arg) >= 0) return;
    if ((yield* this.acquireQueued(null, arg, true, true, Infinity)) < 0)
      throw this.jvm.interruptedException();
  }

  *tryAcquireSharedNanos(arg: number, nanos: number): Steps<boolean> {
    if (this.jvm.currentThread().getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (this.tryAcquireShared(arg) >= 0) return true;
    if (nanos <= 0) return false;
    const result = yield* this.acquireQueued(null, arg, true, true, this.jvm.machine.threadNow + nanos);
    if (result < 0) throw this.jvm.interruptedException();
    return result > 0;
  }

  releaseShared(arg: number): boolean {
    if (!this.tryReleaseShared(arg)) return false;
    this.signalNext(this.head, false);
    return true;
  }

  // ---- questions ------------------------------------------------------------------------------------------------

  hasQueuedPredecessors(): boolean {
    const first = this.head === null ? null : this.head.next;
    return first !== null && first.waiter !== this.jvm.currentThread();
  }

  hasQueuedThreads(): boolean {
    return this.queuedThreads().length > 0;
  }

  /** The first queued thread waits in exclusive mode. */
  apparentlyFirstQueuedIsExclusive(): boolean {
    const first = this.head === null ? null : this.head.next;
    return first !== null && !first.shared && first.waiter !== null;
  }

  queuedThreads(): JavaThread[] {
    const threads: JavaThread[] = [];
    for (let node = this.head === null ? null : this.head.next; node !== null; node = node.next)
      if (node.waiter !== null) threads.push(node.waiter);
    return threads;
  }

  // ---- conditions -----------------------------------------------------------------------------------------------

  /** @internal For ConditionObject: gives the lock up and waits to be moved to the queue. */
  *awaitOn(condition: ConditionObject, deadlineNs: number): Steps<boolean> {
    const { machine, costs } = this.jvm;
    const current = this.jvm.currentThread();
    if (current.getAndClearInterrupt()) throw this.jvm.interruptedException();
    if (!this.isHeldExclusively()) throw notOwner();
    machine.charge(costs.condition);
    const node = new Node(false);
    node.waiter = current;
    node.status = COND | WAITING;
    condition.append(node);
    const saved = this.state;
    this.release(saved);
    let interrupted = false;
    let timedOut = false;
    while (node.prev === null) {
      if (current.getAndClearInterrupt()) interrupted = true;
      if (interrupted || machine.now >= deadlineNs) {
        timedOut = !interrupted;
        break;
      }
      const how = current.startPark(deadlineNs === Infinity ? UNTIMED : deadlineNs - machine.now);
      if (how === NOTHING) continue;
      current.parkBlocker = condition;
      yield how;
      current.endPark();
      current.parkBlocker = null;
    }
    // Signalled first: an interrupt is kept for later. Otherwise it leaves the condition and queues by itself.
    if (node.prev !== null) {
      interrupted = current.getAndClearInterrupt() || interrupted;
      timedOut = false;
    }
    const cancelled = node.prev === null;
    if (cancelled) condition.unlink(node);
    node.status = 0;
    yield* this.acquireQueued(node, saved, false, false, Infinity);
    if (interrupted && cancelled) throw this.jvm.interruptedException();
    if (interrupted) current.interrupt();
    return !timedOut;
  }

  /** @internal */
  transfer(node: Node): void {
    node.status &= ~COND;
    this.enqueue(node);
  }
}

const notOwner = (): Throwable => new Throwable("java.lang.IllegalMonitorStateException");

/** `AbstractQueuedSynchronizer.ConditionObject`: waiters in FIFO order; a signal moves one to the end of the lock's queue. */
export class ConditionObject {
  readonly javaClass = "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject";
  readonly owner = null;
  private readonly sync: AbstractQueuedSynchronizer;
  private first: Node | null = null;
  private last: Node | null = null;

  constructor(sync: AbstractQueuedSynchronizer) {
    this.sync = sync;
  }

  *await(): Steps {
    yield* this.sync.awaitOn(this, Infinity);
  }

  /** False if the time was over before a signal came. */
  awaitNanos(nanos: number): Steps<boolean> {
    return this.sync.awaitOn(this, this.sync.jvm.machine.now + nanos);
  }

  signal(): void {
    if (!this.sync.isHeldExclusively()) throw notOwner();
    const node = this.first;
    if (node === null) return;
    this.unlink(node);
    this.sync.transfer(node);
  }

  signalAll(): void {
    if (!this.sync.isHeldExclusively()) throw notOwner();
    while (this.first !== null) {
      const node: Node = this.first;
      this.unlink(node);
      this.sync.transfer(node);
    }
  }

  get hasWaiters(): boolean {
    return this.first !== null;
  }

  /** Class of the synchronizer that it belongs to. */
  get synchronizer(): string {
    return this.sync.javaClass;
  }

  /** Oldest first. */
  waitingThreads(): JavaThread[] {
    const threads: JavaThread[] = [];
    for (let node = this.first; node !== null; node = node.nextWaiter)
      if (node.waiter !== null) threads.push(node.waiter);
    return threads;
  }

  /** @internal */
  append(node: Node): void {
    if (this.last === null) this.first = node;
    else this.last.nextWaiter = node;
    this.last = node;
  }

  /** @internal */
  unlink(node: Node): void {
    let previous: Node | null = null;
    for (let w = this.first; w !== null; previous = w, w = w.nextWaiter) {
      if (w !== node) continue;
      if (previous === null) this.first = w.nextWaiter;
      else previous.nextWaiter = w.nextWaiter;
      if (this.last === w) this.last = previous;
      w.nextWaiter = null;
      return;
    }
  }
}
