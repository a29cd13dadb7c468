/**
 * Types of expressions. The rules:
 *
 * - A number literal with the unit ns is a duration. A bare number literal, or arithmetic on bare ones, is an int, and
 *   is taken as nanoseconds where a duration is needed. Any other int is not a duration: multiply it by one (`i * 1ms`).
 * - dur + dur, dur - dur, dur % dur, min and max of durs, dur * int, int * dur and dur / int are durs; dur / dur is an
 *   int. Nothing else mixes them.
 * - `none` fits wherever a handle fits, and can be compared with anything.
 * - What comes out of a channel, a list, a map, a promise or a task is `any` and fits everywhere.
 */
import { printExpr } from "./print-expression.ts";
import { partsOf, type Wanted } from "./shape.ts";
import {
  type BinaryOp,
  type Expr,
  isMap,
  isRecordType,
  isRefType,
  type MapKey,
  type Proc,
  type ProcType,
  procTypeOf,
  recordOf,
  type RecordType,
  type RefType,
  type TypeName,
} from "./tree.ts";
import { unknownName } from "./unknown-name.ts";

/** A type; `number`: a bare number literal; `none`: the literal; `any`: not known before the run. */
export type Inferred = TypeName | "number" | "none" | "any";

/** What names mean where an expression stands. Each reports an unknown name itself and then gives `any`. */
export interface Names {
  local(name: string): Inferred;
  param(name: string): Inferred;
  /** The fields of a record. */
  record(name: string): Readonly<Record<string, TypeName>> | undefined;
  procType(name: string): ProcType | undefined;
  proc(name: string): Proc | undefined;
  report(message: string, suggestion?: string): void;
}

export function infer(expr: Expr, names: Names): Inferred {
  if ("lit" in expr) {
    if (expr.lit === null) return "none";
    if (typeof expr.lit === "number") return expr.unit === "ns" ? "dur" : "number";
    return typeof expr.lit === "boolean" ? "bool" : "str";
  }
  if ("var" in expr) return names.local(expr.var);
  if ("param" in expr) return names.param(expr.param);
  if ("self" in expr) return "int";
  if ("list" in expr) {
    for (const item of expr.list) infer(item, names);
    return "list";
  }
  if ("procRef" in expr) return inferReference(expr, names);
  if ("record" in expr) return inferRecord(expr, names);
  if ("map" in expr || "get" in expr || "has" in expr) return inferMap(expr, names);
  if ("at" in expr) {
    demand(expr.at, "list", "the list of an index", names);
    demand(expr.index, "int", "an index", names);
    if (expr.otherwise !== undefined) infer(expr.otherwise, names);
    return "any";
  }
  if ("unary" in expr) return inferUnary(expr, names);
  return inferBinary(expr, names);
}

/** Reports when `expr` is not what `what` needs. */
export function demand(expr: Expr, wants: Wanted, what: string, names: Names): void {
  const actual = infer(expr, names);
  if (fits(actual, wants)) return;
  const hint =
    wants === "dur" && actual === "int"
      ? `; multiply it by a duration, for example ${printExpr(expr)} * 1ms`
      : "";
  names.report(`${what} needs ${spoken(wants)}, but ${printExpr(expr)} is ${spoken(actual)}${hint}`);
}

export function fits(actual: Inferred, wants: Wanted): boolean {
  if (wants === "any" || actual === "any" || actual === wants) return true;
  if (actual === "number") return wants === "int" || wants === "dur" || wants === "quantity";
  if (actual === "none") return !valueTypes.includes(wants);
  if (wants === "map") return isMap(actual);
  return wants === "quantity" && (actual === "int" || actual === "dur");
}
const valueTypes: readonly Wanted[] = [
  "int",
  "bool",
  "dur",
  "str",
  "list",
  "intMap",
  "strMap",
  "quantity",
  "map",
];

/** What the keys of a map of that type are; anything, when the type is not known. */
export function keysOf(kind: Inferred): MapKey | "any" {
  if (kind === "intMap") return "int";
  return kind === "strMap" ? "str" : "any";
}

/** The type that a local has when it is first given such a value. */
export function settled(kind: Inferred): TypeName | "any" {
  if (kind === "number") return "int";
  return kind === "none" ? "any" : kind;
}

