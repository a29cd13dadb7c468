/** Values of expressions that need nothing but literals and parameters. */
import type { ParamValues } from "./params.ts";
import type { BinaryOp, Expr } from "./tree.ts";

/** The number that `expr` is in every run with these parameters; undefined when it depends on the run or is no number. */
export function constantNumber(expr: Expr, params: ParamValues): number | undefined {
  if ("lit" in expr) return numberOrNothing(expr.lit);
  if ("param" in expr)
    return Object.hasOwn(params, expr.param) ? numberOrNothing(params[expr.param]) : undefined;
  if ("unary" in expr) {
    if (expr.unary === "len" && "list" in expr.arg) return expr.arg.list.length;
    const arg = constantNumber(expr.arg, params);
    return expr.unary === "neg" && arg !== undefined ? 0 - arg : undefined;
  }
  if (!("binary" in expr)) return undefined;
  const left = constantNumber(expr.left, params);
  const right = constantNumber(expr.right, params);
  return left === undefined || right === undefined ? undefined : calculate(expr.binary, left, right);
}

function numberOrNothing(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function calculate(op: BinaryOp, left: number, right: number): number | undefined {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? undefined : Math.trunc(left / right);
    case "%":
      return right === 0 ? undefined : left % right;
    case "min":
      return Math.min(left, right);
    case "max":
      return Math.max(left, right);
    default:
      return undefined;
  }
}
