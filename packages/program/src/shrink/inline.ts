/** Procedures put in the place of the only statement that starts them. */
import { walk } from "../shape.ts";
import type { Expr, Program, Stmt } from "../tree.ts";
import { editStatements } from "./edit.ts";
import { referredIn } from "../references.ts";
import { mapOperands } from "./operands.ts";
import { placeholder } from "./simpler.ts";
import { substitute } from "./substitute.ts";

/** The program with the procedure that `start` starts put in its place; undefined when it is not that simple. */
export function inlined(program: Program, start: Stmt): Program | undefined {
  if (!("proc" in start)) return undefined;
  const proc = program.procs[start.proc];
  if (proc === undefined || startsOf(program, start.proc) !== 1) return undefined;
  let simple = true;
  walk(proc.body, (s) => {
    if (s.op === "return" || s.op === "defer" || s.op === "assign") simple = false;
  });
  if (!simple) return undefined;
  // A handler's last argument is what the promise is resolved with: some value or other.
  const values = new Map(
    proc.args.map(({ name, type }, index) => [name, start.args[index] ?? placeholder(type)]),
  );
  const put = (expr: Expr): Expr | undefined => ("var" in expr ? values.get(expr.var) : undefined);
  const filled = editStatements({ ...program, procs: {}, main: proc.body }, (s) => [
    mapOperands(s, ({ expr }) => substitute(expr, put)),
  ]).main;
  return editStatements(program, (s) => (s.id === start.id ? filled : [s]));
}

function startsOf(program: Program, proc: string): number {
  let starts = 0;
  for (const body of [program.main, ...Object.values(program.procs).map((each) => each.body)])
    walk(body, (s) => {
      if ("proc" in s && s.proc === proc) starts++;
      if (referredIn(s).some((ref) => ref.procRef === proc)) starts = Infinity;
    });
  return starts;
}
