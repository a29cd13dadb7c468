/** java.util.concurrent.ArrayBlockingQueue (JDK 25): one lock, two conditions. */
import { Fifo, type Steps } from "@orrery/runtime";
import type { Jvm } from "../vm/jvm.ts";
import type { ConditionObject } from "./abstract-queued-synchronizer.ts";
import { ReentrantLock } from "./reentrant-lock.ts";

export class ArrayBlockingQueue<E> {
  readonly capacity: number;
  private readonly jvm: Jvm;
  private readonly items = new Fifo<E>();
  private readonly lock: ReentrantLock;
  private readonly notEmpty: ConditionObject;
  private readonly notFull: ConditionObject;

  constructor(jvm: Jvm, capacity: number, fair = false) {
    this.jvm = jvm;
    this.capacity = capacity;
    this.lock = new ReentrantLock(jvm, fair);
    this.notEmpty = this.lock.newCondition();
    this.notFull = this.lock.newCondition();
  }

  *put(item: E): Steps {
    yield* this.lock.lockInterruptibly();
    try {
      while (this.items.length === this.capacity) yield* this.notFull.await();
      this.enqueue(item);
    } finally {
      this.lock.unlock();
    }
  }

  *take(): Steps<E> {
    yield* this.lock.lockInterruptibly();
    try {
      while (this.items.length === 0) yield* this.notEmpty.await();
      return this.dequeue();
    } finally {
      this.lock.unlock();
    }
  }

  *offer(item: E): Steps<boolean> {
    yield* this.lock.lock();
    try {
      if (this.items.length === this.capacity) return false;
      this.enqueue(item);
      return true;
    } finally {
      this.lock.unlock();
    }
  }

  *poll(): Steps<E | null> {
    yield* this.lock.lock();
    try {
      return this.items.length === 0 ? null : this.dequeue();
    } finally {
      this.lock.unlock();
    }
  }

  get size(): number {
    return this.items.length;
  }

  private enqueue(item: E): void {
    this.jvm.machine.charge(this.jvm.costs.queueOperation);
    this.items.push(item);
    this.notEmpty.signal();
  }

  private dequeue(): E {
    this.jvm.machine.charge(this.jvm.costs.queueOperation);
    const item = this.items.shift()!;
    this.notFull.signal();
    return item;
  }
}
