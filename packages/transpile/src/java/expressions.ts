/** Expressions as Java: plain operators where no result can leave the language's integers, checked helpers elsewhere. */
import { type Expr, handleTypes, isMap } from "@orrery/program";
import type { ProgramTypes } from "../infer-types.ts";
import { type Names, quote } from "./names.ts";
import { type Kind, Slot } from "../types.ts";
import { boxed, componentName, isPrimitive, javaType, recordClass } from "./types.ts";
import { fits, rangeOf, type Range } from "../ranges.ts";

const INT_MAX = 2_147_483_647;

/** A local in sight. */
export interface Local {
  readonly java: string;
  readonly slot: Slot;
  /** Assigned once, so that a lambda can see it. */
  readonly final: boolean;
  readonly range: Range;
}

export interface Context {
  readonly types: ProgramTypes;
  readonly locals: ReadonlyMap<string, Local>;
  /** Java's name and the value of each parameter. */
  /** Makes a local of a value that a lambda needs as it is now; gives its name. */
  readonly hoist: (name: string, slot: Slot, text: string) => string;
  /** What is declared already. */
  readonly names: Names;
  /** Java's names of the procedures. */
  readonly procs: ReadonlyMap<string, string>;
  readonly params: ReadonlyMap<string, { readonly java: string; readonly value: number | boolean | string }>;
}

const OR = 1;
const AND = 2;
const EQUALITY = 3;
const RELATION = 4;
const SUM = 5;
const PRODUCT = 6;
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

/** The expression for a place that takes it as it is: `boxed` where only an object fits. */
export function value(expr: Expr, context: Context, target: Slot): string {
  if ("procRef" in expr && target.type.kind === `proc:${expr.type}`) return reference(expr, context, true);
  return print(expr, context, !isPrimitive(target), 0);
}

/** The expression as an argument of type Object. */
export function object(expr: Expr, context: Context): string {
  if ("lit" in expr && expr.lit === null) return "(Object) null";
  return print(expr, context, false, 0);
}

/** A lambda that calls the procedure with the arguments bound now; cast unless the place is `typed`. */
function reference(
  { procRef, type, args }: Extract<Expr, { readonly procRef: string }>,
  context: Context,
  typed: boolean,
): string {
  const { types, procs, names, hoist } = context;
  const slots = types.argsOf(procRef);
  const declared = types.program.procs[procRef]!.args.map(({ name }) => name);
  const bound = args.map((arg, index) => {
    const text = value(arg, context, slots[index]!);
    return isStable(arg, context) ? text : hoist(declared[index]!, slots[index]!, text);
  });
  let rest: readonly string[] = [];
  names.scoped(() => {
    rest = declared.slice(args.length).map((name) => names.fresh(name, "local"));
  });
  const head = rest.length === 1 ? rest[0]! : `(${rest.join(", ")})`;
  const lambda = `${head} -> ${procs.get(procRef)}(${[...bound, ...rest].join(", ")})`;
  const java = recordClass(type);
  if (types.references.isSpawned(type)) return `new ${java}(${quote(procRef)}, ${lambda})`;
  return typed ? lambda : `((${java}) ${lambda})`;
}

/** A number. */
export function long(expr: Expr, context: Context, least = 0): string {
  return as("int", expr, context, least);
}

/** A condition. */
export function condition(expr: Expr, context: Context): string {
  const text = truth(expr, context, 0);
  return isConstant(expr) && !("lit" in expr) ? `holds(${text})` : text;
}

/** The expression, cast if the type is known only here. */
export function as(kind: Kind, expr: Expr, context: Context, least: number): string {
  const actual = typeOf(expr, context).type.kind;
  if (actual === kind) return print(expr, context, false, least);
  const cast = javaType(Slot.of(kind));
  return parenthesized({ text: `(${cast}) ${print(expr, context, true, UNARY)}`, binds: UNARY }, least);
}

