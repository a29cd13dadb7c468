/**
 * Typed handles on expressions. `E<"int">` is an expression that gives an int; the functions below combine handles and
 * literals into larger expressions. Literals are lifted: a number is an int, or nanoseconds beside a duration; a text
 * such as `"5ms"` is a duration, any other text a string. Values that come out of channels, lists and results are
 * `E<"any">`, which fits everywhere; the checker looks at them again when the program runs on a model.
 */
import { looksLikeDuration, parseDuration } from "./duration.ts";
import type { DurationText } from "./duration.ts";
import type { BinaryOp, Expr, TypeName, UnaryOp } from "./tree.ts";

export type Kind = TypeName | "any";

/** An expression of a known type. */
export interface E<out K extends Kind = Kind> {
  readonly kind: K;
  readonly expr: Expr;
}

/** A local of the running procedure; the only thing that can be assigned. */
export interface Local<out K extends Kind = Kind> extends E<K> {
  readonly expr: { readonly var: string };
}

/** Anything that can stand for a value. */
export type Value = E | number | boolean | string | readonly Value[];

/** What fits where a `K` is expected. */
export type In<K extends Kind> = K extends "any" ? Value : E<K> | E<"any"> | Liftable<K>;

type Liftable<K extends Kind> = K extends "int"
  ? number
  : K extends "dur"
    ? number | DurationText
    : K extends "bool"
      ? boolean
      : K extends "str"
        ? string
        : K extends "list"
          ? readonly Value[]
          : never;

/** The type of a value that stands where no type is expected. */
export type KindOf<V> =
  V extends E<infer K>
    ? K
    : V extends number
      ? "int"
      : V extends boolean
        ? "bool"
        : V extends DurationText
          ? "dur"
          : V extends string
            ? "str"
            : V extends readonly unknown[]
              ? "list"
              : "any";

/** Ints and durations. */
export type Quantity = E<"int"> | E<"dur"> | E<"any"> | number | DurationText;

/** What may stand beside `A` in a sum or a comparison: the same type, a literal of it, or an unknown. */
export type Peer<A> = A extends number
  ? Quantity
  : KindOf<A> extends "any"
    ? Value
    : KindOf<A> extends infer K extends Kind
      ? In<K>
      : never;

type SumKind<A, B> = "dur" extends KindOf<A> | KindOf<B>
  ? "dur"
  : "any" extends KindOf<A> | KindOf<B>
    ? "any"
    : "int";
type DivKind<A, B> =
  KindOf<A> extends "dur"
    ? KindOf<B> extends "dur"
      ? "int"
      : KindOf<B> extends "any"
        ? "any"
        : "dur"
    : "any" extends KindOf<A> | KindOf<B>
      ? "any"
      : "int";

export const handle = <K extends Kind>(kind: K, expr: Expr): E<K> => ({ kind, expr });
export const local = <K extends Kind>(kind: K, name: string): Local<K> => ({ kind, expr: { var: name } });

/** `none`: the missing value, and the channel that blocks for ever. */
export const none: E<"any"> = handle("any", { lit: null });

/** A duration literal where no type is expected, for example the first value of a local. */
export const duration = (text: DurationText | number): E<"dur"> =>
  handle("dur", { lit: parseDuration(text), unit: "ns" });

/** The expression of `value` where a `kind` is expected. */
export function lift(value: Value, kind: Kind): Expr {
  if (typeof value === "number") return kind === "dur" ? { lit: value, unit: "ns" } : { lit: value };
  if (typeof value === "boolean") return { lit: value };
  if (typeof value === "string") {
    const isDuration = kind === "dur" || (kind !== "str" && looksLikeDuration(value));
    return isDuration ? { lit: parseDuration(value), unit: "ns" } : { lit: value };
  }
  if (isArray(value)) return { list: value.map((item) => lift(item, "any")) };
  return value.expr;
}

/** The type of `value` where no type is expected. */
export function kindOf(value: Value): Kind {
  if (typeof value === "number") return "int";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return looksLikeDuration(value) ? "dur" : "str";
  return isArray(value) ? "list" : value.kind;
}

export function add<A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<SumKind<A, B>> {
  return sum("+", a, b) as E<SumKind<A, B>>;
}
export function sub<A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<SumKind<A, B>> {
  return sum("-", a, b) as E<SumKind<A, B>>;
}
export function mod<A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<SumKind<A, B>> {
  return sum("%", a, b) as E<SumKind<A, B>>;
}
export function min<A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<SumKind<A, B>> {
  return sum("min", a, b) as E<SumKind<A, B>>;
}
export function max<A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<SumKind<A, B>> {
  return sum("max", a, b) as E<SumKind<A, B>>;
}
/** int * int, dur * int or int * dur. */
export function mul<A extends Quantity, B extends KindOf<A> extends "dur" ? In<"int"> : Quantity>(
  a: A,
  b: B,
): E<SumKind<A, B>> {
  return handle(sumKind(a, b), { binary: "*", left: lift(a, "any"), right: lift(b, "any") }) as E<
    SumKind<A, B>
  >;
}
/** int / int, dur / int (a dur) or dur / dur (an int); truncates towards zero. */
export function div<A extends Quantity, B extends KindOf<A> extends "int" ? In<"int"> : Quantity>(
  a: A,
  b: B,
): E<DivKind<A, B>> {
  const [left, right] = [kindOf(a), kindOf(b)];
  const kind = left === "any" || right === "any" ? "any" : left === "dur" && right !== "dur" ? "dur" : "int";
  return handle(kind, { binary: "/", left: lift(a, "any"), right: lift(b, "any") }) as E<DivKind<A, B>>;
}
export function neg<A extends Quantity>(a: A): E<KindOf<A>> {
  return handle(kindOf(a), unary("neg", lift(a, "any"))) as E<KindOf<A>>;
}

