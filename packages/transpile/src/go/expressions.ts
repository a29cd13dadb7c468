/** Expressions as Go: plain operators where no result can leave the language's integers, checked helpers elsewhere. */
import { type Expr, isMap } from "@orrery/program";
import type { ProgramTypes } from "../infer-types.ts";
import { Names, quote } from "./names.ts";
import { MAYBE_SPACE, tight } from "./spacing.ts";
import { type Kind, Slot } from "../types.ts";
import { fieldName, goSlot, goType, isAny, type Style, zeroOf } from "./types.ts";
import { fits, rangeOf, type Range } from "../ranges.ts";

/** A local in sight. */
export interface Local {
  readonly key: string;
  readonly go: string;
  readonly slot: Slot;
  /** Assigned once, so that a task can read it whenever it runs. */
  readonly final: boolean;
  readonly range: Range;
}

export interface Context {
  readonly types: ProgramTypes;
  readonly style: Style;
  readonly locals: ReadonlyMap<string, Local>;
  /** Go's name and the value of each parameter. */
  readonly params: ReadonlyMap<string, { readonly go: string; readonly value: number | boolean | string }>;
  /** Go's names of the procedures. */
  readonly procs: ReadonlyMap<string, string>;
  readonly fails: (proc: string) => boolean;
  /** Makes a local of a value that a function needs as it is now; gives its name. */
  readonly hoist: (name: string, expr: Expr, slot: Slot, text: string) => string;
  /** Told of each local that is read. */
  readonly read: (local: Local) => void;
}

const OR = 1;
const AND = 2;
const COMPARISON = 3;
const SUM = 4;
const PRODUCT = 5;
const UNARY = 6;
export const PRIMARY = 7;

interface Text {
  readonly text: string;
  readonly binds: number;
}

const primary = (text: string): Text => ({ text, binds: PRIMARY });

export function typeOf(expr: Expr, { types, locals }: Context): Slot {
  const scope = new Map([...locals].map(([name, { slot }]) => [name, slot]));
  return types.typeOf(expr, scope);
}

/** The expression for a place of that type. */
export function value(expr: Expr, context: Context, target: Slot): string {
  if ("list" in expr && !isAny(target) && target.type.kind === "list")
    return list(expr.list, target, context);
  if ("map" in expr && !isAny(target) && target.type.item !== null) return map(expr, target, context);
  if ("lit" in expr && expr.lit === null) return "nil";
  if (isAny(target) || target.type.kind === null) return print(expr, context, 0);
  return as(target.type.kind, expr, context, 0, target);
}

/** A number. */
export function int(expr: Expr, context: Context, least = 0): string {
  return as("int", expr, context, least);
}

/** A condition. */
export function condition(expr: Expr, context: Context, least = 0): string {
  const slot = typeOf(expr, context);
  if (isAny(slot)) return `orrery.True(${print(expr, context, 0)})`;
  return print(expr, context, least);
}

/** The expression as a value of that kind; none is a fault where the kind has no none. */
export function as(
  kind: Kind,
  expr: Expr,
  context: Context,
  least: number,
  target: Slot = Slot.of(kind),
): string {
  const slot = typeOf(expr, context);
  if ("at" in expr && expr.otherwise === undefined && isAny(slot)) {
    const held = heldIn(expr.at, context);
    if (held !== null && !isAny(held) && held.type.kind === kind)
      return `${items(expr.at, context)}[${int(expr.index, context)}]`;
  }
  if (!isAny(slot)) return print(expr, context, least);
  const text = print(expr, context, 0);
  return kind === "int" ? `orrery.Int(${text})` : `orrery.As[${goType(target.type, context.style)}](${text})`;
}

/** A handle that a method is called on; a nil one panics. */
export function receiver(kind: Kind, expr: Expr, context: Context): string {
  if ("at" in expr && expr.otherwise === undefined) {
    const held = heldIn(expr.at, context);
    if (held !== null && !isAny(held) && held.type.kind === kind)
      return `${items(expr.at, context)}[${int(expr.index, context)}]`;
  }
  return as(kind, expr, context, PRIMARY);
}

/** A list as a Go slice. */
export function items(expr: Expr, context: Context): string {
  const text = as("list", expr, context, PRIMARY);
  return context.style.sharedLists ? `${text}.Items` : text;
}

/** What the container holds. */
export function heldIn(expr: Expr, context: Context): Slot | null {
  return typeOf(expr, context).type.item;
}

