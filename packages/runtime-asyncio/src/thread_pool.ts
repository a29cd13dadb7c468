/**
 * concurrent/futures/thread.py ThreadPoolExecutor (3.11). One shared FIFO of work; a thread is started for a new item
 * unless an idle permit is there or the pool is full; a worker leaves one idle permit after every item. Starting a thread
 * waits for it, and it comes with the GIL: a short item runs to its end, and leaves its permit, before `submit` returns.
 */
import { BLOCK, Kind, type Thread, type ThreadBody } from "@orrery/simulator";
import { Deque } from "./deque.ts";
import { RuntimeError } from "./exceptions.ts";
import { BlockingCall, isGenerator, type PySteps, type Python, type PyThread } from "./python.ts";
import { ConcurrentFuture } from "./wrap_future.ts";

export type Work<T> = () => T | PySteps<T>;

interface WorkItem {
  readonly future: ConcurrentFuture<unknown>;
  readonly work: Work<unknown>;
}

export class ThreadPoolExecutor {
  readonly max_workers: number;
  readonly threads: PyThread[] = [];
  idle_permits = 0;
  /** Items done. */
  completed = 0;
  readonly work_queue = new SimpleQueue<WorkItem | null>();
  private is_shutdown = false;
  private readonly python: Python;
  readonly prefix: string;

  constructor(python: Python, max_workers: number, thread_name_prefix: string) {
    this.python = python;
    this.max_workers = max_workers;
    this.prefix = thread_name_prefix;
    python.executors.push(this);
  }

  *submit<T>(work: Work<T>): PySteps<ConcurrentFuture<T>> {
    if (this.is_shutdown) throw new RuntimeError("cannot schedule new futures after shutdown");
    const { machine, costs } = this.python;
    const future = new ConcurrentFuture<T>();
    machine.charge(costs.submit);
    machine.emit(Kind.note, -1, -1, "ThreadPoolExecutor.submit", this.work_queue.length);
    this.work_queue.put(this.python, { future: future as ConcurrentFuture<unknown>, work });
    yield* this.adjust_thread_count();
    return future;
  }

  private *adjust_thread_count(): PySteps {
    if (this.idle_permits > 0) {
      this.idle_permits--;
      return;
    }
    if (this.threads.length >= this.max_workers) return;
    const name = `${this.prefix}_${this.threads.length}`;
    this.threads.push(yield* this.python.start_thread(name, () => this.worker()));
  }

  private *worker(): PySteps {
    const { python } = this;
    for (;;) {
      const item = yield* this.work_queue.get();
      if (item === null) {
        this.work_queue.put(python, null); // notice other workers
        return;
      }
      if (item.future.set_running_or_notify_cancel()) yield* this.run(item);
      this.idle_permits++;
      this.completed++;
    }
  }

  private *run({ future, work }: WorkItem): PySteps {
    const { machine, costs } = this.python;
    machine.emit(Kind.note, -1, -1, "ThreadPoolExecutor: work item begins");
    let result: unknown;
    try {
      const steps = work();
      result = isGenerator(steps) ? yield* steps : steps;
    } catch (error) {
      future.set_exception(error as Error);
      return;
    }
    yield costs.submit;
    machine.emit(Kind.note, -1, -1, "ThreadPoolExecutor: work item ends");
    future.set_result(result);
  }

  /** shutdown(wait=True) */
  *shutdown(): PySteps {
    this.shutdown_nowait();
    for (const thread of this.threads) yield* thread.join();
  }

  /** shutdown(wait=False) */
  shutdown_nowait(): void {
    this.is_shutdown = true;
    this.work_queue.put(this.python, null);
  }
}

/** queue.SimpleQueue: a FIFO that threads block on. */
class SimpleQueue<T> {
  private readonly items = new Deque<T>();
  private readonly waiters: Thread[] = [];

  get length(): number {
    return this.items.length;
  }

  put(python: Python, item: T): void {
    this.items.append(item);
    const thread = this.waiters.shift();
    if (thread !== undefined) python.machine.wake(thread);
  }

  *get(): PySteps<T> {
    while (this.items.length === 0) yield new BlockingCall("SimpleQueue.get", (thread) => this.wait(thread));
    return this.items.popleft();
  }

  private *wait(thread: Thread): ThreadBody {
    if (this.items.length > 0) return;
    this.waiters.push(thread);
    thread.waitingFor = "SimpleQueue.get";
    yield BLOCK;
    thread.waitingFor = "";
    const place = this.waiters.indexOf(thread);
    if (place >= 0) this.waiters.splice(place, 1);
  }
}
