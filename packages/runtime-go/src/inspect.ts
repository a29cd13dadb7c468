/** Looking into a process: a structured snapshot, and Go's own printed forms (proc.go `schedtrace`, traceback.go). */
import type { Snapshot } from "@orrery/runtime";
import { queued } from "./runq.ts";
import { type G, Gstatus, type GQueue, POLLING, Pstatus, type Runtime } from "./runtime2.ts";

const STATUS = new Map<number, string>(Object.entries(Gstatus).map(([name, number]) => [number, name]));
const MINUTE_NS = 60_000_000_000;
/** Goroutines that a dump shows. */
const DUMP_LIMIT = 1_000;

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

/** The line of GODEBUG=schedtrace, as Go 1.26 prints it. */
export function schedtrace(rt: Runtime): string {
  const sizes = rt.allp.map((pp) => pp.runqtail - pp.runqhead).join(" ");
  const ticks = rt.allp.map((pp) => pp.schedtick).join(" ");
  const spinning = rt.nmspinning;
  return (
    `SCHED ${Math.floor(rt.machine.now / 1e6)}ms: gomaxprocs=${rt.gomaxprocs} idleprocs=${rt.pidle.length} ` +
    `threads=${rt.mcount()} spinningthreads=${spinning} needspinning=${rt.needspinning ? 1 : 0} ` +
    `idlethreads=${rt.midle.length} runqueue=${rt.runq.size} [ ${sizes} ] schedticks=[ ${ticks} ]`
  );
}

/** A fatal error with the dump of all goroutines. */
export function fatalDump(rt: Runtime, error: string): string {
  const shown = goroutines(rt, DUMP_LIMIT).map((gp) => goroutineDump(rt, gp));
  const more = rt.goroutines - shown.length;
  return [`fatal error: ${error}`, ...shown, ...(more > 0 ? [`... ${more} more goroutines`] : [])].join(
    "\n\n",
  );
}

function goroutineDump(rt: Runtime, gp: G): string {
  const waited = Math.floor((rt.machine.now - gp.waitsince) / MINUTE_NS);
  const reason = gp.status === Gstatus.waiting ? gp.waitreason : (STATUS.get(gp.status) ?? "");
  const minutes = gp.status === Gstatus.waiting && waited >= 1 ? `, ${waited} minutes` : "";
  const locked = gp.lockedm === null ? "" : ", locked to thread";
  const head = `goroutine ${gp.goid} [${reason}${minutes}${locked}]:\n${gp.name}()`;
  return gp === rt.main ? head : `${head}\ncreated by goroutine ${gp.parentGoid}`;
}
