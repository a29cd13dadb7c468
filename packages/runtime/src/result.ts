import type { OpName, ParamValue } from "@orrery/program";
import type { Blocked, Deadlock } from "./deadlock.ts";
import type { Tier } from "./model.ts";
import type { Summary } from "./statistics.ts";
import type { Diagnostic } from "./world.ts";

export type Outcome = "completed" | "failed" | "deadlocked" | "budget-exceeded";

/** One run as data: the `runs[]` entry of `--json`. A model's and a real runtime's run have the same shape. */
export interface RunResult {
  readonly workload: string;
  readonly parameters: Readonly<Record<string, ParamValue>>;
  readonly runtime: string;
  readonly version: string;
  readonly source: "model" | "real";
  readonly seed: number;
  readonly cores: number;
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly profile: string;
  readonly outcome: Outcome;
  /** Why it failed or which budget; who waits for whom in a deadlock; null when there is nothing to tell. */
  readonly detail: string | Deadlock | null;
  /** Until main ended and, unless the end of main ends the program, the last task too. */
  readonly makespanNs: number;
  /** Steps of the machine. */
  readonly events: number;
  readonly decisions: number;
  readonly traceHash: string;
  readonly log: readonly LogLine[];
  readonly marks: Readonly<Record<string, Summary>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly tasks: {
    readonly spawned: number;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    /** Tasks that wait for ever although main has ended. */
    readonly leaked: readonly Blocked[];
  };
  readonly scheduler: Readonly<Record<string, number>>;
  readonly machine: { readonly coreBusyNs: readonly number[]; readonly threadsPeak: number };
  readonly memory: { readonly peakBytes: number; readonly bytesPerTask: number };
  readonly tiers: Readonly<Partial<Record<OpName, Tier>>>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LogLine {
  readonly seq: number;
  readonly timeNs: number;
  readonly task: string;
  readonly text: string;
}