function print(expr: Expr, context: Context, least: number): string {
  const { text, binds } = textOf(expr, context);
  return binds < least ? `(${text})` : text;
}

function textOf(expr: Expr, context: Context): Text {
  if ("lit" in expr) return literal(expr.lit, expr.unit);
  if ("var" in expr) {
    const local = context.locals.get(expr.var);
    if (local === undefined) return primary(expr.var);
    context.read(local);
    return primary(local.go);
  }
  if ("param" in expr) return primary(context.params.get(expr.param)!.go);
  if ("self" in expr) return primary("t.Index()");
  if ("list" in expr) return primary(list(expr.list, typeOf(expr, context), context));
  if ("at" in expr) return primary(at(expr, context));
  if ("of" in expr)
    return primary(`${receiver(`record:${expr.record}`, expr.of, context)}.${fieldName(expr.field)}`);
  if ("procRef" in expr) return primary(reference(expr, context));
  if ("record" in expr) return primary(record(expr, context));
  if ("map" in expr) return primary(map(expr, typeOf(expr, context), context));
  if ("get" in expr) return primary(get(expr, context));
  if ("has" in expr)
    return primary(
      `orrery.Has(${mapOf(expr.has, expr.key, context)}, ${keyOf(expr.has, expr.key, context)})`,
    );
  if ("unary" in expr) {
    switch (expr.unary) {
      case "not":
        return { text: `!${condition(expr.arg, context, UNARY)}`, binds: UNARY };
      case "neg":
        return "lit" in expr.arg && typeof expr.arg.lit === "number"
          ? literal(-expr.arg.lit, expr.arg.unit)
          : { text: `-${int(expr.arg, context, PRIMARY)}`, binds: UNARY };
      case "len": {
        const { kind } = typeOf(expr.arg, context).type;
        return primary(`len(${isMap(kind) ? print(expr.arg, context, 0) : items(expr.arg, context)})`);
      }
      case "isNone":
        return none(expr.arg, "==", context);
      case "isOk":
        return primary(`${receiver("result", expr.arg, context)}.OK`);
    }
  }
  return binary(expr, context);
}

function list(expressions: readonly Expr[], slot: Slot, context: Context): string {
  const { style } = context;
  const held = slot.type.item ?? Slot.of("any");
  const texts = expressions.map((item) => value(item, context, held)).join(", ");
  return style.sharedLists
    ? `orrery.ListOf[${goSlot(held, style)}](${texts})`
    : `[]${goSlot(held, style)}{${texts}}`;
}

/** The procedure itself, or a function that calls it with the arguments bound now. */
function reference(
  { procRef, type, args }: Extract<Expr, { readonly procRef: string }>,
  context: Context,
): string {
  const { types, style, procs, fails, hoist } = context;
  const go = procs.get(procRef)!;
  const slots = types.argsOf(procRef);
  const { args: declared, returns } = types.program.procs[procRef]!;
  let func = go;
  if (args.length > 0) {
    const bound = args.map((arg, index) => {
      const slot = slots[index]!;
      return isStable(arg, context)
        ? value(arg, context, slot)
        : hoist(declared[index]!.name, arg, slot, value(arg, context, slot));
    });
    const names = new Names([
      ...[...procs.values(), ...style.procTypes.values(), ...bound],
      ...[...context.locals.values(), ...context.params.values()].map((each) => each.go),
    ]);
    const rest = declared.slice(args.length).map(({ name }) => names.fresh(name));
    const taken = rest.map((name, index) => `${name} ${goSlot(slots[args.length + index]!, style)}`);
    const given = [
      ...(returns === undefined ? [] : [goSlot(types.resultOf(procRef), style)]),
      ...(fails(procRef) ? ["error"] : []),
    ];
    const result = given.length > 1 ? ` (${given.join(", ")})` : given.map((each) => ` ${each}`).join("");
    const call = `${given.length === 0 ? "" : "return "}${go}(${["t", ...bound, ...rest].join(", ")})`;
    func = `func(${["t *orrery.Task", ...taken].join(", ")})${result} { ${call} }`;
  }
  // With its procedure's name, by which tasks are known.
  return types.references.isSpawned(type) ? `orrery.Name(${quote(procRef)}, ${func})` : func;
}

function record(expr: Extract<Expr, { readonly fields: unknown }>, context: Context): string {
  const go = context.style.records.get(expr.record)!;
  const fields = Object.entries(expr.fields).map(
    ([field, each]) =>
      [fieldName(field), value(each, context, context.types.field(expr.record, field))] as const,
  );
  if (!("with" in expr)) return `&${go}{${fields.map(([field, text]) => `${field}: ${text}`).join(", ")}}`;
  const changes = fields.map(([field, text]) => `copied.${field} = ${text}`).join("; ");
  const from = as(`record:${expr.record}`, expr.with, context, 0);
  return `orrery.With(${from}, func(copied *${go}) { ${changes} })`;
}

