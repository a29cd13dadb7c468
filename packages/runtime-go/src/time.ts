/**
 * Arming and stopping timers, `time.Sleep` and channel timers: the rest of src/runtime/time.go of Go 1.26, and
 * src/time/sleep.go, tick.go. A channel timer sits in a heap only while a goroutine is blocked on its channel.
 */
import { Kind } from "@orrery/simulator";
import { netpollGenericInit, type PollDesc } from "./netpoll.ts";
import { type Abandon, type G, Leave, type Runtime, type UnlockF } from "./runtime2.ts";
import { reschedule, Timer, type TimerF } from "./timers.ts";
import { ready, wakeNetPoller } from "./wake.ts";

/** `modify`: arms or re-arms. True if it was armed before. */
export function modify(rt: Runtime, t: Timer, when: number, period: number): boolean {
  rt.machine.charge(rt.costs.timerArm);
  const pending = t.when > 0;
  t.when = when;
  t.period = period;
  if (t.heaped) {
    if (t.ts!.modified(t)) wakeNetPoller(rt, when);
  } else maybeAdd(rt, t);
  return pending;
}

/** Puts the timer into the heap of the acting P if anybody could notice it. */
export function maybeAdd(rt: Runtime, t: Timer): void {
  if (!t.needsAdd) return;
  netpollGenericInit(rt);
  const { timers } = rt.getp();
  timers.cleanHead();
  const before = timers.wakeTime();
  timers.add(t);
  if (before === 0 || t.when < before) wakeNetPoller(rt, t.when);
}

/** True if it was pending. */
export function stop(rt: Runtime, t: Timer): boolean {
  rt.machine.charge(rt.costs.timerArm);
  if (t.heaped) t.ts!.stopped(t);
  const pending = t.when > 0;
  t.when = 0;
  return pending;
}

/** A goroutine is blocked on the timer's channel: now the timer matters. */
export function blockTimerChan(rt: Runtime, t: Timer): void {
  t.blocked++;
  if (t.heaped && t.when > 0) t.ts!.exhume(t);
  maybeAdd(rt, t);
}

export function unblockTimerChan(t: Timer): void {
  t.blocked--;
  if (t.blocked === 0 && t.heaped) t.ts!.bury(t);
}

/** Fires a channel timer that is due but in no heap, because nobody was blocked on it. */
export function maybeRunChan(rt: Runtime, t: Timer): void {
  const { now } = rt.machine;
  if (t.heaped || t.when === 0 || t.when > now) return;
  const delta = reschedule(t, now);
  t.f(rt, t.arg, delta);
}

const goroutineReady: TimerF = (rt, arg) => {
  const gp = arg as G;
  timerFired(rt, gp.id, "goroutineReady");
  ready(rt, gp, "timer: runnext");
};

export function timerFired(rt: Runtime, task: number, reason: string): void {
  rt.counts.timersFired++;
  rt.machine.charge(rt.costs.timerFire);
  rt.machine.emit(Kind.timer, rt.getp().id, task, reason);
}

/** `netpollReadDeadline`: whoever waits to read goes on, with a timeout. */
const netpollReadDeadline: TimerF = (rt, arg) => {
  const pd = arg as PollDesc;
  pd.expired = true;
  const gp = pd.reader;
  timerFired(rt, gp === null ? -1 : gp.id, "netpollReadDeadline");
  if (gp === null) return;
  pd.abandon(rt);
  ready(rt, gp, "read deadline: runnext");
};

/** `poll_runtime_pollSetDeadline` for reading, at a virtual time in the future. */
export function setReadDeadline(rt: Runtime, pd: PollDesc, when: number): void {
  modify(rt, new Timer(netpollReadDeadline, pd, false), when, 0);
}

const resetForSleep: UnlockF = (rt, gp) => {
  modify(rt, gp.timer!, gp.timer!.when, 0);
  return true;
};

const sleepWait: Abandon = {
  abandon(rt, gp): void {
    stop(rt, gp.timer!);
  },
};

/** time.Sleep for ns > 0: parks first, arms then. Yield what it returns. */
export function startSleep(rt: Runtime, gp: G, ns: number): number {
  gp.timer ??= new Timer(goroutineReady, gp, false);
  gp.timer.when = rt.machine.now + ns; // in no heap yet
  gp.unlockf = resetForSleep;
  gp.abandon = sleepWait;
  gp.waitreason = "sleep";
  return Leave.park;
}
