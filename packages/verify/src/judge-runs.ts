/** Runs of a workload as its level asks for them, of the model and of the real runtime, and one verdict over all of them. */
import type { ParamValues, Program } from "@orrery/program";
import type { CostProfile, RunResult, RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import type { Level, Workload } from "@orrery/workloads";
import { type RealOutcome, runBatch } from "./batch.ts";
import type { Limits } from "./child.ts";
import { distinctOrders, judge } from "./judge.ts";
import { type ModelAsked, reasonOf, runModel } from "./perturb.ts";
import type { Toolchain } from "./toolchains.ts";
import type { VerifyResult } from "./workloads.ts";

/** What the runs of both sides are a function of. `program` is checked, `params` are complete. */
export interface Setting extends ModelAsked {
  readonly workload: Workload;
  readonly model: RuntimeModel;
  readonly program: Program;
  readonly params: ParamValues;
  readonly level: Level;
  readonly profile: CostProfile | undefined;
}

/** Runs of the model under different seeds, where the real order has to be one of them (O3); fewer if they are long. */
const SEEDS = 200;
const LEAST_SEEDS = 10;
const EVENTS = 4_000_000;
/** Real runs for O3, and for every other level: an order on one processor is seen once or it is not one. */
const REAL_RUNS_OF_A_SET = 10;
const REAL_RUNS = 3;
const LIMITS: Limits = { timeMs: 120_000, memoryBytes: 6e9 };

/** The first has the seed of the real runs. */
export function modelRuns(setting: Setting): readonly RunResult[] {
  const { model, program, params, seed, level, profile } = setting;
  const run = (each: number): RunResult =>
    runModel(model, program, params, { ...setting, seed: each }, profile);
  const first = run(seed);
  if (level !== "O3") return [first];
  const seeds = Math.min(SEEDS, Math.max(LEAST_SEEDS, Math.floor(EVENTS / first.events)));
  return [first, ...Array.from({ length: seeds - 1 }, (_, i) => run(seed + 1 + i))];
}

export function realRuns(
  setting: Setting,
  target: Target,
  toolchain: Toolchain,
): Promise<readonly RealOutcome[]> {
  const { program, params, options, seed } = setting;
  const key = "w";
  const requests = Array.from({ length: setting.level === "O3" ? REAL_RUNS_OF_A_SET : REAL_RUNS }, () => ({
    key,
    seed,
  }));
  return runBatch(target, toolchain, [{ key, program, params }], requests, { options, limits: LIMITS });
}

/** They agree when each real run does; then the real run that is told is the one with the median makespan. */
export function judgeRuns(
  setting: Setting,
  models: readonly RunResult[],
  reals: readonly RunResult[],
): VerifyResult {
  const { workload, model, program, params, level } = setting;
  const common = {
    kind: "workload" as const,
    runtime: model.name,
    name: program.name,
    level,
    model: models[0]!,
  };
  for (const real of reals) {
    const judgement = judge(level, workload, models, real);
    if (judgement.verdict !== "differ") continue;
    const { line } = judgement;
    const reason = line === undefined ? {} : { reason: reasonOf(model, program, params, setting, line) };
    return { ...common, ...judgement, ...reason, real };
  }
  const why =
    level === "O3"
      ? `${distinctOrders(reals)} orders in ${reals.length} real runs, ${distinctOrders(models)} in ${models.length} seeds`
      : "";
  const real = reals.toSorted((a, b) => a.makespanNs - b.makespanNs)[reals.length >> 1] ?? null;
  return { ...common, verdict: "agree", why, real };
}
