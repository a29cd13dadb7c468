/**
 * java.util.concurrent.ThreadPerTaskExecutor (JDK 25), as `Executors.newVirtualThreadPerTaskExecutor()` makes it: a virtual
 * thread for each submission; `close` waits for all of them. Its future is a CompletableFuture bound to the thread.
 */
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import { CompletableFuture, ExecutionException } from "./completable-future.ts";
import { CountDownLatch } from "./count-down-latch.ts";
import { startIn, Thread } from "./thread.ts";

export class ThreadBoundFuture<V> extends CompletableFuture<V> {
  thread!: VirtualThread;

  /** `cancel(true)`: the future is cancelled at once, the body may go on until it notices the interrupt. */
  override cancel(): boolean {
    const cancelled = super.cancel();
    if (cancelled) this.thread.interrupt();
    return cancelled;
  }
}

export class ThreadPerTaskExecutor {
  private readonly jvm: Jvm;
  /** In order of submission. */
  private readonly threads = new Set<VirtualThread>();
  private readonly terminationSignal: CountDownLatch;
  private isShutdown = false;

  constructor(jvm: Jvm) {
    this.jvm = jvm;
    this.terminationSignal = new CountDownLatch(jvm, 1);
  }

  submit<V>(body: () => Steps<V>): ThreadBoundFuture<V> {
    if (this.isShutdown) throw new Throwable("java.util.concurrent.RejectedExecutionException");
    const future = new ThreadBoundFuture<V>(this.jvm);
    const run = function* (): Steps {
      try {
        future.complete(yield* body());
      } catch (error) {
        if (!(error instanceof Throwable)) throw error;
        future.completeExceptionally(error);
      }
    };
    future.thread = this.start(run());
    return future;
  }

  private start(body: Steps): VirtualThread {
    const thread = Thread.ofVirtual(this.jvm, body);
    this.threads.add(thread);
    startIn(this, thread);
    return thread;
  }

  onExit(thread: VirtualThread): void {
    this.threads.delete(thread);
    this.tryTerminate();
  }

  private tryTerminate(): void {
    if (this.isShutdown && this.threads.size === 0) this.terminationSignal.countDown();
  }

  /** `execute` */
  executeTask(body: () => Op): void {
    this.start(
      (function* (): Steps {
        const running = body();
        if (isSteps(running)) yield* running;
      })(),
    );
  }

  shutdown(): void {
    this.isShutdown = true;
    this.tryTerminate();
  }

  get isTerminated(): boolean {
    return this.terminationSignal.count === 0;
  }

  /** `close`: an interrupt while waiting interrupts all tasks, and waiting goes on. */
  *close(): Steps {
    this.shutdown();
    const current = this.jvm.currentThread();
    let interrupted = false;
    while (!this.isTerminated) {
      try {
        yield* this.terminationSignal.await();
      } catch (error) {
        if (!(error instanceof Throwable)) throw error;
        if (!interrupted) for (const thread of this.threads) thread.interrupt();
        interrupted = true;
      }
    }
    if (interrupted) current.interrupt();
  }

  /** Results in list order, all done. */
  *invokeAll<V>(bodies: readonly (() => Steps<V>)[]): Steps<ThreadBoundFuture<V>[]> {
    const futures = bodies.map((body) => this.submit(body));
    for (const future of futures) yield* future.waitingGet();
    return futures;
  }

  /** The first result; the others are interrupted in list order and not waited for. */
  *invokeAny<V>(bodies: readonly (() => Steps<V>)[]): Steps<V> {
    const caller = this.jvm.currentThread();
    let result: { readonly value: V } | null = null;
    let exceptions = 0;
    let firstException: Throwable | null = null;
    const threads = bodies.map((body) => {
      const run = function* (): Steps {
        try {
          const value = yield* body();
          if (result !== null) return;
          result = { value };
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          if (result !== null) return;
          firstException ??= error;
          exceptions++;
        }
        caller.unpark();
      };
      return this.start(run());
    });
    try {
      if (caller.getAndClearInterrupt()) throw this.jvm.interruptedException();
      while (result === null && exceptions < threads.length) {
        yield* caller.park();
        if (caller.getAndClearInterrupt()) throw this.jvm.interruptedException();
      }
      if (result === null) throw new ExecutionException(firstException!);
      return (result as { readonly value: V }).value;
    } finally {
      for (const thread of threads) if (!thread.isTerminated) thread.interrupt();
    }
  }
}
