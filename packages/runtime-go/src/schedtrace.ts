/** GODEBUG=schedtrace=N and scheddetail=1: `schedtrace` of src/runtime/proc.go of Go 1.26. The runtime's own goroutines are missing. */
import type { G, M, P, Runtime } from "./runtime2.ts";
import { allgs } from "./traceback.ts";

const MS = 1_000_000;
const SYSMON =
  "  M1: p=nil curg=nil mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=false blocked=false lockedg=nil";

/** The line of now; in detail also one for each P, M (the newest first) and goroutine. */
export function schedtrace(rt: Runtime, detailed = false): string {
  const head =
    `SCHED ${Math.floor(rt.machine.now / MS)}ms: gomaxprocs=${rt.gomaxprocs} idleprocs=${rt.pidle.length} ` +
    `threads=${rt.mcount()} spinningthreads=${rt.nmspinning} needspinning=${rt.needspinning ? 1 : 0} ` +
    `idlethreads=${rt.midle.length} runqueue=${rt.runq.size}`;
  if (!detailed) {
    const sizes = rt.allp.map(runqsize).join(" ");
    const ticks = rt.allp.map(({ schedtick }) => schedtick).join(" ");
    return `${head} [ ${sizes} ] schedticks=[ ${ticks} ]`;
  }
  const ms = rt.allm.toReversed().map(mLine);
  return [
    `${head} gcwaiting=false nmidlelocked=${rt.nmidlelocked} stopwait=0 sysmonwait=${rt.sysmonwait}`,
    ...rt.allp.map((pp) => pLine(rt, pp)),
    ...ms.slice(0, -1),
    SYSMON,
    ...ms.slice(-1),
    ...allgs(rt).map(gLine),
  ].join("\n");
}

function runqsize({ runqhead, runqtail }: P): number {
  return runqtail - runqhead;
}

function pLine(rt: Runtime, pp: P): string {
  const free = rt.gomaxprocs === 1 || pp.id === 0 ? rt.gFree.length : 0; // the model has one list
  return (
    `  P${pp.id}: status=${pp.status} schedtick=${pp.schedtick} syscalltick=${pp.syscalltick} ` +
    `m=${pp.m === null ? "nil" : pp.m.id} runqsize=${runqsize(pp)} gfreecnt=${free} timerslen=${pp.timers.length}`
  );
}

function mLine(mp: M): string {
  return (
    `  M${mp.id}: p=${mp.p === null ? "nil" : mp.p.id} curg=${mp.curg === null ? "nil" : mp.curg.goid} ` +
    `mallocing=0 throwing=0 preemptoff= locks=0 dying=0 spinning=${mp.spinning} ` +
    `blocked=${mp.thread.waitingFor.startsWith("futex")} lockedg=${mp.lockedg === null ? "nil" : mp.lockedg.goid}`
  );
}

function gLine(gp: G): string {
  const m = gp.m === null ? "nil" : gp.m.id;
  return `  G${gp.goid}: status=${gp.status}(${gp.waitreason}) m=${m} lockedm=${gp.lockedm === null ? "nil" : gp.lockedm.id}`;
}
