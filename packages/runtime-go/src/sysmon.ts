/**
 * The system monitor, a thread without a P: `sysmon`, `retake` of src/runtime/proc.go of Go 1.26.
 * Left out: forced GC, the scavenger, GOMAXPROCS updates.
 */
import { BLOCK, Kind, type Thread, type ThreadBody } from "@orrery/simulator";
import { netpollNonBlocking } from "./netpoll.ts";
import { inSyscall, preemptone, takeP } from "./preempt.ts";
import { runqempty } from "./runq.ts";
import { schedtrace } from "./schedtrace.ts";
import { POLLING, Pstatus, type Runtime } from "./runtime2.ts";
import { handoffp, injectglist } from "./wake.ts";

/** proc.go `forcePreemptNS`: 10 ms. */
const FORCE_PREEMPT_NS = 10_000_000;
/** proc.go `sysmon`: the network is polled if nobody did for 10 ms. */
const NETPOLL_STALE_NS = 10_000_000;
/** proc.go `retake`: a P in a system call without work to do is taken after 10 ms. */
const SYSCALL_TAKE_NS = 10_000_000;
const MS = 1_000_000;
const FIRST_NAP_NS = 20_000;
const LONGEST_NAP_NS = 10_000_000;
const QUIET_ROUNDS = 50;
/** proc.go `forcegcperiod` (2 min) / 2: the longest deep sleep. */
const DEEP_SLEEP_NS = 60_000_000_000;

/** The monitor's loop. Its naps don't keep the simulation going. */
export function* sysmon(rt: Runtime, thread: Thread): ThreadBody {
  const { machine } = rt;
  const state = rt.sysmontick;
  let lasttrace = -Infinity;
  const { schedtrace: traceMs, scheddetail } = rt.debug;
  for (;;) {
    if (state.idle === 0) state.delay = FIRST_NAP_NS;
    else if (state.idle > QUIET_ROUNDS) state.delay *= 2;
    if (state.delay > LONGEST_NAP_NS) state.delay = LONGEST_NAP_NS;
    yield* sleep(rt, thread, state.delay, "usleep");

    if (traceMs === 0 && (rt.gcwaiting || rt.pidle.length === rt.gomaxprocs)) {
      const next = timeSleepUntil(rt);
      if (next > machine.now) {
        rt.sysmonwait = true;
        rt.sysmonnote = false;
        machine.emit(Kind.note, -1, -1, "sysmon: deep sleep");
        yield* sleep(rt, thread, Math.min(next - machine.now, DEEP_SLEEP_NS), "futex (sysmonnote)");
        rt.sysmonwait = false;
        if (rt.sysmonnote) {
          rt.sysmonnote = false;
          state.idle = 0;
          state.delay = FIRST_NAP_NS;
        }
      }
    }

    rt.counts.sysmonLooks++;
    if (rt.netpollInited && rt.lastpoll !== POLLING && rt.lastpoll + NETPOLL_STALE_NS < machine.now) {
      rt.lastpoll = machine.now;
      machine.charge(rt.costs.netpoll);
      injectglist(rt, netpollNonBlocking(rt));
    }
    if (retake(rt, machine.now) !== 0) state.idle = 0;
    else state.idle++;
    if (traceMs > 0 && lasttrace + traceMs * MS <= machine.now) {
      lasttrace = machine.now;
      rt.world.diagnose("schedtrace", schedtrace(rt, scheddetail));
    }
  }
}

function* sleep(rt: Runtime, thread: Thread, ns: number, how: string): ThreadBody {
  const until = rt.machine.now + ns;
  thread.waitingFor = how;
  while (rt.machine.now < until && !rt.sysmonnote) {
    rt.machine.timeout(until, true);
    yield BLOCK;
  }
  thread.waitingFor = "";
}

/** Earliest timer of any P, Infinity for none. */
function timeSleepUntil(rt: Runtime): number {
  let next = Infinity;
  for (const pp of rt.allp) {
    const w = pp.timers.wakeTime();
    if (w !== 0 && w < next) next = w;
  }
  return next;
}

/** Looks at every running P: preempts long time slices, takes Ps from system calls. Returns how many it took. */
function retake(rt: Runtime, now: number): number {
  let n = 0;
  for (const pp of rt.allp) {
    if (pp.status !== Pstatus.running) continue;
    const pd = pp.sysmontick;
    let sysretake = false;
    if (pd.schedtick !== pp.schedtick) {
      pd.schedtick = pp.schedtick;
      pd.schedwhen = now;
    } else if (pd.schedwhen + FORCE_PREEMPT_NS <= now) {
      preemptone(rt, pp);
      sysretake = true;
    }
    if (!inSyscall(pp)) continue;
    if (!sysretake && pd.syscalltick !== pp.syscalltick) {
      pd.syscalltick = pp.syscalltick;
      pd.syscallwhen = now;
      continue;
    }
    if (runqempty(pp) && rt.nmspinning + rt.pidle.length > 0 && pd.syscallwhen + SYSCALL_TAKE_NS > now)
      continue;
    rt.counts.retakes++;
    takeP(rt, pp, "syscall: retake");
    pp.status = Pstatus.idle;
    n++;
    handoffp(rt, pp);
  }
  return n;
}
