/**
 * Work stealing, after `stealWork`, `runqsteal` and `runqgrab` of src/runtime/proc.go of Go 1.26. The random order of
 * victims is the decision `go.stealOrder`.
 */
import { Kind, nanosleep } from "@orrery/simulator";
import { runqgetRing, runqgrab } from "./runq.ts";
import { type G, Gstatus, type M, type P, Pstatus, type Runtime } from "./runtime2.ts";

/** proc.go `stealWork`: `stealTries`. */
const STEAL_TRIES = 4;
/** proc.go `runqgrab`: `usleep(3)` before it takes a running P's runnext. */
const RUNNEXT_BACKOFF_NS = 3_000;

/** What a round of stealing left behind besides a goroutine. */
export class Stolen {
  /** A timer ran: look at everything again. */
  newWork = false;
  /** Earliest timer seen, 0 for none. */
  pollUntil = 0;
}

/** Four rounds over all Ps, none while the world stops. Returns the goroutine to run, null if there was none. */
export function* stealWork(rt: Runtime, mp: M, pp: P, out: Stolen): Generator<number, G | null, number> {
  const { machine, allp, coprimes } = rt;
  const count = allp.length;
  out.newWork = false;
  out.pollUntil = 0;
  for (let i = 0; i < STEAL_TRIES; i++) {
    const last = i === STEAL_TRIES - 1;
    rt.counts.stealPasses++;
    const r = count === 1 ? 0 : machine.decisions.choose("go.stealOrder", count * coprimes.length);
    let pos = r % count;
    const inc = coprimes[Math.floor(r / count)]!;
    for (let n = 0; n < count; n++, pos = (pos + inc) % count) {
      const p2 = allp[pos]!;
      if (p2 === pp) continue;
      if (rt.gcwaiting) {
        out.newWork = true;
        return null;
      }
      machine.charge(rt.costs.stealAttempt);
      if (!machine.settle()) yield 0;
      if (last && rt.timerpMask[pos]!) {
        const w = p2.timers.check(rt, machine.now, false);
        if (w !== 0 && (out.pollUntil === 0 || w < out.pollUntil)) out.pollUntil = w;
        if (p2.timers.ran) {
          const gp = runqgetSelf(mp, pp);
          if (gp !== null) return gp;
          out.newWork = true;
        }
      }
      if (rt.idlepMask[pos]!) continue;
      const { gp, n: taken } = runqgrab(pp, p2);
      if (gp !== null) return stolen(rt, mp, pp, gp, taken, p2.stealReason);
      if (last && p2.runnext !== null) {
        const next = yield* grabRunnext(rt, mp, pp, p2);
        if (next !== null) return stolen(rt, mp, pp, next, 1, p2.runnextTheft);
      }
    }
  }
  return null;
}

/** Work of the thief's own queue that timers have made. */
function runqgetSelf(mp: M, pp: P): G | null {
  const { runnext } = pp;
  if (runnext !== null) {
    pp.runnext = null;
    mp.inheritTime = true;
    mp.why = "stolen timer: runnext";
    return runnext;
  }
  const gp = runqgetRing(pp);
  mp.inheritTime = false;
  mp.why = "stolen timer: runq";
  return gp;
}

/** The last resort, runnext: a running P gets a moment to run it itself. */
function* grabRunnext(rt: Runtime, mp: M, pp: P, p2: P): Generator<number, G | null, number> {
  for (;;) {
    const next = p2.runnext;
    if (next === null) return null;
    const curg = p2.m === null ? null : p2.m.curg;
    if (
      p2.status === Pstatus.running &&
      p2.m !== null &&
      (curg === null || curg.status !== Gstatus.syscall)
    ) {
      yield* nanosleep(rt.machine, mp.thread, RUNNEXT_BACKOFF_NS);
    }
    if (p2.runnext === next) {
      p2.runnext = null;
      return next;
    }
    const { gp } = runqgrab(pp, p2);
    if (gp !== null) return gp;
  }
}

function stolen(rt: Runtime, mp: M, pp: P, gp: G, n: number, reason: string): G {
  rt.counts.steals++;
  rt.counts.stolenGoroutines += n;
  rt.machine.emit(Kind.steal, pp.id, gp.id, reason, n);
  mp.inheritTime = false;
  mp.why = reason;
  return gp;
}
