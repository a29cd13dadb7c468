/**
 * java.util.concurrent.PriorityBlockingQueue and DelayQueue (JDK 25): an unbounded binary heap behind a lock and a condition. Ties are
 * in no order but the heap's. Of the takers of a DelayQueue one, the leader, waits for the first delay, the others without a timeout.
 */
import type { Steps } from "@orrery/runtime";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { ConditionObject } from "./abstract-queued-synchronizer.ts";
import { ReentrantLock } from "./reentrant-lock.ts";

class PriorityQueue<E> {
  private readonly heap: E[] = [];
  private readonly compare: (a: E, b: E) => number;

  constructor(compare: (a: E, b: E) => number) {
    this.compare = compare;
  }

  peek(): E | undefined {
    return this.heap[0];
  }

  add(item: E): void {
    const { heap } = this;
    let k = heap.length;
    heap.push(item);
    for (; k > 0; k = (k - 1) >>> 1) {
      const parent = heap[(k - 1) >>> 1]!;
      if (this.compare(item, parent) >= 0) break;
      heap[k] = parent;
    }
    heap[k] = item;
  }

  poll(): E | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let k = 0;
    while (2 * k + 1 < heap.length) {
      let child = 2 * k + 1;
      if (child + 1 < heap.length && this.compare(heap[child]!, heap[child + 1]!) > 0) child++;
      if (this.compare(last, heap[child]!) <= 0) break;
      heap[k] = heap[child]!;
      k = child;
    }
    heap[k] = last;
    return first;
  }
}

export class PriorityBlockingQueue<E> {
  private readonly queue: PriorityQueue<E>;
  private readonly lock: ReentrantLock;
  private readonly notEmpty: ConditionObject;

  constructor(jvm: Jvm, compare: (a: E, b: E) => number) {
    this.queue = new PriorityQueue(compare);
    this.lock = new ReentrantLock(jvm);
    this.notEmpty = this.lock.newCondition();
  }

  /** Never waits for room. */
  *put(item: E): Steps {
    yield* this.lock.lock();
    this.queue.add(item);
    this.notEmpty.signal();
    this.lock.unlock();
  }

  *take(): Steps<E> {
    yield* this.lock.lockInterruptibly();
    try {
      for (;;) {
        const item = this.queue.poll();
        if (item !== undefined) return item;
        yield* this.notEmpty.await();
      }
    } finally {
      this.lock.unlock();
    }
  }
}

/** `Delayed`: due at a time, virtual ns. */
export interface Delayed {
  readonly atNs: number;
}

export class DelayQueue<E extends Delayed> {
  private readonly jvm: Jvm;
  private readonly queue = new PriorityQueue<E>((a, b) => a.atNs - b.atNs);
  private readonly lock: ReentrantLock;
  private readonly available: ConditionObject;
  private leader: JavaThread | null = null;

  constructor(jvm: Jvm) {
    this.jvm = jvm;
    this.lock = new ReentrantLock(jvm);
    this.available = this.lock.newCondition();
  }

  *put(item: E): Steps {
    yield* this.lock.lock();
    this.queue.add(item);
    if (this.queue.peek() === item) {
      this.leader = null;
      this.available.signal();
    }
    this.lock.unlock();
  }

  /** Null if nothing is due. */
  *poll(): Steps<E | null> {
    yield* this.lock.lock();
    const first = this.queue.peek();
    const due = first !== undefined && this.delayOf(first) <= 0 ? this.queue.poll()! : null;
    this.lock.unlock();
    return due;
  }

  *take(): Steps<E> {
    const current = this.jvm.currentThread();
    yield* this.lock.lockInterruptibly();
    try {
      for (;;) {
        const first = this.queue.peek();
        if (first === undefined || (this.delayOf(first) > 0 && this.leader !== null)) {
          yield* this.available.await();
          continue;
        }
        const delay = this.delayOf(first);
        if (delay <= 0) return this.queue.poll()!;
        this.leader = current;
        try {
          yield* this.available.awaitNanos(delay);
        } finally {
          if (this.leader === current) this.leader = null;
        }
      }
    } finally {
      if (this.leader === null && this.queue.peek() !== undefined) this.available.signal();
      this.lock.unlock();
    }
  }

  private delayOf(item: E): number {
    return item.atNs - this.jvm.machine.now;
  }
}
