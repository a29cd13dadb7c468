/**
 * java.util.concurrent.CompletableFuture (JDK 25), synchronous methods only: dependents are a stack that the completing
 * thread runs, newest first; what they complete in turn is pushed on the same stack, reversed (`postComplete`). A blocked
 * `get` is an entry of the stack too. Left out: the *Async methods, timeouts, combinations of two.
 */
import { isSteps, type Op, type Steps } from "@orrery/runtime";
import { type JavaThread, NOTHING, Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** The future that a stage has completed, whose dependents are to run; null if it has completed none. */
export type Completed = CompletableFuture<unknown> | null;

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

  /** Waits until it is done; what it is done with is in `value` and `cause`. Interruptible, as `get`. */
  *waitingGet(): Steps {
    if (this.isDone) return; // whether interrupted or not
    const thread = this.jvm.currentThread();
    if (thread.getAndClearInterrupt()) throw this.jvm.interruptedException();
    const signaller = new Signaller(thread);
    let interrupted = false;
    this.push(signaller);
    while (!this.isDone) {
      if (interrupted) {
        signaller.thread = null;
        throw this.jvm.interruptedException();
      }
      const how = thread.startPark(UNTIMED);
      if (how !== NOTHING) {
        yield how;
        thread.endPark();
      }
      interrupted = thread.getAndClearInterrupt();
    }
    signaller.thread = null;
    if (interrupted) thread.interrupt(); // done all the same
    yield* this.postComplete();
  }

  *get(): Steps<V> {
    yield* this.waitingGet();
    if (this.cause === null) return this.value as V;
    if (this.cause.javaClass === "java.util.concurrent.CancellationException") throw this.cause;
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

const asCompletionException = (error: Throwable): CompletionException =>
  error instanceof CompletionException ? error : new CompletionException(error);
