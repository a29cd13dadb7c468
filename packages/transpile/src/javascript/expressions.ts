/** Expressions as JavaScript: plain operators where no operand can be none and no result too large, checked helpers elsewhere. */
import { type Expr, isMap } from "@orrery/program";
import type { ProgramTypes } from "../infer-types.ts";
import type { Kind, Slot } from "../types.ts";
import { Names, quote } from "./names.ts";
import { fits, rangeOf, type Range } from "../ranges.ts";

/** A local in sight. */
export interface Local {
  readonly js: string;
  readonly slot: Slot;
  /** Assigned once. */
  readonly final: boolean;
  readonly range: Range;
}

export interface Context {
  readonly types: ProgramTypes;
  readonly locals: ReadonlyMap<string, Local>;
  /** Makes a local of a value that a function needs as it is now; gives its name. */
  readonly hoist: (name: string, text: string) => string;
  /** JavaScript's names of the procedures, and of the functions of tasks that run plain ones. */
  readonly procs: ReadonlyMap<string, string>;
  readonly tasks: ReadonlyMap<string, string>;
  /** JavaScript's name and the value of each parameter. */
  readonly params: ReadonlyMap<string, { readonly js: string; readonly value: number | boolean | string }>;
}

const LOOSEST = 0;
const OR = 1;
const AND = 2;
const EQUALITY = 3;
const RELATION = 4;
export const SUM = 5;
export const PRODUCT = 6;
const UNARY = 7;
const PRIMARY = 8;

interface Text {
  readonly text: string;
  readonly binds: number;
}

const primary = (text: string): Text => ({ text, binds: PRIMARY });

export function typeOf(expr: Expr, { types, locals }: Context): Slot {
  const scope = new Map([...locals].map(([name, { slot }]) => [name, slot]));
  return types.typeOf(expr, scope);
}

/** True if it can be nothing but a value of that type. */
export function isKnown(kind: Kind, expr: Expr, context: Context): boolean {
  const slot = typeOf(expr, context);
  return slot.type.kind === kind && !slot.nullable;
}

/** The expression, in parentheses if it binds less than `least`. */
export function value(expr: Expr, context: Context, least = LOOSEST): string {
  const { text, binds } = textOf(expr, context);
  return binds < least ? `(${text})` : text;
}

/** What a method is called on. */
export const receiver = (expr: Expr, context: Context): string => value(expr, context, PRIMARY);

/** A number; none is an error. */
export function number(expr: Expr, context: Context, least = LOOSEST): string {
  return isKnown("int", expr, context) ? value(expr, context, least) : `int(${value(expr, context)})`;
}

/** A condition. */
export function condition(expr: Expr, context: Context, least = LOOSEST): string {
  if (isKnown("bool", expr, context)) return value(expr, context, least);
  const text = `${value(expr, context, EQUALITY + 1)} === true`;
  return EQUALITY < least ? `(${text})` : text;
}

