/**
 * java.util.concurrent.ForkJoinPool (JDK 25) as the default scheduler of virtual threads builds it: FIFO ("async") mode,
 * carriers as workers, created on demand. Odd slots of `queues` hold the workers' queues, even slots the external
 * submission queues. `ctl` is here its parts: `rc` released workers, `tc` all workers, and the stack of idle ones.
 *
 * Left out: forking, joining and helping (the scheduler's tasks never do), shutdown, the races inside one operation.
 * Scans follow the real xorshift exactly ("exact mode"): one step per pass, the empty pass before parking included.
 */
import { Kind } from "@orrery/simulator";
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { PlatformThread, UNMOUNT } from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";
import { xorshift } from "./thread-local-random.ts";
import { VirtualThread } from "./virtual-thread.ts";
import { WorkQueue } from "./work-queue.ts";

/** A task that is no virtual thread: a timer's, or one of the common pool. */
export interface PoolJob {
  run(): Op;
  describe(): string;
}

/** A virtual thread stands for its `runContinuation`. */
export type PoolTask = VirtualThread | PoolJob;

export interface PoolOptions {
  readonly name: string;
  readonly parallelism: number;
  readonly maxPoolSize: number;
  /** How long the last worker waits for work before it ends, ns. */
  readonly keepAliveNs: number;
}

/** `ForkJoinPool.SPIN_WAITS`. */
const SPIN_WAITS = 1 << 7;
/** `ForkJoinPool.EXTERNAL_ID_MASK`: even, 14 bits. */
const EXTERNAL_ID_MASK = 0x3ffe;
/** `ForkJoinPool.TIMEOUT_SLOP`: 20 ms. */
const TIMEOUT_SLOP_NS = 20_000_000;
/** `WorkQueue.source` of a worker that was trimmed, and of one that is to time out soon (`DROPPED`, `INVALID_ID`). */
const DROPPED = -3;
const INVALID_ID = -4;

export class ForkJoinPool {
  readonly jvm: Jvm;
  readonly name: string;
  private readonly keepAliveNs: number;
  readonly parallelism: number;
  readonly maxPoolSize: number;
  readonly minRunnable: number;
  queues: (WorkQueue | null)[];
  /** Released workers: not idle, and not blocked without compensation. */
  rc = 0;
  tc = 0;
  /** Top of the stack of idle workers. */
  private idleTop: WorkQueue | null = null;
  protected workersCreated = 0;
  private stealsOfDropped = 0;
  readonly carriers: PlatformThread[] = [];

  constructor(jvm: Jvm, { name, parallelism, maxPoolSize, keepAliveNs }: PoolOptions) {
    this.jvm = jvm;
    this.name = name;
    this.keepAliveNs = keepAliveNs;
    this.parallelism = Math.min(parallelism, maxPoolSize);
    this.maxPoolSize = maxPoolSize;
    this.minRunnable = Math.max(this.parallelism >> 1, 1);
    const length = Math.max(16, 1 << (33 - Math.clz32(this.parallelism - 1)));
    this.queues = new Array<WorkQueue | null>(length).fill(null);
  }

  // ---- submission -----------------------------------------------------------------------------------------------

  /** `execute`: the worker's own queue, or the caller's external one. Signals if the queue looked (nearly) empty. */
  execute(task: PoolTask, reason: string): void {
    const { queue } = this.caller();
    this.jvm.machine.charge(queue === null ? this.jvm.costs.externalSubmit : this.jvm.costs.execute);
    this.push(queue ?? this.submissionQueue(), task, 1, true, reason);
  }

  /** `externalSubmit`: the caller's external queue even if it is a worker. */
  externalSubmit(task: PoolTask, reason: string): void {
    this.jvm.machine.charge(this.jvm.costs.externalSubmit);
    this.push(this.submissionQueue(), task, 0, true, reason);
  }

  /** `lazySubmit`: the worker's own queue, without a signal. */
  lazySubmit(task: PoolTask, reason: string): void {
    this.jvm.machine.charge(this.jvm.costs.execute);
    this.push(this.caller().queue ?? this.submissionQueue(), task, 0, false, reason);
  }

  /** A delayed task is due: to the external queue of the DelayScheduler's thread. */
  executeEnabledScheduledTask(task: PoolJob): void {
    this.jvm.machine.charge(this.jvm.costs.externalSubmit);
    this.push(this.submissionQueue(), task, 1, true, "");
  }

