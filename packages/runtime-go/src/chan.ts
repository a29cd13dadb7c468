/**
 * Channels, after src/runtime/chan.go of Go 1.26. A function that may have to wait queues the goroutine and returns
 * `PARKED`; its caller yields `Leave.park` and asks for the result.
 */
import { GoPanic } from "./panic.ts";
import type { Abandon, G, Runtime, Sudog } from "./runtime2.ts";
import { blockTimerChan, maybeRunChan, unblockTimerChan } from "./time.ts";
import type { Timer } from "./timers.ts";
import { ready } from "./wake.ts";

/** What an operation came to. */
export const DONE = 0;
export const PARKED = 1;
export const WOULD_BLOCK = 2;

/** FIFO of waiting goroutines (`waitq`). */
export class WaitQ {
  first: Sudog | null = null;
  last: Sudog | null = null;

  enqueue(sg: Sudog): void {
    sg.next = null;
    sg.prev = this.last;
    if (this.last === null) this.first = sg;
    else this.last.next = sg;
    this.last = sg;
  }

  /** The longest waiter that no other case of its select has claimed. */
  dequeue(): Sudog | null {
    for (;;) {
      const sg = this.first;
      if (sg === null) return null;
      this.remove(sg);
      if (sg.isSelect) {
        if (sg.g!.selectDone) continue;
        sg.g!.selectDone = true;
      }
      return sg;
    }
  }

  has(sg: Sudog): boolean {
    return sg.prev !== null || this.first === sg;
  }

  /** `dequeueSudoG`: takes it out of the middle; one that is queued no more is left alone. */
  remove(sg: Sudog): void {
    if (!this.has(sg)) return;
    if (sg.prev === null) this.first = sg.next;
    else sg.prev.next = sg.next;
    if (sg.next === null) this.last = sg.prev;
    else sg.next.prev = sg.prev;
    sg.next = null;
    sg.prev = null;
  }
}

export class Hchan {
  readonly dataqsiz: number;
  /** The ring; its oldest element is at `recvx`. */
  private buf: unknown[];
  private recvx = 0;
  count = 0;
  closed = false;
  readonly recvq = new WaitQ();
  readonly sendq = new WaitQ();
  /** Of a timer channel. */
  timer: Timer | null = null;
  /** Its place in the lock order, in the real runtime its address. */
  readonly sortkey: number;

  constructor(size: number, sortkey: number) {
    this.dataqsiz = size;
    this.buf = [];
    this.sortkey = sortkey;
  }

  push(v: unknown): void {
    if (this.buf.length < this.dataqsiz) this.buf.push(v);
    else this.buf[(this.recvx + this.count) % this.dataqsiz] = v;
    this.count++;
  }

  shift(): unknown {
    const v = this.buf[this.recvx];
    this.buf[this.recvx] = undefined;
    this.recvx = this.recvx + 1 === this.dataqsiz ? 0 : this.recvx + 1;
    this.count--;
    return v;
  }

  /** len(c): a timer channel looks unbuffered. */
  get length(): number {
    return this.timer !== null ? 0 : this.count;
  }
}

/** Parks on one channel operation. */
function park(rt: Runtime, gp: G, c: Hchan, q: WaitQ, elem: unknown, reason: string): number {
  const sg = rt.acquireSudog(gp);
  sg.elem = elem;
  sg.c = c;
  gp.waiting = sg;
  gp.param = null;
  q.enqueue(sg);
  if (c.timer !== null) blockTimerChan(rt, c.timer);
  gp.abandon = chanWait;
  gp.waitreason = reason;
  return PARKED;
}

/** A cancelled goroutine leaves all queues; it finds `param` null. */
export const chanWait: Abandon = {
  abandon(rt, gp): void {
    for (let sg = gp.waiting; sg !== null; ) {
      const c = sg.c as Hchan;
      c.recvq.remove(sg);
      c.sendq.remove(sg);
      if (c.timer !== null) unblockTimerChan(c.timer);
      const next: Sudog | null = sg.waitlink;
      rt.releaseSudog(sg);
      sg = next;
    }
    gp.waiting = null;
    gp.param = null;
    gp.selectDone = false;
  },
};

/** Parks for ever: an operation on a nil channel, `select {}`. */
export function parkForever(gp: G, reason: string): number {
  gp.waiting = null;
  gp.param = null;
  gp.abandon = chanWait;
  gp.waitreason = reason;
  return PARKED;
}

/** Hands a value to a waiting receiver, or takes note of the success of a waiting sender, and readies it. */
export function goready(rt: Runtime, sg: Sudog, success: boolean, reason: string): void {
  sg.success = success;
  const gp = sg.g!;
  gp.param = sg;
  ready(rt, gp, reason);
}

