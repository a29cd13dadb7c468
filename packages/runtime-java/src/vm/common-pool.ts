/**
 * `ForkJoinPool.commonPool()` (JDK 25): platform daemon threads for what CompletableFuture does asynchronously, for delayed
 * completions and for the timeouts of structured scopes. One worker fewer than there are processors, at least one; a worker
 * takes the newest of its own tasks first. Left out: forking, joining and helping.
 */
import type { Op } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import { DelayedTask, DelayScheduler } from "./delay-scheduler.ts";
import { ForkJoinPool, type PoolTask } from "./fork-join-pool.ts";
import { PlatformThread } from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";
import { WorkQueue } from "./work-queue.ts";

/** `ForkJoinPool.DEFAULT_KEEPALIVE`: 60 s. */
const DEFAULT_KEEPALIVE_NS = 60_000_000_000;
/** `ForkJoinPool.DEFAULT_COMMON_MAX_SPARES`. */
const DEFAULT_COMMON_MAX_SPARES = 256;

export class CommonPool extends ForkJoinPool {
  readonly delayScheduler: DelayScheduler;
  private readonly queueOf = new Map<PlatformThread, WorkQueue>();

  constructor(jvm: Jvm) {
    const parallelism = Math.max(1, jvm.machine.cores.length - 1);
    super(jvm, {
      name: "ForkJoinPool.commonPool",
      parallelism,
      maxPoolSize: parallelism + DEFAULT_COMMON_MAX_SPARES,
      keepAliveNs: DEFAULT_KEEPALIVE_NS,
    });
    this.delayScheduler = new DelayScheduler(jvm, this.name);
  }

  /** `execute(ForkJoinTask)`: a worker's own queue, or the caller's external one. */
  executeTask(body: () => Op, what: string): void {
    const queue = this.queueOf.get(this.caller());
    this.jvm.machine.charge(queue === undefined ? this.jvm.costs.externalSubmit : this.jvm.costs.execute);
    this.push(queue ?? this.submissionQueue(), { run: body, describe: () => what }, 0, true, what);
  }

  /** `schedule`: `body` is a task of the pool when the delay is over; the task to cancel it by. */
  schedule(body: () => Op, nanos: number): DelayedTask {
    return this.delayed(() => this.executeTask(body, "scheduled task"), nanos);
  }

  /** `scheduleDelayedTask` of an immediate task: `body` runs on the timer thread itself. */
  scheduleImmediate(body: () => Op, nanos: number): DelayedTask {
    return this.delayed(body, nanos);
  }

  private delayed(body: () => Op, nanos: number): DelayedTask {
    const task = new CommonDelayedTask(body, Math.max(nanos, 0));
    this.delayScheduler.schedule(task);
    return task;
  }

  protected override createWorker(): void {
    const worker = new PlatformThread(this.jvm, `${this.name}-worker-${++this.workersCreated}`, true);
    this.carriers.push(worker);
    this.jvm.machine.emit(Kind.handoff, -1, -1, "createWorker", this.workersCreated);
    worker.start(() => this.runWorker(worker));
  }

  protected override newQueue(worker: PlatformThread, id: number): WorkQueue {
    const queue = new LifoQueue(worker, worker, id, `queue of ${worker.name}`);
    this.queueOf.set(worker, queue);
    return queue;
  }
}

/** A worker's queue of a pool that is not in FIFO mode: the newest task first. */
class LifoQueue extends WorkQueue {
  override nextLocalTask(): PoolTask | null {
    return this.top === this.base ? null : this.pop();
  }
}

class CommonDelayedTask extends DelayedTask {
  private readonly body: () => Op;

  constructor(body: () => Op, delayNs: number) {
    super(delayNs);
    this.body = body;
  }

  enable(): Op {
    this.done = true;
    return this.body();
  }

  get taskId(): number {
    return -1;
  }

  describe(): string {
    return "delayed task";
  }
}
