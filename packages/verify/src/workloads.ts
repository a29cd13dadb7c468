/** Judges workloads of the catalogue: the model's runs beside real ones, at the level that the workload declares. */
import { checkOrThrow, type ParamValues } from "@orrery/program";
import type { CostProfile, LogOrigin, RunResult, RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import type { Level, RuntimeName, Workload } from "@orrery/workloads";
import { judgeRuns, modelRuns, realRuns, type Setting } from "./judge-runs.ts";
import type { Verdict } from "./judge.ts";
import { realResult } from "./real-result.ts";
import type { Toolchain } from "./toolchains.ts";

/** One line of verify's report, and of its JSON. */
export interface VerifyResult {
  readonly kind: "workload" | "fuzz";
  readonly runtime: string;
  readonly name: string;
  readonly level: Level;
  readonly verdict: Verdict;
  readonly why: string;
  readonly model: RunResult | null;
  readonly real: RunResult | null;
  /** First log line that differs, where logs are compared, and where the model's comes from. */
  readonly line?: number;
  readonly origin?: LogOrigin | null;
}

export interface WorkloadAsked {
  readonly workload: Workload;
  readonly model: RuntimeModel;
  readonly target: Target;
  readonly toolchain: Toolchain;
  readonly given: ParamValues;
  /** Of this computer. */
  readonly cores: number;
  readonly seed: number;
  readonly profile?: CostProfile;
}

export async function verifyWorkload(asked: WorkloadAsked): Promise<VerifyResult> {
  const options = asked.workload.options?.[asked.model.name as RuntimeName] ?? {};
  return judged(asked, options, asked.workload.levels[asked.model.name as RuntimeName]);
}

/**
 * A workload whose order is exact on one processor, on all processors of this computer: the real order must be among those
 * of the model (O3). Null where the runtime has one processor anyway.
 */
export async function verifyOnAllProcessors(asked: WorkloadAsked): Promise<VerifyResult | null> {
  const { workload, model } = asked;
  const runtime = model.name as RuntimeName;
  if (workload.levels[runtime] !== "O1" || workload.options?.[runtime] === undefined) return null;
  return judged(asked, {}, "O3");
}

async function judged(
  { workload, model, target, toolchain, given, seed, cores, profile }: WorkloadAsked,
  options: Readonly<Record<string, string>>,
  level: Level,
): Promise<VerifyResult> {
  const { program, params } = checkOrThrow(workload.program, given);
  const setting: Setting = { workload, model, program, params, options, cores, seed, level, profile };
  const models = modelRuns(setting);
  const reals: RunResult[] = [];
  for (const outcome of await realRuns(setting, target, toolchain, models[0]!.outcome === "deadlocked")) {
    const real = realResult(outcome, models[0]!, toolchain.version);
    if (real === null)
      return {
        ...{ kind: "workload", runtime: model.name, name: program.name, level, verdict: "skipped" },
        ...{ why: (outcome as { readonly broken: string }).broken, model: models[0]!, real: null },
      };
    reals.push(real);
  }
  return judgeRuns(setting, models, reals);
}