  protected push(queue: WorkQueue, task: PoolTask, noUserHelp: 0 | 1, signal: boolean, reason: string): void {
    const { machine } = this.jvm;
    if (machine.trace.enabled && task instanceof VirtualThread)
      machine.emit(Kind.ready, this.caller().processor, task.taskId, reason);
    if (queue.push(task, noUserHelp, machine.threadNow) && signal) this.signalWork();
  }

  protected caller(): PlatformThread {
    return this.jvm.currentCarrier() ?? this.jvm.mainThread;
  }

  /** `submissionQueue`: by the caller's probe; a caller that had none prefers a slot without a queue. */
  protected submissionQueue(): WorkQueue {
    const caller = this.caller();
    const { queues } = this;
    const n = queues.length;
    let preferFree = false;
    if (caller.probe === 0) {
      caller.probe = this.jvm.probes.next();
      preferFree = true;
    }
    for (let probes = 0; ; probes++) {
      const id = caller.probe & EXTERNAL_ID_MASK;
      const i = id & (n - 1);
      const queue = queues[i]!;
      if (queue === null) {
        const created = new WorkQueue(caller, null, id, `external queue ${i}`);
        queues[i] = created;
        return created;
      }
      if (!preferFree) return queue;
      if (probes >= n >> 1) preferFree = false;
      caller.probe = xorshift(caller.probe);
    }
  }

  // ---- workers --------------------------------------------------------------------------------------------------

  /** Releases the most recently idle worker, or creates one if there are too few. */
  signalWork(): void {
    if (this.rc >= this.parallelism) return;
    if (this.idleTop !== null) {
      this.rc++;
      this.activate();
    } else if (this.tc < this.parallelism) {
      this.tc++;
      this.rc++;
      this.createWorker();
    }
  }

  private activate(): void {
    const queue = this.idleTop!;
    this.idleTop = queue.stackPred;
    queue.idle = false;
    if (!queue.parking) return;
    queue.owner!.unparkOs();
    this.jvm.machine.emit(Kind.threadWake, queue.owner!.processor, -1, "signalWork");
  }

  protected createWorker(): void {
    const worker = new PlatformThread(this.jvm, `${this.name}-worker-${++this.workersCreated}`, true);
    worker.processor = this.carriers.length;
    this.carriers.push(worker);
    this.jvm.machine.emit(Kind.handoff, worker.processor, -1, "createWorker", this.workersCreated);
    worker.start(() => this.runWorker(worker));
  }

  private registerWorker(worker: PlatformThread): WorkQueue {
    worker.probe = this.jvm.probes.next();
    const n = this.queues.length;
    let id = (worker.probe << 1) | 1;
    let k = n;
    for (; this.queues[id & (n - 1)] !== null && k > 0; k -= 2) id += 2;
    if (k <= 0) {
      id = (id & (n - 1)) | n;
      this.expand();
    }
    const queue = this.newQueue(worker, id);
    this.queues[id & (this.queues.length - 1)] = queue;
    return queue;
  }

  protected newQueue(worker: PlatformThread, id: number): WorkQueue {
    const queue = new WorkQueue(worker, worker, id, `queue of worker-${worker.processor + 1}`);
    worker.queue = queue;
    return queue;
  }

  /** No odd slot is free: doubles the array; workers keep their slots, external queues may move. */
  private expand(): void {
    const old = this.queues;
    const queues = new Array<WorkQueue | null>(old.length * 2).fill(null);
    old.forEach((queue, i) => {
      if (queue === null) return;
      queues[i % 2 === 1 ? i : queue.id & (queues.length - 1)] = queue;
    });
    this.queues = queues;
  }

