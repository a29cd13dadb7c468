/**
 * What a program declares before its code: parameters, simulated services, shared cells and distributions. Durations
 * may be texts (`"10ms"`) or numbers of nanoseconds.
 */
import { looksLikeDuration, parseDuration } from "./duration.ts";
import type { DurationText } from "./duration.ts";
import { lift } from "./expressions.ts";
import type { E, In } from "./expressions.ts";
import type { Distribution, Expr, Literal, Param, ServiceDecl, SharedDecl, TypeName } from "./tree.ts";

type Unnamed<T> = T extends { readonly name: string } ? Omit<T, "name"> : never;

/** A parameter before `program` gives it its name. */
export type ParamSpec = Unnamed<Param>;

/** Handles on the parameters, by name. */
export type ParamsOf<P> = {
  readonly [N in keyof P]: P[N] extends { readonly type: infer T }
    ? T extends "enum"
      ? E<"str">
      : T extends "int" | "dur" | "bool"
        ? E<T>
        : never
    : never;
};

/** An integer parameter; `min` and `max` are inclusive. */
export function int(
  value: number,
  options: {
    readonly min: number;
    readonly max: number;
    readonly doc: string;
    readonly unit?: string;
    readonly sweep?: readonly number[];
  },
): ParamSpec & { readonly type: "int" } {
  return { type: "int", default: value, ...options };
}

/** A duration parameter; `min` and `max` are inclusive. */
export function dur(
  value: Span,
  options: { readonly min: Span; readonly max: Span; readonly doc: string; readonly sweep?: readonly Span[] },
): ParamSpec & { readonly type: "dur" } {
  return {
    type: "dur",
    default: parseDuration(value),
    min: parseDuration(options.min),
    max: parseDuration(options.max),
    doc: options.doc,
    ...(options.sweep === undefined ? {} : { sweep: options.sweep.map(parseDuration) }),
  };
}

export function bool(
  value: boolean,
  options: { readonly doc: string },
): ParamSpec & { readonly type: "bool" } {
  return { type: "bool", default: value, ...options };
}

/** A parameter that is one of a few words, compared with `eq` or `match`. */
export function oneOf<const V extends string>(
  value: NoInfer<V>,
  values: readonly V[],
  options: { readonly doc: string },
): ParamSpec & { readonly type: "enum" } {
  return { type: "enum", default: value, values, ...options };
}

/** A reference to a parameter inside a declaration: a service's latency or failures, the length of a shared list. */
export const fromParam = (name: string): { readonly param: string } => ({ param: name });

/** A duration as text or as nanoseconds. */
export type Span = DurationText | number;

/** A distribution together with what it gives. */
export interface Draws<out K extends "int" | "dur"> {
  readonly gives: K;
  readonly from: Distribution;
}

type Gives<S> = S extends string ? "dur" : "int";

export const constant = <S extends Span>(value: S): Draws<Gives<S>> =>
  draws(value, { dist: "constant", value: parseDuration(value) });
/** Whole numbers `low` to `high`, both inclusive, equally likely. */
export const uniform = <S extends Span>(low: S, high: NoInfer<Alike<S>>): Draws<Gives<S>> =>
  draws(low, { dist: "uniform", low: parseDuration(low), high: parseDuration(high) });
export const exponential = <S extends Span>(mean: S): Draws<Gives<S>> =>
  draws(mean, { dist: "exponential", mean: parseDuration(mean) });
/** Sum of `k` exponentials, `mean` in all. */
export const erlang = <S extends Span>(k: number, mean: S): Draws<Gives<S>> =>
  draws(mean, { dist: "erlang", k, mean: parseDuration(mean) });
/** `sigmaPerMille`: standard deviation of the logarithm, in thousandths. */
export const lognormal = <S extends Span>(median: S, sigmaPerMille: number): Draws<Gives<S>> =>
  draws(median, { dist: "lognormal", median: parseDuration(median), sigmaPerMille });
/** Values from `scale` up; `shapePerMille`: the tail's exponent, in thousandths. */
export const pareto = <S extends Span>(scale: S, shapePerMille: number): Draws<Gives<S>> =>
  draws(scale, { dist: "pareto", scale: parseDuration(scale), shapePerMille });
/** `slow` with probability `slowPerMillion`/10^6, otherwise `fast`. */
export const twoPoint = <S extends Span>(
  fast: S,
  slow: NoInfer<Alike<S>>,
  slowPerMillion: number,
): Draws<Gives<S>> =>
  draws(fast, { dist: "twoPoint", fast: parseDuration(fast), slow: parseDuration(slow), slowPerMillion });