/** A type in a sentence. */
export function spoken(kind: Inferred | Wanted): string {
  if (isRefType(kind)) return `a reference ${procTypeOf(kind)}`;
  return isRecordType(kind) ? `a record ${recordOf(kind)}` : words[kind];
}
const words: Record<Exclude<Inferred | Wanted, RecordType | RefType>, string> = {
  int: "an int",
  number: "a number",
  bool: "a bool",
  dur: "a duration",
  str: "a string",
  list: "a list",
  intMap: "a map with int keys",
  strMap: "a map with string keys",
  map: "a map",
  chan: "a channel",
  mutex: "a mutex",
  sem: "a semaphore",
  group: "a group",
  atomic: "an atomic",
  promise: "a promise",
  task: "a task",
  result: "a result",
  rwlock: "a readers-writer lock",
  cond: "a condition",
  monitor: "a monitor",
  once: "a once",
  event: "an event",
  barrier: "a barrier",
  timer: "a timer",
  token: "a token",
  conn: "a connection",
  listener: "a listener",
  quantity: "an int or a duration",
  none: "none",
  any: "any value",
};

function inferMap(
  expr: Extract<Expr, { readonly map: unknown } | { readonly get: Expr } | { readonly has: Expr }>,
  names: Names,
): Inferred {
  if ("map" in expr) {
    for (const [key, value] of expr.map) {
      demand(key, expr.keys, "a key of the map", names);
      infer(value, names);
    }
    return expr.keys === "int" ? "intMap" : "strMap";
  }
  const map = "get" in expr ? expr.get : expr.has;
  demand(map, "map", "get" in expr ? "get" : "has", names);
  demandKey(map, expr.key, names);
  if ("has" in expr) return "bool";
  if (expr.otherwise !== undefined) infer(expr.otherwise, names);
  return "any";
}

function inferRecord(expr: Extract<Expr, { readonly record: string }>, names: Names): Inferred {
  const type: RecordType = `record:${expr.record}`;
  const fields = names.record(expr.record);
  if (fields === undefined) {
    for (const part of partsOf(expr)) infer(part, names);
    return "any";
  }
  if ("of" in expr) demand(expr.of, type, `the field ${expr.field}`, names);
  if ("with" in expr) demand(expr.with, type, "a copy", names);
  const known = Object.keys(fields);
  const unknown = (field: string): void => {
    const { message, suggestion } = unknownName(`field of ${expr.record}`, field, known);
    names.report(message, suggestion);
  };
  if ("of" in expr) {
    const found = Object.hasOwn(fields, expr.field) ? fields[expr.field] : undefined;
    if (found === undefined) unknown(expr.field);
    return found ?? "any";
  }
  const given = Object.entries(expr.fields);
  for (const [field, value] of given) {
    if (!Object.hasOwn(fields, field)) unknown(field);
    else demand(value, fields[field]!, `the field ${field} of ${expr.record}`, names);
  }
  if (!("with" in expr)) {
    const missing = known.filter((field) => !Object.hasOwn(expr.fields, field));
    if (missing.length === 0 && known.some((field, index) => given[index]?.[0] !== field))
      names.report(`the fields of ${expr.record} have the order ${known.join(", ")}`);
    if (missing.length > 0)
      names.report(
        `${printExpr(expr)} lacks ${missing.map((field) => `${field}: ${fields[field]}`).join(", ")}`,
      );
  } else if (given.length === 0 || given.length >= known.length)
    names.report(
      `${printExpr(expr)} changes ${given.length === 0 ? "no field: take the record itself" : "every field: write a new record"}`,
    );
  return type;
}

/** The type of a reference; reports where its procedure and the bound arguments do not make one. */
function inferReference(expr: Extract<Expr, { readonly procRef: string }>, names: Names): Inferred {
  const [type, proc] = [names.procType(expr.type), names.proc(expr.procRef)];
  for (const arg of expr.args.slice(proc?.args.length ?? 0)) demand(arg, "any", "an argument", names);
  if (type === undefined) return "any";
  if (proc === undefined) return `proc:${expr.type}`;
  demandArguments(expr.args, proc.args, expr.procRef, names);
  const rest = proc.args.slice(expr.args.length);
  const made = printExpr(expr);
  if (rest.length !== type.args.length || rest.some((arg, index) => arg.type !== type.args[index]!.type))
    names.report(`${made} still takes ${listed(rest)}, but ${expr.type} takes ${listed(type.args)}`);
  if (proc.returns !== type.returns)
    names.report(`${expr.procRef} returns ${result(proc)}, but ${expr.type} returns ${result(type)}`);
  return `proc:${expr.type}`;
}

/** Reports arguments that are not of their types. */
export function demandArguments(
  given: readonly Expr[],
  args: ProcType["args"],
  of: string,
  names: Names,
): void {
  for (const [index, arg] of args.entries())
    if (given[index] !== undefined)
      demand(given[index], arg.type, `the argument ${arg.name} of ${of}`, names);
}