/** A handle or a list, which a method is called on. */
export function receiver(kind: Kind, expr: Expr, context: Context): string {
  return as(kind, expr, context, PRIMARY);
}

function truth(expr: Expr, context: Context, least: number): string {
  const slot = typeOf(expr, context);
  if (slot.type.kind !== "bool" || slot.nullable) return `isTrue(${print(expr, context, false, 0)})`;
  return print(expr, context, false, least);
}

function print(expr: Expr, context: Context, boxed: boolean, least: number): string {
  return parenthesized(textOf(expr, context, boxed), least);
}

function parenthesized({ text, binds }: Text, least: number): string {
  return binds < least ? `(${text})` : text;
}

function textOf(expr: Expr, context: Context, boxed: boolean): Text {
  if ("lit" in expr) return literal(expr.lit, expr.unit, boxed);
  if ("var" in expr) return primary(context.locals.get(expr.var)?.java ?? expr.var);
  if ("param" in expr) return primary(context.params.get(expr.param)!.java);
  if ("self" in expr) return primary("taskIndex()");
  if ("list" in expr) return list(expr.list, context);
  if ("at" in expr) {
    const items = as("list", expr.at, context, 0);
    const otherwise = expr.otherwise === undefined ? "" : `, ${print(expr.otherwise, context, true, 0)}`;
    return primary(`at(${items}, ${long(expr.index, context)}${otherwise})`);
  }
  if ("map" in expr) return map(expr, context);
  if ("procRef" in expr) return primary(reference(expr, context, false));
  if ("of" in expr)
    return primary(`${receiver(`record:${expr.record}`, expr.of, context)}.${componentName(expr.field)}()`);
  if ("record" in expr) {
    const { records = {} } = context.types.program;
    const values = Object.keys(records[expr.record]!).map((field) => {
      const given = expr.fields[field];
      if (given !== undefined) return value(given, context, context.types.field(expr.record, field));
      const kept = (expr as Extract<Expr, { readonly with: Expr }>).with;
      return print({ field, of: kept, record: expr.record }, context, false, 0);
    });
    return primary(`new ${recordClass(expr.record)}(${values.join(", ")})`);
  }
  if ("get" in expr) {
    const [of, at] = [mapOf(expr.get, expr.key, context), keyOf(expr.get, expr.key, context)];
    if (expr.otherwise === undefined) return primary(`${of}.get(${at})`);
    return primary(`${of}.getOrDefault(${at}, ${print(expr.otherwise, context, true, 0)})`);
  }
  if ("has" in expr)
    return primary(
      `${mapOf(expr.has, expr.key, context)}.containsKey(${keyOf(expr.has, expr.key, context)})`,
    );
  if ("unary" in expr) {
    switch (expr.unary) {
      case "not":
        return { text: `!${truth(expr.arg, context, UNARY)}`, binds: UNARY };
      case "neg":
        return "lit" in expr.arg && typeof expr.arg.lit === "number"
          ? literal(-expr.arg.lit, expr.arg.unit, boxed)
          : { text: `-${wideOf(expr.arg, boxed, context, PRIMARY)}`, binds: UNARY };
      case "len": {
        const { kind } = typeOf(expr.arg, context).type;
        return primary(`length(${as(isMap(kind) ? kind : "list", expr.arg, context, 0)})`);
      }
      case "isNone": {
        const slot = typeOf(expr.arg, context);
        if (isPrimitive(slot))
          return { text: `isNone(${print(expr.arg, context, true, 0)})`, binds: PRIMARY };
        return { text: `${print(expr.arg, context, true, EQUALITY + 1)} == null`, binds: EQUALITY };
      }
      case "isOk":
        return primary(`${receiver("result", expr.arg, context)}.ok()`);
    }
  }
  return binary(expr, context, boxed);
}

