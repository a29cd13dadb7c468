/**
 * java.lang.Thread's static side and `join` (JDK 25), for programs written against this library. Methods that can suspend
 * are generators: `yield* Thread.sleep(jvm, millis)`.
 */
import type { Steps, Task } from "@orrery/runtime";
import { type JavaThread, NOTHING, PlatformThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { NEW, VirtualThread } from "../vm/virtual-thread.ts";
import type { CompletableFuture } from "./completable-future.ts";
import { CountDownLatch } from "./count-down-latch.ts";
import { inheritThreadLocals } from "./thread-local.ts";

export const Thread = {
  /** `Thread.ofVirtual().name(name).unstarted(body)`. */
  ofVirtual(jvm: Jvm, body: Steps<unknown>, name = "", task: Task | null = null): VirtualThread {
    const thread = new VirtualThread(jvm, name, body, task === null ? jvm.nextTaskId() : task.id, task);
    inheritThreadLocals(jvm, thread);
    return thread;
  },

  /** `Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(body)`. */
  ofVirtualWithoutInheritance(jvm: Jvm, body: Steps<unknown>): VirtualThread {
    return new VirtualThread(jvm, "", body, jvm.nextTaskId(), null);
  },

  startVirtualThread(jvm: Jvm, body: Steps<unknown>, name = ""): VirtualThread {
    const thread = Thread.ofVirtual(jvm, body, name);
    thread.start();
    return thread;
  },

  /** `Thread.ofPlatform().name(name).start(body)`. */
  startPlatformThread(jvm: Jvm, body: () => Steps, name: string, daemon = false): PlatformThread {
    const thread = new PlatformThread(jvm, name, daemon);
    thread.start(body);
    return thread;
  },

  currentThread(jvm: Jvm): JavaThread {
    return jvm.currentThread();
  },

  *sleep(jvm: Jvm, millis: number): Steps {
    yield* sleepNanos(jvm, millis * 1_000_000);
  },

  *yield(jvm: Jvm): Steps {
    const current = jvm.currentThread();
    if (current instanceof VirtualThread) yield* current.tryYield();
    else yield 0;
  },

  /** `Thread.interrupted()`: tells and clears. */
  interrupted(jvm: Jvm): boolean {
    return jvm.currentThread().getAndClearInterrupt();
  },
};

/** `VirtualThread.sleepNanos`. A sleep leaves a park permit behind. */
export function* sleepNanos(jvm: Jvm, nanos: number): Steps {
  const { machine } = jvm;
  const current = jvm.currentThread();
  if (current.getAndClearInterrupt()) throw jvm.interruptedException();
  if (nanos === 0) {
    yield* Thread.yield(jvm);
    return;
  }
  const until = machine.threadNow + nanos;
  while (machine.now < until) {
    const how = current.startPark(until - machine.now);
    if (how !== NOTHING) {
      yield how;
      current.endPark();
    }
    if (!current.interrupted) continue;
    current.interrupted = false;
    current.parkPermit = true;
    throw jvm.interruptedException();
  }
  if (current.isVirtual) current.parkPermit = true; // it may have been unparked while it slept
}

/** jdk.internal.vm.ThreadContainer: told when a thread that was started in it has ended. */
export interface ThreadContainer {
  onExit(thread: VirtualThread): void;
}

/** `thread.start()` in a container. */
export function startIn(container: ThreadContainer, thread: VirtualThread): void {
  const termination = terminationOf(thread);
  termination.thread = thread;
  termination.container = container;
  thread.start();
}

/**
 * Counted down by the thread's end, which then leaves its container. `ended` completes last: what a `FutureTask` around
 * the body would do.
 */
export class Termination extends CountDownLatch {
  thread: VirtualThread | null = null;
  container: ThreadContainer | null = null;
  ended: CompletableFuture<null> | null = null;

  constructor(jvm: Jvm) {
    super(jvm, 1);
  }

  override countDown(): void {
    super.countDown();
    this.container?.onExit(this.thread!);
    this.ended?.complete(null);
  }
}

/** `VirtualThread.getTermination`. */
export function terminationOf(thread: JavaThread): Termination {
  thread.termination ??= new Termination(thread.jvm);
  return thread.termination as Termination;
}

/** `thread.join()`. */
export function* join(thread: JavaThread): Steps {
  if (thread.isTerminated || (thread instanceof VirtualThread && thread.state === NEW)) return;
  yield* terminationOf(thread).await();
}

/** `thread.join(Duration)`: true if it has terminated. */
export function* joinNanos(thread: JavaThread, nanos: number): Steps<boolean> {
  if (thread.getState() === "NEW")
    throw new Throwable("java.lang.IllegalThreadStateException", "Thread not started");
  if (thread.isTerminated) return true;
  return yield* terminationOf(thread).awaitNanos(nanos);
}

/** Runs `body` under a native frame (an upcall from C): pinned, every wait blocks the carrier. */
export function* nativeFrame<V>(jvm: Jvm, body: () => Steps<V>): Steps<V> {
  const current = jvm.currentThread() as VirtualThread;
  current.nativeFrames++;
  try {
    return yield* body();
  } finally {
    current.nativeFrames--;
  }
}
