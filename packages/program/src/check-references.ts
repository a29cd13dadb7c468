/** Uses of references to procedures. */
import { demandArguments, listed, type Names } from "./infer.ts";
import type { Stmt } from "./tree.ts";

/** Reports what is wrong with the arguments and the result of a use. */
export function useProblems(s: Extract<Stmt, { readonly op: "callRef" | "spawnRef" }>, names: Names): void {
  const type = names.procType(s.type);
  if (type === undefined) return;
  if (s.args.length !== type.args.length)
    return names.report(`${s.type} takes ${listed(type.args)}, but ${s.op} gives ${s.args.length}`);
  demandArguments(s.args, type.args, s.type, names);
  if (s.op === "callRef" && s.bind !== undefined && type.returns === undefined)
    names.report(`${s.type} returns nothing, so ${s.bind} cannot be bound to it`);
}