function map(
  { map: entries, keys }: Extract<Expr, { readonly map: unknown }>,
  slot: Slot,
  context: Context,
): string {
  const held = slot.type.item ?? Slot.of("any");
  const texts = entries.map(([k, v]) => `${as(keys, k, context, 0)}: ${value(v, context, held)}`);
  return `${goType(slot.type, context.style)}{${texts.join(", ")}}`;
}

/** A map that is indexed. */
export function mapOf(expr: Expr, at: Expr, context: Context): string {
  return as(kindOfMap(expr, at, context), expr, context, PRIMARY);
}

export function keyOf(expr: Expr, at: Expr, context: Context): string {
  return as(kindOfMap(expr, at, context) === "intMap" ? "int" : "str", at, context, 0);
}

function kindOfMap(expr: Expr, at: Expr, context: Context): "intMap" | "strMap" {
  const scope = new Map([...context.locals].map(([name, { slot }]) => [name, slot]));
  return context.types.mapKind(expr, scope, typeOf(at, context).type.kind);
}

function get(expr: Extract<Expr, { readonly get: Expr }>, context: Context): string {
  const slot = typeOf(expr, context);
  const held = heldIn(expr.get, context) ?? Slot.of("any");
  const place = `${mapOf(expr.get, expr.key, context)}, ${keyOf(expr.get, expr.key, context)}`;
  const loose = isAny(slot) && !isAny(held);
  if (expr.otherwise === undefined) return loose ? `orrery.GetOrNone(${place})` : `orrery.Get(${place}, nil)`;
  if (loose) return `orrery.GetOr(${place}, ${value(expr.otherwise, context, slot)})`;
  return `orrery.Get(${place}, ${value(expr.otherwise, context, held)})`;
}

function at(expr: Extract<Expr, { readonly at: Expr }>, context: Context): string {
  const slot = typeOf(expr, context);
  const held = heldIn(expr.at, context) ?? Slot.of("any");
  const place = `${items(expr.at, context)}, ${int(expr.index, context)}`;
  if (expr.otherwise === undefined)
    return isAny(slot) && !isAny(held) ? `orrery.AtOrNone(${place})` : `orrery.At(${place}, nil)`;
  if (isAny(slot) && !isAny(held)) return `orrery.AtOr(${place}, ${value(expr.otherwise, context, slot)})`;
  return `orrery.At(${place}, ${value(expr.otherwise, context, held)})`;
}

function literal(lit: number | boolean | string | null, unit: "ns" | undefined): Text {
  if (lit === null) return primary("nil");
  if (typeof lit === "string") return primary(quote(lit));
  if (typeof lit !== "number") return primary(String(lit));
  if (unit === "ns") return durationLiteral(lit, "orrery");
  return { text: digits(lit), binds: lit < 0 ? UNARY : PRIMARY };
}

/** `5 * time.Millisecond`, or of package orrery where it is to be an int. */
export function durationLiteral(ns: number, from: "time" | "orrery"): Text {
  for (const [name, unit] of [
    ["Second", 1e9],
    ["Millisecond", 1e6],
    ["Microsecond", 1e3],
  ] as const)
    if (ns !== 0 && ns % unit === 0)
      return ns === unit
        ? primary(`${from}.${name}`)
        : { text: `${digits(ns / unit)}${MAYBE_SPACE}*${MAYBE_SPACE}${from}.${name}`, binds: PRODUCT };
  return { text: digits(ns), binds: ns < 0 ? UNARY : PRIMARY };
}

/** An operand of type time.Duration. */
export function duration(expr: Expr, context: Context): string {
  if ("lit" in expr && typeof expr.lit === "number") return durationLiteral(expr.lit, "time").text;
  if ("param" in expr) return int(expr, context);
  return `time.Duration(${int(expr, context)})`;
}

function digits(number: number): string {
  return Math.abs(number) < 10_000 ? String(number) : String(number).replace(/\B(?=(\d{3})+$)/g, "_");
}

type Binary = Extract<Expr, { readonly binary: string }>;

