/** Model of JDK 25's virtual threads: the runtime model `java`, and its native library for programs written against it. */
export { AbstractQueuedSynchronizer, ConditionObject } from "./lib/abstract-queued-synchronizer.ts";
export { ArrayBlockingQueue } from "./lib/array-blocking-queue.ts";
export { Blocker, blockingCall, compensatedCall } from "./lib/blocker.ts";
export {
  CompletableFuture,
  CompletionException,
  ExecutionException,
  type Executor,
} from "./lib/completable-future.ts";
export { CountDownLatch } from "./lib/count-down-latch.ts";
export { BrokenBarrierException, CyclicBarrier, TimeoutException } from "./lib/cyclic-barrier.ts";
export { Exchanger } from "./lib/exchanger.ts";
export { LinkedTransferQueue } from "./lib/linked-transfer-queue.ts";
export { type Delayed, DelayQueue, PriorityBlockingQueue } from "./lib/priority-blocking-queue.ts";
export { LinkedBlockingQueue } from "./lib/linked-blocking-queue.ts";
export { LockSupport } from "./lib/lock-support.ts";
export { blockingRead } from "./lib/net.ts";
export { NioSocket } from "./lib/nio-socket.ts";
export { Phaser } from "./lib/phaser.ts";
export { ReentrantLock } from "./lib/reentrant-lock.ts";
export { type Lock, ReentrantReadWriteLock } from "./lib/reentrant-read-write-lock.ts";
export { Semaphore } from "./lib/semaphore.ts";
export {
  FailedException,
  type Joiner,
  Joiners,
  StructuredTaskScope,
  Subtask,
} from "./lib/structured-task-scope.ts";
export { SynchronousQueue } from "./lib/synchronous-queue.ts";
export { join, joinNanos, nativeFrame, sleepNanos, Thread } from "./lib/thread.ts";
export { StampedLock } from "./lib/stamped-lock.ts";
export { InheritableThreadLocal, ScopedValue, ThreadLocal } from "./lib/thread-local.ts";
export { findDeadlockedThreads } from "./lib/thread-mx-bean.ts";
export { ThreadBoundFuture, ThreadPerTaskExecutor } from "./lib/thread-per-task-executor.ts";
export { FixedThreadPool, FutureTask } from "./lib/thread-pool-executor.ts";
export { type PinnedEvent, printPinned } from "./diagnostics/pinned.ts";
export { inspect } from "./diagnostics/inspect.ts";
export { threadDump, threadDumpJson } from "./diagnostics/thread-dump.ts";
export { java } from "./model.ts";
export { type JavaProgram, type JavaRun, P1, runJava, type RunJavaOptions } from "./run-java.ts";
export { defaultCosts, type JavaCosts } from "./vm/costs.ts";
export { InterruptedException, type JavaThread, type PlatformThread, Throwable } from "./vm/java-thread.ts";
export type { Jvm } from "./vm/jvm.ts";
export { ObjectMonitor, synchronizedOn } from "./vm/object-monitor.ts";
export { VirtualThread } from "./vm/virtual-thread.ts";
