/** Expressions as text, as in the printed program: `params.n * 1ms`, `tasks[i]`, `min(a, b)`. */
import { formatDuration } from "./duration.ts";
import type { BinaryOp, Expr, Literal } from "./tree.ts";

/** How tightly an operator binds; words and comparisons least. `min` and `max` print as calls. */
const precedence: Record<Exclude<BinaryOp, "min" | "max">, number> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};
const notPrecedence = 3;
const prefixPrecedence = 7;

export function printExpr(expr: Expr): string {
  return text(expr, 0);
}

export function printLiteral(literal: Literal, unit?: "ns"): string {
  if (literal === null) return "none";
  if (typeof literal === "number" && unit === "ns") return formatDuration(literal);
  return JSON.stringify(literal);
}

/** The text of `expr`, in parentheses when it binds less tightly than `least`. */
function text(expr: Expr, least: number): string {
  if ("lit" in expr) return printLiteral(expr.lit, expr.unit);
  if ("var" in expr) return expr.var;
  if ("param" in expr) return `params.${expr.param}`;
  if ("self" in expr) return "self.index";
  if ("list" in expr) return `[${expr.list.map(printExpr).join(", ")}]`;
  if ("map" in expr) {
    const entries = expr.map.map(([key, value]) => `${printExpr(key)}: ${printExpr(value)}`);
    return `${expr.keys} map {${entries.join(", ")}}`;
  }
  if ("get" in expr) {
    const found = `${text(expr.get, prefixPrecedence)}{${printExpr(expr.key)}}`;
    return expr.otherwise === undefined ? found : `(${found} else ${printExpr(expr.otherwise)})`;
  }
  if ("has" in expr) return `has(${printExpr(expr.has)}, ${printExpr(expr.key)})`;
  if ("procRef" in expr)
    return `${expr.type} to ${expr.procRef}(${expr.args.map((arg) => `${printExpr(arg)}, `).join("")}...)`;
  if ("of" in expr) return `${text(expr.of, prefixPrecedence)}.${expr.field}`;
  if ("record" in expr) {
    const fields = Object.entries(expr.fields).map(([field, value]) => `${field}: ${printExpr(value)}`);
    const copied = "with" in expr ? `${printExpr(expr.with)} with ` : "";
    return `${expr.record} {${copied}${fields.join(", ")}}`;
  }
  if ("at" in expr) {
    const item = `${text(expr.at, prefixPrecedence)}[${printExpr(expr.index)}]`;
    return expr.otherwise === undefined ? item : `(${item} else ${printExpr(expr.otherwise)})`;
  }
  if ("unary" in expr) {
    if (expr.unary === "not")
      return parenthesized(`not ${text(expr.arg, notPrecedence)}`, notPrecedence < least);
    if (expr.unary === "neg") return `-${text(expr.arg, prefixPrecedence)}`;
    return `${expr.unary}(${printExpr(expr.arg)})`;
  }
  if (expr.binary === "min" || expr.binary === "max") {
    return `${expr.binary}(${printExpr(expr.left)}, ${printExpr(expr.right)})`;
  }
  const own = precedence[expr.binary];
  return parenthesized(`${text(expr.left, own)} ${expr.binary} ${text(expr.right, own + 1)}`, own < least);
}

function parenthesized(inner: string, needed: boolean): string {
  return needed ? `(${inner})` : inner;
}
