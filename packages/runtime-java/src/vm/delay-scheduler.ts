/**
 * java.util.concurrent.DelayScheduler (JDK 25): one daemon thread per pool with a 4-ary heap of what is due and a stack
 * of what came in. What fires goes to the pool through this thread's own external queue, so a timeout needs this thread
 * first, then a free carrier; an immediate task runs on this thread itself. Left out: periodic tasks, shutdown.
 *
 * Ties: the real heap orders equal deadlines by accident (they do not occur at ns resolution); here the one armed first
 * fires first.
 */
import { Kind } from "@orrery/simulator";
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { PlatformThread } from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";
import type { VirtualThread } from "./virtual-thread.ts";

const OFF_HEAP = -1;
/** `seqNo` of the task of a timed park. */
export const PARK_TIMEOUT = -1;

/** `ForkJoinPool.ScheduledForkJoinTask`. */
export abstract class DelayedTask {
  /** Virtual time, ns; the delay until it is scheduled. */
  when: number;
  order = 0;
  /** Place on the heap, OFF_HEAP for none. */
  heapIndex = OFF_HEAP;
  done = false;
  nextPending: DelayedTask | null = null;

  constructor(delayNs: number) {
    this.when = delayNs;
  }

  /** It is due: to its pool, or, if it is immediate, its code here on the timer thread. */
  abstract enable(): Op;
  /** Of the thread that it is for, in traces; -1 for none. */
  abstract get taskId(): number;
  abstract describe(): string;
}

/** Ends a timed park of a virtual thread, or the timed wait with that sequence number. */
export class ScheduledTask extends DelayedTask {
  readonly thread: VirtualThread;
  private readonly seqNo: number;

  constructor(thread: VirtualThread, seqNo: number, delayNs: number) {
    super(delayNs);
    this.thread = thread;
    this.seqNo = seqNo;
  }

  enable(): void {
    this.thread.jvm.pool.executeEnabledScheduledTask(this);
  }

  get taskId(): number {
    return this.thread.taskId;
  }

  describe(): string {
    return this.thread.jvm.describe(this.thread);
  }

  run(): void {
    if (this.done) return;
    this.done = true;
    if (this.seqNo === PARK_TIMEOUT) this.thread.parkTimeoutExpired();
    else this.thread.waitTimeoutExpired(this.seqNo);
  }
}

export class DelayScheduler {
  private readonly jvm: Jvm;
  private readonly poolName: string;
  private thread: PlatformThread | null = null;
  private active = false;
  /** Stack of tasks to add, and of cancelled ones to remove. */
  private pending: DelayedTask | null = null;
  private readonly heap: DelayedTask[] = [];
  private armed = 0;

  constructor(jvm: Jvm, poolName: string) {
    this.jvm = jvm;
    this.poolName = poolName;
  }

  /** `delayed` of the pool's toString. */
  get size(): number {
    return this.heap.length;
  }

  schedule(task: DelayedTask): void {
    const { machine, costs } = this.jvm;
    machine.charge(costs.timerSchedule);
    task.when += machine.threadNow;
    task.order = this.armed++;
    if (this.thread === null) this.startDelayScheduler();
    this.pend(task);
  }

  cancel(task: DelayedTask): void {
    if (task.done) return;
    task.done = true;
    this.jvm.machine.charge(this.jvm.costs.timerCancel);
    if (task.heapIndex >= 0) this.pend(task);
  }

  private startDelayScheduler(): void {
    this.thread = new PlatformThread(this.jvm, `${this.poolName}-delayScheduler`, true);
    this.active = true;
    this.thread.start(() => this.loop());
  }

  private pend(task: DelayedTask): void {
    task.nextPending = this.pending;
    this.pending = task;
    if (this.active) return;
    this.active = true;
    this.thread!.unpark();
  }

  /** The timer thread's loop: take in what is pending, hand over what is due, park until the next deadline. */
  private *loop(): Steps {
    const { machine, costs } = this.jvm;
    const thread = this.thread!;
    const { heap } = this;
    for (;;) {
      if (this.pending === null) {
        if (this.active)
          this.active = false; // and look again
        else if (heap.length === 0) yield* thread.park();
        else yield* thread.park(Math.max(heap[0]!.when - machine.now, 0));
        thread.interrupted = false;
      }
      while (this.pending !== null) {
        let task: DelayedTask | null = this.pending;
        this.pending = null;
        while (task !== null) {
          const next: DelayedTask | null = task.nextPending;
          task.nextPending = null;
          machine.charge(costs.timerHeap);
          if (task.heapIndex >= 0) this.remove(task);
          else if (!task.done) this.add(task);
          task = next;
          if (!machine.settle()) yield 0;
        }
      }
      while (heap.length > 0) {
        const first = heap[0]!;
        if (!first.done && first.when > machine.now) break;
        this.remove(first);
        if (first.done) continue; // cancelled
        machine.charge(costs.timerHeap);
        machine.emit(Kind.timer, -1, first.taskId, "executeEnabledScheduledTask");
        const running = first.enable();
        if (isSteps(running)) yield* running;
        if (!machine.settle()) yield 0;
      }
    }
  }

  // ---- the heap -------------------------------------------------------------------------------------------------

  private add(task: DelayedTask): void {
    this.heap.push(task);
    this.siftUp(this.heap.length - 1, task);
  }

  private remove(task: DelayedTask): void {
    const { heap } = this;
    const k = task.heapIndex;
    task.heapIndex = OFF_HEAP;
    const last = heap.pop()!;
    if (last === task) return;
    if (k > 0 && before(last, heap[(k - 1) >>> 2]!)) this.siftUp(k, last);
    else this.siftDown(k, last);
  }

  private siftUp(k: number, task: DelayedTask): void {
    const { heap } = this;
    while (k > 0) {
      const parent = heap[(k - 1) >>> 2]!;
      if (!before(task, parent)) break;
      heap[k] = parent;
      parent.heapIndex = k;
      k = (k - 1) >>> 2;
    }
    heap[k] = task;
    task.heapIndex = k;
  }

  private siftDown(k: number, task: DelayedTask): void {
    const { heap } = this;
    for (;;) {
      const first = (k << 2) + 1;
      const end = Math.min(first + 4, heap.length);
      let least = task;
      let leastIndex = -1;
      for (let c = first; c < end; c++) {
        const child = heap[c]!;
        if (!before(child, least)) continue;
        least = child;
        leastIndex = c;
      }
      if (leastIndex < 0) break;
      heap[k] = least;
      least.heapIndex = k;
      k = leastIndex;
    }
    heap[k] = task;
    task.heapIndex = k;
  }

  /** Threads with a timeout that has not fired, soonest first, and when. */
  inspect(): { readonly thread: string; readonly atNs: number }[] {
    return this.heap
      .filter((task) => !task.done)
      .sort((a, b) => (before(a, b) ? -1 : 1))
      .map((task) => ({ thread: task.describe(), atNs: task.when }));
  }
}

const before = (a: DelayedTask, b: DelayedTask): boolean =>
  a.when < b.when || (a.when === b.when && a.order < b.order);
