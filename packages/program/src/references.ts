/** Which procedures the references of a program are to, and what follows for them from the others of their type. */
import { operandsOf, walk, walkExpr } from "./shape.ts";
import type { Expr, Program, Stmt } from "./tree.ts";

type Reference = Extract<Expr, { readonly procRef: string }>;

/** Names of procedures, by the type of the references to them. */
export type References = ReadonlyMap<string, ReadonlySet<string>>;

export function references(program: Program): References {
  const found = new Map<string, Set<string>>();
  for (const body of bodiesOf(program).values())
    walk(body, (s) => {
      for (const { type, procRef } of referredIn(s))
        found.set(type, (found.get(type) ?? new Set()).add(procRef));
    });
  return found;
}

/** The references that the statement itself makes. */
export function referredIn(s: Stmt): readonly Reference[] {
  const found: Reference[] = [];
  for (const { expr } of operandsOf(s))
    walkExpr(expr, (part) => {
      if ("procRef" in part) found.push(part);
    });
  return found;
}

/** Procedures that some reference is to. */
export function referredProcs(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const procs of references(program).values()) for (const name of procs) found.add(name);
  return found;
}

/** The procedures that a `call`, or a call of a reference, can be of; none for other statements. */
export function calledBy(s: Stmt, refs: References): readonly string[] {
  if (s.op === "call") return [s.proc];
  return s.op === "callRef" ? [...(refs.get(s.type) ?? [])] : [];
}

/** Bodies of the procedures, and of main. */
export function bodiesOf(program: Program): ReadonlyMap<string, Program["main"]> {
  return new Map([
    ...Object.entries(program.procs).map(([name, { body }]) => [name, body] as const),
    ["main", program.main],
  ]);
}
