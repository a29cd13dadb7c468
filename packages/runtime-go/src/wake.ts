/**
 * Waking and stopping Ms, idle Ps, and making goroutines runnable: the middle of src/runtime/proc.go of Go 1.26
 * (`wakep`, `startm`, `stopm`, `handoffp`, `injectglist`, `resetspinning`, `ready`, `newproc`, `checkdead`). Idle lists are stacks.
 */
import type { Steps, Task } from "@orrery/runtime";
import { BLOCK, Kind, type ThreadBody } from "@orrery/simulator";
import { netpollBreak } from "./netpoll.ts";
import { runqempty, runqput, runqputbatch } from "./runq.ts";
import { type G, GQueue, Gstatus, M, type P, POLLING, Pstatus, type Runtime } from "./runtime2.ts";

/** The M of sysmon, the one that checkdead does not count (`sched.nmsys`). */
const SYSMON_M = 1;
const NMSYS = 1;

// ---- Ps ---------------------------------------------------------------------------------------------------------------

export function acquirep(rt: Runtime, mp: M, pp: P): void {
  mp.p = pp;
  pp.m = mp;
  pp.status = Pstatus.running;
  rt.machine.emit(Kind.handoff, pp.id, -1, "acquirep", mp.thread.id);
}

export function releasep(rt: Runtime, mp: M): P {
  const pp = mp.p!;
  mp.p = null;
  pp.m = null;
  pp.status = Pstatus.idle;
  rt.machine.emit(Kind.handoff, pp.id, -1, "releasep", -1);
  return pp;
}

export function pidleput(rt: Runtime, pp: P): void {
  if (!runqempty(pp)) rt.throw("pidleput: P has non-empty run queue");
  if (pp.timers.length === 0) rt.timerpMask[pp.id] = false;
  rt.idlepMask[pp.id] = true;
  rt.pidle.push(pp);
}

export function pidleget(rt: Runtime): P | null {
  const pp = rt.pidle.pop();
  if (pp === undefined) return null;
  rt.timerpMask[pp.id] = true;
  rt.idlepMask[pp.id] = false;
  return pp;
}

/** `pidleget` for a spinning M or by one that wants one: failure leaves word for the next M that would go idle. */
export function pidlegetSpinning(rt: Runtime): P | null {
  const pp = pidleget(rt);
  if (pp === null) rt.needspinning = true;
  return pp;
}

// ---- Ms ---------------------------------------------------------------------------------------------------------------

/** Makes sure that somebody looks for work, if a P is idle and nobody spins yet. */
export function wakep(rt: Runtime): void {
  if (rt.nmspinning !== 0 || rt.pidle.length === 0) {
    if (rt.nmspinning === 0) rt.needspinning = true;
    return;
  }
  rt.nmspinning = 1;
  rt.counts.wakeps++;
  startm(rt, pidlegetSpinning(rt)!, true, "wakep");
}

/** Schedules an M to run `pp`: the one that parked last, or a new thread. */
export function startm(rt: Runtime, pp: P, spinning: boolean, reason: string): void {
  rt.counts.startms++;
  if (spinning && !runqempty(pp)) rt.throw("startm: p has runnable gs");
  const parked = rt.midle.pop();
  const mp = parked ?? newm(rt);
  mp.spinning = spinning;
  mp.nextp = pp;
  rt.machine.emit(Kind.threadWake, pp.id, -1, reason, mp.thread.id);
  if (parked !== undefined) rt.machine.wake(mp.thread);
}

export function newm(rt: Runtime): M {
  const mp = new M(rt.mnext++);
  if (rt.mnext === SYSMON_M) rt.mnext++;
  rt.allm.push(mp);
  rt.machine.spawn(`M${mp.id}`, (thread) => {
    mp.thread = thread;
    rt.mOfThread[thread.id] = mp;
    return rt.mstart(rt, mp);
  });
  return mp;
}

/** The end of an M whose locked goroutine has exited; m0's thread is the process's and sleeps for ever. */
export function* mexit(rt: Runtime, mp: M): ThreadBody {
  handoffp(rt, releasep(rt, mp));
  rt.nmfreed++;
  if (mp.id !== 0) rt.allm.splice(rt.allm.indexOf(mp), 1);
  checkdead(rt);
  rt.machine.emit(Kind.threadBlock, -1, -1, "mexit", mp.thread.id);
  mp.thread.waitingFor = "futex (mexit)";
  while (mp.id === 0) yield BLOCK;
}

/** Parks the M until somebody gives it a P. */
export function* stopm(rt: Runtime, mp: M): ThreadBody {
  if (mp.p !== null || mp.spinning) rt.throw("stopm holding p");
  rt.counts.stopms++;
  rt.midle.push(mp);
  checkdead(rt);
  rt.machine.emit(Kind.threadBlock, -1, -1, "stopm", mp.thread.id);
  mp.thread.waitingFor = "futex (stopm)";
  while (mp.nextp === null) yield BLOCK;
  mp.thread.waitingFor = "";
  acquirep(rt, mp, mp.nextp);
  mp.nextp = null;
}

/** An M that is locked to a goroutine gives its P away and sleeps until the goroutine is scheduled. */
export function* stoplockedm(rt: Runtime, mp: M): ThreadBody {
  if (mp.p !== null) handoffp(rt, releasep(rt, mp));
  rt.nmidlelocked++;
  checkdead(rt);
  mp.thread.waitingFor = "futex (locked)";
  while (mp.nextp === null) yield BLOCK;
  mp.thread.waitingFor = "";
  acquirep(rt, mp, mp.nextp);
  mp.nextp = null;
}