function binary(expr: Binary, context: Context): Text {
  const { binary: op, left, right } = expr;
  const side = (operand: Expr, level: number, least: number): string => {
    const text = int(operand, context, least);
    return levelOf(operand) === level ? text : tight(text);
  };
  const both = (sign: string, level: number): Text => {
    const [a, b] = [side(left, level, level), side(right, 0, level + 1)];
    const beforeMinus = sign === "-" && b.startsWith("-");
    const spaced = (beforeMinus && levelOf(right) === 0) || (level === SUM && a.includes(" - -"));
    const before = spaced ? " " : MAYBE_SPACE;
    return { text: `${a}${before}${sign}${beforeMinus ? " " : before}${b}`, binds: level };
  };
  switch (op) {
    case "and":
      return {
        text: `${condition(left, context, AND)} && ${condition(right, context, AND + 1)}`,
        binds: AND,
      };
    case "or":
      return { text: `${condition(left, context, OR)} || ${condition(right, context, OR + 1)}`, binds: OR };
    case "==":
    case "!=":
      return equality(expr, context);
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const [a, b] = [int(left, context, SUM), int(right, context, SUM)];
      return { text: `${tight(a)} ${op} ${tight(b)}`, binds: COMPARISON };
    }
    case "min":
    case "max":
      return primary(`${op}(${int(left, context)}, ${int(right, context)})`);
    case "/":
    case "%": {
      const [low, high] = rangeOf(right, context);
      if (low > 0 || high < 0) return both(op, PRODUCT);
      return primary(`orrery.${op === "/" ? "Div" : "Mod"}(${int(left, context)}, ${int(right, context)})`);
    }
    case "+":
    case "-":
    case "*": {
      if (fits(rangeOf(expr, context))) return both(op, op === "*" ? PRODUCT : SUM);
      const helper = op === "+" ? "Add" : op === "-" ? "Sub" : "Mul";
      return primary(`orrery.${helper}(${int(left, context)}, ${int(right, context)})`);
    }
  }
}

/** How tightly an arithmetic operator binds, 0 for what is none. */
function levelOf(expr: Expr): number {
  if ("lit" in expr) return expr.unit === "ns" ? PRODUCT : 0;
  if (!("binary" in expr)) return 0;
  const { binary: op } = expr;
  if (op === "*" || op === "/" || op === "%") return PRODUCT;
  return op === "+" || op === "-" ? SUM : 0;
}

function equality({ binary: op, left, right }: Binary, context: Context): Text {
  const isNone = (expr: Expr): boolean => "lit" in expr && expr.lit === null;
  if (isNone(left) && isNone(right)) return primary(String(op === "=="));
  if (isNone(left)) return none(right, op as "==", context);
  if (isNone(right)) return none(left, op as "==", context);
  if (typeOf(left, context).type.kind === "list" && !context.style.sharedLists)
    return {
      text: `${op === "!=" ? "!" : ""}orrery.SameList(${print(left, context, 0)}, ${print(right, context, 0)})`,
      binds: UNARY,
    };
  return {
    text: `${tight(print(left, context, SUM))} ${op} ${tight(print(right, context, SUM))}`,
    binds: COMPARISON,
  };
}

function none(expr: Expr, op: "==" | "!=", context: Context): Text {
  const slot = typeOf(expr, context);
  const text = print(expr, context, 0);
  const isValue = !isAny(slot) && zeroOf(slot) !== "nil";
  return { text: isValue ? `any(${text}) ${op} nil` : `${text} ${op} nil`, binds: COMPARISON };
}

/** True if the same value comes out wherever and whenever it is evaluated. */
export function isConstant(expr: Expr): boolean {
  if ("lit" in expr || "param" in expr) return true;
  if ("unary" in expr) return expr.unary !== "len" && isConstant(expr.arg);
  return "binary" in expr && isConstant(expr.left) && isConstant(expr.right);
}

/** True if a new task may evaluate it later: nothing in it can change, nothing in it can fail. */
export function isStable(expr: Expr, context: Context): boolean {
  if ("lit" in expr || "param" in expr) return true;
  if ("var" in expr) return context.locals.get(expr.var)?.final ?? false;
  if ("unary" in expr)
    return (expr.unary === "not" || expr.unary === "isNone") && isStable(expr.arg, context);
  if (!("binary" in expr)) return false;
  if (!isStable(expr.left, context) || !isStable(expr.right, context)) return false;
  if (isAny(typeOf(expr.left, context)) || isAny(typeOf(expr.right, context))) return false;
  if (expr.binary === "/" || expr.binary === "%") return rangeOf(expr.right, context)[0] > 0;
  return fits(rangeOf(expr, context));
}
