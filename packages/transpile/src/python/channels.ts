/** Which arguments of procedures are channels for certain, never none. */
import { type Block, bindsOf, nestedIn, type Program, type Stmt, walk } from "@orrery/program";

/** `worker 0`: argument 0 of the procedure `worker`. */
export type CertainArgs = ReadonlySet<string>;

/** Locals of a body that only ever hold a channel made there. */
export function certainLocals(body: Block): ReadonlySet<string> {
  const made = new Set<string>();
  const others = new Set<string>();
  walk(body, (stmt: Stmt) => {
    for (const { name, gives } of [...bindsOf(stmt), ...nestedIn(stmt).flatMap(({ binds }) => binds)])
      (gives === "chan" ? made : others).add(name);
    if (stmt.op === "assign") others.add(stmt.name);
  });
  return new Set([...made].filter((name) => !others.has(name)));
}

/** Arguments of type `chan` that every caller gives a channel: all, less those that some caller is unsure of. */
export function certainArgs(program: Program): CertainArgs {
  const certain = new Set<string>();
  for (const [proc, { args }] of Object.entries(program.procs))
    args.forEach(({ type }, index) => {
      if (type === "chan") certain.add(`${proc} ${index}`);
    });
  const bodies = [
    { name: "main", args: [], body: program.main },
    ...Object.entries(program.procs).map(([name, { args, body }]) => ({ name, args, body })),
  ];
  for (let before = -1; before !== certain.size; ) {
    before = certain.size;
    for (const { name, args, body } of bodies) {
      const known = new Set(certainLocals(body));
      args.forEach((arg, index) => {
        if (certain.has(`${name} ${index}`)) known.add(arg.name);
      });
      walk(body, (stmt) => {
        if (!("proc" in stmt)) return;
        stmt.args.forEach((arg, index) => {
          if (!("var" in arg && known.has(arg.var))) certain.delete(`${stmt.proc} ${index}`);
        });
        if (stmt.op === "onResolve") certain.delete(`${stmt.proc} ${stmt.args.length}`); // the promise's value
      });
    }
  }
  return certain;
}
