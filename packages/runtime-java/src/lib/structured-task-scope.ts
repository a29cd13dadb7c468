/**
 * java.util.concurrent.StructuredTaskScope (JDK 25, preview, JEP 505) on jdk.internal.misc.ThreadFlock. A subtask's end
 * asks the joiner, in the subtask's own thread, whether to cancel the scope: that interrupts all unfinished subtasks and
 * wakes the owner, so `join` may return before they have ended; `close` waits for them. A timeout is a task of the common pool that
 * cancels the scope. Forks have the scoped values that were bound when the scope was opened. Left out: nesting checks.
 */
import type { Steps } from "@orrery/runtime";
import { InterruptedException, type JavaThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { DelayedTask } from "../vm/delay-scheduler.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import { startIn, Thread } from "./thread.ts";

export class Subtask<V> {
  state: "UNAVAILABLE" | "SUCCESS" | "FAILED" = "UNAVAILABLE";
  value: V | null = null;
  exception: Throwable | null = null;
}

/** `StructuredTaskScope.Joiner`. */
export interface Joiner<V, R> {
  onFork?(subtask: Subtask<V>): void;
  /** True to cancel the scope. */
  onComplete(subtask: Subtask<V>): boolean;
  /** What `join` returns, or throws in a FailedException. */
  result(): R;
}

export class FailedException extends Throwable {
  override readonly cause: Throwable;

  constructor(cause: Throwable) {
    super("java.util.concurrent.StructuredTaskScope.FailedException", cause.toString());
    this.cause = cause;
  }
}

export const Joiners = {
  awaitAllSuccessfulOrThrow<V>(): Joiner<V, null> {
    let failure: Throwable | null = null;
    return {
      onComplete: ({ exception }) => {
        failure ??= exception;
        return exception !== null;
      },
      result: () => {
        if (failure !== null) throw new FailedException(failure);
        return null;
      },
    };
  },

  anySuccessfulResultOrThrow<V>(): Joiner<V, V> {
    let first: Subtask<V> | null = null;
    let failure: Throwable | null = null;
    return {
      onComplete: (subtask) => {
        failure ??= subtask.exception;
        if (first === null && subtask.state === "SUCCESS") first = subtask;
        return first !== null;
      },
      result: () => {
        if (first !== null) return first.value as V;
        throw new FailedException(
          failure ?? new Throwable("java.util.NoSuchElementException", "No subtasks completed"),
        );
      },
    };
  },

  /** The subtasks, all successful, in the order of `fork`; the first failure cancels. */
  allSuccessfulOrThrow<V>(): Joiner<V, readonly Subtask<V>[]> {
    const subtasks: Subtask<V>[] = [];
    let failure: Throwable | null = null;
    return {
      onFork: (subtask) => {
        subtasks.push(subtask);
      },
      onComplete: ({ exception }) => {
        failure ??= exception;
        return exception !== null;
      },
      result: () => {
        if (failure !== null) throw new FailedException(failure);
        return subtasks;
      },
    };
  },

  /** All subtasks in the order of `fork`; the first that `isDone` accepts cancels. */
  allUntil<V>(isDone: (subtask: Subtask<V>) => boolean): Joiner<V, readonly Subtask<V>[]> {
    const subtasks: Subtask<V>[] = [];
    return {
      onFork: (subtask) => {
        subtasks.push(subtask);
      },
      onComplete: isDone,
      result: () => subtasks,
    };
  },

  awaitAll<V>(): Joiner<V, null> {
    return { onComplete: () => false, result: () => null };
  },
};

export class StructuredTaskScope<V, R> {
  isCancelled = false;
  private readonly jvm: Jvm;
  private readonly joiner: Joiner<V, R>;
  readonly owner: JavaThread;
  /** ThreadFlock: threads alive, in order of `fork`. */
  private readonly threads = new Set<VirtualThread>();
  private readonly scopedValues: ReadonlyMap<unknown, unknown> | undefined;
  private readonly timerTask: DelayedTask | null = null;
  private timeoutExpired = false;
  private state: "new" | "forked" | "joinStarted" | "joinCompleted" = "new";

  /** `timeoutNs` is the configuration's `withTimeout`, null for none. */
  constructor(jvm: Jvm, joiner: Joiner<V, R>, timeoutNs: number | null = null) {
    this.jvm = jvm;
    this.joiner = joiner;
    this.owner = jvm.currentThread();
    this.scopedValues = jvm.scopedValueBindings.get(this.owner);
    if (timeoutNs === null) return;
    this.timerTask = jvm.commonPool.schedule(() => {
      if (this.isCancelled) return;
      this.timeoutExpired = true;
      this.cancel();
    }, timeoutNs);
  }

  /** After a cancellation it starts no thread. */
  fork(body: () => Steps<V>): Subtask<V> {
    this.ensureNotJoined();
    this.state = "forked";
    const subtask = new Subtask<V>();
    this.joiner.onFork?.(subtask);
    if (this.isCancelled) return subtask;
    const thread = Thread.ofVirtual(this.jvm, this.run(subtask, body));
    if (this.scopedValues !== undefined) this.jvm.scopedValueBindings.set(thread, this.scopedValues);
    this.threads.add(thread);
    startIn(this, thread);
    return subtask;
  }

  private *run(subtask: Subtask<V>, body: () => Steps<V>): Steps {
    let value: V | null = null;
    let exception: Throwable | null = null;
    try {
      value = yield* body();
    } catch (error) {
      if (!(error instanceof Throwable)) throw error;
      exception = error;
    }
    if (this.isCancelled) return; // too late: it stays unavailable
    subtask.value = value;
    subtask.exception = exception;
    subtask.state = exception === null ? "SUCCESS" : "FAILED";
    if (this.joiner.onComplete(subtask)) this.cancel();
  }

  private cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    const current = this.jvm.currentThread();
    for (const thread of this.threads) if (thread !== current) thread.interrupt();
    this.wakeUp();
  }

  onExit(thread: VirtualThread): void {
    this.threads.delete(thread);
    if (this.threads.size === 0) this.wakeUp();
  }

  private wakeUp(): void {
    this.owner.unpark();
  }

  *join(): Steps<R> {
    this.ensureNotJoined();
    this.state = "joinStarted";
    while (this.threads.size > 0 && !this.isCancelled) {
      if (this.owner.getAndClearInterrupt()) throw new InterruptedException();
      yield* this.owner.park();
    }
    if (this.timeoutExpired) throw new Throwable("java.util.concurrent.StructuredTaskScope.TimeoutException");
    this.cancelTimeout();
    this.state = "joinCompleted";
    return this.joiner.result();
  }

  private cancelTimeout(): void {
    if (this.timerTask !== null) this.jvm.commonPool.delayScheduler.cancel(this.timerTask);
  }

  private ensureNotJoined(): void {
    if (this.state === "new" || this.state === "forked") return;
    throw illegalState("Already joined or scope is closed");
  }

  /** Interrupts the subtasks if join did not complete: it was not called, or the owner was interrupted. */
  *close(): Steps {
    const { state } = this;
    if (state !== "joinCompleted") this.cancel();
    this.cancelTimeout();
    let interrupted = false;
    while (this.threads.size > 0) {
      yield* this.owner.park();
      interrupted = this.owner.getAndClearInterrupt() || interrupted;
    }
    if (interrupted) this.owner.interrupt();
    if (state === "forked") throw illegalState("Owner did not join after forking");
  }
}

const illegalState = (message: string): Throwable =>
  new Throwable("java.lang.IllegalStateException", message);
