/**
 * Nanoseconds per action of CPython 3.11.7, measured on a two-core x86-64 virtual machine (best of 9 to 15 runs; medians
 * 5 to 10 % higher); what programs have beyond asyncio (their support file: channels, select, the books of tasks) by
 * `orrery calibrate`. Composite figures that were not used to fit these and that the model reproduces are checked in
 * test/costs.test.ts.
 */
import type { Costs } from "@orrery/runtime";

export interface AsyncioCosts extends Costs {
  /** `run_forever` up to its first iteration, its code and data not yet in the caches. */
  readonly runForever: number;
  /** One turn of `_run_once` without its poll and without its handles. */
  readonly iteration: number;
  /** One epoll_wait that does not block, with `select` around it. */
  readonly poll: number;
  /** `call_soon`: a Handle made and appended. */
  readonly callSoon: number;
  /** Running one Handle: popleft, the check, `Context.run`. */
  readonly runHandle: number;
  /** One step of a task: send, and the way to where it was suspended. */
  readonly step: number;
  /** What a step that suspends again costs more: the await chain, the hook-up to what it awaits. */
  readonly suspend: number;
  /** `create_task` without its call_soon. */
  readonly createTask: number;
  /** A task's memory where no earlier task has left any: its pages come from the kernel. */
  readonly freshTask: number;
  readonly createFuture: number;
  /** Awaiting a plain coroutine. */
  readonly coroutine: number;
  /** Asking `asyncio.current_task()` whether it was asked to stop, which awaited operations of programs do first. */
  readonly cancellationPoint: number;
  /** What a task of a program is beyond its asyncio.Task: its path, a coroutine around its own, the books of its end. */
  readonly spawn: number;
  /** Waiting for a task, a gather or a promise by an object that a cancellation may end in its place. */
  readonly leftAlone: number;
  /** A promise made and resolved beyond its Future: methods of a class in Python. */
  readonly promise: number;
  /** `call_later` without comparisons. */
  readonly callLater: number;
  /** Popping one due timer without comparisons. */
  readonly timerPop: number;
  /** One `TimerHandle.__lt__`. */
  readonly timerCompare: number;
  readonly timerCancel: number;
  /** Per timer looked at when the heap is rebuilt. */
  readonly timerPurge: number;
  readonly queuePut: number;
  readonly queueGet: number;
  /** A channel made: three deques. */
  readonly channel: number;
  /** A select without its cases: `random.sample` for their order, and what was selected. */
  readonly select: number;
  /** A case of a select made and looked at; and as much again when it is parked. */
  readonly selectCase: number;
  /** Taking a waiter that gives up, or whose other case won, out of the two deques of a channel. */
  readonly channelForget: number;
  /** Half of a free acquire and release. */
  readonly lock: number;
  readonly semaphore: number;
  /** `with shield` around a wait that is no cancellation point: `asyncio.current_task()` twice. */
  readonly shield: number;
  /** A wait at a barrier that nobody waits for, beyond its lock: its chain of coroutines. */
  readonly barrier: number;
  /** Queueing up in a lock, a queue, an event: the waiter's way in and out. */
  readonly waiter: number;
  /** Half of the work of gather, wait or a TaskGroup per child. */
  readonly perChild: number;
  /** Half of an `async with timeout()` without its timer. */
  readonly timeoutScope: number;
  /** wait_for's own work: its callbacks and its second waiter. */
  readonly waitFor: number;
  /** One byte sent on the self-pipe: `call_soon_threadsafe` without its call_soon. */
  readonly wakeSelf: number;
  /** `run_in_executor`: work item, queue, the future's wrapper; and as much again in the worker. */
  readonly submit: number;
  /** `open`, `read` and `close` of a file beyond the disk: the layers of `io`. */
  readonly open: number;
  /** `Thread.start` up to the new thread, and joining it. */
  readonly threadStart: number;
  /** A new thread until it asks for the GIL. */
  readonly threadRun: number;
  /** Looking at one object in a garbage collection of the young generations, in the cache, and in a full one. */
  readonly gcYoung: number;
  readonly gcFull: number;
  /** `sock_send` or `sock_recv` of a small message. */
  readonly socket: number;
  /** Half of a request to a service: its line made and sent; the reader added, called and removed, the answer received. */
  readonly request: number;
  /** A socket that listens, made; connect, accept, recv, send and close of the socket module. */
  readonly sockListen: number;
  readonly sockConnect: number;
  readonly sockAccept: number;
  readonly sockRecv: number;
  readonly sockSend: number;
  readonly sockClose: number;
  /** What a call that had to wait costs more: its future, a reader or writer added, called and removed. */
  readonly sockWatch: number;
}

