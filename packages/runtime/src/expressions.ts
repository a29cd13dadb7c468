import type { BinaryOp, Expr, ParamValue } from "@orrery/program";
import type { Frame } from "./code.ts";
import { Fault, type Key, type Mapping, RecordValue, RefValue, type Value } from "./values.ts";

/** A compiled expression: pure, never suspends. */
export type Eval = (frame: Frame) => Value;

/** What names mean while a procedure is compiled. */
export interface Names {
  readonly params: Readonly<Record<string, ParamValue>>;
  slot(name: string): number;
}

/** Compiles an expression to a closure. Parameters are constants of the run. */
export function compileExpr(expr: Expr, names: Names): Eval {
  if ("lit" in expr) return constant(expr.lit);
  if ("param" in expr) return constant(names.params[expr.param]!);
  if ("var" in expr) {
    const slot = names.slot(expr.var);
    return (frame) => frame.slots[slot]!;
  }
  if ("self" in expr) return (frame) => frame.task.index;
  if ("list" in expr) {
    const items = expr.list.map((item) => compileExpr(item, names));
    return (frame) => items.map((item) => item(frame));
  }
  if ("at" in expr) return compileAt(expr, names);
  if ("of" in expr) {
    const { field } = expr;
    const of = compileExpr(expr.of, names);
    return (frame) => record(of(frame)).get(field)!;
  }
  if ("procRef" in expr) {
    const { procRef } = expr;
    const bound = expr.args.map((arg) => compileExpr(arg, names));
    return (frame) =>
      new RefValue(
        procRef,
        bound.map((arg) => arg(frame)),
      );
  }
  if ("record" in expr) {
    const fields = Object.entries(expr.fields).map(
      ([field, value]) => [field, compileExpr(value, names)] as const,
    );
    const copied = "with" in expr ? compileExpr(expr.with, names) : null;
    return (frame) => {
      const values = new Map(copied === null ? null : record(copied(frame)));
      for (const [field, value] of fields) values.set(field, value(frame));
      return new RecordValue(values);
    };
  }
  if ("map" in expr) {
    const entries = expr.map.map(([k, v]) => [compileExpr(k, names), compileExpr(v, names)] as const);
    return (frame) => new Map(entries.map(([k, v]) => [key(k(frame)), v(frame)]));
  }
  if ("get" in expr) {
    const [of, at] = [compileExpr(expr.get, names), compileExpr(expr.key, names)];
    const otherwise = expr.otherwise === undefined ? constant(null) : compileExpr(expr.otherwise, names);
    return (frame) => {
      const found = mapping(of(frame)).get(key(at(frame)));
      return found === undefined ? otherwise(frame) : found;
    };
  }
  if ("has" in expr) {
    const [of, at] = [compileExpr(expr.has, names), compileExpr(expr.key, names)];
    return (frame) => mapping(of(frame)).has(key(at(frame)));
  }
  if ("unary" in expr) {
    const arg = compileExpr(expr.arg, names);
    switch (expr.unary) {
      case "not":
        return (frame) => arg(frame) !== true;
      case "neg":
        return (frame) => 0 - int(arg(frame));
      case "len":
        return (frame) => {
          const items = arg(frame);
          return items instanceof Map ? items.size : list(items).length;
        };
      case "isNone":
        return (frame) => arg(frame) === null;
      case "isOk":
        return (frame) => {
          const result = arg(frame) as { readonly ok: boolean } | null;
          if (result === null) throw new Fault("NoneDeref", "none where a result is needed");
          return result.ok;
        };
    }
  }
  return compileBinary(expr.binary, compileExpr(expr.left, names), compileExpr(expr.right, names));
}

function constant(value: Value): Eval {
  return () => value;
}

function compileAt(expr: Extract<Expr, { readonly at: Expr }>, names: Names): Eval {
  const items = compileExpr(expr.at, names);
  const index = compileExpr(expr.index, names);
  const otherwise = expr.otherwise === undefined ? constant(null) : compileExpr(expr.otherwise, names);
  return (frame) => {
    const values = list(items(frame));
    const i = int(index(frame));
    return i >= 0 && i < values.length ? values[i]! : otherwise(frame);
  };
}

function compileBinary(op: BinaryOp, left: Eval, right: Eval): Eval {
  switch (op) {
    case "+":
      return (frame) => exact(int(left(frame)) + int(right(frame)));
    case "-":
      return (frame) => exact(int(left(frame)) - int(right(frame)));
    case "*":
      return (frame) => exact(int(left(frame)) * int(right(frame)));
    case "/":
      return (frame) => Math.trunc(int(left(frame)) / divisor(right(frame)));
    case "%":
      return (frame) => int(left(frame)) % divisor(right(frame));
    case "==":
      return (frame) => left(frame) === right(frame);
    case "!=":
      return (frame) => left(frame) !== right(frame);
    case "<":
      return (frame) => int(left(frame)) < int(right(frame));
    case "<=":
      return (frame) => int(left(frame)) <= int(right(frame));
    case ">":
      return (frame) => int(left(frame)) > int(right(frame));
    case ">=":
      return (frame) => int(left(frame)) >= int(right(frame));
    case "and":
      return (frame) => left(frame) === true && right(frame) === true;
    case "or":
      return (frame) => left(frame) === true || right(frame) === true;
    case "min":
      return (frame) => Math.min(int(left(frame)), int(right(frame)));
    case "max":
      return (frame) => Math.max(int(left(frame)), int(right(frame)));
  }
}

/** The number behind a value. Throws NoneDeref for `none` and anything else that is not a number. */
export function int(value: Value): number {
  if (typeof value === "number") return value;
  throw new Fault("NoneDeref", value === null ? "none where a number is needed" : "not a number");
}

export function list(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  throw new Fault("NoneDeref", value === null ? "none where a list is needed" : "not a list");
}

/** The map behind a value. Throws NoneDeref for anything else. */
export function mapping(value: Value): Mapping {
  if (value instanceof Map) return value;
  throw new Fault("NoneDeref", value === null ? "none where a map is needed" : "not a map");
}

/** The fields of the record behind a value. Throws NoneDeref for anything else. */
function record(value: Value): ReadonlyMap<string, Value> {
  if (value instanceof RecordValue) return value.fields;
  throw new Fault("NoneDeref", value === null ? "none where a record is needed" : "not a record");
}

/** The reference behind a value. Throws NoneDeref for anything else. */
export function reference(value: Value): RefValue {
  if (value instanceof RefValue) return value;
  throw new Fault("NoneDeref", value === null ? "none where a reference is needed" : "not a reference");
}

/** A value as a map's key. Throws NoneDeref for what can be none. */
export function key(value: Value): Key {
  if (typeof value === "number" || typeof value === "string") return value;
  throw new Fault("NoneDeref", value === null ? "none where a key is needed" : "not a key");
}

/** What the map holds, in the order of its keys: numbers by size, texts by their characters' codes. */
export function sortedEntries(map: Mapping): (readonly [Key, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function divisor(value: Value): number {
  const n = int(value);
  if (n === 0) throw new Fault("Overflow", "division by zero");
  return n;
}

function exact(n: number): number {
  if (Number.isSafeInteger(n)) return n;
  throw new Fault("Overflow", "integer beyond 2^53-1");
}