export function chansend(rt: Runtime, gp: G, c: Hchan | null, v: unknown, block: boolean): number {
  if (c === null) return block ? parkForever(gp, "chan send (nil chan)") : WOULD_BLOCK;
  if (!block && !c.closed && c.recvq.first === null && c.count >= c.dataqsiz) {
    rt.machine.charge(rt.costs.chanTry);
    return WOULD_BLOCK;
  }
  rt.machine.charge(rt.costs.chanOp);
  if (c.closed) throw new GoPanic("send on closed channel");
  const sg = c.recvq.dequeue();
  if (sg !== null) {
    sg.elem = v;
    goready(rt, sg, true, "chansend to parked receiver: runnext");
    return DONE;
  }
  if (c.count < c.dataqsiz) {
    c.push(v);
    return DONE;
  }
  return block ? park(rt, gp, c, c.sendq, v, "chan send") : WOULD_BLOCK;
}

/** After the park of a send. */
export function chansent(rt: Runtime, gp: G): void {
  const sg = finish(rt, gp)!;
  const { success } = sg;
  rt.releaseSudog(sg);
  if (!success) throw new GoPanic("send on closed channel");
}

/** Result of the last receive that was DONE, by any goroutine: read it at once. */
export const received = { value: undefined as unknown, ok: false };

export function chanrecv(rt: Runtime, gp: G, c: Hchan | null, block: boolean): number {
  if (c === null) return block ? parkForever(gp, "chan receive (nil chan)") : WOULD_BLOCK;
  if (c.timer !== null) maybeRunChan(rt, c.timer);
  if (!block && !c.closed && c.sendq.first === null && c.count === 0) {
    rt.machine.charge(rt.costs.chanTry);
    return WOULD_BLOCK;
  }
  rt.machine.charge(rt.costs.chanOp);
  if (c.closed && c.count === 0) {
    received.value = undefined;
    received.ok = false;
    return DONE;
  }
  const sg = c.sendq.dequeue();
  if (sg !== null) {
    recvFrom(rt, c, sg);
    return DONE;
  }
  if (c.count > 0) {
    received.value = c.shift();
    received.ok = true;
    return DONE;
  }
  return block ? park(rt, gp, c, c.recvq, undefined, "chan receive") : WOULD_BLOCK;
}

/** Takes from a parked sender: its value, or the buffer's head while its value goes to the buffer's tail. */
export function recvFrom(rt: Runtime, c: Hchan, sg: Sudog): void {
  received.ok = true;
  if (c.dataqsiz === 0) received.value = sg.elem;
  else {
    received.value = c.shift();
    c.push(sg.elem);
  }
  goready(rt, sg, true, "chanrecv from parked sender: runnext");
}

/** After the park of a receive: fills `received`. */
export function chanreceived(rt: Runtime, gp: G): void {
  const sg = finish(rt, gp)!;
  received.value = sg.elem;
  received.ok = sg.success;
  rt.releaseSudog(sg);
}

function finish(rt: Runtime, gp: G): Sudog | null {
  const sg = gp.waiting;
  if (sg === null || sg !== gp.param) rt.throw("G waiting list is corrupted");
  const { timer } = sg!.c as Hchan;
  if (timer !== null) unblockTimerChan(timer);
  gp.waiting = null;
  gp.param = null;
  return sg;
}

/** Wakes all receivers, then all senders, last parked first; the first parked is readied last. */
export function closechan(rt: Runtime, c: Hchan | null): void {
  if (c === null) throw new GoPanic("close of nil channel");
  if (c.closed) throw new GoPanic("close of closed channel");
  rt.machine.charge(rt.costs.chanOp);
  c.closed = true;
  const waiters: Sudog[] = [];
  for (let sg = c.recvq.dequeue(); sg !== null; sg = c.recvq.dequeue()) {
    sg.elem = undefined;
    waiters.push(sg);
  }
  for (let sg = c.sendq.dequeue(); sg !== null; sg = c.sendq.dequeue()) waiters.push(sg);
  for (let i = waiters.length - 1; i >= 0; i--) goready(rt, waiters[i]!, false, "closechan: runnext");
}

/** A timer's `sendTime`: into the buffer of one if it is empty, else dropped. */
export function sendTime(rt: Runtime, c: Hchan, time: number): void {
  const sg = c.recvq.dequeue();
  if (sg !== null) {
    sg.elem = time;
    goready(rt, sg, true, "timer channel: runnext");
  } else if (c.count < c.dataqsiz) c.push(time);
}

/** Stop and Reset leave no stale value behind. True if there was one. */
export function timerchandrain(c: Hchan): boolean {
  if (c.count === 0) return false;
  while (c.count > 0) c.shift();
  return true;
}