function map({ map: entries, keys }: Extract<Expr, { readonly map: unknown }>, context: Context): Text {
  if (entries.length === 0) return primary("new TreeMap<>()");
  const texts = entries.flatMap(([k, v]) => [key(k, keys, context), print(v, context, true, 0)]);
  return primary(`mapOf(${texts.join(", ")})`);
}

/** A map written in place where nothing else tells the compiler its type. */
export function typedMap(expr: Expr, context: Context): string {
  const text = "map" in expr && expr.map.length > 0 ? print(expr, context, true, 0) : "";
  return `new Tree${boxed(typeOf(expr, context).type)}(${text})`;
}

/** A map that a method is called on. */
export function mapOf(expr: Expr, at: Expr, context: Context): string {
  if ("map" in expr) return typedMap(expr, context);
  return receiver(kindOfMap(expr, at, context), expr, context);
}

/** The key of a map, as an object. */
export function keyOf(expr: Expr, at: Expr, context: Context): string {
  return key(at, kindOfMap(expr, at, context) === "intMap" ? "int" : "str", context);
}

function kindOfMap(expr: Expr, at: Expr, context: Context): "intMap" | "strMap" {
  const scope = new Map([...context.locals].map(([name, { slot }]) => [name, slot]));
  return context.types.mapKind(expr, scope, typeOf(at, context).type.kind);
}

function key(expr: Expr, kind: "int" | "str", context: Context): string {
  if (typeOf(expr, context).type.kind === kind) return print(expr, context, true, 0);
  return as(kind, expr, context, 0);
}

function list(items: readonly Expr[], context: Context): Text {
  if (items.length === 0) return primary("new ArrayList<>()");
  const texts = items.map((item) => print(item, context, true, 0));
  return primary(`listOf(${texts.length === 1 && texts[0] === "null" ? "(Object) null" : texts.join(", ")})`);
}

function literal(value: number | boolean | string | null, unit: "ns" | undefined, boxed: boolean): Text {
  if (typeof value === "string") return primary(quote(value));
  if (typeof value !== "number") return primary(String(value));
  if (unit === "ns") return durationLiteral(value);
  const text = digits(value);
  return { text: boxed || Math.abs(value) > INT_MAX ? `${text}L` : text, binds: value < 0 ? UNARY : PRIMARY };
}

/** `5 * MS` */
export function durationLiteral(ns: number): Text {
  for (const [name, unit] of [
    ["S", 1e9],
    ["MS", 1e6],
    ["US", 1e3],
  ] as const)
    if (ns !== 0 && ns % unit === 0)
      return ns === unit ? primary(name) : { text: `${digits(ns / unit)} * ${name}`, binds: PRODUCT };
  return { text: `${digits(ns)}L`, binds: ns < 0 ? UNARY : PRIMARY };
}

function digits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

type Binary = Extract<Expr, { readonly binary: string }>;

function binary(expr: Binary, context: Context, boxed: boolean): Text {
  const { binary: op, left, right } = expr;
  switch (op) {
    case "and":
      return { text: `${truth(left, context, AND)} && ${truth(right, context, AND + 1)}`, binds: AND };
    case "or":
      return { text: `${truth(left, context, OR)} || ${truth(right, context, OR + 1)}`, binds: OR };
    case "==":
    case "!=":
      return equality(expr, context);
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const [a, b] = [long(left, context, RELATION + 1), long(right, context, RELATION + 1)];
      return { text: `${a} ${op} ${b}`, binds: RELATION };
    }
    case "min":
    case "max": {
      const wide = boxed && isConstant(left) && isConstant(right);
      return primary(`Math.${op}(${wide ? "(long) " : ""}${long(left, context)}, ${long(right, context)})`);
    }
    case "/":
    case "%": {
      // A literal on the left alone would make the arithmetic an int's.
      const a = constantLeft(left, right, context, PRODUCT);
      return { text: `${a} ${op} ${long(right, context, PRODUCT + 1)}`, binds: PRODUCT };
    }
    case "+":
    case "-":
    case "*": {
      if (!fits(rangeOf(expr, context))) {
        const helper = op === "+" ? "add" : op === "-" ? "subtract" : "multiply";
        return primary(`${helper}(${long(left, context)}, ${long(right, context)})`);
      }
      const level = op === "*" ? PRODUCT : SUM;
      const a = constantLeft(left, right, context, level);
      return { text: `${a} ${op} ${long(right, context, level + 1)}`, binds: level };
    }
  }
}

