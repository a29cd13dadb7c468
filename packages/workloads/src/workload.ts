/**
 * What a workload of the catalogue is: a program, the question it answers, and what is expected of it as data. Nothing
 * here runs anything; `checkExpectations` compares the facts of a run, of a model or of a real runtime, with them.
 */
import { withIds } from "@orrery/program";
import type { ParamValue, Program } from "@orrery/program";

export type RuntimeName = "go" | "asyncio" | "java" | "node";

export const runtimeNames: readonly RuntimeName[] = ["go", "asyncio", "java", "node"];

/**
 * How closely a model and its real runtime must agree: O1 the same log; O2 the same log per task and the same
 * happens-before; O3 the real log is among those the model can give; O4 the same lines in any order; O5 metrics within
 * their tolerance.
 */
export type Level = "O1" | "O2" | "O3" | "O4" | "O5";

/** Folders of the catalogue, in its order. */
export const groups = [
  "order",
  "scale",
  "sync",
  "cpu-io",
  "composition",
  "cancellation",
  "resilience",
  "distributed",
] as const;
export type Group = (typeof groups)[number];

export type Parameters = Readonly<Record<string, ParamValue>>;

/** Options of a runtime by name, as texts: `{ GOMAXPROCS: "1" }`. */
export type RuntimeOptions = Readonly<Record<string, string>>;

export type Outcome = "completed" | "failed" | "deadlocked" | "budget-exceeded";

export type Stat = "min" | "mean" | "p50" | "p90" | "p99" | "p999" | "max";

/** The runs an expectation speaks of. */
export interface When {
  /** Parameters that differ from their defaults. */
  readonly parameters?: Parameters;
  /** Options of the runtime, besides the workload's own, which are always meant. */
  readonly options?: RuntimeOptions;
  /** Cores of the machine; any number when absent. */
  readonly cores?: number;
  /** The cost profile: `zero`, or `any`; when absent, any but `zero`. */
  readonly profile?: "zero" | "any";
}

interface Premise {
  readonly runtime: RuntimeName | "*" | readonly RuntimeName[];
  readonly when?: When;
  /** Where the figure comes from: a measurement, a row of the catalogue, arithmetic. */
  readonly because: string;
}

/**
 * Limits are inclusive. Where a time depends on the speed of a machine, they lie a factor of about three around what was
 * measured.
 */
export type Expectation = Premise &
  (
    | { readonly kind: "log"; readonly equals: readonly string[] }
    | { readonly kind: "outcome"; readonly is: Outcome }
    | { readonly kind: "makespan"; readonly minNs: number; readonly maxNs: number }
    | {
        readonly kind: "mark" | "measure";
        readonly name: string;
        readonly stat: Stat;
        readonly minNs: number;
        readonly maxNs: number;
      }
    | { readonly kind: "count"; readonly name: string; readonly min: number; readonly max: number }
    /** Tasks that wait for ever when the run is over. */
    | { readonly kind: "leaked"; readonly tasks: number }
  );

export interface Workload {
  /** Row of the catalogue. */
  readonly id: `W${number}`;
  readonly program: Program;
  readonly question: string;
  /** The contrast to expect between the runtimes, in one sentence. */
  readonly headline: string;
  readonly group: Group;
  /** Options the runtimes need for the question to make sense; a caller's own options come on top. */
  readonly options?: Readonly<Partial<Record<RuntimeName, RuntimeOptions>>>;
  readonly levels: Readonly<Record<RuntimeName, Level>>;
  readonly expectations: readonly Expectation[];
}

/** A workload whose statements carry their ids. */
export const workload = (given: Workload): Workload => ({ ...given, program: withIds(given.program) });

/** One worker on every runtime: the loops have no other choice. */
export const oneWorker = {
  go: { GOMAXPROCS: "1" },
  java: { parallelism: "1", maxPoolSize: "1" },
} as const satisfies Workload["options"];

/** The same comparison level on every runtime. */
export const everywhere = (level: Level): Workload["levels"] => ({
  go: level,
  asyncio: level,
  java: level,
  node: level,
});

export const completes: Expectation = {
  runtime: "*",
  kind: "outcome",
  is: "completed",
  when: { profile: "any" },
  because: "every task has an end",
};
