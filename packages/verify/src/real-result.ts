import { type RunResult, summarize } from "@orrery/runtime";
import type { RealOutcome } from "./batch.ts";

/** A real run in the shape of a model's, beside the model's own run of the same program. */
export function realResult(outcome: RealOutcome, model: RunResult, version: string): RunResult | null {
  const common = {
    workload: model.workload,
    parameters: model.parameters,
    runtime: model.runtime,
    version,
    source: "real" as const,
    seed: model.seed,
    cores: model.cores,
    options: model.options,
    profile: "real",
    events: 0,
    decisions: 0,
    traceHash: "",
    scheduler: {},
    machine: { coreBusyNs: [], threadsPeak: 0 },
    tiers: model.tiers,
  };
  const nothing = { spawned: 0, completed: 0, failed: 0, cancelled: 0, leaked: [] };
  if ("broken" in outcome) {
    if (!outcome.deadlocked) return null;
    return {
      ...common,
      outcome: "deadlocked",
      detail: outcome.broken,
      makespanNs: 0,
      log: [],
      marks: {},
      counts: {},
      tasks: nothing,
      memory: { peakBytes: 0, bytesPerTask: 0 },
      diagnostics: [],
    };
  }
  const { run, peakBytes } = outcome;
  const { spawned, completed, failed, cancelled } = run.tasks;
  const left = Math.max(0, spawned - completed - failed - cancelled);
  return {
    ...common,
    outcome: run.outcome,
    detail: run.detail,
    makespanNs: run.makespanNs,
    log: run.log.map(([, task, text, timeNs], seq) => ({ seq, timeNs, task, text })),
    marks: Object.fromEntries(
      Object.entries(run.samples).map(([name, samples]) => [name, summarize(samples)]),
    ),
    counts: run.counts,
    tasks: {
      spawned,
      completed,
      failed,
      cancelled,
      leaked: Array.from({ length: left }, () => ({ task: "?", waitingFor: "?" })),
    },
    memory: { peakBytes, bytesPerTask: 0 },
    diagnostics: [],
  };
}