/** Gives this M's P to the M that `gp` is locked to. */
export function startlockedm(rt: Runtime, mp: M, gp: G): void {
  const locked = gp.lockedm!;
  rt.nmidlelocked--;
  locked.nextp = releasep(rt, mp);
  rt.machine.emit(Kind.threadWake, locked.nextp.id, gp.id, "startlockedm", locked.thread.id);
  rt.machine.wake(locked.thread);
}

/** A P has lost its M to a system call or a lock: finds it another one if there is anything to do. */
export function handoffp(rt: Runtime, pp: P): void {
  rt.counts.handoffps++;
  if (!runqempty(pp) || rt.runq.size > 0) {
    startm(rt, pp, false, "handoffp: work queued");
    return;
  }
  if (rt.nmspinning + rt.pidle.length === 0 && !rt.gcwaiting) {
    rt.nmspinning = 1;
    rt.needspinning = false;
    startm(rt, pp, true, "handoffp: nobody spins or idles");
    return;
  }
  if (rt.gcwaiting) {
    rt.pStopped(pp);
    return;
  }
  if (rt.pidle.length === rt.gomaxprocs - 1 && rt.lastpoll !== POLLING) {
    startm(rt, pp, false, "handoffp: last P, nobody polls");
    return;
  }
  const when = pp.timers.wakeTime();
  pidleput(rt, pp);
  if (when !== 0) wakeNetPoller(rt, when);
}

/** The M found work and stops spinning: another one may take over looking. */
export function resetspinning(rt: Runtime, mp: M): void {
  mp.spinning = false;
  rt.nmspinning--;
  wakep(rt);
}

export function becomeSpinning(rt: Runtime, mp: M): void {
  mp.spinning = true;
  rt.nmspinning++;
  rt.needspinning = false;
}

/** A timer at `when` is the earliest now: the blocked poller must not sleep longer than that. */
export function wakeNetPoller(rt: Runtime, when: number): void {
  if (rt.lastpoll === POLLING) {
    if (rt.pollUntil === 0 || rt.pollUntil > when) netpollBreak(rt);
  } else wakep(rt);
}

// ---- goroutines ---------------------------------------------------------------------------------------------------------

/** Makes a waiting goroutine runnable: it runs next on this P, in the rest of the waker's time slice. */
export function ready(rt: Runtime, gp: G, reason: string): void {
  if (gp.status !== Gstatus.waiting) rt.throw(`ready: goroutine ${gp.goid} is not waiting`);
  const pp = rt.getp();
  gp.status = Gstatus.runnable;
  gp.abandon = null;
  rt.machine.charge(rt.costs.ready);
  rt.machine.emit(Kind.ready, pp.id, gp.id, reason);
  runqput(rt, pp, gp, true);
  wakep(rt);
}

/** The go statement. The parent goes on. */
export function newproc(
  rt: Runtime,
  parent: G | null,
  id: number | null,
  name: string,
  body: Steps<unknown>,
  task: Task | null,
): G {
  const pp = rt.getp();
  rt.machine.charge(rt.costs.spawn + rt.gfget());
  const gp = rt.newg(pp, parent, id, name, body, task);
  rt.machine.emit(Kind.create, pp.id, gp.id, "newproc", parent === null ? -1 : parent.id);
  rt.machine.emit(Kind.ready, pp.id, gp.id, "newproc: runnext");
  runqput(rt, pp, gp, true);
  wakep(rt);
  return gp;
}

/** Makes every goroutine of a netpoll list runnable and starts Ms for idle Ps. */
export function injectglist(rt: Runtime, list: GQueue): void {
  if (list.size === 0) return;
  const pp = rt.acting()?.p ?? null;
  for (let gp = list.head; gp !== null; gp = gp.schedlink) markReady(rt, gp, pp, "netpoll: injectglist");
  if (pp === null) {
    const n = list.size;
    rt.runq.pushBackAll(list);
    startIdle(rt, n);
    return;
  }
  const globq = new GQueue();
  for (let npidle = rt.pidle.length; npidle > 0 && list.size > 0; npidle--) globq.pushBack(list.pop()!);
  if (globq.size > 0) {
    const n = globq.size;
    rt.runq.pushBackAll(globq);
    startIdle(rt, n);
  }
  runqputbatch(pp, list);
  rt.runq.pushBackAll(list);
  wakep(rt);
}

/** From waiting to runnable without a queue: the caller has its place. */
export function markReady(rt: Runtime, gp: G, pp: P | null, reason: string): void {
  gp.status = Gstatus.runnable;
  gp.abandon = null;
  rt.machine.emit(Kind.ready, pp === null ? -1 : pp.id, gp.id, reason);
}

function startIdle(rt: Runtime, n: number): void {
  for (let i = 0; i < n; i++) {
    const pp = pidlegetSpinning(rt);
    if (pp === null) return;
    startm(rt, pp, false, "injectglist");
  }
}

// ---- the deadlock detector ------------------------------------------------------------------------------------------------

/** Asked when an M goes idle: if it was the last one and nothing can wake any, the process dies. */
export function checkdead(rt: Runtime): void {
  if (rt.fatalError !== null || rt.mainEnded) return;
  const running = rt.mcount() - NMSYS - rt.midle.length - rt.nmidlelocked;
  if (running > 0) return;
  let waiting = 0;
  for (let gp = rt.allgs; gp !== null; gp = gp.allnext) if (gp.status === Gstatus.waiting) waiting++;
  if (waiting === 0) {
    rt.fatalError = "no goroutines (main called runtime.Goexit) - deadlock!";
    return;
  }
  for (const pp of rt.allp) if (pp.timers.length > 0) return;
  rt.fatalError = "all goroutines are asleep - deadlock!";
}
