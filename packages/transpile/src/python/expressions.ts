/** Expressions as Python: plain operators where no result can leave the language's integers, checked helpers elsewhere. */
import type { Expr } from "@orrery/program";
import { fieldName, quote } from "./names.ts";
import { rangeOf, type Range } from "../ranges.ts";

/** What is known of a value's type; null: nothing. None is a value of each. */
export type Kind = "int" | "bool" | "str" | "list" | "intMap" | "strMap" | "chan" | "handle" | null;

const MAX = Number.MAX_SAFE_INTEGER;

/** A local in sight. */
export interface Local {
  readonly python: string;
  readonly kind: Kind;
  /** False: it may be None. */
  readonly some: boolean;
  readonly range: Range;
}

export interface Context {
  /** Python's names of the procedures. */
  readonly procs: ReadonlyMap<string, string>;
  /** Classes of the records. */
  readonly records: ReadonlyMap<string, string>;
  readonly locals: ReadonlyMap<string, Local>;
  /** Python's name and the value of each parameter. */
  readonly params: ReadonlyMap<
    string,
    { readonly python: string; readonly value: number | boolean | string }
  >;
}

const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const SUM = 5;
const PRODUCT = 6;
const UNARY = 7;
const PRIMARY = 8;

interface Text {
  readonly text: string;
  readonly binds: number;
}

const primary = (text: string): Text => ({ text, binds: PRIMARY });

export function value(expr: Expr, context: Context): string {
  return print(expr, context, 0);
}

/** The expression as something to call a method on. */
export function receiver(expr: Expr, context: Context): string {
  return print(expr, context, PRIMARY);
}

/** A condition. */
export function condition(expr: Expr, context: Context): string {
  return truth(expr, context, 0);
}

export function kindOf(expr: Expr, { locals, params }: Context): Kind {
  if ("lit" in expr) return kindOfLiteral(expr.lit);
  if ("param" in expr) return kindOfLiteral(params.get(expr.param)!.value);
  if ("var" in expr) return locals.get(expr.var)?.kind ?? null;
  if ("self" in expr) return "int";
  if ("list" in expr) return "list";
  if ("map" in expr) return expr.keys === "int" ? "intMap" : "strMap";
  if ("has" in expr) return "bool";
  if ("record" in expr || "procRef" in expr) return null;
  if ("at" in expr || "get" in expr) return null;
  if ("unary" in expr) return expr.unary === "len" || expr.unary === "neg" ? "int" : "bool";
  return ["+", "-", "*", "/", "%", "min", "max"].includes(expr.binary) ? "int" : "bool";
}

function kindOfLiteral(literal: number | boolean | string | null): Kind {
  if (typeof literal === "number") return "int";
  if (typeof literal === "boolean") return "bool";
  return typeof literal === "string" ? "str" : null;
}

/** Whether the value is known not to be None. */
export function isSome(expr: Expr, { locals }: Context): boolean {
  if ("lit" in expr) return expr.lit !== null;
  if ("var" in expr) return locals.get(expr.var)?.some ?? false;
  return !("at" in expr || "get" in expr || "of" in expr);
}

function truth(expr: Expr, context: Context, least: number): string {
  if (kindOf(expr, context) === "bool") return print(expr, context, least);
  return parenthesized({ text: `${print(expr, context, COMPARISON + 1)} is True`, binds: COMPARISON }, least);
}

function print(expr: Expr, context: Context, least: number): string {
  return parenthesized(textOf(expr, context), least);
}

function parenthesized({ text, binds }: Text, least: number): string {
  return binds < least ? `(${text})` : text;
}

function textOf(expr: Expr, context: Context): Text {
  if ("lit" in expr) return literal(expr.lit, expr.unit);
  if ("var" in expr) return primary(context.locals.get(expr.var)?.python ?? expr.var);
  if ("param" in expr) return primary(context.params.get(expr.param)!.python);
  if ("self" in expr) return primary("task_index()");
  if ("list" in expr) return primary(`[${expr.list.map((item) => print(item, context, 0)).join(", ")}]`);
  if ("procRef" in expr) {
    const python = context.procs.get(expr.procRef)!;
    if (expr.args.length === 0) return primary(python);
    return primary(`partial(${[python, ...expr.args.map((arg) => print(arg, context, 0))].join(", ")})`);
  }
  if ("at" in expr) {
    const otherwise = expr.otherwise === undefined ? "" : `, ${print(expr.otherwise, context, 0)}`;
    return primary(`at(${print(expr.at, context, 0)}, ${print(expr.index, context, 0)}${otherwise})`);
  }
  if ("map" in expr) {
    const entries = expr.map.map(([k, v]) => `${key(k, context)}: ${print(v, context, 0)}`);
    return primary(`{${entries.join(", ")}}`);
  }
  if ("of" in expr) return primary(`${print(expr.of, context, PRIMARY)}.${fieldName(expr.field)}`);
  if ("record" in expr) {
    const fields = Object.entries(expr.fields).map(
      ([field, each]) => `${fieldName(field)}=${print(each, context, 0)}`,
    );
    if ("with" in expr) return primary(`replace(${[print(expr.with, context, 0), ...fields].join(", ")})`);
    return primary(`${context.records.get(expr.record)}(${fields.join(", ")})`);
  }
  if ("get" in expr) {
    const otherwise = expr.otherwise === undefined ? "" : `, ${print(expr.otherwise, context, 0)}`;
    return primary(`${print(expr.get, context, PRIMARY)}.get(${key(expr.key, context)}${otherwise})`);
  }
  if ("has" in expr)
    return {
      text: `${key(expr.key, context, COMPARISON + 1)} in ${print(expr.has, context, COMPARISON + 1)}`,
      binds: COMPARISON,
    };
  if ("unary" in expr) {
    switch (expr.unary) {
      case "not":
        return { text: `not ${truth(expr.arg, context, NOT)}`, binds: NOT };
      case "neg":
        return "lit" in expr.arg && typeof expr.arg.lit === "number"
          ? literal(0 - expr.arg.lit, expr.arg.unit)
          : { text: `-${print(expr.arg, context, UNARY)}`, binds: UNARY };
      case "len":
        return primary(`len(${print(expr.arg, context, 0)})`);
      case "isNone":
        return { text: `${print(expr.arg, context, COMPARISON + 1)} is None`, binds: COMPARISON };
      case "isOk":
        return primary(`${receiver(expr.arg, context)}.ok`);
    }
  }
  return binary(expr, context);
}

