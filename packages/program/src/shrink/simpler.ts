/** Expressions that are simpler than a given one and may stand in its place. */
import type { Wanted } from "../shape.ts";
import type { Expr } from "../tree.ts";

const millisecond = 1_000_000;

/** What stands for a missing value; undefined for a handle, which nothing can stand for. */
export function placeholder(wants: Wanted): Expr | undefined {
  switch (wants) {
    case "int":
    case "any":
    case "quantity":
      return { lit: 0 };
    case "bool":
      return { lit: false };
    case "dur":
      return { lit: 0, unit: "ns" };
    case "str":
      return { lit: "" };
    case "list":
      return { list: [] };
    case "map":
    case "intMap":
      return { map: [], keys: "int" };
    case "strMap":
      return { map: [], keys: "str" };
    default:
      return undefined;
  }
}

/** Each is smaller: a literal, a part of the expression, the expression with a simpler part, a number nearer to 0. */
export function simpler(expr: Expr, wants: Wanted): readonly Expr[] {
  if ("lit" in expr) return literals(expr);
  const literal = placeholder(wants);
  return [...(literal === undefined || "list" in expr || "map" in expr ? [] : [literal]), ...shorter(expr)];
}

function literals({ lit, unit }: Extract<Expr, { readonly lit: unknown }>): readonly Expr[] {
  if (lit === true) return [{ lit: false }];
  if (typeof lit !== "number" || lit === 0) return [];
  const half = Math.trunc(lit / 2);
  if (unit === "ns") {
    const whole = lit > millisecond ? Math.max(millisecond, half - (half % millisecond)) : half;
    return [...new Set([0, millisecond, whole])]
      .filter((each) => each < lit)
      .map((each) => ({ lit: each, unit }));
  }
  return [...new Set([0, 1, half, lit - Math.sign(lit)])]
    .filter((each) => Math.abs(each) < Math.abs(lit))
    .map((each) => ({ lit: each }));
}

function shorter(expr: Expr): readonly Expr[] {
  if ("list" in expr)
    return expr.list.flatMap((item, i) => [
      { list: expr.list.toSpliced(i, 1) },
      ...simpler(item, "any").map((each) => ({ list: expr.list.with(i, each) })),
    ]);
  if ("map" in expr) {
    const { map, keys } = expr;
    return map.flatMap(([key, value], i) => [
      { map: map.toSpliced(i, 1), keys },
      ...simpler(value, "any").map((each) => ({ map: map.with(i, [key, each]), keys })),
    ]);
  }
  if ("get" in expr) {
    const { get, key, otherwise } = expr;
    return otherwise === undefined ? [] : [{ get, key }];
  }
  if ("unary" in expr) {
    const { unary, arg } = expr;
    return [arg, ...simpler(arg, argumentOf(unary)).map((each) => ({ unary, arg: each }))];
  }
  if ("binary" in expr) {
    const { binary, left, right } = expr;
    const wants = binary === "and" || binary === "or" ? "bool" : "any";
    return [
      left,
      right,
      ...simpler(left, wants).map((each) => ({ binary, left: each, right })),
      ...simpler(right, wants).map((each) => ({ binary, left, right: each })),
    ];
  }
  if ("at" in expr) {
    const { at, index, otherwise } = expr;
    return [
      ...(otherwise === undefined ? [] : [{ at, index }]),
      ...simpler(at, "list").map((each) => item(each, index, otherwise)),
      ...simpler(index, "int").map((each) => item(at, each, otherwise)),
    ];
  }
  return [];
}

function item(at: Expr, index: Expr, otherwise: Expr | undefined): Expr {
  return { at, index, ...(otherwise === undefined ? {} : { otherwise }) };
}

function argumentOf(unary: Extract<Expr, { readonly unary: unknown }>["unary"]): Wanted {
  if (unary === "not") return "bool";
  if (unary === "len") return "any"; // of a list or a map, which a literal of the other kind may not stand for
  return unary === "isOk" ? "result" : "any";
}
