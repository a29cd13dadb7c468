/**
 * java.util.concurrent.ThreadPoolExecutor as `Executors.newFixedThreadPool(n)` makes it (JDK 25): platform threads, created
 * one per submission until there are n, then a queue. FutureTask's getters are woken newest first.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, PlatformThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { LinkedBlockingQueue } from "./linked-blocking-queue.ts";

export class FutureTask {
  isDone = false;
  private readonly jvm: Jvm;
  private readonly body: () => Steps;
  /** Newest first. */
  private waiters: JavaThread[] = [];

  constructor(jvm: Jvm, body: () => Steps) {
    this.jvm = jvm;
    this.body = body;
  }

  *run(): Steps {
    yield* this.body();
    this.isDone = true;
    this.jvm.machine.charge(this.jvm.costs.future);
    if (!this.jvm.machine.settle()) yield 0;
    const { waiters } = this;
    this.waiters = [];
    for (const thread of waiters) thread.unpark();
  }

  *get(): Steps {
    const thread = this.jvm.currentThread();
    if (this.isDone) return;
    if (thread.getAndClearInterrupt()) throw this.jvm.interruptedException();
    this.waiters.unshift(thread);
    while (!this.isDone) {
      yield* thread.park();
      if (this.isDone || !thread.getAndClearInterrupt()) continue;
      this.waiters = this.waiters.filter((waiter) => waiter !== thread);
      throw this.jvm.interruptedException();
    }
  }
}

export class FixedThreadPool {
  readonly threads: PlatformThread[] = [];
  private readonly jvm: Jvm;
  private readonly corePoolSize: number;
  private readonly queue: LinkedBlockingQueue<FutureTask>;
  private readonly name: string;

  constructor(jvm: Jvm, corePoolSize: number, number: number) {
    this.jvm = jvm;
    this.corePoolSize = corePoolSize;
    this.queue = new LinkedBlockingQueue(jvm);
    this.name = `pool-${number}`;
  }

  *submit(body: () => Steps): Steps<FutureTask> {
    const task = new FutureTask(this.jvm, body);
    this.jvm.machine.charge(this.jvm.costs.future);
    if (this.threads.length < this.corePoolSize) this.addWorker(task);
    else yield* this.queue.offer(task);
    return task;
  }

  private addWorker(firstTask: FutureTask): void {
    const thread = new PlatformThread(this.jvm, `${this.name}-thread-${this.threads.length + 1}`, true);
    this.threads.push(thread);
    thread.start(() => this.runWorker(firstTask));
  }

  private *runWorker(firstTask: FutureTask): Steps {
    let task = firstTask;
    for (;;) {
      yield* task.run();
      task = yield* this.queue.take();
    }
  }

  inspect(): { readonly threads: number; readonly queued: number } {
    return { threads: this.threads.length, queued: this.queue.size };
  }
}
