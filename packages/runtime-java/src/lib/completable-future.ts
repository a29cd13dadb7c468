/**
 * java.util.concurrent.CompletableFuture (JDK 25): dependents are a stack that the completing
 * thread runs, newest first; what they complete in turn is pushed on the same stack, reversed (`postComplete`). A blocked
 * `get` is an entry of the stack too. What is asynchronous runs on the common pool, platform threads, if no executor is given; what
 * a timeout completes runs on that pool's timer thread. Left out: combinations of two, helping by a common worker that waits.
 */
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { type JavaThread, NOTHING, Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** The future that a stage has completed, whose dependents are to run; null if it has completed none. */
export type Completed = CompletableFuture<unknown> | null;

/** Runs what is asynchronous: `Executor.execute`. */
export interface Executor {
  executeTask(body: () => Op, what: string): void;
}

/** An entry of the stack. */
interface Completion {
  fire(): Op<Completed>;
  next: Completion | null;
}

export class CompletableFuture<V> {
  readonly jvm: Jvm;
  isDone = false;
  value: V | null = null;
  /** The exception it ended with. */
  cause: Throwable | null = null;
  private stack: Completion | null = null;

  constructor(jvm: Jvm) {
    this.jvm = jvm;
  }

  /** False if it was complete already. */
  complete(value: V): boolean {
    return this.completeWith(value, null);
  }

  completeExceptionally(cause: Throwable): boolean {
    return this.completeWith(null, cause);
  }

  private completeWith(value: V | null, cause: Throwable | null): boolean {
    const first = this.settle(value, cause);
    atOnce(this.postComplete());
    return first;
  }

  /** `complete` where a dependent's code takes time. */
  completing(value: V): Op {
    this.settle(value, null);
    if (this.stack !== null) return this.postComplete();
  }

  /** Completes it and runs none of its dependents: that is for the stack that this was called from. */
  settle(value: V | null, cause: Throwable | null): boolean {
    this.jvm.machine.charge(this.jvm.costs.future);
    if (this.isDone) return false;
    this.isDone = true;
    this.value = value;
    this.cause = cause;
    return true;
  }

  private push(completion: Completion): void {
    this.jvm.machine.charge(this.jvm.costs.future);
    completion.next = this.stack;
    this.stack = completion;
  }

  *postComplete(): Steps {
    let future: CompletableFuture<unknown> = this as CompletableFuture<unknown>;
    for (;;) {
      const completion = future.stack;
      if (completion === null) {
        if (future === (this as CompletableFuture<unknown>)) return;
        future = this as CompletableFuture<unknown>;
        continue;
      }
      future.stack = completion.next;
      if (future !== (this as CompletableFuture<unknown>) && completion.next !== null) {
        completion.next = this.stack;
        this.stack = completion;
        continue;
      }
      completion.next = null;
      const fired = completion.fire();
      future = (isSteps(fired) ? yield* fired : fired) ?? (this as CompletableFuture<unknown>);
    }
  }

  /** `cancel`: completes with CancellationException; interrupts nobody. */
  cancel(): boolean {
    return this.completeExceptionally(new Throwable("java.util.concurrent.CancellationException"));
  }

  /** A dependent with code of its own, which runs here and now if this is done. */
  whenDone(stage: () => Op<Completed>): Op<Completed> {
    if (this.isDone) return stage();
    this.push({ next: null, fire: stage });
    return null;
  }

  /** `handle`: the base of the other synchronous stages. */
  handle<W>(stage: (value: V | null, cause: Throwable | null) => W): CompletableFuture<W> {
    const dependent = new CompletableFuture<W>(this.jvm);
    const run = (): void => {
      try {
        dependent.settle(stage(this.value, this.cause), null);
      } catch (error) {
        if (!(error instanceof Throwable)) throw error;
        dependent.settle(null, asCompletionException(error));
      }
    };
    if (this.isDone) run();
    else
      this.push({
        next: null,
        fire: () => {
          run();
          return dependent as CompletableFuture<unknown>;
        },
      });
    return dependent;
  }

  thenApply<W>(stage: (value: V) => W): CompletableFuture<W> {
    return this.handle((value, cause) => {
      if (cause !== null) throw cause;
      return stage(value as V);
    });
  }

  thenAccept(stage: (value: V) => void): CompletableFuture<void> {
    return this.thenApply(stage);
  }

  exceptionally(stage: (cause: Throwable) => V): CompletableFuture<V> {
    return this.handle((value, cause) => (cause === null ? (value as V) : stage(cause)));
  }

  /** `thenCompose`: what the future that the stage returns is done with. */
  thenCompose<W>(stage: (value: V) => CompletableFuture<W>): CompletableFuture<W> {
    const dependent = new CompletableFuture<W>(this.jvm);
    const run = (): Completed => {
      if (this.cause !== null) dependent.settle(null, asCompletionException(this.cause));
      else {
        const inner = stage(this.value as V);
        const relay = (): Completed => {
          dependent.settle(inner.value, inner.cause === null ? null : asCompletionException(inner.cause));
          return dependent as CompletableFuture<unknown>;
        };
        if (!inner.isDone) {
          inner.push({ next: null, fire: relay });
          return null;
        }
        relay();
      }
      return dependent as CompletableFuture<unknown>;
    };
    if (this.isDone) run();
    else this.push({ next: null, fire: run });
    return dependent;
  }

  /** `handleAsync`: the base of the other asynchronous stages. */
  handleAsync<W>(
    stage: (value: V | null, cause: Throwable | null) => Op<W>,
    executor: Executor = this.jvm.commonPool,
  ): CompletableFuture<W> {
    const dependent = new CompletableFuture<W>(this.jvm);
    const submit = (): null => {
      executor.executeTask(() => dependent.run(() => stage(this.value, this.cause)), "UniHandle");
      return null;
    };
    if (this.isDone) submit();
    else this.push({ next: null, fire: submit });
    return dependent;
  }

  thenApplyAsync<W>(stage: (value: V) => Op<W>, executor?: Executor): CompletableFuture<W> {
    return this.handleAsync((value, cause) => {
      if (cause !== null) throw cause;
      return stage(value as V);
    }, executor);
  }

  thenAcceptAsync(stage: (value: V) => Op, executor?: Executor): CompletableFuture<void> {
    return this.thenApplyAsync(stage, executor);
  }

  /** The body of an asynchronous stage, on its executor: completes it and runs its dependents. */
  private *run(body: () => Op<V>): Steps {
    try {
      const running = body();
      this.settle(isSteps(running) ? yield* running : running, null);
    } catch (error) {
      if (!(error instanceof Throwable)) throw error;
      this.settle(null, asCompletionException(error));
    }
    yield* this.postComplete();
  }

  /** `CompletableFuture.supplyAsync(body, executor)`, and `runAsync`. */
  static supplyAsync<V>(
    jvm: Jvm,
    body: () => Op<V>,
    executor: Executor = jvm.commonPool,
  ): CompletableFuture<V> {
    const future = new CompletableFuture<V>(jvm);
    executor.executeTask(() => future.run(body), "AsyncSupply");
    return future;
  }

  /** Done when all are, with the exception of the first in the list that has one. */
  static allOf(jvm: Jvm, futures: readonly CompletableFuture<unknown>[]): CompletableFuture<null> {
    const all = new CompletableFuture<null>(jvm);
    let live = futures.filter((future) => !future.isDone).length;
    const relay = (): void => {
      const cause = futures.find((future) => future.cause !== null)?.cause ?? null;
      all.settle(null, cause === null ? null : asCompletionException(cause));
    };
    if (live === 0) relay();
    for (const future of futures)
      if (!future.isDone)
        future.push({
          next: null,
          fire: () => {
            if (--live > 0) return null;
            relay();
            return all as CompletableFuture<unknown>;
          },
        });
    return all;
  }

  /** Done as the first of them is. */
  static anyOf(jvm: Jvm, futures: readonly CompletableFuture<unknown>[]): CompletableFuture<unknown> {
    const any = new CompletableFuture<unknown>(jvm);
    const relay = ({ value, cause }: CompletableFuture<unknown>): Completed =>
      any.settle(value, cause === null ? null : asCompletionException(cause)) ? any : null;
    const done = futures.find((future) => future.isDone);
    if (done !== undefined) relay(done);
    else for (const future of futures) future.push({ next: null, fire: () => relay(future) });
    return any;
  }

  /** Completes it with a TimeoutException, on the common pool's timer thread, unless it is done before. */
  orTimeout(nanos: number): this {
    return this.arrangeTimeout(nanos, () =>
      this.settle(null, new Throwable("java.util.concurrent.TimeoutException")),
    );
  }

  /** Likewise with a value. */
  completeOnTimeout(value: V, nanos: number): this {
    return this.arrangeTimeout(nanos, () => this.settle(value, null));
  }

  private arrangeTimeout(nanos: number, onTimeout: () => void): this {
    if (this.isDone) return this;
    const { commonPool } = this.jvm;
    const task = commonPool.scheduleImmediate(() => {
      onTimeout();
      return this.postComplete();
    }, nanos);
    this.handle(() => commonPool.delayScheduler.cancel(task));
    return this;
  }

  /** Waits until it is done; what it is done with is in `value` and `cause`. Interruptible, as `get`, or not, as `join`. */
  *waitingGet(interruptible = true): Steps {
    if (this.isDone) return; // whether interrupted or not
    const thread = this.jvm.currentThread();
    if (interruptible && thread.getAndClearInterrupt()) throw this.jvm.interruptedException();
    const signaller = new Signaller(thread);
    let interrupted = false;
    this.push(signaller);
    while (!this.isDone) {
      if (interrupted && interruptible) {
        signaller.thread = null;
        throw this.jvm.interruptedException();
      }
      const how = thread.startPark(UNTIMED);
      if (how !== NOTHING) {
        yield how;
        thread.endPark();
      }
      interrupted = thread.getAndClearInterrupt() || interrupted;
    }
    signaller.thread = null;
    if (interrupted) thread.interrupt(); // done all the same
    yield* this.postComplete();
  }

  /** Throws a CompletionException around what it ended with. */
  *join(): Steps<V> {
    yield* this.waitingGet(false);
    if (this.cause === null) return this.value as V;
    throw isCancellation(this.cause) ? this.cause : asCompletionException(this.cause);
  }

  /** Throws an ExecutionException around what it ended with. */
  *get(): Steps<V> {
    yield* this.waitingGet();
    if (this.cause === null) return this.value as V;
    if (isCancellation(this.cause)) throw this.cause;
    throw new ExecutionException(this.cause instanceof CompletionException ? this.cause.cause : this.cause);
  }
}

/** Runs stages that take no time. */
function atOnce(steps: Steps): void {
  if (steps.next().done !== true) throw new Error("a stage that takes time");
}

/** `CompletableFuture.Signaller`: unparks a blocked getter. */
class Signaller implements Completion {
  next: Completion | null = null;
  thread: JavaThread | null;

  constructor(thread: JavaThread) {
    this.thread = thread;
  }

  fire(): null {
    this.thread?.unpark();
    this.thread = null;
    return null;
  }
}

export class ExecutionException extends Throwable {
  override readonly cause: Throwable;

  constructor(cause: Throwable) {
    super("java.util.concurrent.ExecutionException", cause.toString());
    this.cause = cause;
  }
}

export class CompletionException extends Throwable {
  override readonly cause: Throwable;

  constructor(cause: Throwable) {
    super("java.util.concurrent.CompletionException", cause.toString());
    this.cause = cause;
  }
}

const isCancellation = ({ javaClass }: Throwable): boolean =>
  javaClass === "java.util.concurrent.CancellationException";

const asCompletionException = (error: Throwable): CompletionException =>
  error instanceof CompletionException ? error : new CompletionException(error);
