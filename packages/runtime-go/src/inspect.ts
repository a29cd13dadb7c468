/** Looking into a process: a structured snapshot, and Go's own printed forms (proc.go `schedtrace`, traceback.go). */
import type { Snapshot } from "@orrery/runtime";
import { queued } from "./runq.ts";
import { type G, Gstatus, type GQueue, POLLING, Pstatus, type Runtime } from "./runtime2.ts";

const STATUS = new Map<number, string>(Object.entries(Gstatus).map(([name, number]) => [number, name]));

export function inspect(rt: Runtime): Snapshot {
  return {
    gomaxprocs: rt.gomaxprocs,
    ps: rt.allp.map((pp) => ({
      id: pp.id,
      status: pp.status === Pstatus.running ? "running" : "idle",
      m: pp.m === null ? null : pp.m.id,
      current: pp.m === null || pp.m.curg === null ? null : pp.m.curg.id,
      schedtick: pp.schedtick,
      syscalltick: pp.syscalltick,
      preempt: pp.preempt,
      runnext: pp.runnext === null ? null : pp.runnext.id,
      runq: queued(pp)
        .slice(pp.runnext === null ? 0 : 1)
        .map((gp) => gp.id),
      timers: pp.timers.pending().map(({ when, period }) => ({ when, period })),
    })),
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
      spinning: rt.nmspinning,
      needspinning: rt.needspinning,
      sysmonwait: rt.sysmonwait,
    },
    netpoll: {
      initialized: rt.netpollInited,
      waiters: rt.netpollWaiters,
      blocked: rt.lastpoll === POLLING,
      pollUntil: rt.pollUntil,
    },
    goroutines: goroutines(rt, Infinity).map((gp) => ({
      id: gp.id,
      goid: gp.goid,
      name: gp.name,
      status: STATUS.get(gp.status),
      waitreason: gp.status === Gstatus.waiting ? gp.waitreason : "",
      since: gp.status === Gstatus.waiting ? gp.waitsince : null,
    })),
  };
}

function ids(queue: GQueue): number[] {
  const found: number[] = [];
  for (let gp = queue.head; gp !== null; gp = gp.schedlink) found.push(gp.id);
  return found;
}

/** Goroutines that have not exited, oldest first. */
function goroutines(rt: Runtime, most: number): G[] {
  const found: G[] = [];
  for (let gp = rt.allgs; gp !== null && found.length < most; gp = gp.allnext) found.push(gp);
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