/** Arithmetic on literals is long arithmetic because the first is one. */
function constantLeft(left: Expr, right: Expr, context: Context, least: number): string {
  return wideOf(left, ofLiterals(right), context, least);
}

/** A number, as a long if `wide` and nothing but literals would make an int of it. */
function wideOf(expr: Expr, wide: boolean, context: Context, least: number): string {
  return wide && ofLiterals(expr) ? print(expr, context, true, least) : long(expr, context, least);
}

/** True if it is written with ints only. */
function ofLiterals(expr: Expr): boolean {
  if ("lit" in expr) return expr.unit === undefined;
  if ("unary" in expr) return expr.unary === "neg" && ofLiterals(expr.arg);
  return "binary" in expr && ofLiterals(expr.left) && ofLiterals(expr.right);
}

function equality({ binary: op, left, right }: Binary, context: Context): Text {
  const [a, b] = [typeOf(left, context), typeOf(right, context)];
  const none = (expr: Expr): boolean => "lit" in expr && expr.lit === null;
  const sides = (boxed: boolean): Text => ({
    text: `${print(left, context, boxed, EQUALITY + 1)} ${op} ${print(right, context, boxed, EQUALITY + 1)}`,
    binds: EQUALITY,
  });
  const not = op === "!=" ? "!" : "";
  if (none(left) || none(right)) {
    const other = none(left) ? right : left;
    if (!none(other) && isPrimitive(typeOf(other, context)))
      return { text: `${not}isNone(${print(other, context, true, 0)})`, binds: UNARY };
    return sides(true);
  }
  const handles: readonly (Kind | null)[] = ["list", ...handleTypes];
  if (isPrimitive(a) && isPrimitive(b) && a.type.kind === b.type.kind) return sides(false);
  if (handles.includes(a.type.kind) && a.type.kind === b.type.kind) return sides(true);
  if (a.type.kind === "str" && b.type.kind === "str" && !a.nullable)
    return {
      text: `${not}${print(left, context, true, PRIMARY)}.equals(${print(right, context, true, 0)})`,
      binds: not === "" ? PRIMARY : UNARY,
    };
  return {
    text: `${not}Objects.equals(${print(left, context, true, 0)}, ${print(right, context, true, 0)})`,
    binds: not === "" ? PRIMARY : UNARY,
  };
}

/** True if the same value comes out wherever and whenever it is evaluated. */
export function isConstant(expr: Expr): boolean {
  if ("lit" in expr || "param" in expr) return true;
  if ("unary" in expr) return expr.unary !== "len" && isConstant(expr.arg);
  return "binary" in expr && isConstant(expr.left) && isConstant(expr.right);
}

/** True if a lambda may evaluate it later: nothing in it can change, nothing in it can fail. */
export function isStable(expr: Expr, context: Context): boolean {
  if ("lit" in expr || "param" in expr) return true;
  if ("var" in expr) return context.locals.get(expr.var)?.final ?? false;
  if ("unary" in expr)
    return (expr.unary === "not" || expr.unary === "isNone") && isStable(expr.arg, context);
  if (!("binary" in expr)) return false;
  const sides = isStable(expr.left, context) && isStable(expr.right, context);
  const primitive = isPrimitive(typeOf(expr.left, context)) && isPrimitive(typeOf(expr.right, context));
  if (expr.binary === "/" || expr.binary === "%")
    return sides && primitive && rangeOf(expr.right, context)[0] > 0;
  return sides && primitive && fits(rangeOf(expr, context));
}
