/** Compares a model's run with real ones at the levels of the language (O1 to O5). */
import type { LogLine, RunResult } from "@orrery/runtime";
import { checkExpectations, type Level, type Workload } from "@orrery/workloads";

export type Verdict = "agree" | "differ" | "skipped";

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence; empty when they agree and there is nothing to add. */
  readonly why: string;
  /** Index of the first log line that differs, where the level compares logs. */
  readonly line?: number;
}

const agree: Judgement = { verdict: "agree", why: "" };
const differ = (why: string, line?: number): Judgement => ({
  verdict: "differ",
  why,
  ...(line === undefined ? {} : { line }),
});

/** Judges one real run. `models` are runs of the model under different seeds, the first with the seed of the real one. */
export function judge(
  level: Level,
  workload: Workload | null,
  models: readonly RunResult[],
  real: RunResult,
): Judgement {
  const model = models[0]!;
  if (model.outcome !== real.outcome)
    return differ(`the model's outcome is ${model.outcome}, the real one ${real.outcome}`);
  if (real.outcome === "deadlocked" && real.log.length === 0) return agree; // Go dies without its log
  switch (level) {
    case "O1":
      return sameSequence(model.log, real.log);
    case "O2":
      return samePerTask(model.log, real.log);
    case "O3":
      return models.some((each) => sameSequence(each.log, real.log).verdict === "agree")
        ? agree
        : differ(
            `the real order is none of ${distinctOrders(models)} orders that ${models.length} seeds gave`,
          );
    case "O4":
      return sameLines(model.log, real.log);
    case "O5":
      return workload === null ? agree : asExpected(workload, real);
  }
}

/** How many different orders there are among the runs. */
export function distinctOrders(runs: readonly RunResult[]): number {
  return new Set(runs.map(({ log }) => log.map(lineOf).join("\n"))).size;
}

function sameSequence(model: readonly LogLine[], real: readonly LogLine[]): Judgement {
  const lines = Math.max(model.length, real.length);
  for (let i = 0; i < lines; i++) {
    const [m, r] = [model[i], real[i]].map((line) => (line === undefined ? "nothing" : lineOf(line)));
    if (m !== r) return differ(`line ${i + 1} is ${m} on the model, ${r} on the real runtime`, i);
  }
  return agree;
}

function samePerTask(model: readonly LogLine[], real: readonly LogLine[]): Judgement {
  for (const task of new Set([...model, ...real].map((line) => line.task))) {
    const of = (log: readonly LogLine[]): readonly LogLine[] => log.filter((line) => line.task === task);
    const judgement = sameSequence(of(model), of(real));
    if (judgement.verdict === "differ") return differ(`${task}: ${judgement.why}`);
  }
  return agree;
}

function sameLines(model: readonly LogLine[], real: readonly LogLine[]): Judgement {
  const sorted = (log: readonly LogLine[]): string[] => log.map(({ text }) => text).toSorted();
  const [m, r] = [sorted(model), sorted(real)];
  const at = m.findIndex((text, i) => text !== r[i]);
  if (at < 0 && m.length === r.length) return agree;
  return differ(
    `the lines are not the same: ${m[at] ?? "nothing"} on the model, ${r[at] ?? "nothing"} on the real runtime`,
  );
}

function asExpected(workload: Workload, real: RunResult): Judgement {
  const [first] = checkExpectations(workload, real);
  return first === undefined ? agree : differ(first.message);
}

const lineOf = ({ task, text }: LogLine): string => `${task} "${text}"`;
