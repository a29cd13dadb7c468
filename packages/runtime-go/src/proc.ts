/**
 * The scheduler's loop and the ways out of a goroutine: `mstart`, `schedule`, `execute`, `park_m`, `goschedImpl`,
 * `goyield_m`, `goexit0`, `entersyscall`, `exitsyscall` of src/runtime/proc.go of Go 1.26 (linux/amd64). Its neighbours
 * runq.ts, wake.ts, steal.ts, findrunnable.ts, sysmon.ts, preempt.ts and stw.ts hold the rest. Left out: GC.
 */
import { BLOCK, Kind, type ThreadBody } from "@orrery/simulator";
import { coroswitch } from "./coro.ts";
import { findLocal, findRunnable } from "./findrunnable.ts";
import { fatalpanic } from "./fatal.ts";
import { runqput } from "./runq.ts";
import { type G, Gstatus, Leave, type M, type P, type Runtime } from "./runtime2.ts";
import { inSyscall, takeP } from "./preempt.ts";
import { gcstopm } from "./stw.ts";
import { pidleget, resetspinning, acquirep, mexit, startlockedm, stoplockedm, stopm, wakep } from "./wake.ts";

/**
 * THE LOOP. Every M runs it for ever: find a goroutine, run it until it leaves, and again.
 * A goroutine's body yields ns of CPU or a `Leave`; ns are burnt on the M's thread, where preemption may cut them.
 */
export function* mstart(rt: Runtime, mp: M): ThreadBody {
  const { machine, costs } = rt;
  acquirep(rt, mp, mp.nextp!);
  mp.nextp = null;
  for (;;) {
    // schedule
    let gp: G | null;
    if (mp.lockedg !== null) {
      yield* stoplockedm(rt, mp);
      gp = mp.lockedg;
      mp.inheritTime = false;
      mp.why = "startlockedm";
    } else {
      machine.charge(costs.switch);
      if (!machine.settle()) yield 0;
      if (rt.gcwaiting) {
        yield* gcstopm(rt, mp);
        continue;
      }
      mp.p!.preempt = false;
      gp = findLocal(rt, mp, mp.p!);
      if (gp === null) gp = yield* findRunnable(rt, mp);
      if (mp.spinning) resetspinning(rt, mp);
      if (gp.lockedm !== null) {
        startlockedm(rt, mp, gp);
        yield* stopm(rt, mp);
        continue;
      }
    }
    execute(rt, mp, gp);
    for (;;) {
      // the goroutine runs
      let leave = gp.remainingNs;
      if (leave > 0) gp.remainingNs = 0;
      else leave = resume(rt, gp);
      if (leave >= 0) {
        const left = yield leave;
        if (left > 0) gp.remainingNs = left;
        if (gp.preempt) {
          gopreempt(
            rt,
            mp,
            gp,
            left > 0 ? "async preemption: global runq" : "preempted at a call: global runq",
          );
          break;
        }
      } else if (leave === Leave.syscall) {
        entersyscall(rt, mp, gp);
        yield* gp.syscall!;
        if (exitsyscall(rt, mp, gp)) continue;
        if (mp.lockedg === null) yield* stopm(rt, mp);
        break;
      } else if (leave === Leave.gosched) {
        gp.left = leave;
        machine.charge(costs.gosched);
        if (!machine.settle()) yield 0; // what it has done takes its time before anybody sees it queued
        rt.counts.goscheds++;
        machine.emit(Kind.yield, mp.p!.id, gp.id, "Gosched: global runq");
        goschedImpl(rt, mp, gp);
        break;
      } else if (leave === Leave.goexit) {
        const locked = gp.lockedm !== null;
        goexit0(rt, mp, gp);
        if (locked) return yield* mexit(rt, mp);
        break;
      } else if (leave === Leave.park ? parkM(rt, mp, gp) : leaveM(rt, mp, gp, leave)) break;
      else if (leave === Leave.coroswitch || leave === Leave.coroexit)
        gp = coroswitch(rt, mp, gp, leave === Leave.coroexit);
      else if (leave === Leave.systemstack) {
        yield* gp.syscall!;
        gp.syscall = null;
      } else if (leave === Leave.dead) for (;;) yield BLOCK;
    }
  }
}

/** Puts a goroutine on the M. Only one that did not come from runnext starts a new time slice. */
function execute(rt: Runtime, mp: M, gp: G): void {
  const pp = mp.p!;
  if (gp.status !== Gstatus.runnable) rt.throw(`execute: goroutine ${gp.goid} is not runnable`);
  mp.curg = gp;
  gp.m = mp;
  gp.status = Gstatus.running;
  gp.preempt = false;
  if (!mp.inheritTime) pp.schedtick++;
  rt.counts.switches++;
  rt.machine.charge(rt.touch(gp));
  if (gp.lastp !== pp) {
    rt.machine.charge(rt.costs.steal);
    gp.lastp = pp;
  }
  rt.machine.emit(Kind.run, pp.id, gp.id, mp.why, pp.schedtick);
}

/** Runs the body up to its next yield. An error that leaves it is an unrecovered panic. */
function resume(rt: Runtime, gp: G): number {
  try {
    let step: IteratorResult<unknown, unknown>;
    if (gp.goexiting === 1) {
      gp.goexiting = 2;
      step = gp.body.return(undefined);
    } else step = gp.body.next();
    return step.done === true ? Leave.goexit : (step.value as number);
  } catch (error) {
    fatalpanic(rt, gp, error);
    return Leave.dead;
  }
}

