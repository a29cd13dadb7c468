/** Looking into a process: a structured snapshot in the runtime's own words. */
import type { Snapshot } from "@orrery/runtime";
import { Hchan, type WaitQ } from "./chan.ts";
import { NotifyList } from "./cond.ts";
import { inSyscall } from "./preempt.ts";
import { queued } from "./runq.ts";
import { G, Gstatus, type GQueue, type P, POLLING, Pstatus, type Runtime } from "./runtime2.ts";
import { Sema } from "./sema.ts";
import { statusName } from "./traceback.ts";

/** Goroutines are told by their task's id, and by their goid where the program is native. Times are virtual, ns. */
export function inspect(rt: Runtime): Snapshot {
  const gs = goroutines(rt);
  const { channels, semaphores, notifyLists } = queuesOf(gs);
  return {
    gomaxprocs: rt.gomaxprocs,
    ps: rt.allp.map(ofP),
    globalRunq: ids(rt.runq),
    ms: rt.allm.map((mp) => ({
      id: mp.id,
      thread: mp.thread.id,
      p: mp.p === null ? null : mp.p.id,
      current: mp.curg === null ? null : mp.curg.id,
      spinning: mp.spinning,
      idle: rt.midle.includes(mp),
      locked: mp.lockedg === null ? null : mp.lockedg.id,
      waitingFor: mp.thread.state === "blocked" ? mp.thread.waitingFor : "",
    })),
    sched: {
      idlePs: rt.pidle.map(({ id }) => id),
      idleMs: rt.midle.map(({ id }) => id),
      idleLockedMs: rt.nmidlelocked,
      spinning: rt.nmspinning,
      needspinning: rt.needspinning,
      gFree: rt.gFree.length,
    },
    sysmon: { sleepsDeeply: rt.sysmonwait, quietRounds: rt.sysmontick.idle, delay: rt.sysmontick.delay },
    netpoll: {
      initialized: rt.netpollInited,
      waiters: rt.netpollWaiters,
      blocked: rt.lastpoll === POLLING,
      pollUntil: rt.pollUntil,
    },
    channels: channels.map((c) => ({
      id: c.sortkey,
      qcount: c.count,
      dataqsiz: c.dataqsiz,
      closed: c.closed,
      timer: c.timer === null ? null : c.timer.when,
      recvq: waiters(c.recvq),
      sendq: waiters(c.sendq),
    })),
    semaphores: semaphores.map(({ value, queue, reason }) => ({ reason, value, waiters: waiters(queue) })),
    notifyLists: notifyLists.map((list) => waiters(list.queue)),
    goroutines: gs.map((gp) => ({
      id: gp.id,
      goid: gp.goid,
      name: gp.name,
      status: statusName(gp),
      waitreason: gp.status === Gstatus.waiting ? gp.waitreason : "",
      since: gp.status === Gstatus.waiting ? gp.waitsince : null,
      m: gp.m === null ? null : gp.m.id,
      lockedm: gp.lockedm === null ? null : gp.lockedm.id,
      preempt: gp.preempt,
    })),
  };
}

function ofP(pp: P): Snapshot {
  const { runnext, timers } = pp;
  return {
    id: pp.id,
    status: pp.status === Pstatus.idle ? "idle" : inSyscall(pp) ? "running, in a system call" : "running",
    m: pp.m === null ? null : pp.m.id,
    current: pp.m === null || pp.m.curg === null ? null : pp.m.curg.id,
    schedtick: pp.schedtick,
    syscalltick: pp.syscalltick,
    sysmontick: { ...pp.sysmontick },
    preempt: pp.preempt,
    runnext: runnext === null ? null : runnext.id,
    runq: queued(pp)
      .slice(runnext === null ? 0 : 1)
      .map((gp) => gp.id),
    timers: timers.pending().map(({ when, period, arg, isChan }) => ({
      when,
      period,
      wakes: arg instanceof G ? arg.id : null,
      channel: isChan && arg instanceof Hchan ? arg.sortkey : null,
    })),
  };
}

/** What goroutines wait in: nothing else keeps a list of channels and semaphores. */
function queuesOf(gs: readonly G[]): {
  channels: readonly Hchan[];
  semaphores: readonly { reason: string; value: number; queue: WaitQ }[];
  notifyLists: readonly NotifyList[];
} {
  const channels = new Set<Hchan>();
  const semaphores = new Map<Sema, string>();
  const notifyLists = new Set<NotifyList>();
  for (const { waiting, limit, waitreason } of gs) {
    for (let sg = waiting; sg !== null; sg = sg.waitlink)
      if (sg.c instanceof Hchan) channels.add(sg.c);
      else if (sg.c instanceof Sema) semaphores.set(sg.c, waitreason);
      else if (sg.c instanceof NotifyList) notifyLists.add(sg.c);
    if (limit !== null) channels.add(limit.c as Hchan);
  }
  return {
    channels: [...channels].toSorted((a, b) => a.sortkey - b.sortkey),
    semaphores: [...semaphores].map(([{ value, queue }, reason]) => ({ reason, value, queue })),
    notifyLists: [...notifyLists],
  };
}

/** The sudogs of a queue, longest first. */
function waiters(queue: WaitQ): readonly { g: number; isSelect: boolean }[] {
  const found: { g: number; isSelect: boolean }[] = [];
  for (let sg = queue.first; sg !== null; sg = sg.next) found.push({ g: sg.g!.id, isSelect: sg.isSelect });
  return found;
}

function ids(queue: GQueue): number[] {
  const found: number[] = [];
  for (let gp = queue.head; gp !== null; gp = gp.schedlink) found.push(gp.id);
  return found;
}

/** Goroutines that have not exited, oldest first. */
function goroutines(rt: Runtime): readonly G[] {
  const found: G[] = [];
  for (let gp = rt.allgs; gp !== null; gp = gp.allnext) found.push(gp);
  return found;
}

export function counters(rt: Runtime): Record<string, number> {
  return {
    ...rt.counts,
    gomaxprocs: rt.gomaxprocs,
    goroutines: rt.goroutines,
    threads: rt.mcount(),
    schedticks: rt.allp.reduce((sum, { schedtick }) => sum + schedtick, 0),
  };
}
