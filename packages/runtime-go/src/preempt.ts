/**
 * Taking a P back from who has it: by asking the goroutine to yield (`preemptone` of src/runtime/proc.go of Go 1.26), or at once
 * while it is in a system call.
 */
import { Kind } from "@orrery/simulator";
import { Gstatus, type P, type Runtime } from "./runtime2.ts";

/** Asks the goroutine of a P to yield: at its next call, or by a signal in the middle of its code. */
export function preemptone(rt: Runtime, pp: P): void {
  const mp = pp.m;
  const gp = mp === null ? null : mp.curg;
  if (mp === null || gp === null || gp.status === Gstatus.syscall) return;
  gp.preempt = true;
  rt.counts.preemptRequests++;
  if (rt.debug.asyncpreemptoff) return;
  pp.preempt = true;
  rt.machine.emit(Kind.note, pp.id, gp.id, "sysmon: preemptone, SIGURG");
  rt.machine.interrupt(mp.thread);
}

/** True while the P's goroutine is in a system call, so that the P may be taken away. */
export function inSyscall(pp: P): boolean {
  const curg = pp.m === null ? null : pp.m.curg;
  return curg !== null && curg.status === Gstatus.syscall;
}

/** Takes the P away from an M in a system call. */
export function takeP(rt: Runtime, pp: P, reason: string): void {
  const mp = pp.m!;
  rt.machine.emit(Kind.park, pp.id, mp.curg!.id, reason, mp.thread.id);
  mp.p = null;
  pp.m = null;
  pp.syscalltick++;
  rt.machine.release();
}
