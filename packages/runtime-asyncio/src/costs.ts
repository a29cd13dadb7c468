/**
 * Nanoseconds per action of CPython 3.11.7, measured on a two-core x86-64 virtual machine (best of 9 to 15 runs; medians
 * 5 to 10 % higher). Composite figures that were not used to fit these and that the model reproduces are checked in
 * test/costs.test.ts.
 */
import type { Costs } from "@orrery/runtime";

export interface AsyncioCosts extends Costs {
  /** One turn of `_run_once` without its poll and without its handles. */
  readonly iteration: number;
  /** One epoll_wait that does not block, with `select` around it. */
  readonly poll: number;
  /** `call_soon`: a Handle made and appended. */
  readonly callSoon: number;
  /** Running one Handle: popleft, the check, `Context.run`. */
  readonly runHandle: number;
  /** One step of a task that suspends again: send, the await chain, the hook-up to what it awaits. */
  readonly step: number;
  /** `create_task` without its call_soon. */
  readonly createTask: number;
  readonly createFuture: number;
  /** Awaiting a plain coroutine. */
  readonly coroutine: number;
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
  /** Half of a free acquire and release. */
  readonly lock: number;
  readonly semaphore: number;
  /** A group's, gather's or wait's own work per child. */
  readonly perChild: number;
  /** One byte sent on the self-pipe: `call_soon_threadsafe` without its call_soon. */
  readonly wakeSelf: number;
  /** `run_in_executor`: work item, queue, the future's wrapper; and as much again in the worker. */
  readonly submit: number;
  readonly threadStart: number;
  /** `sock_send` or `sock_recv` of a small message. */
  readonly socket: number;
}

export const defaultCosts: AsyncioCosts = {
  statement: 30, // a simple statement in a function: 20 to 50 ns
  memory: 30, // a global or attribute
  iteration: 649, // sleep(0) with one task 2012 = iteration + poll + switch (1128)
  poll: 235,
  callSoon: 425,
  runHandle: 223,
  step: 480, // switch 1128 = callSoon + runHandle + step
  createTask: 1389, // create_task 1814 = this + callSoon
  createFuture: 180,
  coroutine: 76,
  callLater: 950, // into a heap of 5000: 1016, about two comparisons
  timerPop: 30, // pop + run out of a heap of 5000: 1003, about 25 comparisons
  timerCompare: 30,
  timerCancel: 204,
  timerPurge: 15,
  queuePut: 268,
  queueGet: 205,
  lock: 183, // free acquire + release 366
  semaphore: 291, // free acquire + release 582
  perChild: 500, // TaskGroup(100) 2500 per child, gather(100) 2857
  wakeSelf: 879, // call_soon_threadsafe 1304
  submit: 5_000, // run_in_executor, warm: 29 us with two wake-ups
  threadStart: 60_000, // thread start + join 76 us
  socket: 669, // sock_sendall + sock_recv with data ready 1338
};