export const defaultCosts: AsyncioCosts = {
  statement: 30, // a simple statement in a function: 20 to 50 ns
  memory: 30, // a global or attribute
  log: 0,
  mark: 0,
  count: 0,
  raise: 0,
  scope: 0,
  call: 62, // a call that returns a sum takes 184 ns, its plain statements 122 of them
  cold: 0,
  cancellable: 0,
  runForever: 25_000, // a main that does nothing: 19 to 38 us
  iteration: 649, // sleep(0) with one task 2012 = iteration + poll + switch (1128)
  poll: 235,
  callSoon: 425,
  runHandle: 223,
  step: 80, // first step to completion 302 = runHandle + step
  suspend: 400, // switch 1128 = callSoon + runHandle + step + suspend
  createTask: 1389, // create_task 1814 = this + callSoon
  freshTask: 1_500, // 0.6 page faults, of 2.9 us on a virtual machine
  createFuture: 180,
  coroutine: 76,
  cancellationPoint: 400, // free acquire + release of a Mutex 881, of a Lock 172
  spawn: 2_600, // spawn + join 10 779, create_task + await 5964
  leftAlone: 2_000, // of a promise waited for 12.7 us
  promise: 250, // Promise() and resolve 553
  callLater: 895, // into a heap of 5000: 1016, two to three comparisons
  timerPop: 30, // pop + run out of a heap of 5000: 1003, about 14 comparisons
  timerCompare: 52,
  timerCancel: 204,
  timerPurge: 15,
  queuePut: 268,
  queueGet: 205,
  channel: 300,
  select: 2_000, // two cases, none ready: 2600 with the cancellation point
  selectCase: 500, // four cases: 3310, without making them (170 each)
  channelForget: 1_000, // 600 with nobody in the deques
  lock: 183, // free acquire + release 366
  semaphore: 291, // free acquire + release 582
  shield: 600, // an empty block 914 where a free acquire + release of a Mutex took 1255, which are 881 on a quiet computer
  barrier: 1_000, // of one party: 3245 in the same run
  waiter: 700, // Queue(1) round trip 6536, contended section of a lock 5901
  perChild: 40, // gather(100) 2857 per child, TaskGroup(100) 2500
  timeoutScope: 1000, // 3249
  waitFor: 2500, // wait_for(coro, 5) 10493
  wakeSelf: 879, // call_soon_threadsafe 1304
  submit: 12_500, // run_in_executor, warm: 29 us with two wake-ups
  open: 6_000, // open + read + close 6974 with a file in the page cache
  threadStart: 30_000, // Thread.start + join, on one core 41 us; on two 80 us, with two wake-ups of a virtual machine
  threadRun: 8_000, // start_new_thread until the target's first line, on one core 11 us
  gcYoung: 25, // 100 000 sleepers with and without gc: 6.6 us of it in the 12 us until each sleeps
  gcFull: 215,
  request: 15_000, // 33 to 40 us of the thread's time for each of many requests at a time
  // 3.11.7: medians of the thread's time for 1000 connections over the loopback and 3000 exchanges of 100 bytes (48 us)
  sockListen: 7_700,
  sockConnect: 20_000,
  sockAccept: 9_000,
  sockRecv: 4_700,
  sockSend: 4_850,
  sockClose: 7_500,
  sockWatch: 4_000,
  socket: 669, // sock_sendall + sock_recv with data ready 1338
};
