export { type Conformance, type ConformanceProgram, printed, type RecordedOutputs } from "./conformance.ts";
export { type Blocked, type Deadlock } from "./deadlock.ts";
export * from "./emulate/index.ts";
export { type Budgets, defaultBudgets, Execution, type RunSpec } from "./execution.ts";
export * from "./model.ts";
export { type LogOrigin, logOrigins } from "./folds/log-origins.ts";
export type { LogLine, Outcome, RunResult } from "./result.ts";
export { type Summary, summarize } from "./statistics.ts";
export { CancelRegion } from "./cancel-region.ts";
export { Callback, type Launch, Reaction } from "./later.ts";
export * from "./task.ts";
export * from "./values.ts";
export type { Diagnostic } from "./world.ts";
export {
  ConfigurationError,
  type CostProfile,
  defaultProfile,
  resolveOptions,
  resolveProfile,
  runSpec,
  zeroProfile,
} from "./configure.ts";