  /**
   * A worker's life, and THE LOOP of the scheduler: scan all queues in the order of one xorshift step; at the first that
   * has a task, take it and run it and all local tasks, then poll the same queue again until it is empty; a pass that
   * took nothing deactivates the worker.
   */
  *runWorker(worker: PlatformThread): Steps {
    const { machine, costs } = this.jvm;
    const queue = this.registerWorker(worker);
    let r = worker.probe;
    let source = -1;
    for (;;) {
      r = xorshift(r);
      const { queues } = this;
      const n = queues.length;
      const step = (r >>> 16) | 1;
      let rescan = false;
      machine.charge(costs.scan);
      if (!machine.settle()) yield 0;
      scan: for (let i = r, l = n; l > 0; l--, i = (i + step) | 0) {
        const j = i & (n - 1);
        const q = queues[j]!;
        if (q === null) continue;
        const { array } = q;
        for (;;) {
          if (q.base === q.top || q.array !== array) {
            if (rescan) break scan; // the end of a run; an array that grew looks empty to its poller
            break;
          }
          if (q !== queue && q.basePushedAt > machine.now) {
            yield q.basePushedAt - machine.now; // it is being pushed right now
            continue;
          }
          const helpless = q.baseIsInterruptible;
          const task = q.poll();
          const base = q.base;
          const previous = source;
          queue.nsteals++;
          queue.source = source = j;
          rescan = true;
          const propagate = (previous !== source || helpless) && q.base !== q.top;
          if (propagate) this.signalWork();
          if (q.feeder !== worker) machine.charge(costs.steal);
          if (j % 2 === 1 && q !== queue)
            machine.emit(
              Kind.steal,
              worker.processor,
              idOf(task),
              "runWorker: scan took from a worker's queue",
              1,
            );
          yield* this.topLevelExec(worker, queue, task, q.polled);
          if (q.base !== base && !propagate) break scan; // another worker polls here: reduce interference
        }
      }
      if (rescan) continue;
      if (!(yield* this.deactivate(worker, queue))) return;
      source = -1; // propagate again
    }
  }

  /** Runs a polled task, then local tasks until there are none. A virtual thread runs until it unmounts or ends. */
  private *topLevelExec(worker: PlatformThread, queue: WorkQueue, polled: PoolTask, reason: string): Steps {
    const { machine } = this.jvm;
    let task: PoolTask | null = polled;
    while (task !== null) {
      if (!(task instanceof VirtualThread)) {
        machine.emit(Kind.callback, worker.processor, -1, "pool task");
        const running = task.run();
        if (isSteps(running)) yield* running;
      } else if (task.mount(worker)) {
        // runContinuation
        const { cont } = task;
        if (!machine.settle()) yield 0;
        if (task.taskId >= 0) machine.emit(Kind.run, worker.processor, task.taskId, reason);
        else machine.emit(Kind.callback, worker.processor, -1, task.name);
        let sent = 0;
        for (;;) {
          let ran: IteratorResult<number, unknown>;
          try {
            ran = cont.next(sent);
          } catch (error) {
            task.failedWith(error);
            ran = { done: true, value: undefined };
          }
          if (ran.done === true) {
            task.unmount();
            task.afterDone(worker);
            break;
          }
          if (ran.value === UNMOUNT) {
            task.unmount();
            task.afterYield(worker);
            break;
          }
          sent = yield ran.value; // a burn, or BLOCK: the carrier blocks with its thread
        }
      }
      if (!machine.settle()) yield 0;
      task = queue.nextLocalTask();
      reason = "topLevelExec: nextLocalTask";
    }
  }

  /** Becomes idle: spins for a while, then parks. False if the worker is to exit. */
  private *deactivate(worker: PlatformThread, queue: WorkQueue): Steps<boolean> {
    const { machine, costs } = this.jvm;
    queue.idle = true;
    queue.stackPred = this.idleTop;
    this.idleTop = queue;
    this.rc--;
    let prechecks = Math.min(this.rc, 2);
    const n = this.queues.length;
    const checks = Math.max(3 * n, SPIN_WAITS * 2);
    machine.emit(Kind.phase, worker.processor, -1, "deactivate", this.rc);
    for (let k = checks; k > 0; k -= n) {
      // One turn is n checks: each queue once.
      for (const q of this.queues)
        if (q !== null && q.base !== q.top && --prechecks < 0 && this.idleTop === queue) {
          this.idleTop = queue.stackPred;
          this.rc++;
          queue.idle = false;
          return true; // reactivate
        }
      yield Math.round((costs.idleSpin * n) / checks);
      if (!queue.idle) return true;
    }
    return yield* this.awaitWork(worker, queue);
  }

