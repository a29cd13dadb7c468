/**
 * Figures: what the model predicts of a workload's length, percentiles and memory, beside what the real runtime takes. Both
 * run on one processor where the runtime has a choice; the real one is warm, as a process that has run for a while.
 */
import { checkOrThrow } from "@orrery/program";
import { type CostProfile, resolveProfile, type RunResult } from "@orrery/runtime";
import type { Parameters, Workload } from "@orrery/workloads";
import { type CalibrationBench, type Measured, measure, modelled } from "./calibrate/measure.ts";
import { peakOfSleepers } from "./calibrate/memory.ts";

export interface FiguresResult {
  readonly kind: "figures";
  readonly runtime: string;
  readonly name: string;
  readonly parameters: Parameters;
  /** Why there are no figures; empty where there are. */
  readonly why: string;
  readonly model: RunResult;
  readonly real: Measured | null;
  /** Predicted over real makespan, less 1; null without figures. */
  readonly error: number | null;
}

export async function figuresOf(
  workload: Workload,
  bench: CalibrationBench,
  given: Parameters,
  profile: CostProfile,
): Promise<FiguresResult> {
  const { program, params } = checkOrThrow(workload.program, given);
  const model = modelled(bench, program, params, profile);
  const common = {
    kind: "figures" as const,
    runtime: bench.model.name,
    name: program.name,
    parameters: given,
    model,
  };
  const none = (why: string): FiguresResult => ({ ...common, why, real: null, error: null });
  if (model.outcome !== "completed") return none(`it is ${model.outcome}`);
  const real = await measure(bench, program, params, model.makespanNs);
  if ("broken" in real) return none(real.broken);
  return { ...common, why: "", real, error: model.makespanNs / real.medianNs - 1 };
}

/** Peak resident memory with so many sleeping tasks, bytes. */
export interface MemoryResult {
  readonly runtime: string;
  readonly tasks: number;
  readonly modelBytes: number;
  readonly realBytes: number;
  readonly error: number;
}

/** As many sleepers as the published comparisons have; calibration measures other numbers of them. */
const SLEEPERS = [100_000, 1_000_000] as const;

export async function memoryOf(
  bench: CalibrationBench,
  profile: CostProfile,
): Promise<readonly MemoryResult[]> {
  const { baseBytes, taskBytes } = resolveProfile(bench.model, profile).memory;
  const results: MemoryResult[] = [];
  for (const tasks of SLEEPERS) {
    const peak = await peakOfSleepers(bench, tasks);
    if (typeof peak !== "number") continue;
    const modelBytes = baseBytes + taskBytes * tasks;
    results.push({
      runtime: bench.model.name,
      tasks,
      modelBytes,
      realBytes: peak,
      error: modelBytes / peak - 1,
    });
  }
  return results;
}

/** Median and greatest absolute error. */
export function errorsOf(errors: readonly number[]): { readonly median: number; readonly worst: number } {
  const sorted = errors.map(Math.abs).toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return { median: (low + high) / 2, worst: sorted.at(-1) ?? 0 };
}
