/**
 * libuv 1.52 src/timer.c: a min-heap ordered by (timeout, start_id), in whole milliseconds of loop time. Node keeps a
 * single handle here for all its Timeouts. Repeating handles are left out: nothing in Node starts one.
 */
import { Handle, type Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

export class Timer extends Handle {
  callback: (() => Run<unknown>) | null = null;
  /** Loop time, ms. */
  timeout = 0;
  startId = 0;
  /** Position in the heap, -1 outside. */
  position = -1;

  constructor(loop: Loop) {
    super(loop, "timer");
  }
}

const less = (a: Timer, b: Timer): boolean =>
  a.timeout === b.timeout ? a.startId < b.startId : a.timeout < b.timeout;

export class TimerHeap {
  readonly items: Timer[] = [];

  min(): Timer | undefined {
    return this.items[0];
  }

  insert(timer: Timer): void {
    this.items.push(timer);
    this.up(this.items.length - 1, timer);
  }

  remove(timer: Timer): void {
    const last = this.items.pop()!;
    const hole = timer.position;
    timer.position = -1;
    if (last === timer) return;
    this.up(hole, last);
    this.down(last.position, last);
  }

  private up(from: number, timer: Timer): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = this.items[parent]!;
      if (!less(timer, above)) break;
      this.place(above, i);
      i = parent;
    }
    this.place(timer, i);
  }

  private down(from: number, timer: Timer): void {
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.items.length) break;
      if (child + 1 < this.items.length && less(this.items[child + 1]!, this.items[child]!)) child++;
      if (!less(this.items[child]!, timer)) break;
      this.place(this.items[child]!, i);
      i = child;
    }
    this.place(timer, i);
  }

  private place(timer: Timer, i: number): void {
    this.items[i] = timer;
    timer.position = i;
  }
}

export function uv_timer_start(timer: Timer, callback: () => Run<unknown>, timeoutMs: number): void {
  uv_timer_stop(timer);
  timer.callback = callback;
  timer.timeout = timer.loop.time + timeoutMs;
  timer.startId = timer.loop.timerCounter++;
  timer.loop.timerHeap.insert(timer);
  timer.start();
}

export function uv_timer_stop(timer: Timer): void {
  if (!timer.active) return;
  timer.loop.timerHeap.remove(timer);
  timer.stop();
}

/** Milliseconds until the earliest timer, referenced or not: 0 when it is due, -1 when there is none. */
export function uv__next_timeout(loop: Loop): number {
  const first = loop.timerHeap.min();
  if (first === undefined) return -1;
  return first.timeout <= loop.time ? 0 : first.timeout - loop.time;
}

export const uv__timer_due = (loop: Loop): boolean => {
  const first = loop.timerHeap.min();
  return first !== undefined && first.timeout <= loop.time;
};

/** Due timers are all taken off the heap first, then called. */
export function* uv__run_timers(loop: Loop): Run {
  const ready: Timer[] = [];
  while (uv__timer_due(loop)) {
    const timer = loop.timerHeap.min()!;
    uv_timer_stop(timer);
    ready.push(timer);
  }
  for (const timer of ready) yield* timer.callback!();
}
