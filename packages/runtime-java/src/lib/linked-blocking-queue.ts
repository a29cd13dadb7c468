/** java.util.concurrent.LinkedBlockingQueue (JDK 25): a lock for each end; wake-ups cascade from taker to taker. */
import { Fifo, type Steps } from "@orrery/runtime";
import type { Jvm } from "../vm/jvm.ts";
import type { ConditionObject } from "./abstract-queued-synchronizer.ts";
import { ReentrantLock } from "./reentrant-lock.ts";

export class LinkedBlockingQueue<E> {
  readonly capacity: number;
  private readonly jvm: Jvm;
  private readonly items = new Fifo<E>();
  private readonly takeLock: ReentrantLock;
  private readonly putLock: ReentrantLock;
  private readonly notEmpty: ConditionObject;
  private readonly notFull: ConditionObject;

  constructor(jvm: Jvm, capacity = Infinity) {
    this.jvm = jvm;
    this.capacity = capacity;
    this.takeLock = new ReentrantLock(jvm);
    this.putLock = new ReentrantLock(jvm);
    this.notEmpty = this.takeLock.newCondition();
    this.notFull = this.putLock.newCondition();
  }

  *put(item: E): Steps {
    let before: number;
    yield* this.putLock.lockInterruptibly();
    try {
      while (this.items.length >= this.capacity) yield* this.notFull.await();
      before = this.enqueue(item);
    } finally {
      this.putLock.unlock();
    }
    if (before === 0) yield* this.signalNotEmpty();
  }

  *offer(item: E): Steps<boolean> {
    if (this.items.length >= this.capacity) return false;
    let before = -1;
    yield* this.putLock.lock();
    try {
      if (this.items.length < this.capacity) before = this.enqueue(item);
    } finally {
      this.putLock.unlock();
    }
    if (before === 0) yield* this.signalNotEmpty();
    return before >= 0;
  }

  *take(): Steps<E> {
    let item: E;
    let before: number;
    yield* this.takeLock.lockInterruptibly();
    try {
      while (this.items.length === 0) yield* this.notEmpty.await();
      before = this.items.length;
      item = this.dequeue();
      if (before > 1) this.notEmpty.signal(); // the next taker
    } finally {
      this.takeLock.unlock();
    }
    if (before === this.capacity) yield* this.signalNotFull();
    return item;
  }

  get size(): number {
    return this.items.length;
  }

  /** Number of items before it. */
  private enqueue(item: E): number {
    this.jvm.machine.charge(this.jvm.costs.queueOperation);
    const before = this.items.length;
    this.items.push(item);
    if (before + 1 < this.capacity) this.notFull.signal(); // the next putter
    return before;
  }

  private dequeue(): E {
    this.jvm.machine.charge(this.jvm.costs.queueOperation);
    return this.items.shift()!;
  }

  private *signalNotEmpty(): Steps {
    yield* this.takeLock.lock();
    this.notEmpty.signal();
    this.takeLock.unlock();
  }

  private *signalNotFull(): Steps {
    yield* this.putLock.lock();
    this.notFull.signal();
    this.putLock.unlock();
  }
}
