/** What a procedure asks of the resources that it makes itself, and can never get. */
import { constantNumber } from "./constant.ts";
import type { ParamValues } from "./params.ts";
import { printExpr } from "./print-expression.ts";
import type { Problem } from "./problem.ts";
import { nestedIn, walk } from "./shape.ts";
import type { Block, Expr, Stmt } from "./tree.ts";

/** Acquires of more permits than the semaphore has, and waits in monitors that are not entered. The body has its ids. */
export function resourceProblems(body: Block, params: ParamValues): readonly Problem[] {
  const permits = new Map<string, number>();
  const monitors = new Set<string>();
  walk(body, (s) => {
    const most = s.op === "sem" ? constantNumber(s.permits, params) : undefined;
    if (s.op === "sem" && most !== undefined) permits.set(s.bind, most);
    if (s.op === "monitor") monitors.add(s.bind);
  });
  const problems: Problem[] = [];
  walk(body, (s) => {
    if ((s.op !== "acquire" && s.op !== "acquireFor") || !("var" in s.sem)) return;
    const most = permits.get(s.sem.var);
    const count = constantNumber(s.count ?? { lit: 1 }, params);
    if (most === undefined || count === undefined || count <= most) return;
    problems.push({
      severity: "warning",
      at: s.id ?? "",
      message: `${s.op} asks for ${count} permits, but ${s.sem.var} is made with ${most}`,
      suggestion: String(most),
    });
  });
  for (const s of waitsOutside(body, new Set())) {
    const monitor = printExpr(s.monitor);
    if (!monitors.has(monitor)) continue; // somebody else's, who may have entered it
    problems.push({
      severity: "warning",
      at: s.id ?? "",
      message: `${s.op} outside of ${monitor} raises UnlockOfUnlocked: put it into an enter of ${monitor}`,
    });
  }
  return problems;
}

type Inside = Extract<Stmt, { readonly op: "monitorWait" | "monitorWaitFor" | "notify" }>;

function waitsOutside(block: Block, entered: ReadonlySet<string>): readonly Inside[] {
  const found: Inside[] = [];
  for (const s of block) {
    const needs = s.op === "monitorWait" || s.op === "monitorWaitFor" || s.op === "notify";
    if (needs && !entered.has(printExpr(s.monitor))) found.push(s);
    const inside = s.op === "enter" ? new Set([...entered, printExpr(s.monitor)]) : entered;
    for (const { block: inner } of nestedIn(s)) found.push(...waitsOutside(inner, inside));
  }
  return found;
}

/** The result of arithmetic on known numbers that is none of the language's integers. */
export function overflowing(expr: Expr, params: ParamValues): number | undefined {
  const value = "binary" in expr ? constantNumber(expr, params) : undefined;
  return value === undefined || Number.isSafeInteger(value) ? undefined : value;
}