  private *awaitWork(worker: PlatformThread, queue: WorkQueue): Steps<boolean> {
    const { machine } = this.jvm;
    const keepAlive = queue.source === INVALID_ID ? TIMEOUT_SLOP_NS : this.keepAliveNs;
    let deadline = this.rc > 0 ? Infinity : machine.now + keepAlive;
    machine.emit(Kind.threadBlock, worker.processor, -1, "awaitWork");
    queue.parking = true;
    while (queue.idle) {
      if (machine.now >= deadline) {
        if (this.tryTrim(queue)) return false;
        deadline = Infinity;
      }
      yield* worker.parkIdle(deadline);
    }
    queue.parking = false;
    return true;
  }

  /** The top idle worker has waited too long: removes it, and lets the next follow soon. */
  private tryTrim(queue: WorkQueue): boolean {
    if (this.idleTop !== queue) return false;
    this.idleTop = queue.stackPred;
    this.tc--;
    queue.source = DROPPED;
    queue.idle = false;
    this.stealsOfDropped += queue.nsteals;
    this.queues[this.queues.indexOf(queue)] = null;
    queue.owner!.queue = null;
    this.jvm.machine.emit(Kind.handoff, queue.owner!.processor, -1, "tryTrim", -1);
    if (this.idleTop !== null) {
      this.rc++;
      this.idleTop.source = INVALID_ID;
      this.activate();
    }
    return true;
  }

  /** `ForkJoinWorkerThread.hasKnownQueuedWork`: in the caller's own queue or in the one it last polled. */
  hasKnownQueuedWork(): boolean {
    const { queue } = this.caller();
    if (queue === null) return false;
    const source = queue.source < 0 ? null : this.queues[queue.source]!;
    return queue.size > 0 || (source !== null && source.size > 0);
  }

  // ---- compensation ---------------------------------------------------------------------------------------------

  /** `CarrierThread.beginBlocking` (by `Blocker.begin`): replaces a carrier that is about to block, if it can. */
  beginBlocking(carrier: PlatformThread): boolean {
    if (carrier.compensating) return false;
    carrier.compensating = true;
    carrier.compensateValue = this.tryCompensate() ? 1 : 0;
    return true;
  }

  endBlocking(carrier: PlatformThread): void {
    if (!carrier.compensating) return;
    this.rc += carrier.compensateValue;
    carrier.compensating = false;
    carrier.compensateValue = 0;
  }

  /** True if the count of released workers has to be re-adjusted after blocking. */
  private tryCompensate(): boolean {
    if (this.idleTop !== null && this.rc <= this.parallelism) {
      this.activate(); // instead of the blocked one: rc stays
      return true;
    }
    if (this.rc > this.minRunnable && this.tc >= this.parallelism) {
      this.rc--; // do with fewer
      return true;
    }
    if (this.tc < this.maxPoolSize) {
      this.tc++;
      this.createWorker();
      return true;
    }
    return false; // saturated: block uncompensated
  }

  // ---- for people -----------------------------------------------------------------------------------------------

  get stealCount(): number {
    return this.queues.reduce((sum, queue) => sum + (queue?.nsteals ?? 0), this.stealsOfDropped);
  }

  private tasksIn(workers: boolean): number {
    return this.queues.reduce(
      (sum, queue, i) => (queue !== null && (i % 2 === 1) === workers ? sum + queue.size : sum),
      0,
    );
  }

  /** As `jcmd PID Thread.vthread_scheduler` prints it. */
  toString(): string {
    return (
      `java.util.concurrent.ForkJoinPool@${this.jvm.identityHashCode(this).toString(16)}[Running, parallelism = ${this.parallelism}, size = ${this.tc}, ` +
      `active = ${Math.max(this.rc, 0)}, running = ${this.carriers.filter((c) => c.getState() === "RUNNABLE").length}, ` +
      `steals = ${this.stealCount}, tasks = ${this.tasksIn(true)}, submissions = ${this.tasksIn(false)}, ` +
      `delayed = ${this.jvm.delayScheduler.size}]`
    );
  }

  inspect(): { readonly slot: number; readonly queue: string; readonly tasks: readonly string[] }[] {
    const rows = [];
    for (const [slot, queue] of this.queues.entries())
      if (queue !== null)
        rows.push({
          slot,
          queue: queue.owner === null ? "external" : queue.owner.name,
          tasks: queue
            .toArray()
            .map((task) =>
              task instanceof VirtualThread ? this.jvm.describe(task) : `timer of ${task.describe()}`,
            ),
        });
    return rows;
  }
}

const idOf = (task: PoolTask): number => (task instanceof VirtualThread ? task.taskId : -1);