function dropg(mp: M, gp: G): void {
  mp.curg = null;
  gp.m = null;
}

/** gopark's second half. False when `unlockf` changed its mind: the goroutine goes on in the same slice. */
function parkM(rt: Runtime, mp: M, gp: G): boolean {
  const { unlockf } = gp;
  gp.status = Gstatus.waiting;
  gp.left = Leave.park;
  gp.waitsince = rt.machine.now;
  rt.machine.emit(Kind.park, mp.p!.id, gp.id, gp.waitreason);
  dropg(mp, gp);
  if (unlockf === null) return true;
  gp.unlockf = null;
  if (unlockf(rt, gp)) return true;
  gp.status = Gstatus.runnable;
  mp.inheritTime = true;
  mp.why = "gopark: unlockf refused";
  execute(rt, mp, gp);
  return false;
}

/** The other ways off the M; false for none of them. */
function leaveM(rt: Runtime, mp: M, gp: G, leave: number): boolean {
  switch (leave) {
    case Leave.goyield:
      gp.left = leave;
      rt.machine.emit(Kind.yield, mp.p!.id, gp.id, "goyield: runq tail");
      gp.status = Gstatus.runnable;
      dropg(mp, gp);
      runqput(rt, mp.p!, gp, false);
      return true;
    default:
      return false;
  }
}

function goschedImpl(rt: Runtime, mp: M, gp: G): void {
  gp.status = Gstatus.runnable;
  dropg(mp, gp);
  rt.runq.pushBack(gp);
  wakep(rt);
}

function gopreempt(rt: Runtime, mp: M, gp: G, reason: string): void {
  rt.counts.preemptions++;
  gp.left = 0;
  if (rt.gcwaiting) {
    rt.machine.emit(Kind.preempt, mp.p!.id, gp.id, "preempted to stop the world: runnext");
    gp.status = Gstatus.runnable;
    dropg(mp, gp);
    runqput(rt, mp.p!, gp, true);
    return;
  }
  rt.machine.emit(Kind.preempt, mp.p!.id, gp.id, reason);
  goschedImpl(rt, mp, gp);
}

function goexit0(rt: Runtime, mp: M, gp: G): void {
  const { task } = gp;
  if (rt.deferred !== null) rt.deferred(rt, gp);
  const how = task === null || task.state === "completed" ? 0 : task.state === "failed" ? 1 : 2;
  rt.machine.charge(rt.costs.goexit);
  rt.machine.emit(Kind.exit, mp.p!.id, gp.id, "goexit0", how);
  gp.status = Gstatus.dead;
  dropg(mp, gp);
  mp.lockedg = null;
  mp.lockedExt = 0;
  gp.lockedm = null;
  if (gp === rt.main) rt.mainEnded = gp.goexiting === 0;
  rt.gfree(gp);
}

// ---- system calls -------------------------------------------------------------------------------------------------------

/** The P stays with the M, but anybody may take it. */
function entersyscall(rt: Runtime, mp: M, gp: G): void {
  const pp = mp.p!;
  rt.counts.syscalls++;
  rt.machine.charge(rt.costs.syscall);
  mp.syscalltick = pp.syscalltick;
  mp.oldp = pp;
  rt.machine.emit(Kind.syscallEnter, pp.id, gp.id, "entersyscall");
  gp.status = Gstatus.syscall;
  rt.machine.hold(); // sysmon will take the P back for those who wait behind it
  rt.wakeSysmon();
}

/** True when the goroutine has a P and goes on at once; false when it went to the global queue. */
function exitsyscall(rt: Runtime, mp: M, gp: G): boolean {
  const oldp = mp.oldp!;
  mp.oldp = null;
  gp.syscall = null;
  gp.status = Gstatus.running;
  if (mp.p !== null) rt.machine.release();
  else {
    const pp = exitsyscallTryGetP(rt, oldp);
    if (pp === null) {
      exitsyscallNoP(rt, mp, gp);
      return false;
    }
    acquirep(rt, mp, pp);
    rt.machine.emit(Kind.ready, pp.id, gp.id, "exitsyscall: P lost");
    rt.machine.emit(
      Kind.run,
      pp.id,
      gp.id,
      pp === oldp ? "exitsyscall: old P" : "exitsyscall: idle P",
      pp.schedtick,
    );
  }
  mp.p!.syscalltick++;
  rt.machine.emit(Kind.syscallExit, mp.p!.id, gp.id, "exitsyscall");
  return true;
}

/** The old P if it sits in another system call, else any idle one. */
function exitsyscallTryGetP(rt: Runtime, oldp: P): P | null {
  if (inSyscall(oldp)) {
    takeP(rt, oldp, "exitsyscall: P taken by its former M");
    return oldp;
  }
  const pp = pidleget(rt);
  if (pp !== null) rt.wakeSysmon();
  return pp;
}

function exitsyscallNoP(rt: Runtime, mp: M, gp: G): void {
  rt.machine.emit(Kind.syscallExit, -1, gp.id, "exitsyscall");
  rt.machine.emit(Kind.ready, -1, gp.id, "exitsyscallNoP: global runq");
  gp.status = Gstatus.runnable;
  dropg(mp, gp);
  rt.runq.pushBack(gp);
}
