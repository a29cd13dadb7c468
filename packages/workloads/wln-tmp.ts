import { workloads, checkExpectations } from "./src/index.ts";
import { checkOrThrow } from "../program/src/index.ts";
import { Execution, runSpec } from "../runtime/src/index.ts";
import { node } from "../runtime-node/src/index.ts";
for (const w of workloads) {
  if (process.argv[2] && !w.id.includes(process.argv[2])) continue;
  if (!process.argv[2] && w.id==='W14') continue;
  try {
  const c = checkOrThrow(w.program);
  const t=performance.now();
  const e = new Execution(runSpec(node as any, c.program as any, c.params, {options: (w.options as any)?.node ?? {}, trace:false, budgets:{maxEvents:30e6}}));
  const r = e.run().result();
  const v = checkExpectations(w, r as any);
  console.log(w.id, w.program.name, r.outcome, (r.makespanNs/1e6).toFixed(3)+'ms', 'events', r.events, (performance.now()-t).toFixed(0)+'ms wall', v.map((x:any)=>x.message).join(' | '));
  } catch (err:any) { console.log(w.id, 'ERR', err.message.slice(0,300)); }
}
