/**
 * What the primitive actions cost, ns. Measured on Temurin 25.0.3 (the table of the model's page); a figure that was
 * measured only as a sum is split, and its comment says so.
 */
import type { Costs, MemoryFigures } from "@orrery/runtime";

export interface JavaCosts extends Costs {
  /** Constructing a VirtualThread and its Continuation (46-66). */
  readonly newVirtualThread: number;
  /**
   * What a task is beyond its thread: an object with a future, maps and a scoped value, an entry among those that live, the
   * catching of what its body throws.
   */
  readonly task: number;
  /** `start` without its submission. */
  readonly start: number;
  /** First mount of a new thread; with `start`, `externalSubmit`, `afterDone`: 360-660 for spawn+run+end. */
  readonly firstRun: number;
  /** `afterDone`: container and termination. */
  readonly afterDone: number;
  /** Freeze, unmount and `afterYield`. With `mount`, `unpark`, `execute`: 180-200 for a park/unpark switch. */
  readonly unmount: number;
  /** `runContinuation`: mount and thaw. */
  readonly mount: number;
  /** `park` that finds a permit, with its `unpark`: 19-55. */
  readonly parkPermit: number;
  readonly unpark: number;
  /** Push on the worker's own queue, and its later take. */
  readonly execute: number;
  /** Push on an external queue (lock, release), and its later poll. */
  readonly externalSubmit: number;
  /** `Thread.yield` beyond unmount, mount and submission (310-350 in all). */
  readonly tryYield: number;
  /** One pass of `runWorker` over the queues array. */
  readonly scan: number;
  /**
   * Taking a task that another thread pushed: queue, thread and stack are in another core's cache. A hundred thousand hops in a
   * ring of threads take 21-30 ms on one carrier and 28-48 ms on two.
   */
  readonly steal: number;
  /** The spin of `deactivate` before it parks: 256 checks of 20 ns (about one `pause`). */
  readonly idleSpin: number;
  /** Waking a parked platform thread: the waker's half of futex. */
  readonly unparkThread: number;
  /** Starting a platform thread: the starter's half of 83-141 us. */
  readonly startThread: number;
  /** Beginning of a platform thread in the VM: the other half. */
  readonly threadEntry: number;
  /** `ForkJoinPool.schedule`: task and pending stack; with `timerCancel` 1400-1700 including the switch. */
  readonly timerSchedule: number;
  readonly timerCancel: number;
  /** One heap operation of the DelayScheduler thread. */
  readonly timerHeap: number;
  /** Uncontended ReentrantLock or Semaphore pair: 15-30. */
  readonly lock: number;
  readonly unlock: number;
  /** Queueing in AbstractQueuedSynchronizer: (270-310 less a switch) for a semaphore's ping-pong. */
  readonly aqsEnqueue: number;
  /** One `Thread.onSpinWait` of a first waiter that was woken and found the lock taken, with its try. */
  readonly onSpinWait: number;
  /** `signalNext`. */
  readonly aqsSignal: number;
  /** `Condition.await` and `signal` beyond lock and switch: 450-565 a switch. */
  readonly condition: number;
  /** Uncontended synchronized pair: 8-10. */
  readonly monitorEnter: number;
  readonly monitorExit: number;
  /** Contended enter until unmounted: 8000 at first, decaying to `monitorBlock`; the spin is the difference. */
  readonly monitorSpin: number;
  readonly monitorBlock: number;
  /**
   * One operation of a queue inside its lock (ArrayBlockingQueue 41-86 for put+take), the item's box and what the waiters' queue is
   * asked included.
   */
  readonly queueOperation: number;
  /** A channel of the support class made: a lock and three deques. */
  readonly newChannel: number;
  /** A select of the support class beyond its locks: the stream that sorts them, its lists, the order of the attempts. */
  readonly select: number;
  /** Each of its arms: an object, a place in the lists and in the order. */
  readonly selectArm: number;
  /** SynchronousQueue or another dual queue: node and match (250-520 an element with its switch). */
  readonly transfer: number;
  /** CompletableFuture or FutureTask: complete, or push a dependent (65-75 for complete+thenApply). */
  readonly future: number;
  /** Throwing and catching a new exception (730-1390). */
  readonly exception: number;
  /** `Files.readAllBytes` beyond one system call and the disk: channel, open, size, end of file, close. */
  readonly openFile: number;
  /** `new Socket(host, port)`: descriptor, options, connection; 28-36 us of the thread's processor time on the loopback. */
  readonly connect: number;
  /** `new ServerSocket(...)`. */
  readonly listen: number;
  readonly accept: number;
  /** read(2) and write(2) of a socket's streams. */
  readonly socketRead: number;
  readonly socketWrite: number;
  /** `Socket.close`, a shutdown and a close: 15-18 us. */
  readonly closeSocket: number;
  /** A system call: read, write, epoll_ctl. */
  readonly syscall: number;
  /** epoll_wait that returns at once. */
  readonly epollWait: number;
}

export const defaultCosts: JavaCosts = {
  statement: 1,
  memory: 1,
  log: 0,
  mark: 0,
  count: 0,
  raise: 0,
  scope: 0,
  call: 0,
  cold: 0,
  cancellable: 0,
  newVirtualThread: 56,
  task: 100,
  start: 30,
  firstRun: 60,
  afterDone: 60,
  unmount: 60,
  mount: 50,
  parkPermit: 15,
  unpark: 20,
  execute: 60,
  externalSubmit: 90,
  tryYield: 110,
  scan: 30,
  steal: 200,
  idleSpin: 5_120,
  unparkThread: 1_500,
  startThread: 40_000,
  threadEntry: 40_000,
  timerSchedule: 250,
  timerCancel: 200,
  timerHeap: 150,
  lock: 11,
  unlock: 9,
  aqsEnqueue: 70,
  onSpinWait: 26,
  aqsSignal: 20,
  condition: 180,
  monitorEnter: 5,
  monitorExit: 4,
  monitorSpin: 4_400,
  monitorBlock: 3_600,
  queueOperation: 15,
  newChannel: 32,
  select: 125,
  selectArm: 35,
  transfer: 60,
  future: 35,
  exception: 900,
  openFile: 5_200,
  connect: 30_000,
  // temurin-25 on one carrier, medians of 3000 connections and 20,000 reads of 100 bytes
  listen: 8_900,
  accept: 6_000,
  socketRead: 3_600,
  socketWrite: 3_900,
  closeSocket: 15_000,
  syscall: 400,
  epollWait: 500,
};

/**
 * Peak RSS of sleepers on Temurin 25: 45 MB for one, 79 MB for 10 000, 242 MB for 100 000, 1031 MB for a million. A JVM's heap
 * grows ahead of need, so that is no line; this one goes through the last two, and is too high below.
 */
export const memory: MemoryFigures = { baseBytes: 157_000_000, taskBytes: 849 };