function textOf(expr: Expr, context: Context): Text {
  if ("lit" in expr) return literal(expr.lit, expr.unit);
  if ("var" in expr) return primary(context.locals.get(expr.var)?.js ?? expr.var);
  if ("param" in expr) return primary(context.params.get(expr.param)!.js);
  if ("self" in expr) return primary("self.index");
  if ("list" in expr) return primary(`[${expr.list.map((item) => value(item, context)).join(", ")}]`);
  if ("at" in expr) return item(expr, context);
  if ("map" in expr) {
    const entries = expr.map.map(
      ([k, v]) => `[${key(k, expr.keys === "int", context)}, ${value(v, context)}]`,
    );
    return primary(`new Map(${entries.length === 0 ? "" : `[${entries.join(", ")}]`})`);
  }
  if ("of" in expr) return primary(`${receiver(expr.of, context)}.${expr.field}`);
  if ("record" in expr) {
    const fields = Object.entries(expr.fields).map(([field, each]) => {
      const text = value(each, context);
      return text === field ? field : `${field}: ${text}`;
    });
    const written = `{ ${fields.join(", ")} }`;
    if ("with" in expr) return primary(`copyWith(${value(expr.with, context)}, ${written})`);
    return primary(`Object.freeze(${written})`);
  }
  if ("procRef" in expr) return reference(expr, context);
  if ("get" in expr) return found(expr, context);
  if ("has" in expr)
    return primary(`${receiver(expr.has, context)}.has(${keyOf(expr.has, expr.key, context)})`);
  if ("unary" in expr) {
    switch (expr.unary) {
      case "not":
        return { text: `!${condition(expr.arg, context, UNARY)}`, binds: UNARY };
      case "neg":
        return "lit" in expr.arg && typeof expr.arg.lit === "number"
          ? literal(0 - expr.arg.lit, expr.arg.unit)
          : { text: `-${number(expr.arg, context, PRIMARY)}`, binds: UNARY };
      case "len": {
        const { kind } = typeOf(expr.arg, context).type;
        const size = isMap(kind) ? "size" : "length";
        return primary(`${receiver(expr.arg, context)}.${size}`);
      }
      case "isNone":
        return { text: `${value(expr.arg, context, EQUALITY + 1)} == null`, binds: EQUALITY };
      case "isOk":
        return primary(`${receiver(expr.arg, context)}.ok`);
    }
  }
  return binary(expr, context);
}

/** The function itself, or an arrow function that calls it with the arguments bound now. */
function reference(
  { procRef, type, args }: Extract<Expr, { readonly procRef: string }>,
  context: Context,
): Text {
  const { types, procs, tasks, locals, hoist } = context;
  const isSpawned = types.references.isSpawned(type);
  const js = (isSpawned ? tasks.get(procRef) : undefined) ?? procs.get(procRef)!;
  if (args.length === 0) return primary(js);
  const declared = types.program.procs[procRef]!.args.map(({ name }) => name);
  const bound = args.map((arg, index) => {
    const isFixed = "lit" in arg || "param" in arg || ("var" in arg && locals.get(arg.var)?.final === true);
    const text = value(arg, context);
    return isFixed ? text : hoist(declared[index]!, text);
  });
  const taken = [...locals.values(), ...context.params.values()].map((each) => each.js);
  const names = new Names([...taken, ...bound, ...procs.values(), ...tasks.values()]);
  const task = names.fresh("task");
  const rest = declared.slice(args.length).map((name) => names.fresh(name));
  const arrow = `(${[task, ...rest].join(", ")}) => ${js}(${[task, ...bound, ...rest].join(", ")})`;
  return isSpawned ? primary(`named(${quote(procRef)}, ${arrow})`) : { text: arrow, binds: LOOSEST };
}

/** `items[i] ?? null`: what is outside of a list is none. */
function item(expr: Extract<Expr, { readonly at: Expr }>, context: Context): Text {
  const { at: items, index, otherwise } = expr;
  const held = typeOf(items, context).type.item;
  const whole = held !== null && !held.nullable && held.type.kind !== null && held.type.kind !== "any";
  if (isKnown("int", index, context) && (otherwise === undefined || whole)) {
    const found = `${receiver(items, context)}[${value(index, context)}]`;
    const other = otherwise === undefined ? "null" : value(otherwise, context, EQUALITY);
    return { text: `${found} ?? ${other}`, binds: LOOSEST };
  }
  const args = [items, index, ...(otherwise === undefined ? [] : [otherwise])];
  return primary(`at(${args.map((arg) => value(arg, context)).join(", ")})`);
}

/** `map.get(key) ?? null`: what is not in a map is none. */
function found(expr: Extract<Expr, { readonly get: Expr }>, context: Context): Text {
  const { get: map, otherwise } = expr;
  const place = keyOf(map, expr.key, context);
  const held = typeOf(map, context).type.item;
  const whole = held !== null && !held.nullable && held.type.kind !== null && held.type.kind !== "any";
  const text = `${receiver(map, context)}.get(${place})`;
  if (otherwise === undefined) return { text: `${text} ?? null`, binds: LOOSEST };
  if (whole) return { text: `${text} ?? ${value(otherwise, context, EQUALITY)}`, binds: LOOSEST };
  return primary(`found(${receiver(map, context)}, ${place}, ${value(otherwise, context)})`);
}