/** What the keys of the map are known to be. */
export function keyKind(map: Expr, context: Context): Kind {
  const kind = kindOf(map, context);
  if (kind === "intMap") return "int";
  return kind === "strMap" ? "str" : null;
}

/** The key of a map, which must be one: a dict would take None. */
export function key(expr: Expr, context: Context, least = 0): string {
  const kind = kindOf(expr, context);
  if (kind === "int" || kind === "str") return print(expr, context, least);
  return `key(${print(expr, context, 0)})`;
}

function literal(literal: number | boolean | string | null, unit: "ns" | undefined): Text {
  if (typeof literal === "string") return primary(quote(literal));
  if (literal === null) return primary("None");
  if (typeof literal === "boolean") return primary(truthText(literal));
  if (unit === "ns") return durationLiteral(literal);
  return { text: digits(literal), binds: literal < 0 ? UNARY : PRIMARY };
}

export const truthText = (value: boolean): string => (value ? "True" : "False");

/** `5 * MS` */
export function durationLiteral(ns: number): Text {
  for (const [name, unit] of [
    ["S", 1e9],
    ["MS", 1e6],
    ["US", 1e3],
  ] as const)
    if (ns !== 0 && ns % unit === 0)
      return ns === unit ? primary(name) : { text: `${digits(ns / unit)} * ${name}`, binds: PRODUCT };
  return { text: digits(ns), binds: ns < 0 ? UNARY : PRIMARY };
}

export function digits(value: number): string {
  return Math.abs(value) < 10_000 ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

type Binary = Extract<Expr, { readonly binary: string }>;

function binary(expr: Binary, context: Context): Text {
  const { binary: op, left, right } = expr;
  const at = (side: Expr, least: number): string => print(side, context, least);
  switch (op) {
    case "and":
      return { text: `${truth(left, context, AND)} and ${truth(right, context, AND + 1)}`, binds: AND };
    case "or":
      return { text: `${truth(left, context, OR)} or ${truth(right, context, OR + 1)}`, binds: OR };
    case "==":
    case "!=":
      return equality(expr, context);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { text: `${at(left, COMPARISON + 1)} ${op} ${at(right, COMPARISON + 1)}`, binds: COMPARISON };
    case "min":
    case "max":
      return primary(`${op}(${at(left, 0)}, ${at(right, 0)})`);
    case "/":
    case "%": {
      // Python rounds down, the language towards zero: the same where nothing is negative.
      const plain = rangeOf(left, context)[0] >= 0 && rangeOf(right, context)[0] > 0;
      if (!plain) return primary(`${op === "/" ? "divide" : "remainder"}(${at(left, 0)}, ${at(right, 0)})`);
      return {
        text: `${at(left, PRODUCT)} ${op === "/" ? "//" : "%"} ${at(right, PRODUCT + 1)}`,
        binds: PRODUCT,
      };
    }
    case "+":
    case "-":
    case "*": {
      const [low, high] = rangeOf(expr, context);
      if (low < -MAX || high > MAX) {
        const helper = op === "+" ? "add" : op === "-" ? "subtract" : "multiply";
        return primary(`${helper}(${at(left, 0)}, ${at(right, 0)})`);
      }
      const level = op === "*" ? PRODUCT : SUM;
      return { text: `${at(left, level)} ${op} ${at(right, level + 1)}`, binds: level };
    }
  }
}

function equality({ binary: op, left, right }: Binary, context: Context): Text {
  const isNone = (expr: Expr): boolean => "lit" in expr && expr.lit === null;
  const sides = (operator: string): Text => ({
    text: `${print(left, context, COMPARISON + 1)} ${operator} ${print(right, context, COMPARISON + 1)}`,
    binds: COMPARISON,
  });
  if (isNone(left) || isNone(right)) return sides(op === "==" ? "is" : "is not");
  const kinds = [kindOf(left, context), kindOf(right, context)];
  if (kinds.includes("int") || kinds.includes("str") || (kinds[0] === "bool" && kinds[1] === "bool"))
    return sides(op);
  const call = `same(${print(left, context, 0)}, ${print(right, context, 0)})`;
  return op === "==" ? primary(call) : { text: `not ${call}`, binds: NOT };
}