export const eq = <A extends Value, B extends Peer<A>>(a: A, b: B): E<"bool"> => compare("==", a, b as Value);
export const ne = <A extends Value, B extends Peer<A>>(a: A, b: B): E<"bool"> => compare("!=", a, b as Value);
export const lt = <A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<"bool"> =>
  compare("<", a, b);
export const le = <A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<"bool"> =>
  compare("<=", a, b);
export const gt = <A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<"bool"> =>
  compare(">", a, b);
export const ge = <A extends Quantity, B extends Quantity & Peer<A>>(a: A, b: B): E<"bool"> =>
  compare(">=", a, b);

/** Short circuit, left to right. */
export const and = (first: In<"bool">, ...rest: readonly In<"bool">[]): E<"bool"> =>
  chain("and", first, rest);
/** Short circuit, left to right. */
export const or = (first: In<"bool">, ...rest: readonly In<"bool">[]): E<"bool"> => chain("or", first, rest);
export const not = (a: In<"bool">): E<"bool"> => handle("bool", unary("not", lift(a, "bool")));

/** Number of items of a list, or of keys of a map. */
export const len = (of: In<"list"> | Mapping): E<"int"> => handle("int", unary("len", lift(of, "any")));
export const isNone = (a: E): E<"bool"> => handle("bool", unary("isNone", a.expr));
/** Whether a `result` of settleAll is a success. */
export const isOk = (a: E<"result"> | E<"any">): E<"bool"> => handle("bool", unary("isOk", a.expr));

/** The item at `index` (from 0); outside the list `none`, or `otherwise` when given. */
export const at = (list: In<"list">, index: In<"int">, otherwise?: Value): E<"any"> =>
  handle("any", {
    at: lift(list, "list"),
    index: lift(index, "int"),
    ...(otherwise === undefined ? {} : { otherwise: lift(otherwise, "any") }),
  });

/** A new list. */
export const list = (...items: readonly Value[]): E<"list"> => handle("list", lift(items, "list"));

/** A map, or something that may be one. */
export type Mapping = E<"intMap"> | E<"strMap"> | E<"any">;
export type KeyOf<M extends Mapping> =
  M extends E<"intMap"> ? In<"int"> : M extends E<"strMap"> ? In<"str"> : In<"int"> | In<"str">;
/** What the keys of the map are, for `lift`. */
export const keyKind = (map: Mapping): Kind =>
  map.kind === "intMap" ? "int" : map.kind === "strMap" ? "str" : "any";

/** A new map with int keys; of two equal keys the later one counts. */
export const intMap = (...entries: readonly (readonly [key: In<"int">, value: Value])[]): E<"intMap"> =>
  handle("intMap", {
    map: entries.map(([key, value]) => [lift(key, "int"), lift(value, "any")] as const),
    keys: "int",
  });
/** A new map whose keys are texts. */
export const strMap = (...entries: readonly (readonly [key: In<"str">, value: Value])[]): E<"strMap"> =>
  handle("strMap", {
    map: entries.map(([key, value]) => [lift(key, "str"), lift(value, "any")] as const),
    keys: "str",
  });
/** What the map has under the key; where it has nothing `none`, or `otherwise` when given. */
export const get = <M extends Mapping>(map: M, key: KeyOf<M>, otherwise?: Value): E<"any"> =>
  handle("any", {
    get: map.expr,
    key: lift(key, keyKind(map)),
    ...(otherwise === undefined ? {} : { otherwise: lift(otherwise, "any") }),
  });
export const has = <M extends Mapping>(map: M, key: KeyOf<M>): E<"bool"> =>
  handle("bool", { has: map.expr, key: lift(key, keyKind(map)) });

/** Index of this task among the tasks of the same procedure spawned by the same parent: 0, 1, 2 ... */
export const selfIndex = (): E<"int"> => handle("int", { self: "index" });

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function unary(op: UnaryOp, arg: Expr): Expr {
  return { unary: op, arg };
}

function sumKind(a: Value, b: Value): "dur" | "any" | "int" {
  const kinds = [kindOf(a), kindOf(b)];
  return kinds.includes("dur") ? "dur" : kinds.includes("any") ? "any" : "int";
}

function sum(op: BinaryOp, a: Value, b: Value): E {
  const kind = sumKind(a, b);
  return handle(kind, { binary: op, left: lift(a, kind), right: lift(b, kind) });
}

function compare(op: BinaryOp, a: Value, b: Value): E<"bool"> {
  const handles = [a, b].filter((side) => typeof side === "object").map(kindOf);
  const kind = handles.find((each) => each !== "any") ?? sumOrAny(a, b);
  return handle("bool", { binary: op, left: lift(a, kind), right: lift(b, kind) });
}

/** Two literals, or a literal beside an unknown: a duration text makes both durations. */
function sumOrAny(a: Value, b: Value): Kind {
  return [kindOf(a), kindOf(b)].includes("dur") ? "dur" : "any";
}

function chain(op: "and" | "or", first: In<"bool">, rest: readonly In<"bool">[]): E<"bool"> {
  const left = lift(first, "bool");
  return handle(
    "bool",
    rest.reduce<Expr>((sofar, next) => ({ binary: op, left: sofar, right: lift(next, "bool") }), left),
  );
}
