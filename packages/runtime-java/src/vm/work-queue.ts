/**
 * ForkJoinPool.WorkQueue (JDK 25): a circular array, `base` the poll end, `top` the push end. What is left out: the
 * races inside one operation (an operation here is one instant) and the lock of external queues.
 */
import type { PoolTask } from "./fork-join-pool.ts";
import type { PlatformThread } from "./java-thread.ts";

/** `ForkJoinPool.INITIAL_QUEUE_CAPACITY`, slots of a worker's queue. */
const INITIAL_QUEUE_CAPACITY = 1 << 6;
/** `ForkJoinPool.INITIAL_EXTERNAL_QUEUE_CAPACITY`, slots of a submission queue. */
const INITIAL_EXTERNAL_QUEUE_CAPACITY = 1 << 9;

export class WorkQueue {
  /** The worker whose queue it is, null for an external queue. */
  readonly owner: PlatformThread | null;
  /** Who pushes: the owner, or the thread that the external queue was made for. */
  readonly feeder: PlatformThread;
  /** Index in `ForkJoinPool.queues`, as hashed; masked by the array's length. */
  id: number;
  array: (PoolTask | null)[];
  /** 1 for an InterruptibleTask (`noUserHelp`), by slot of `array`. */
  private interruptible: Uint8Array;
  /** When the push of the task in a slot is over, virtual ns: before that no other thread sees it. */
  private pushedAt: Float64Array;
  base = 0;
  top = 0;
  nsteals = 0;

  // Worker queues only.
  /** True while on the stack of idle workers: the IDLE bit of `phase`. */
  idle = false;
  /** True while parked in `awaitWork`. */
  parking = false;
  /** Next on the stack of idle workers. */
  stackPred: WorkQueue | null = null;
  /** Index of the queue last polled; DROPPED or INVALID_ID while trimming. */
  source = -1;

  /** Reason of a task that was polled from here, in traces. */
  readonly polled: string;

  constructor(feeder: PlatformThread, owner: PlatformThread | null, id: number, label: string) {
    this.feeder = feeder;
    this.owner = owner;
    this.id = id;
    const capacity = owner === null ? INITIAL_EXTERNAL_QUEUE_CAPACITY : INITIAL_QUEUE_CAPACITY;
    this.array = new Array<PoolTask | null>(capacity).fill(null);
    this.interruptible = new Uint8Array(capacity);
    this.pushedAt = new Float64Array(capacity);
    this.polled = `runWorker: polled ${label}`;
  }

  /** `ForkJoinWorkerThread.getQueuedTaskCount`. */
  get size(): number {
    return this.top - this.base;
  }

  /**
   * Appends a task. True if the queue looked (nearly) empty, that is if the slot before the new one, or the one before
   * that for an InterruptibleTask, is null; or if it was full. The caller then signals work, unless it is lazy.
   */
  push(task: PoolTask, noUserHelp: 0 | 1, pushedAt: number): boolean {
    const s = this.top;
    const mask = this.array.length - 1;
    const full = s - this.base === mask;
    this.top = s + 1;
    this.array[s & mask] = task;
    this.interruptible[s & mask] = noUserHelp;
    this.pushedAt[s & mask] = pushedAt;
    const lookedEmpty = this.array[(s - noUserHelp - 1) & mask] === null;
    if (full) this.growArray();
    return lookedEmpty || full;
  }

  private growArray(): void {
    const mask = this.array.length - 1;
    const capacity = this.array.length * 2;
    const array = new Array<PoolTask | null>(capacity).fill(null);
    const interruptible = new Uint8Array(capacity);
    const pushedAt = new Float64Array(capacity);
    for (let k = this.base; k < this.top; k++) {
      array[k & (capacity - 1)] = this.array[k & mask]!;
      interruptible[k & (capacity - 1)] = this.interruptible[k & mask]!;
      pushedAt[k & (capacity - 1)] = this.pushedAt[k & mask]!;
    }
    this.array = array;
    this.interruptible = interruptible;
    this.pushedAt = pushedAt;
  }

  /** Takes the task at `base`; the queue is not empty. */
  poll(): PoolTask {
    const i = this.base++ & (this.array.length - 1);
    const task = this.array[i]!;
    this.array[i] = null;
    return task;
  }

  /** `noUserHelp` of the task at `base`. */
  get baseIsInterruptible(): boolean {
    return this.interruptible[this.base & (this.array.length - 1)] === 1;
  }

  /** When the push of the task at `base` is over. */
  get basePushedAt(): number {
    return this.pushedAt[this.base & (this.array.length - 1)]!;
  }

  /** The owner's next task. FIFO mode: more than one, take at `base`; exactly one, take at `top - 1`. */
  nextLocalTask(): PoolTask | null {
    const size = this.top - this.base;
    if (size === 0) return null;
    return size > 1 ? this.poll() : this.pop();
  }

  /** Takes the task at `top`; the queue is not empty. */
  protected pop(): PoolTask {
    const i = --this.top & (this.array.length - 1);
    const task = this.array[i]!;
    this.array[i] = null;
    return task;
  }

  toArray(): PoolTask[] {
    const tasks: PoolTask[] = [];
    for (let k = this.base; k < this.top; k++) tasks.push(this.array[k & (this.array.length - 1)]!);
    return tasks;
  }
}