/** One of `values`, equally likely. */
export const table = <S extends Span>(values: readonly [S, ...Alike<S>[]]): Draws<Gives<S>> =>
  draws(values[0], { dist: "table", values: values.map(parseDuration) });

type Alike<S> = S extends string ? DurationText : number;

function draws<S extends Span>(sample: S, from: Distribution): Draws<Gives<S>> {
  const gives = typeof sample === "string" && looksLikeDuration(sample) ? "dur" : "int";
  return { gives: gives as Gives<S>, from };
}

/** A service before `program` gives it its name. */
export type ServiceSpec = Omit<ServiceDecl, "name">;

/** A handle on a declared service. */
export interface ServiceRef {
  readonly service: string;
}

/**
 * A simulated service: `servers` requests at a time (null, the default: unlimited), `queueLimit` waiting beyond that
 * (null, the default: unlimited), `latency` each, `failPerMillion` of them failing (default 0).
 */
export function service(options: {
  readonly servers?: number | null;
  readonly queueLimit?: number | null;
  readonly latency: Span | Draws<"int" | "dur"> | { readonly param: string };
  readonly failPerMillion?: number | { readonly param: string };
}): ServiceSpec {
  const { servers = null, queueLimit = null, latency, failPerMillion = 0 } = options;
  return { servers, queueLimit, latency: latencyOf(latency), failPerMillion };
}

function latencyOf(
  latency: Span | Draws<"int" | "dur"> | { readonly param: string },
): ServiceDecl["latency"] {
  if (typeof latency !== "object") return { dist: "constant", value: parseDuration(latency) };
  return "from" in latency ? latency.from : latency;
}

/** A shared cell or list of cells before `program` gives it its name. */
export type SharedSpec = Omit<SharedDecl, "name">;
export type CellSpec<K extends TypeName = TypeName> = SharedSpec & {
  readonly type: K;
  readonly length?: never;
};
export type CellsSpec<K extends TypeName = TypeName> = SharedSpec & {
  readonly type: K;
  readonly length: number | { readonly param: string };
};

/** A handle on one shared cell, for `load` and `store`. */
export interface CellRef<out K extends TypeName = TypeName> {
  readonly cell: string;
  readonly type: K;
  readonly index?: Expr;
}

/** A handle on a shared list of cells. */
export interface CellsRef<out K extends TypeName = TypeName> {
  /** The cell at `index`, from 0. */
  at(index: In<"int">): CellRef<K>;
}

export type SharedOf<H> = {
  readonly [N in keyof H]: H[N] extends CellsSpec<infer K>
    ? CellsRef<K>
    : H[N] extends CellSpec<infer K>
      ? CellRef<K>
      : never;
};

type CellType<V> = V extends number
  ? "int"
  : V extends boolean
    ? "bool"
    : V extends DurationText
      ? "dur"
      : V extends string
        ? "str"
        : never;

/** A shared plain cell. `null` needs the type of what the cell will hold. */
export function cell<V extends number | boolean | string>(init: V): CellSpec<CellType<V>>;
export function cell<K extends TypeName>(init: Literal, type: K): CellSpec<K>;
export function cell(init: Literal, type?: TypeName): CellSpec {
  const declared = type ?? typeOf(init);
  return { type: declared, init: initial(init, declared) };
}

/** A shared plain cell that holds a map, empty at the start: what tasks load is the map itself. */
export const mapCell = <K extends "intMap" | "strMap">(type: K): CellSpec<K> => ({ type, init: null });

/** A shared list of `length` plain cells, each starting as `init`. */
export function cells<V extends number | boolean | string>(
  length: number | { readonly param: string },
  init: V,
): CellsSpec<CellType<V>>;
export function cells<K extends TypeName>(
  length: number | { readonly param: string },
  init: Literal,
  type: K,
): CellsSpec<K>;
export function cells(
  length: number | { readonly param: string },
  init: Literal,
  type?: TypeName,
): CellsSpec {
  const declared = type ?? typeOf(init);
  return { type: declared, init: initial(init, declared), length };
}

/** The handle on a declared cell or list of cells. */
export function sharedRef(name: string, spec: CellSpec | CellsSpec): CellRef | CellsRef {
  if (spec.length === undefined) return { cell: name, type: spec.type };
  return { at: (index) => ({ cell: name, type: spec.type, index: lift(index, "int") }) };
}

function typeOf(init: Literal): TypeName {
  if (init === null)
    throw new Error('a cell that starts as null needs its type, for example cell(null, "chan")');
  if (typeof init === "number") return "int";
  if (typeof init === "boolean") return "bool";
  return looksLikeDuration(init) ? "dur" : "str";
}

function initial(init: Literal, type: TypeName): Literal {
  return type === "dur" && init !== null && typeof init !== "boolean" ? parseDuration(init) : init;
}
