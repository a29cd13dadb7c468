/**
 * Stopping the world and starting it again: `stopTheWorldWithSema`, `startTheWorldWithSema`, `procresize`, `gcstopm` of
 * src/runtime/proc.go of Go 1.26. Every P stops at its next scheduling point. An M that had one has no claim to it afterwards.
 */
import { BLOCK, Kind, type ThreadBody } from "@orrery/simulator";
import { netpollNonBlocking } from "./netpoll.ts";
import { inSyscall, preemptone, takeP } from "./preempt.ts";
import { runqempty, runqdrain } from "./runq.ts";
import { type M, type P, Pstatus, type Runtime } from "./runtime2.ts";
import { acquirep, injectglist, newm, pidleget, pidleput, releasep, stopm, wakep } from "./wake.ts";

/** proc.go `stopTheWorldWithSema`: who has not stopped by then is asked again. */
const ASK_AGAIN_NS = 100_000;

/** Runs on the M of who stops the world; returns once only its own P is left. */
export function* stopTheWorld(rt: Runtime, mp: M): ThreadBody {
  const { machine } = rt;
  machine.emit(Kind.note, mp.p!.id, mp.curg!.id, "stopTheWorld");
  rt.stopwait = rt.allp.length - 1; // its own P is stopped
  rt.gcwaiting = true;
  rt.stopper = mp.thread;
  mp.p!.status = Pstatus.gcstop;
  preemptall(rt, mp.p!);
  for (const pp of rt.allp)
    if (pp !== mp.p && inSyscall(pp)) {
      takeP(rt, pp, "syscall: stop the world");
      rt.pStopped(pp);
    }
  for (let pp = pidleget(rt); pp !== null; pp = pidleget(rt)) rt.pStopped(pp);
  mp.thread.waitingFor = "futex (stop the world)";
  while (rt.stopwait > 0) {
    const until = machine.now + ASK_AGAIN_NS;
    while (rt.stopwait > 0 && machine.now < until) {
      machine.timeout(until);
      yield BLOCK;
    }
    if (rt.stopwait > 0) preemptall(rt, mp.p!);
  }
  mp.thread.waitingFor = "";
  rt.stopper = null;
}

function preemptall(rt: Runtime, own: P): void {
  for (const pp of rt.allp) if (pp !== own && pp.status === Pstatus.running) preemptone(rt, pp);
}

/** An M gives its P to who stops the world, and sleeps until it is started again. */
export function* gcstopm(rt: Runtime, mp: M): ThreadBody {
  if (mp.spinning) {
    mp.spinning = false;
    rt.nmspinning--;
  }
  rt.pStopped(releasep(rt, mp));
  yield* stopm(rt, mp);
}

/** With `procs` Ps: the acting one goes on, those with work get an M, the others are idle. */
export function startTheWorld(rt: Runtime, mp: M, procs: number): void {
  if (rt.netpollInited) injectglist(rt, netpollNonBlocking(rt));
  const runnable = procresize(rt, mp, procs);
  rt.gcwaiting = false;
  rt.machine.emit(Kind.note, mp.p!.id, mp.curg!.id, "startTheWorld");
  rt.wakeSysmon();
  for (const pp of runnable) {
    const parked = rt.midle.pop();
    const other = parked ?? newm(rt);
    other.nextp = pp;
    rt.machine.emit(Kind.threadWake, pp.id, -1, "startTheWorld", other.thread.id);
    if (parked !== undefined) rt.machine.wake(other.thread);
  }
  wakep(rt);
}

/** Makes or takes away Ps. What a P that goes had queued goes to the head of the global queue, its timers to the acting P. */
function procresize(rt: Runtime, mp: M, procs: number): readonly P[] {
  const { allp } = rt;
  while (allp.length < procs) rt.addP();
  if (mp.p!.id >= procs) {
    releasep(rt, mp);
    acquirep(rt, mp, allp[0]!);
  } else mp.p!.status = Pstatus.running;
  for (const pp of allp.splice(procs)) {
    runqdrain(pp, rt.runq);
    mp.p!.timers.take(pp.timers);
    pp.status = Pstatus.dead;
  }
  rt.resetStealOrder();
  const runnable: P[] = [];
  const idle: P[] = [];
  for (const pp of allp) {
    if (pp === mp.p) continue;
    pp.status = Pstatus.idle;
    (runqempty(pp) ? idle : runnable).push(pp);
  }
  for (const pp of idle) pidleput(rt, pp);
  return runnable;
}
