/**
 * Timers of one P: a 4-ary heap, after src/runtime/time.go of Go 1.26. Timers that changed while in the heap are only
 * marked; the heap catches up when it is next looked at. Equal times are ordered by arming, which a real clock never
 * needs. Left out: fake time of testing/synctest, GODEBUG=asynctimerchan=1.
 */
import type { Runtime } from "./runtime2.ts";

/** time.go `timerHeapN`. */
const TIMER_HEAP_N = 4;

const HEAPED = 1;
const MODIFIED = 2;
const ZOMBIE = 4;

/** `delta`: how long ago it was due, ns. */
export type TimerF = (rt: Runtime, arg: unknown, delta: number) => void;

export class Timer {
  /** ns; 0 when it is not armed. */
  when = 0;
  period = 0;
  f: TimerF;
  arg: unknown;
  readonly isChan: boolean;
  /** Goroutines blocked on its channel. */
  blocked = 0;
  state = 0;
  ts: Timers | null = null;
  /** Arming sequence, the tie-break of equal times. */
  order = 0;

  constructor(f: TimerF, arg: unknown, isChan: boolean) {
    this.f = f;
    this.arg = arg;
    this.isChan = isChan;
  }

  get heaped(): boolean {
    return (this.state & HEAPED) !== 0;
  }

  /** `needsAdd`: armed, in no heap, and somebody could notice it. */
  get needsAdd(): boolean {
    return (this.state & HEAPED) === 0 && this.when > 0 && (!this.isChan || this.blocked > 0);
  }
}

export class Timers {
  private readonly whens: number[] = [];
  private readonly orders: number[] = [];
  private readonly heap: Timer[] = [];
  minWhenModified = 0;
  zombies = 0;
  private nextOrder = 1;

  get length(): number {
    return this.heap.length;
  }

  /** Earliest time at which something may have to run, 0 for none. */
  wakeTime(): number {
    const heapMin = this.heap.length === 0 ? 0 : this.whens[0]!;
    const modified = this.minWhenModified;
    if (heapMin === 0 || (modified !== 0 && modified < heapMin)) return modified;
    return heapMin;
  }

  /** Armed timers in firing order, for people. */
  pending(): Timer[] {
    return this.heap
      .filter((t) => (t.state & ZOMBIE) === 0)
      .sort((a, b) => a.when - b.when || a.order - b.order);
  }

  add(t: Timer): void {
    t.state |= HEAPED;
    t.ts = this;
    t.order = this.nextOrder++;
    this.heap.push(t);
    this.whens.push(t.when);
    this.orders.push(t.order);
    this.siftUp(this.heap.length - 1);
  }

  /** Takes over all timers of a P that goes, without those that are marked for removal. */
  take(from: Timers): void {
    const kept = from.pending();
    for (const t of from.heap) {
      t.state = 0;
      t.ts = null;
    }
    from.heap.length = 0;
    from.whens.length = 0;
    from.orders.length = 0;
    from.zombies = 0;
    from.minWhenModified = 0;
    for (const t of kept) this.add(t);
  }

  /** The part of `modify` that concerns the heap: true if the poller must hear of the new time. */
  modified(t: Timer): boolean {
    t.state |= MODIFIED;
    t.order = this.nextOrder++;
    if ((t.state & ZOMBIE) !== 0) {
      t.state &= ~ZOMBIE;
      this.zombies--;
    }
    const wake = this.minWhenModified === 0 || t.when < this.minWhenModified;
    if (wake) this.minWhenModified = t.when;
    return wake;
  }

  stopped(t: Timer): void {
    t.state |= MODIFIED;
    this.bury(t);
  }

  /** Marks for removal, time kept. */
  bury(t: Timer): void {
    if ((t.state & ZOMBIE) !== 0) return;
    t.state |= ZOMBIE;
    this.zombies++;
  }

  /** Takes the mark of removal back. */
  exhume(t: Timer): void {
    if ((t.state & ZOMBIE) === 0) return;
    t.state &= ~ZOMBIE;
    this.zombies--;
  }

  /**
   * Runs every expired timer; `local` when the caller owns this heap. Returns the time of the next one, 0 for none.
   * `ran` tells whether any ran.
   */
  check(rt: Runtime, now: number, local: boolean): number {
    this.ran = false;
    const next = this.wakeTime();
    if (next === 0) return 0;
    if (now < next && !(local && this.zombies > this.heap.length / 4)) return next;
    let pollUntil = 0;
    if (this.heap.length > 0) {
      this.adjust(now, false);
      while (this.heap.length > 0) {
        const when = this.run(rt, now);
        if (when !== 0) {
          if (when > 0) pollUntil = when;
          break;
        }
        this.ran = true;
      }
      if (local && this.zombies > this.heap.length / 4) this.adjust(now, true);
    }
    return pollUntil;
  }
  ran = false;

