/** Judges workloads of the catalogue: the model's run beside the real one, at the level that the workload declares. */
import { checkOrThrow, type ParamValues, type Program } from "@orrery/program";
import type { RunResult, RuntimeModel } from "@orrery/runtime";
import type { Target } from "@orrery/transpile";
import type { Level, RuntimeName, Workload } from "@orrery/workloads";
import { runBatch } from "./batch.ts";
import type { Limits } from "./child.ts";
import { distinctOrders, judge, type Verdict } from "./judge.ts";
import { reasonOf, runModel } from "./perturb.ts";
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
  /** First log line that differs, where logs are compared, and the rule by which its task ran on the model. */
  readonly line?: number;
  readonly reason?: string;
}

export interface WorkloadAsked {
  readonly workload: Workload;
  readonly model: RuntimeModel;
  readonly target: Target;
  readonly toolchain: Toolchain;
  readonly given: ParamValues;
  readonly cores: number;
  readonly seed: number;
}

/** Runs of the model under different seeds, where the real order has to be one of them (O3). */
const SEEDS = 200;
/** Real runs for O3, and for every other level: an order on one processor is seen once or it is not one. */
const REAL_RUNS_OF_A_SET = 10;
const REAL_RUNS = 3;
const LIMITS: Limits = { timeMs: 120_000, memoryBytes: 6e9 };

export async function verifyWorkload(asked: WorkloadAsked): Promise<VerifyResult> {
  const { workload, model, target, toolchain, seed, cores } = asked;
  const runtime = model.name as RuntimeName;
  const level = workload.levels[runtime];
  const options = workload.options?.[runtime] ?? {};
  const { program, params } = checkOrThrow(workload.program, asked.given);
  const seeds = Array.from({ length: level === "O3" ? SEEDS : 1 }, (_, i) => seed + i);
  const models = seeds.map((each) => runModel(model, program, params, { options, cores, seed: each }));
  const requests = Array.from({ length: level === "O3" ? REAL_RUNS_OF_A_SET : REAL_RUNS }, () => ({
    key: "w",
    seed,
  }));
  const outcomes = await runBatch(target, toolchain, [entryOf(program, params)], requests, {
    options,
    limits: LIMITS,
  });
  const common = { kind: "workload" as const, runtime, name: program.name, level, model: models[0]! };
  const reals: RunResult[] = [];
  for (const outcome of outcomes) {
    const real = realResult(outcome, models[0]!, toolchain.version);
    if (real === null) return { ...common, verdict: "skipped", why: brokenOf(outcome), real: null };
    const judgement = judge(level, workload, models, real);
    if (judgement.verdict === "differ") {
      const { line } = judgement;
      const reason =
        line === undefined
          ? {}
          : { reason: reasonOf(model, program, params, { options, cores, seed }, line) };
      return { ...common, ...judgement, ...reason, real };
    }
    reals.push(real);
  }
  const orders =
    level === "O3"
      ? `${distinctOrders(reals)} orders in ${reals.length} real runs, ${distinctOrders(models)} in ${SEEDS} seeds`
      : "";
  return { ...common, verdict: "agree", why: orders, real: median(reals) };
}

const entryOf = (
  program: Program,
  params: ParamValues,
): { key: string; program: Program; params: ParamValues } => ({
  key: "w",
  program,
  params,
});

const brokenOf = (outcome: object): string => (outcome as { readonly broken: string }).broken;

/** The run with the median makespan. */
function median(runs: readonly RunResult[]): RunResult {
  return runs.toSorted((a, b) => a.makespanNs - b.makespanNs)[runs.length >> 1]!;
}
