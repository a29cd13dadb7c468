/** `selectgo`, after src/runtime/select.go of Go 1.26. The poll order is the decision `go.select`. */
import {
  chanWait,
  chansend,
  DONE,
  goready,
  type Hchan,
  PARKED,
  parkForever,
  received,
  recvFrom,
  chanrecv,
  WOULD_BLOCK,
} from "./chan.ts";
import { GoPanic } from "./panic.ts";
import type { G, Runtime, Sudog } from "./runtime2.ts";
import { blockTimerChan, maybeRunChan, unblockTimerChan } from "./time.ts";

export interface Scase {
  readonly dir: "send" | "recv";
  readonly c: Hchan | null;
  readonly v?: unknown;
}

/** Index of the default case. */
export const DEFAULT = -1;

/** A select under way: `casi` when it is DONE, its lock order while it is PARKED. */
export class Select {
  readonly cases: readonly Scase[];
  casi = DEFAULT;
  private lockorder: number[] = [];

  constructor(cases: readonly Scase[]) {
    this.cases = cases;
  }

  /** DONE (`casi` and `received` are filled in) or PARKED. */
  go(rt: Runtime, gp: G, block: boolean): number {
    const { cases } = this;
    // The compiler turns the small forms into plain operations.
    if (cases.length === 0) return block ? parkForever(gp, "select (no cases)") : DONE;
    if (cases.length === 1) return this.single(rt, gp, block);
    rt.machine.charge(rt.costs.selectBase + rt.costs.selectCase * cases.length);
    const pollorder = this.order(rt);
    for (const casi of pollorder) if (this.tryCase(rt, casi)) return DONE;
    if (!block) return DONE;
    if (pollorder.length === 0) return parkForever(gp, "select");
    this.enqueue(rt, gp);
    return PARKED;
  }

  /** After the park: leaves the other queues. Returns false for a goroutine that was taken out by a cancellation. */
  finish(rt: Runtime, gp: G): void {
    const fired = gp.param;
    gp.param = null;
    gp.selectDone = false;
    let sg = gp.waiting;
    gp.waiting = null;
    let success = false;
    for (const casi of this.lockorder) {
      const { dir, c } = this.cases[casi]!;
      const ch = c!;
      const waiting: Sudog = sg!;
      if (ch.timer !== null) unblockTimerChan(ch.timer);
      if (waiting === fired) {
        this.casi = casi;
        ({ success } = waiting);
        received.value = waiting.elem;
        received.ok = success;
      } else if (dir === "send") ch.sendq.remove(waiting);
      else ch.recvq.remove(waiting);
      sg = waiting.waitlink;
      rt.releaseSudog(waiting);
    }
    if (this.casi < 0) rt.throw("selectgo: bad wakeup");
    if (this.cases[this.casi]!.dir === "send" && !success) throw new GoPanic("send on closed channel");
  }

  private single(rt: Runtime, gp: G, block: boolean): number {
    const { dir, c, v } = this.cases[0]!;
    const outcome = dir === "send" ? chansend(rt, gp, c, v, block) : chanrecv(rt, gp, c, block);
    if (outcome === DONE) this.casi = 0;
    if (outcome === PARKED) this.lockorder = c === null ? [] : [0];
    return outcome === WOULD_BLOCK ? DONE : outcome;
  }

  /** A random permutation of the cases with a channel (inside-out shuffle). */
  private order(rt: Runtime): number[] {
    const pollorder: number[] = [];
    for (let i = 0; i < this.cases.length; i++) {
      const { c } = this.cases[i]!;
      if (c === null) continue;
      if (c.timer !== null) maybeRunChan(rt, c.timer);
      const norder = pollorder.length;
      const j = norder === 0 ? 0 : rt.machine.decisions.choose("go.select", norder + 1);
      pollorder[norder] = pollorder[j]!;
      pollorder[j] = i;
    }
    // Lock order is by channel; cases on the same channel stay in poll order, which is random anyway.
    this.lockorder = pollorder.toSorted((a, b) => this.cases[a]!.c!.sortkey - this.cases[b]!.c!.sortkey);
    return pollorder;
  }

  /** Pass 1: does the case if it can go on now. */
  private tryCase(rt: Runtime, casi: number): boolean {
    const { dir, c, v } = this.cases[casi]!;
    const ch = c!;
    if (dir === "recv") {
      const sg = ch.sendq.dequeue();
      if (sg !== null) recvFrom(rt, ch, sg);
      else if (ch.count > 0) {
        received.value = ch.shift();
        received.ok = true;
      } else if (ch.closed) {
        received.value = undefined;
        received.ok = false;
      } else return false;
    } else {
      if (ch.closed) throw new GoPanic("send on closed channel");
      const sg = ch.recvq.dequeue();
      if (sg !== null) {
        sg.elem = v;
        goready(rt, sg, true, "select send to parked receiver: runnext");
      } else if (ch.count < ch.dataqsiz) ch.push(v);
      else return false;
    }
    this.casi = casi;
    return true;
  }

  /** Pass 2: a sudog per case, at the tail of each queue, in lock order. */
  private enqueue(rt: Runtime, gp: G): void {
    gp.selectDone = false;
    gp.param = null;
    gp.waiting = null;
    rt.machine.charge(rt.costs.selectWait * this.lockorder.length);
    let last: Sudog | null = null;
    for (const casi of this.lockorder) {
      const { dir, c, v } = this.cases[casi]!;
      const ch = c!;
      const sg = rt.acquireSudog(gp);
      sg.isSelect = true;
      sg.elem = v;
      sg.c = ch;
      if (last === null) gp.waiting = sg;
      else last.waitlink = sg;
      last = sg;
      if (dir === "send") ch.sendq.enqueue(sg);
      else ch.recvq.enqueue(sg);
      if (ch.timer !== null) blockTimerChan(rt, ch.timer);
    }
    gp.abandon = chanWait;
    gp.waitreason = "select";
  }
}
