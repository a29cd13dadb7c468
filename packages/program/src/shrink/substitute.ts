import type { Expr } from "../tree.ts";

/** The expression with each part for which `put` gives another one replaced by that. */
export function substitute(expr: Expr, put: (part: Expr) => Expr | undefined): Expr {
  const other = put(expr);
  if (other !== undefined) return other;
  const inside = (part: Expr) => substitute(part, put);
  if ("list" in expr) return { list: expr.list.map(inside) };
  if ("map" in expr)
    return { ...expr, map: expr.map.map(([key, value]) => [inside(key), inside(value)] as const) };
  if ("has" in expr) return { has: inside(expr.has), key: inside(expr.key) };
  if ("procRef" in expr) return { ...expr, args: expr.args.map(inside) };
  if ("of" in expr) return { ...expr, of: inside(expr.of) };
  if ("record" in expr)
    return {
      ...expr,
      ...("with" in expr ? { with: inside(expr.with) } : {}),
      fields: Object.fromEntries(Object.entries(expr.fields).map(([field, value]) => [field, inside(value)])),
    };
  if ("get" in expr)
    return {
      get: inside(expr.get),
      key: inside(expr.key),
      ...(expr.otherwise === undefined ? {} : { otherwise: inside(expr.otherwise) }),
    };
  if ("unary" in expr) return { ...expr, arg: inside(expr.arg) };
  if ("binary" in expr) return { ...expr, left: inside(expr.left), right: inside(expr.right) };
  if ("at" in expr)
    return {
      at: inside(expr.at),
      index: inside(expr.index),
      ...(expr.otherwise === undefined ? {} : { otherwise: inside(expr.otherwise) }),
    };
  return expr;
}