  /** `cleanHead`: drops dead timers from the tail and settles the head. */
  cleanHead(): void {
    while (this.heap.length > 0) {
      const last = this.heap[this.heap.length - 1]!;
      if ((last.state & ZOMBIE) !== 0) {
        this.heap.pop();
        this.whens.pop();
        this.orders.pop();
        this.forget(last);
        continue;
      }
      if ((this.heap[0]!.state & (MODIFIED | ZOMBIE)) === 0) return;
      this.updateHead();
    }
  }

  /** Runs the first timer if it is due (0), else returns its time; -1 when the heap is empty. */
  private run(rt: Runtime, now: number): number {
    for (;;) {
      if (this.heap.length === 0) return -1;
      const t = this.heap[0]!;
      if ((t.state & (MODIFIED | ZOMBIE)) !== 0) {
        this.updateHead();
        continue;
      }
      if (this.whens[0]! > now) return this.whens[0]!;
      this.fire(rt, t, now);
      return 0;
    }
  }

  private fire(rt: Runtime, t: Timer, now: number): void {
    const delta = reschedule(t, now);
    if (t.when === 0) this.deleteMin();
    else {
      t.order = this.nextOrder++;
      this.whens[0] = t.when;
      this.orders[0] = t.order;
      this.siftDown(0);
    }
    t.f(rt, t.arg, delta);
  }

  private adjust(now: number, force: boolean): void {
    if (!force && (this.minWhenModified === 0 || this.minWhenModified > now)) return;
    this.minWhenModified = 0;
    let changed = false;
    for (let i = 0; i < this.heap.length; i++) {
      const t = this.heap[i]!;
      if ((t.state & ZOMBIE) !== 0) {
        const lastTimer = this.heap.pop()!;
        const lastWhen = this.whens.pop()!;
        const lastOrder = this.orders.pop()!;
        if (i < this.heap.length) {
          this.heap[i] = lastTimer;
          this.whens[i] = lastWhen;
          this.orders[i] = lastOrder;
        }
        this.forget(t);
        i--;
        changed = true;
      } else if ((t.state & MODIFIED) !== 0) {
        this.whens[i] = t.when;
        this.orders[i] = t.order;
        t.state &= ~MODIFIED;
        changed = true;
      }
    }
    if (changed && this.heap.length > 1)
      for (let i = Math.floor((this.heap.length - 2) / TIMER_HEAP_N); i >= 0; i--) this.siftDown(i);
  }

  private forget(t: Timer): void {
    if ((t.state & ZOMBIE) !== 0) this.zombies--;
    t.state &= ~(HEAPED | MODIFIED | ZOMBIE);
    t.ts = null;
  }

  private updateHead(): void {
    const t = this.heap[0]!;
    if ((t.state & ZOMBIE) !== 0) {
      this.deleteMin();
      return;
    }
    t.state &= ~MODIFIED;
    this.whens[0] = t.when;
    this.orders[0] = t.order;
    this.siftDown(0);
  }

  private deleteMin(): void {
    this.forget(this.heap[0]!);
    const t = this.heap.pop()!;
    const when = this.whens.pop()!;
    const order = this.orders.pop()!;
    if (this.heap.length === 0) {
      this.minWhenModified = 0;
      return;
    }
    this.heap[0] = t;
    this.whens[0] = when;
    this.orders[0] = order;
    this.siftDown(0);
  }

  private siftUp(from: number): void {
    const { heap, whens, orders } = this;
    const t = heap[from]!;
    const when = whens[from]!;
    const order = orders[from]!;
    let i = from;
    while (i > 0) {
      const parent = Math.floor((i - 1) / TIMER_HEAP_N);
      const parentWhen = whens[parent]!;
      if (when > parentWhen || (when === parentWhen && order > orders[parent]!)) break;
      heap[i] = heap[parent]!;
      whens[i] = parentWhen;
      orders[i] = orders[parent]!;
      i = parent;
    }
    heap[i] = t;
    whens[i] = when;
    orders[i] = order;
  }

  private siftDown(from: number): void {
    const { heap, whens, orders } = this;
    const n = heap.length;
    const t = heap[from]!;
    const when = whens[from]!;
    const order = orders[from]!;
    let i = from;
    for (;;) {
      const first = i * TIMER_HEAP_N + 1;
      if (first >= n) break;
      const end = Math.min(first + TIMER_HEAP_N, n);
      let least = -1;
      let leastWhen = when;
      let leastOrder = order;
      for (let c = first; c < end; c++) {
        const w = whens[c]!;
        if (w < leastWhen || (w === leastWhen && orders[c]! < leastOrder)) {
          least = c;
          leastWhen = w;
          leastOrder = orders[c]!;
        }
      }
      if (least < 0) break;
      heap[i] = heap[least]!;
      whens[i] = leastWhen;
      orders[i] = leastOrder;
      i = least;
    }
    heap[i] = t;
    whens[i] = when;
    orders[i] = order;
  }
}

/** Next time of a timer that is due: a periodic one keeps its grid, ticks that were missed are skipped. Returns the lateness. */
export function reschedule(t: Timer, now: number): number {
  const delta = now - t.when;
  t.when = t.period > 0 ? t.when + t.period * (1 + Math.floor(delta / t.period)) : 0;
  return delta;
}