export const listed = (args: ProcType["args"]): string =>
  `(${args.map(({ name, type }) => `${name}: ${type}`).join(", ")})`;
const result = ({ returns }: { readonly returns?: ProcType["returns"] }): string =>
  returns === undefined ? "nothing" : spoken(returns);

/** Reports when `key` cannot be one of the map's. */
export function demandKey(map: Expr, key: Expr, names: Names): void {
  const kind = infer(map, { ...names, report: () => {} });
  demand(key, keysOf(kind), `a key of ${printExpr(map)}`, names);
}

function inferUnary(expr: Extract<Expr, { readonly unary: string }>, names: Names): Inferred {
  switch (expr.unary) {
    case "not":
      demand(expr.arg, "bool", "not", names);
      return "bool";
    case "len": {
      const kind = infer(expr.arg, names);
      if (!isMap(kind) && !fits(kind, "list"))
        names.report(`len needs a list or a map, but ${printExpr(expr.arg)} is ${spoken(kind)}`);
      return "int";
    }
    case "isOk":
      demand(expr.arg, "result", "isOk", names);
      return "bool";
    case "isNone":
      infer(expr.arg, names);
      return "bool";
    case "neg": {
      const kind = infer(expr.arg, names);
      if (fits(kind, "quantity")) return kind;
      names.report(`- needs an int or a duration, but ${printExpr(expr.arg)} is ${spoken(kind)}`);
      return "any";
    }
  }
}

function inferBinary(expr: Extract<Expr, { readonly binary: BinaryOp }>, names: Names): Inferred {
  const { binary: op, left, right } = expr;
  switch (op) {
    case "and":
    case "or":
      demand(left, "bool", op, names);
      demand(right, "bool", op, names);
      return "bool";
    case "==":
    case "!=": {
      const [a, b] = [infer(left, names), infer(right, names)];
      const whole = [a, b].find((kind) => isMap(kind) || isRecordType(kind) || isRefType(kind));
      if (whole !== undefined && a !== "none" && b !== "none") {
        const what = isMap(whole) ? "maps" : isRefType(whole) ? "references" : "records";
        const instead = isRefType(whole) ? "" : "; compare what they hold";
        names.report(`${printExpr(expr)}: ${what} are not compared${instead}`);
        return "bool";
      }
      if (!comparable(a, b)) names.report(mixed(expr, a, b, op));
      return "bool";
    }
  }
  const before = [infer(left, names), infer(right, names)] as const;
  for (const [kind, side] of [
    [before[0], left],
    [before[1], right],
  ] as const) {
    if (fits(kind, "quantity")) continue;
    names.report(`${op} needs an int or a duration, but ${printExpr(side)} is ${spoken(kind)}`);
    return isOrder(op) ? "bool" : "any";
  }
  const [a, b] = before;
  if (isOrder(op)) {
    if (!comparable(a, b)) names.report(mixed(expr, a, b, op));
    return "bool";
  }
  const kind = arithmetic(op, a, b);
  if (kind !== undefined) return kind;
  names.report(mixed(expr, a, b, op));
  return "any";
}

function isOrder(op: BinaryOp): boolean {
  return op === "<" || op === "<=" || op === ">" || op === ">=";
}

/** Whether values of these types can be equal, or in order. */
export function comparable(a: Inferred, b: Inferred): boolean {
  return (
    a === "none" ||
    b === "none" ||
    a === b ||
    fits(a, b === "number" ? "quantity" : b) ||
    fits(b, a === "number" ? "quantity" : a)
  );
}

/** The type of arithmetic on two quantities, or undefined when they do not go together. */
function arithmetic(op: BinaryOp, a: Inferred, b: Inferred): Inferred | undefined {
  if (op === "*") {
    if (a === "dur" && b === "dur") return undefined;
    if (a === "dur" || b === "dur") return "dur";
  } else if (op === "/") {
    if (b === "dur") return a === "dur" ? "int" : a === "any" ? "any" : undefined;
    if (a === "dur") return b === "any" ? "any" : "dur";
  } else {
    if ((a === "dur" && b === "int") || (a === "int" && b === "dur")) return undefined;
    if (a === "dur" || b === "dur") return "dur";
  }
  if (a === "any" || b === "any") return "any";
  return a === "number" && b === "number" ? "number" : "int";
}

function mixed(expr: Expr, a: Inferred, b: Inferred, op: BinaryOp): string {
  return `${printExpr(expr)}: ${op} does not take ${spoken(a)} and ${spoken(b)}`;
}
