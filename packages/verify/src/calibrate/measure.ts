/** Times programs on a real runtime: many rounds in one process, those in which it warms up told apart. */
import { checkOrThrow, type ParamValues, type Program } from "@orrery/program";
import {
  type CostProfile,
  Execution,
  type RunResult,
  type RuntimeModel,
  runSpec,
  summarize,
  type Summary,
} from "@orrery/runtime";
import type { RealRun, Target } from "@orrery/transpile";
import { runBatch } from "../batch.ts";
import type { Limits } from "../child.ts";
import type { Toolchain } from "../toolchains.ts";

/** What is measured and on what. */
export interface CalibrationBench {
  readonly model: RuntimeModel;
  readonly target: Target;
  readonly toolchain: Toolchain;
  /** Options of both: they leave the runtime one processor. */
  readonly options: Readonly<Record<string, string>>;
  readonly cores: number;
  readonly seed: number;
}

export interface Measured {
  /** Of a fresh process, ns. */
  readonly firstNs: number;
  /** Median of the rounds after the warm-up, ns. */
  readonly medianNs: number;
  /** Half the distance between their quartiles as a share of the median. */
  readonly spread: number;
  readonly rounds: number;
  /** Of the round with the median makespan. */
  readonly marks: Readonly<Record<string, Summary>>;
  /** Of the process and all its rounds. */
  readonly peakBytes: number;
}

/** Rounds of a program: more where code is compiled while it runs, but no more than take so long. */
const ROUNDS: Readonly<Record<string, number>> = { go: 40, asyncio: 30, java: 400, node: 200 };
/** The longer a run, the less there is to warm up. */
const leastRounds = (ns: number): number => (ns > 2e9 ? 3 : ns > 0.2e9 ? 5 : 9);
const TIME_NS = 1.5e9;
const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 8e9 };

/** Rounds of one program, as makespans in ns; or what went wrong. `estimateNs`: about how long a round takes. */
export async function measure(
  { target, toolchain, options, seed }: CalibrationBench,
  program: Program,
  params: ParamValues,
  estimateNs: number,
): Promise<Measured | { readonly broken: string }> {
  const affordable = Math.round(TIME_NS / estimateNs);
  const rounds = Math.max(leastRounds(estimateNs), Math.min(ROUNDS[target.runtime]!, affordable));
  const outcomes = await runBatch(
    target,
    toolchain,
    [{ key: "p", program, params }],
    Array.from({ length: rounds }, () => ({ key: "p", seed })),
    { options, limits: LIMITS, timed: true },
  );
  const runs: RealRun[] = [];
  let peakBytes = 0;
  for (const outcome of outcomes) {
    if ("broken" in outcome) return { broken: outcome.broken };
    runs.push(outcome.run);
    peakBytes = Math.max(peakBytes, outcome.peakBytes);
  }
  const warm = runs.slice(runs.length >> 1).toSorted((a, b) => a.makespanNs - b.makespanNs);
  const at = (share: number): RealRun => warm[Math.floor(share * (warm.length - 1))]!;
  const { makespanNs: medianNs, samples } = at(0.5);
  return {
    firstNs: runs[0]!.makespanNs,
    medianNs,
    spread: (at(0.75).makespanNs - at(0.25).makespanNs) / 2 / medianNs,
    rounds,
    marks: Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, summarize(values)])),
    peakBytes,
  };
}

/** The model's run of a program under a profile, without a trace. */
export function modelled(
  { model, options, cores, seed }: CalibrationBench,
  source: Program,
  given: ParamValues,
  profile?: CostProfile,
): RunResult {
  const { program, params } = checkOrThrow(source, given);
  const asked = { options, cores, seed, trace: false, ...(profile === undefined ? {} : { profile }) };
  return new Execution(runSpec(model, program, params, asked)).run().result();
}
