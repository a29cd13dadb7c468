/**
 * What each primitive action costs, and what a process weighs. Measured with Node 24.21.0 on a two-core x86-64 virtual
 * machine, best of several runs. A figure that covers several actions is split so that the sums are the measured ones:
 * await of one turn 42 ns, then-reaction 47, call and await of an async function 46, setImmediate in a batch 190 and chained
 * 820, setTimeout created and fired 190, with a list of its own created and cleared 300, fs.stat among many in flight 1.7 us
 * (of both threads), a loopback echo 7.6 us.
 */
import type { Costs, MemoryFigures } from "@orrery/runtime";

export interface NodeCosts extends Costs {
  /** Calling an async function: its promise and its activation. */
  readonly asyncCall: number;
  /** What a task of a program is beyond its async function: its place among its parent's, the books of its end. */
  readonly taskBooks: number;
  /** A task of a scope: its place there, and a `queueMicrotask` that tells of its end. */
  readonly scopeTask: number;
  /** A promise with its resolving functions: `Promise.withResolvers()`. */
  readonly promise: number;
  /** Taking one microtask from the queue and calling it. */
  readonly microtask: number;
  /** Going on after an await, beyond the microtask. */
  readonly resume: number;
  /** A then-reaction with its derived promise, beyond the microtask; an element of Promise.all and its like is one. */
  readonly reaction: number;
  /** An operation of an emulated channel, beyond its await: 140 ns with it, warm. */
  readonly channelOperation: number;
  /** An emulated channel made: three queues. */
  readonly channel: number;
  /** A select of emulated channels without its cases. */
  readonly select: number;
  /** A case of a select made, put into the order and looked at. */
  readonly selectCase: number;
  /** Taking a waiter that gives up, or whose other case won, out of the two queues of a channel. */
  readonly channelForget: number;
  /** An operation of an emulated lock, semaphore or group: 85 to 120 ns for a free lock and unlock, with the await. */
  readonly lockOperation: number;
  /** An emulated operation that has to wait, beyond its promise: its place in the queue, the closures that wake it or withdraw it. */
  readonly waiter: number;
  /** A handler of a promise, or a call in one of the queues, beyond its task: its closures, its place, what it gives back. 200 ns. */
  readonly handler: number;
  readonly nextTick: number;
  readonly immediate: number;
  readonly timerInsert: number;
  readonly timerList: number;
  readonly timerClear: number;
  readonly timerFire: number;
  /** A promise timer beyond the callback form. */
  readonly timerPromise: number;
  /** Copying an async function or a timer with what hangs on it, when a scavenge finds it alive. */
  readonly scavenged: number;
  /** One turn of uv_run without its poll. */
  readonly loopIteration: number;
  /** One epoll_pwait, entered and left. */
  readonly epollWait: number;
  /** uv__work_submit on the loop's thread. */
  readonly poolSubmit: number;
  /** Taking one item from the pool's queue and reporting its end, on the pool's thread. */
  readonly poolWork: number;
  /** One completion: its callback scope on the loop's thread. */
  readonly poolDone: number;
  /** One call of crypto.pbkdf2 on the pool's thread, beyond its iterations: the digest fetched and keyed. */
  readonly cryptoJob: number;
  readonly socketWrite: number;
  readonly socketRead: number;
  /** A server from `listen` to its first tick; a connection made, accepted, destroyed. */
  readonly listen: number;
  readonly connect: number;
  readonly accept: number;
  readonly closeSocket: number;
  /** One read of a stream's socket and its 'readable'; one `read` of the stream; one write with its callback. */
  readonly streamRead: number;
  readonly streamTake: number;
  readonly streamWrite: number;
  readonly postMessage: number;
  readonly onMessage: number;
  /** A Worker from `new` to its first message. */
  readonly workerStart: number;
  /** From a Worker's last JavaScript to the end of its thread: its heap is torn down. Best of six: 2.4 ms. */
  readonly workerStop: number;
  /** From the end of the main script to uv_run: 6 % of 200 runs crossed a millisecond there. */
  readonly loopStart: number;
}

export const nodeCosts: NodeCosts = {
  statement: 2,
  memory: 1,
  log: 0,
  mark: 0,
  count: 0,
  raise: 0,
  scope: 0,
  call: 0,
  cold: 0,
  cancellable: 0,
  asyncCall: 5,
  taskBooks: 110,
  scopeTask: 10,
  promise: 15,
  microtask: 37,
  resume: 5,
  reaction: 10,
  channelOperation: 85,
  channel: 17,
  select: 380,
  selectCase: 80,
  channelForget: 50,
  lockOperation: 20,
  waiter: 90,
  handler: 200,
  nextTick: 42,
  immediate: 190,
  timerInsert: 90,
  timerList: 110,
  timerClear: 100,
  timerFire: 100,
  timerPromise: 350,
  scavenged: 200,
  loopIteration: 280,
  epollWait: 350,
  poolSubmit: 500,
  poolWork: 500,
  poolDone: 700,
  cryptoJob: 4_800,
  socketWrite: 1_900,
  socketRead: 1_900,
  // v24: processor time of 1000 connections over the loopback, and of 3000 exchanges of 100 bytes on one (25 us)
  listen: 25_000,
  connect: 50_000,
  accept: 33_000,
  closeSocket: 19_000,
  streamRead: 6_000,
  streamTake: 500,
  streamWrite: 5_500,
  postMessage: 300,
  onMessage: 300,
  workerStart: 25_000_000,
  workerStop: 2_400_000,
  loopStart: 60_000,
};

/**
 * The line through the peak RSS measured at 100 000 and 1 000 000 sleeping async functions (134.1 and 645.7 MiB). A bare
 * process is smaller, 43 MiB: V8 grows its young generation once, before the first hundred thousand.
 */
export const nodeMemory: MemoryFigures = { baseBytes: 81_000_000, taskBytes: 596 };
