/** Jumps out of several loops at once, which Python has not, blocks deferred inside others, and calls that come back. */
import { type Block, calledBy, nestedIn, type Program, references, type Stmt, walk } from "@orrery/program";

/** A labelled jump to a loop around the one it is in. */
export interface Jump {
  readonly op: "break" | "continue";
  readonly label: string;
}

export function isLoop(
  stmt: Stmt,
): stmt is Extract<Stmt, { readonly op: "while" | "repeat" | "forEach" | "range" }> {
  return stmt.op === "while" || stmt.op === "repeat" || stmt.op === "forEach" || stmt.op === "range";
}

/** The jumps that leave the loop with this body for one around it, each once. */
export function jumpsOut(body: Block, ownLabel: string | undefined): readonly Jump[] {
  const jumps = new Map<string, Jump>();
  const search = (block: Block, labels: readonly (string | undefined)[]): void => {
    for (const stmt of block) {
      if ((stmt.op === "break" || stmt.op === "continue") && stmt.label !== undefined) {
        const { op, label } = stmt;
        if (!labels.includes(label)) jumps.set(`${op} ${label}`, { op, label });
      }
      const inside = isLoop(stmt) ? [...labels, stmt.label] : labels;
      for (const nested of nestedIn(stmt)) search(nested.block, inside);
    }
  };
  search(body, [ownLabel]);
  return [...jumps.values()];
}

/** Whether the procedure defers a block elsewhere than at its top level. */
export function hasInnerDefer(body: Block): boolean {
  const top = new Set(body);
  let found = false;
  walk(body, (stmt) => {
    if (stmt.op === "defer" && !top.has(stmt)) found = true;
  });
  return found;
}

/** Procedures that can come to call themselves. */
export function recursive(program: Program): ReadonlySet<string> {
  const refs = references(program);
  const calls = new Map<string, Set<string>>();
  for (const [name, { body }] of Object.entries(program.procs)) {
    const called = new Set<string>();
    walk(body, (stmt) => {
      if (stmt.op === "onceDo") called.add(stmt.proc);
      for (const proc of calledBy(stmt, refs)) called.add(proc);
    });
    calls.set(name, called);
  }
  const reached = (from: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const next of calls.get(from) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      reached(next, seen);
    }
    return seen;
  };
  return new Set([...calls.keys()].filter((name) => reached(name).has(name)));
}
