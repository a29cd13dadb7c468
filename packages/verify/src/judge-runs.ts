/** Runs of a workload as its level asks for them, of the model and of the real runtime, and one verdict over all of them. */
import type { ParamValues, Program } from "@orrery/program";
import type { CostProfile, RunResult, RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import type { Level, Workload } from "@orrery/workloads";
import { type RealOutcome, runBatch } from "./batch.ts";
import type { Limits } from "./child.ts";
import { distinctOrders, judge } from "./judge.ts";
import { type ModelAsked, originOf, runModel, variedRun } from "./perturb.ts";
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
const SEEDS = 1_000;
const LEAST_SEEDS = 10;
const EVENTS = 4_000_000;
/** Real runs for O3, and for every other level: an order on one processor is seen once or it is not one. */
const REAL_RUNS_OF_A_SET = 10;
const REAL_RUNS = 3;
const PATIENCE_MS = 10_000;
const LIMITS: Limits = { timeMs: 120_000, memoryBytes: 6e9 };

/** The first has the seed of the real runs; those of a set have other seeds and other times. */
export function modelRuns(setting: Setting): readonly RunResult[] {
  const { model, program, params, seed, level, profile } = setting;
  const first = runModel(model, program, params, setting, profile);
  if (level !== "O3") return [first];
  const seeds = Math.min(SEEDS, Math.max(LEAST_SEEDS, Math.floor(EVENTS / first.events)));
  const others = Array.from({ length: seeds - 1 }, (_, i) =>
    variedRun(model, program, params, { ...setting, seed: seed + 1 + i }, i),
  );
  return [first, ...others];
}

/** `mayHang`: the model deadlocks, and the real runtime may do so without a word. */
export function realRuns(
  setting: Setting,
  target: Target,
  toolchain: Toolchain,
  mayHang: boolean,
): Promise<readonly RealOutcome[]> {
  const { program, params, options, seed } = setting;
  const key = "w";
  const requests = Array.from({ length: setting.level === "O3" ? REAL_RUNS_OF_A_SET : REAL_RUNS }, () => ({
    key,
    seed,
  }));
  const limits = mayHang ? { ...LIMITS, timeMs: PATIENCE_MS } : LIMITS;
  return runBatch(target, toolchain, [{ key, program, params }], requests, { options, limits, mayHang });
}

/**
 * How many of the real runs may differ, as a share. An order on one processor, a set of lines: none. A set of orders is known
 * from a sample of seeds, in which what is rare may be missing; a time is late when another process wanted the processor.
 */
const MAY_DIFFER: Readonly<Record<Level, number>> = { O1: 0, O2: 0, O3: 0.2, O4: 0, O5: 0.34 };

/** One verdict over all real runs. The real run that is told is the one with the median makespan, or the first that differs. */
export function judgeRuns(
  setting: Setting,
  models: readonly RunResult[],
  reals: readonly RunResult[],
): VerifyResult {
  const { workload, model, program, params, level } = setting;
  const common = { kind: "workload" as const, runtime: model.name, name: program.name, level };
  const differing = reals
    .map((real) => ({ real, judgement: judge(level, workload, models, real) }))
    .filter(({ judgement }) => judgement.verdict === "differ");
  const orders =
    level === "O3"
      ? `${distinctOrders(reals)} orders in ${reals.length} real runs, ${differing.length} of them not among ${distinctOrders(models)} in ${models.length} seeds`
      : "";
  const [first] = differing;
  if (first === undefined || differing.length <= MAY_DIFFER[level] * reals.length) {
    const real = reals.toSorted((a, b) => a.makespanNs - b.makespanNs)[reals.length >> 1] ?? null;
    return { ...common, model: models[0]!, verdict: "agree", why: orders, real };
  }
  const { line, why } = first.judgement;
  return {
    ...common,
    model: models[0]!,
    ...first.judgement,
    why: orders === "" ? why : orders,
    ...(line === undefined ? {} : { origin: originOf(model, program, params, setting, line) }),
    real: first.real,
  };
}
