/**
 * libuv 1.52 src/threadpool.c: the process's pool of OS threads, started all at once by the first work. Work is started
 * in order; slow I/O (getaddrinfo) may occupy half of the threads and waits behind what is queued after it.
 * The pool's mutex is taken to be free. uv_cancel is left out.
 */
import { Fifo } from "@orrery/runtime";
import { BLOCK, Kind, type Machine, type Thread, type ThreadBody } from "@orrery/simulator";
import type { NodeCosts } from "../costs.ts";
import { uv_async_send } from "./async.ts";
import type { Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

export type WorkKind = "cpu" | "fast I/O" | "slow I/O";

export interface Work {
  /** Whose thread hears of its end. */
  readonly loop: Loop;
  readonly name: string;
  /** As process.getActiveResourcesInfo() names it; null: it does not. */
  readonly resource: string | null;
  readonly kind: WorkKind;
  /** What the pool's thread does. */
  readonly work: (machine: Machine, thread: Thread) => ThreadBody;
  /** Called on the loop's thread afterwards. */
  readonly done: () => Run<unknown>;
}

/** Marks in `wq` that slow I/O is pending. */
const RUN_SLOW_WORK = null;

export class ThreadPool {
  readonly size: number;
  readonly wq = new Fifo<Work | typeof RUN_SLOW_WORK>();
  readonly slowIoPending = new Fifo<Work>();
  /** Threads asleep on the condition variable, longest first. */
  readonly idle = new Fifo<Thread>();
  readonly threads: Thread[] = [];
  /** What each thread works on, by its place in `threads`. */
  readonly working: (Work | null)[] = [];
  slowIoRunning = 0;
  workDone = 0;
  private slowMessageQueued = false;
  private readonly machine: Machine;
  private readonly costs: NodeCosts;

  /** `size` as given by UV_THREADPOOL_SIZE. */
  constructor(machine: Machine, costs: NodeCosts, size: number) {
    this.machine = machine;
    this.costs = costs;
    this.size = Math.max(1, size); // init_threads: 0 counts as 1
  }

  /** uv__work_submit */
  submit(work: Work): void {
    work.loop.activeReqs++;
    this.machine.charge(this.costs.poolSubmit);
    if (this.threads.length === 0) this.initThreads();
    if (work.kind === "slow I/O") {
      this.slowIoPending.push(work);
      if (this.slowMessageQueued) return;
      this.postSlowMessage();
    } else this.wq.push(work);
    this.signal();
  }

  private initThreads(): void {
    for (let i = 0; i < this.size; i++) {
      this.working.push(null);
      this.threads.push(this.machine.spawn(`libuv-worker ${i}`, (thread) => this.worker(thread, i)));
    }
  }

  private postSlowMessage(): void {
    this.slowMessageQueued = true;
    this.wq.push(RUN_SLOW_WORK);
  }

  /** uv_cond_signal */
  private signal(): void {
    const thread = this.idle.shift();
    if (thread !== undefined) this.machine.wake(thread);
  }

  private get slowThreshold(): number {
    return (this.size + 1) >> 1;
  }

  private mustSleep(): boolean {
    if (this.wq.length === 0) return true;
    return (
      this.wq.length === 1 && this.wq.peek() === RUN_SLOW_WORK && this.slowIoRunning >= this.slowThreshold
    );
  }

  /** Requests of a loop whose callback has not run, oldest first as far as they are queued. */
  pending(loop: Loop): readonly string[] {
    const started = [
      ...loop.wq.toArray(),
      ...this.working,
      ...this.wq.toArray(),
      ...this.slowIoPending.toArray(),
    ];
    return started.flatMap((work) => (work?.loop === loop && work.resource !== null ? [work.resource] : []));
  }

  private *worker(thread: Thread, index: number): ThreadBody {
    const { machine, costs } = this;
    for (;;) {
      while (this.mustSleep()) {
        this.idle.push(thread);
        thread.waitingFor = "uv_cond_wait";
        machine.emit(Kind.threadBlock, -1, -1, "uv_cond_wait");
        yield BLOCK;
        machine.emit(Kind.threadWake, -1, -1, "uv_cond_wait");
      }
      thread.waitingFor = "";
      const work = this.take();
      if (work === null) continue;
      this.working[index] = work;
      machine.emit(Kind.callback, -1, -1, work.name);
      machine.charge(costs.poolWork);
      if (!machine.settle()) yield 0;
      yield* work.work(machine, thread);
      this.working[index] = null;
      this.workDone++;
      work.loop.wq.push(work);
      uv_async_send(work.loop.wqAsync);
      if (work.kind === "slow I/O") this.slowIoRunning--;
    }
  }

  /** The head of the queue; null when it was the mark of slow I/O and that may not run now. */
  private take(): Work | null {
    const work = this.wq.shift()!;
    if (work !== RUN_SLOW_WORK) return work;
    if (this.slowIoRunning >= this.slowThreshold) {
      this.wq.push(RUN_SLOW_WORK);
      return null;
    }
    this.slowMessageQueued = false;
    this.slowIoRunning++;
    const slow = this.slowIoPending.shift()!;
    if (this.slowIoPending.length > 0) {
      this.postSlowMessage();
      this.signal();
    }
    return slow;
  }
}

/** uv__work_done, the callback of `wq_async`: every finished work, in the order in which it finished. */
export function* uv__work_done(loop: Loop): Run {
  const finished = loop.wq.toArray();
  while (loop.wq.length > 0) loop.wq.shift();
  for (const work of finished) {
    loop.activeReqs--;
    loop.machine.charge(loop.costs.poolDone);
    if (!loop.machine.settle()) yield 0;
    loop.machine.emit(Kind.callback, 0, -1, "uv__work_done");
    yield* work.done();
  }
  if (finished.length > 1) loop.events += finished.length - 1;
}
