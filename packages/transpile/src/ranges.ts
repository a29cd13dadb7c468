/** Between which numbers the value of an expression lies: where no result can leave the language's integers, no check is needed. */
import type { Expr } from "@orrery/program";

/** Least and greatest value of a number. */
export type Range = readonly [number, number];

const MAX = Number.MAX_SAFE_INTEGER;
export const ANY: Range = [-MAX, MAX];
export const NATURAL: Range = [0, MAX];
/** No language has longer lists, or more tasks of a kind. */
const MOST_ITEMS = 2 ** 32 - 1;

/** What is known of the names in sight. */
export interface Known {
  readonly locals: ReadonlyMap<string, { readonly range: Range }>;
  readonly params: ReadonlyMap<string, { readonly value: number | boolean | string }>;
}

export const fits = ([low, high]: Range): boolean => low >= -MAX && high <= MAX;

/** Between which numbers a result lies, before any check. */
export function rangeOf(expr: Expr, known: Known): Range {
  if ("lit" in expr) return typeof expr.lit === "number" ? [expr.lit, expr.lit] : ANY;
  if ("param" in expr) {
    const { value } = known.params.get(expr.param)!;
    return typeof value === "number" ? [value, value] : ANY;
  }
  if ("var" in expr) return known.locals.get(expr.var)?.range ?? ANY;
  if ("self" in expr) return [0, MOST_ITEMS];
  if ("unary" in expr) {
    if (expr.unary === "len") return [0, MOST_ITEMS];
    if (expr.unary !== "neg") return ANY;
    const [low, high] = rangeOf(expr.arg, known);
    return [0 - high, 0 - low];
  }
  if (!("binary" in expr)) return ANY;
  const [a, b] = [clamped(rangeOf(expr.left, known)), clamped(rangeOf(expr.right, known))];
  switch (expr.binary) {
    case "+":
      return [a[0] + b[0], a[1] + b[1]];
    case "-":
      return [a[0] - b[1], a[1] - b[0]];
    case "*":
      return hull(a, b, (x, y) => x * y);
    case "/":
      return b[0] > 0 ? hull(a, b, (x, y) => Math.trunc(x / y)) : ANY;
    case "%":
      return a[0] >= 0 && b[0] > 0 ? [0, Math.min(a[1], b[1] - 1)] : ANY;
    case "min":
      return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    case "max":
      return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    default:
      return ANY;
  }
}

/** A result beyond the language's integers raises Overflow, so what goes on is within them. */
export function clamped([low, high]: Range): Range {
  return [Math.max(low, -MAX), Math.min(high, MAX)];
}

function hull(a: Range, b: Range, f: (x: number, y: number) => number): Range {
  const corners = [f(a[0], b[0]), f(a[0], b[1]), f(a[1], b[0]), f(a[1], b[1])];
  return [Math.min(...corners), Math.max(...corners)];
}