/** The key of a map, which must be one: a Map would take null. */
export function keyOf(map: Expr, expr: Expr, context: Context): string {
  const scope = new Map([...context.locals].map(([name, { slot }]) => [name, slot]));
  const kind = context.types.mapKind(map, scope, typeOf(expr, context).type.kind);
  return key(expr, kind === "intMap", context);
}

function key(expr: Expr, isInt: boolean, context: Context): string {
  if (isInt) return number(expr, context);
  return isKnown("str", expr, context) ? value(expr, context) : `some(${value(expr, context)})`;
}

function literal(given: number | boolean | string | null, unit: "ns" | undefined): Text {
  if (typeof given === "string") return primary(quote(given));
  if (typeof given !== "number") return primary(String(given));
  if (unit === "ns") return durationLiteral(given);
  return { text: digits(given), binds: given < 0 ? UNARY : PRIMARY };
}

/** A number as source: `5 * MS` if it is a duration. */
export function numeral(given: number, unit: "ns" | undefined): string {
  return literal(given, unit).text;
}

function durationLiteral(ns: number): Text {
  for (const [name, unit] of [
    ["S", 1e9],
    ["MS", 1e6],
    ["US", 1e3],
  ] as const)
    if (ns !== 0 && ns % unit === 0)
      return ns === unit ? primary(name) : { text: `${digits(ns / unit)} * ${name}`, binds: PRODUCT };
  return { text: digits(ns), binds: ns < 0 ? UNARY : PRIMARY };
}

function digits(given: number): string {
  return Math.abs(given) < 10_000 ? String(given) : String(given).replace(/\B(?=(\d{3})+$)/g, "_");
}

type Binary = Extract<Expr, { readonly binary: string }>;

const helpers = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "remainder" } as const;

function binary(expr: Binary, context: Context): Text {
  const { binary: op, left, right } = expr;
  const sides = (level: number): string =>
    `${number(left, context, level)} ${op} ${number(right, context, level + 1)}`;
  switch (op) {
    case "and":
      return {
        text: `${condition(left, context, AND)} && ${condition(right, context, AND + 1)}`,
        binds: AND,
      };
    case "or":
      return { text: `${condition(left, context, OR)} || ${condition(right, context, OR + 1)}`, binds: OR };
    case "==":
    case "!=": {
      const none = [left, right].some((side) => "lit" in side && side.lit === null);
      const sign = none ? op : `${op}=`;
      return {
        text: `${value(left, context, EQUALITY + 1)} ${sign} ${value(right, context, EQUALITY + 1)}`,
        binds: EQUALITY,
      };
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { text: `${sides(RELATION + 1)}`, binds: RELATION };
    case "min":
    case "max":
      return primary(`Math.${op}(${number(left, context)}, ${number(right, context)})`);
    case "+":
    case "-":
    case "*":
      if (fits(rangeOf(expr, context)))
        return op === "*" ? { text: sides(PRODUCT), binds: PRODUCT } : { text: sides(SUM), binds: SUM };
      break;
    case "/":
    case "%": {
      const [low, high] = rangeOf(right, context);
      if (low <= 0 && high >= 0) break;
      if (op === "/") return primary(`Math.trunc(${sides(PRODUCT)})`);
      return { text: sides(PRODUCT), binds: PRODUCT };
    }
  }
  return primary(`${helpers[op]}(${value(left, context)}, ${value(right, context)})`);
}

/** True if the same value comes out wherever and whenever it is evaluated. */
export function isConstant(expr: Expr): boolean {
  if ("lit" in expr || "param" in expr) return true;
  if ("unary" in expr) return expr.unary !== "len" && isConstant(expr.arg);
  return "binary" in expr && isConstant(expr.left) && isConstant(expr.right);
}
