/** The workload language: programs as data, and what writes, checks and prints them. The schema is `@orrery/program/schema`. */
export * from "./tree.ts";
export { program } from "./builder.ts";
export type { Declarations, Writer } from "./builder.ts";
export type { Args, Body, ProcRef } from "./body.ts";
export {
  bool,
  cell,
  cells,
  constant,
  dur,
  erlang,
  exponential,
  fromParam,
  int,
  lognormal,
  mapCell,
  oneOf,
  pareto,
  service,
  table,
  twoPoint,
  uniform,
} from "./declarations.ts";
export type { ProcTypeRef, Signature } from "./proc-types.ts";
export { asyncProcs } from "./async-procs.ts";
export { calledBy, references, referredIn, referredProcs } from "./references.ts";
export type { References } from "./references.ts";
export type { Fields, RecordRef } from "./records.ts";
export type { CellRef, CellsRef, Draws, ServiceRef, Span } from "./declarations.ts";
export {
  add,
  and,
  at,
  div,
  duration,
  eq,
  ge,
  get,
  gt,
  has,
  intMap,
  isNone,
  isOk,
  le,
  len,
  list,
  lt,
  max,
  min,
  mod,
  mul,
  ne,
  neg,
  none,
  not,
  or,
  selfIndex,
  strMap,
  sub,
} from "./expressions.ts";
export type { E, In, Kind, Local, Value } from "./expressions.ts";
export { DurationError, formatDuration, looksLikeDuration, parseDuration } from "./duration.ts";
export type { DurationText } from "./duration.ts";
export { withIds } from "./ids.ts";
export { below, draw, nameHash, rootHash, streamHash, taskHash, word } from "./draws.ts";
export { logTable, normalTable, powerTable } from "./draw-tables.ts";
export type { Hash64 } from "./hash64.ts";
export { nearest } from "./nearest.ts";
export { check, checkOrThrow } from "./checker.ts";
export type { CheckedProgram } from "./checker.ts";
export type { Manifest } from "./manifest.ts";
export type { ParamValues } from "./params.ts";
export { formatProblem, ProgramError } from "./problem.ts";
export type { Problem } from "./problem.ts";
export { bindsOf, nestedIn, operandsOf, sourceOf, walk, walkExpr } from "./shape.ts";
export { isCancellationPoint, isTimed, mayCancel, suspends } from "./waiting.ts";
export { constantNumber } from "./constant.ts";
export type { Bind, Nested, Operand, Wanted } from "./shape.ts";
export { fuzzClasses, generate } from "./generate.ts";
export type { FuzzClass, GenerateKnobs } from "./generate.ts";
export { shrink } from "./shrink.ts";
export { print } from "./printer.ts";
export type { PrintOptions } from "./printer.ts";
export { printExpr } from "./print-expression.ts";
