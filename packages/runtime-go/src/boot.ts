/** Starting a process: `schedinit`, `newproc(runtime.main)`, `sysmon` on its own M (src/runtime/proc.go of Go 1.26). */
import type { Steps, Task, WorldHooks } from "@orrery/runtime";
import { Kind, type Machine } from "@orrery/simulator";
import type { GoCosts } from "./costs.ts";
import { mstart } from "./proc.ts";
import { type Godebug, Runtime } from "./runtime2.ts";
import { sysmon } from "./sysmon.ts";
import { newm, pidleput } from "./wake.ts";

export function schedinit(
  machine: Machine,
  costs: GoCosts,
  world: WorldHooks,
  gomaxprocs: number,
  debug: Godebug,
): Runtime {
  const rt = new Runtime(machine, costs, world, gomaxprocs, debug);
  rt.mstart = mstart;
  return rt;
}

/** m0 owns P0 and finds main in its queue; the other Ps are idle, the lowest on top. */
export function start(rt: Runtime, id: number | null, body: Steps<unknown>, task: Task | null): void {
  const p0 = rt.allp[0]!;
  for (let i = rt.allp.length - 1; i > 0; i--) pidleput(rt, rt.allp[i]!);
  const main = rt.newg(p0, null, id, "main.main", body, task);
  rt.main = main;
  rt.machine.emit(Kind.create, p0.id, main.id, "schedinit: runtime.main", -1);
  rt.machine.emit(Kind.ready, p0.id, main.id, "newproc: runnext");
  p0.runnext = main;
  const m0 = newm(rt);
  m0.nextp = p0;
  rt.sysmon = rt.machine.spawn("sysmon", (thread) => {
    rt.mOfThread[thread.id] = null;
    return sysmon(rt, thread);
  });
}
