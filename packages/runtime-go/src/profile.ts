/** What runtime/pprof and runtime/metrics of Go 1.26 tell of goroutines and threads. */
import { type G, Gstatus, type Runtime } from "./runtime2.ts";
import { allgs, stack } from "./traceback.ts";

/**
 * The goroutine profile with `debug=1`: goroutines with the same stack together, the most numerous first. A model has no
 * addresses: they are 0x0.
 */
export function goroutineProfile(rt: Runtime): string {
  const counts = new Map<string, number>();
  const all = allgs(rt);
  for (const gp of all) {
    const record = profileRecord(gp);
    counts.set(record, (counts.get(record) ?? 0) + 1);
  }
  const records = [...counts].toSorted(([, a], [, b]) => b - a);
  return [
    `goroutine profile: total ${all.length}`,
    ...records.map(([record, count]) => `${count} @ ${record}\n`),
  ].join("\n");
}

function profileRecord(gp: G): string {
  const frames = stack(gp).filter(({ call }) => !call.startsWith("runtime."));
  const lines = frames.map(({ call, place }) => {
    const [at, offset = "+0x0"] = place.split(" ");
    return `#\t0x0\t${call.slice(0, call.lastIndexOf("("))}${offset}\t${at}`;
  });
  return [frames.map(() => "0x0").join(" "), ...lines].join("\n");
}

/** Goroutines that wait, by their reason as a dump gives it, the most numerous first. */
export function waitReasons(rt: Runtime): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let gp = rt.allgs; gp !== null; gp = gp.allnext)
    if (gp.status === Gstatus.waiting) counts.set(gp.waitreason, (counts.get(gp.waitreason) ?? 0) + 1);
  return new Map([...counts].toSorted(([, a], [, b]) => b - a));
}

/** The metrics of runtime/metrics that a model can know, by their names; those with `:seconds` are missing. */
export function metrics(rt: Runtime): Readonly<Record<string, number>> {
  const states = { runnable: 0, running: 0, waiting: 0, notInGo: 0 };
  for (let gp = rt.allgs; gp !== null; gp = gp.allnext)
    if (gp.status === Gstatus.runnable) states.runnable++;
    else if (gp.status === Gstatus.running) states.running++;
    else if (gp.status === Gstatus.syscall) states.notInGo++;
    else states.waiting++;
  return {
    "/sched/gomaxprocs:threads": rt.gomaxprocs,
    "/sched/goroutines-created:goroutines": rt.counts.goroutinesCreated,
    "/sched/goroutines/not-in-go:goroutines": states.notInGo,
    "/sched/goroutines/runnable:goroutines": states.runnable,
    "/sched/goroutines/running:goroutines": states.running,
    "/sched/goroutines/waiting:goroutines": states.waiting,
    "/sched/goroutines:goroutines": rt.goroutines,
    "/sched/threads/total:threads": rt.mcount(),
  };
}
