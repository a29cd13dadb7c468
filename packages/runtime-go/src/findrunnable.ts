/**
 * What an M runs next: `findRunnable` of src/runtime/proc.go of Go 1.26, in its order. Left out: the trace reader, GC
 * workers, finalizers and cleanups.
 */
import { netpollBlocking, netpollBreak, netpollNonBlocking } from "./netpoll.ts";
import { globrunqgetbatch, runqempty, runqgetRing } from "./runq.ts";
import {
  type G,
  GLOBAL_QUEUE_TICKS,
  type GQueue,
  type M,
  type P,
  POLLING,
  RUNQ_LEN,
  type Runtime,
} from "./runtime2.ts";
import { Stolen, stealWork } from "./steal.ts";
import { gcstopm } from "./stw.ts";
import {
  acquirep,
  becomeSpinning,
  injectglist,
  markReady,
  pidleget,
  pidlegetSpinning,
  pidleput,
  releasep,
  stopm,
} from "./wake.ts";

/** The first half of findRunnable, which never waits: own timers, the 61st tick, own queue, global queue. */
export function findLocal(rt: Runtime, mp: M, pp: P): G | null {
  const { timers } = pp;
  mp.inheritTime = false;
  if (timers.length > 0) timers.check(rt, rt.machine.now, true);
  if (pp.schedtick % GLOBAL_QUEUE_TICKS === 0 && rt.runq.size > 0) {
    rt.counts.globalQueueTicks++;
    mp.why = "schedtick % 61: global runq";
    return globrunqgetbatch(rt, pp, 1);
  }
  const { runnext } = pp;
  if (runnext !== null) {
    pp.runnext = null;
    mp.inheritTime = true;
    mp.why = "runnext";
    return runnext;
  }
  const gp = runqgetRing(pp);
  if (gp !== null) {
    mp.why = "runq";
    return gp;
  }
  return rt.runq.size > 0 ? fromGlobal(rt, mp, pp) : null;
}

function fromGlobal(rt: Runtime, mp: M, pp: P): G | null {
  mp.why = "global runq";
  mp.inheritTime = false;
  return globrunqgetbatch(rt, pp, RUNQ_LEN / 2);
}

/** The second half: poll, steal, and if there is nothing at all give the P up and sleep. `findLocal` has just failed. */
export function* findRunnable(rt: Runtime, mp: M): Generator<number, G, number> {
  const { machine } = rt;
  const stolen = new Stolen();
  for (;;) {
    const pp = mp.p!;
    let pollUntil = pp.timers.wakeTime();

    if (rt.netpollWaiters > 0 && rt.lastpoll !== POLLING && !rt.pollingNet) {
      rt.pollingNet = true;
      machine.charge(rt.costs.netpoll);
      if (!machine.settle()) yield 0;
      const list = netpollNonBlocking(rt);
      rt.pollingNet = false;
      if (list.size > 0) return fromPoller(rt, mp, list);
    }

    if (mp.spinning || 2 * rt.nmspinning < rt.gomaxprocs - rt.pidle.length) {
      if (!mp.spinning) becomeSpinning(rt, mp);
      const gp = yield* stealWork(rt, mp, pp, stolen);
      if (gp !== null) return gp;
      if (!stolen.newWork && stolen.pollUntil !== 0 && (pollUntil === 0 || stolen.pollUntil < pollUntil))
        pollUntil = stolen.pollUntil;
    } else stolen.newWork = false;

    if (rt.gcwaiting) yield* gcstopm(rt, mp);
    else if (!stolen.newWork) {
      // Nothing to do. Last looks before the P goes idle.
      if (rt.runq.size > 0) return fromGlobal(rt, mp, pp)!;
      if (!mp.spinning && rt.needspinning) becomeSpinning(rt, mp);
      else {
        const gp = yield* parkWithoutP(rt, mp, pp, pollUntil);
        if (gp !== null) return gp;
      }
    }

    const gp = findLocal(rt, mp, mp.p!);
    if (gp !== null) return gp;
  }
}

/** Gives the P up and sleeps, in netpoll if nobody else does. Back with a P: a goroutine, or null to look again. */
function* parkWithoutP(rt: Runtime, mp: M, pp: P, until: number): Generator<number, G | null, number> {
  const { machine } = rt;
  let pollUntil = until;
  const idlepSnapshot = rt.idlepMask.slice();
  pidleput(rt, releasep(rt, mp));
  if (rt.pidle[rt.pidle.length - 1] !== pp) rt.throw("findRunnable: wrong p");

  const wasSpinning = mp.spinning;
  if (wasSpinning) {
    // The flag first, then another look: whoever submits work after it will wake somebody.
    mp.spinning = false;
    rt.nmspinning--;
    if (rt.runq.size > 0) {
      const idle = pidlegetSpinning(rt);
      if (idle !== null) {
        const gp = fromGlobal(rt, mp, idle)!;
        acquirep(rt, mp, idle);
        becomeSpinning(rt, mp);
        return gp;
      }
    }
    if (rt.allp.some((p2) => !idlepSnapshot[p2.id]! && !runqempty(p2))) {
      const idle = pidlegetSpinning(rt);
      if (idle !== null) {
        acquirep(rt, mp, idle);
        becomeSpinning(rt, mp);
        return null;
      }
    }
    for (const p2 of rt.allp) {
      const w = p2.timers.wakeTime();
      if (w !== 0 && (pollUntil === 0 || w < pollUntil)) pollUntil = w;
    }
  }

  if (rt.netpollInited && (rt.netpollWaiters > 0 || pollUntil !== 0) && rt.lastpoll !== POLLING) {
    rt.lastpoll = POLLING;
    rt.pollUntil = pollUntil;
    const list = yield* netpollBlocking(rt, pollUntil === 0 ? -1 : Math.max(0, pollUntil - machine.now));
    rt.pollUntil = 0;
    rt.lastpoll = machine.now;
    const idle = pidleget(rt);
    if (idle !== null) {
      acquirep(rt, mp, idle);
      if (list.size > 0) return fromPoller(rt, mp, list);
      if (wasSpinning) becomeSpinning(rt, mp);
      return null;
    }
    injectglist(rt, list);
  } else if (pollUntil !== 0 && rt.netpollInited && (rt.pollUntil === 0 || rt.pollUntil > pollUntil)) {
    netpollBreak(rt);
  }
  yield* stopm(rt, mp);
  return null;
}

/** Runs the first of a poll and queues the others. */
function fromPoller(rt: Runtime, mp: M, list: GQueue): G {
  const gp = list.pop()!;
  injectglist(rt, list);
  markReady(rt, gp, mp.p, "netpoll");
  mp.inheritTime = false;
  mp.why = "netpoll";
  return gp;
}
