/** Which calls are awaited on Node: one answer for the model and for generated source. */
import { bodiesOf, calledBy, references } from "./references.ts";
import { walk } from "./shape.ts";
import type { Program } from "./tree.ts";
import { suspends } from "./waiting.ts";

/** The procedures whose calls are awaited on Node: those that can suspend, and those that share a type with one (see `ProcType`). */
export function asyncProcs(program: Program): ReadonlySet<string> {
  const refs = references(program);
  const uses = { callRef: new Set<string>(), spawnRef: new Set<string>() };
  const bodies = bodiesOf(program);
  for (const body of bodies.values())
    walk(body, (s) => {
      if (s.op === "callRef" || s.op === "spawnRef") uses[s.op].add(s.type);
    });
  const found = new Set<string>();
  for (const [type, procs] of refs)
    if (uses.callRef.has(type) && uses.spawnRef.has(type)) for (const name of procs) found.add(name);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [name, body] of bodies)
      walk(body, (s) => {
        if (name !== "main" && (suspends(s.op) || calledBy(s, refs).some((called) => found.has(called))))
          found.add(name);
      });
    for (const [type, procs] of refs)
      if (uses.callRef.has(type) && [...procs].some((name) => found.has(name)))
        for (const name of procs) found.add(name);
  }
  return found;
}
