/** A wait that time ends: in Go a select whose other case is the channel of a timer, `case <-time.After(d)`. */
import type { Hchan } from "./chan.ts";
import type { G, Runtime } from "./runtime2.ts";
import { blockTimerChan, maybeRunChan, unblockTimerChan } from "./time.ts";
import { ready } from "./wake.ts";

/** How a wait may end besides by what it waits for. */
export interface Wait {
  /** By a cancellation. */
  readonly cancellable: boolean;
  /** By the time of this channel; null: never. */
  readonly limit: Hchan | null;
}

export const CANCELLABLE: Wait = { cancellable: true, limit: null };
export const INSISTS: Wait = { cancellable: false, limit: null };

/** Before the park: the wait becomes one case of two. False if the time is over. */
export function joinLimit(rt: Runtime, gp: G, limit: Hchan | null): boolean {
  if (limit === null) return true;
  const timer = limit.timer!;
  maybeRunChan(rt, timer);
  if (limit.count > 0) return false;
  const timed = rt.acquireSudog(gp);
  timed.c = limit;
  timed.isSelect = true;
  gp.selectDone = false;
  gp.limit = timed;
  limit.recvq.enqueue(timed);
  blockTimerChan(rt, timer);
  return true;
}

/** After the park, or when it is cancelled: true if it was time that ended it. */
export function leaveLimit(rt: Runtime, gp: G): boolean {
  const timed = gp.limit;
  if (timed === null) return false;
  const limit = timed.c as Hchan;
  const isOver = gp.param === timed;
  limit.recvq.remove(timed);
  unblockTimerChan(limit.timer!);
  rt.releaseSudog(timed);
  gp.limit = null;
  gp.selectDone = false;
  if (isOver) gp.param = null;
  return isOver;
}

/** Readies a waiter that has been taken out of its queue; one that its time has readied finds that out as it goes on. */
export function wake(rt: Runtime, gp: G, reason: string): void {
  if (gp.limit !== null) {
    if (gp.selectDone) return;
    gp.selectDone = true;
  }
  ready(rt, gp, reason);
}

/** A wait of several steps that begins another one would find ctx.Done. */
export function isAsked({ task }: G): boolean {
  return task !== null && task.cancelRequested && task.shields === 0;
}
