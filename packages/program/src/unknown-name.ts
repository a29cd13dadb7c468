import { nearest } from "./nearest.ts";
import { bindsOf, walk } from "./shape.ts";
import type { Program } from "./tree.ts";

/** The message for a name that does not exist: with the nearest one, or with all of them when none is near. */
export function unknownName(
  what: string,
  name: string,
  candidates: readonly string[],
): { readonly message: string; readonly suggestion?: string } {
  const message = `there is no ${what} "${name}"`;
  const suggestion = nearest(name, candidates);
  if (suggestion !== undefined) return { message, suggestion };
  return { message: candidates.length === 0 ? message : `${message}; there is ${candidates.join(", ")}` };
}

/** The other procedure, or main, that binds such a local. */
export function boundElsewhere(name: string, program: Program): string | undefined {
  const procs = Object.entries(program.procs).map(([proc, { body }]) => [proc, body] as const);
  for (const [proc, body] of [["main", program.main] as const, ...procs]) {
    let found = false;
    walk(body, (s) => {
      if (bindsOf(s).some((bind) => bind.name === name)) found = true;
    });
    if (found) return proc;
  }
  return undefined;
}
