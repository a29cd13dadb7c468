/** What `orrery verify` can judge on one runtime, each as results to report. */
import { availableParallelism } from "node:os";
import type { FuzzClass, ParamValues } from "@orrery/program";
import type { CostProfile } from "@orrery/runtime";
import {
  type CalibrationBench,
  figuresOf,
  memoryOf,
  fuzz,
  type Mismatch,
  record,
  recordNative,
  verifyNative,
  verifyOnAllProcessors,
  type VerifyResult,
  verifyWorkload,
  writeStored,
} from "@orrery/verify";
import { oneWorker, type RuntimeName, type Workload } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import type { Bench } from "./benches.ts";
import { loadConformance } from "./registry.ts";
import type { Subject } from "./subject.ts";

const options: Workload["options"] = oneWorker;
const oneProcessor = (runtime: string): Readonly<Record<string, string>> =>
  options[runtime as RuntimeName] ?? {};

/** A program that is in no catalogue is judged line by line on one processor. */
const asWorkload = ({ program, workload }: Subject): Workload =>
  workload ?? {
    id: "W0",
    program,
    question: "",
    headline: "",
    group: "order",
    options: oneWorker,
    levels: { go: "O1", asyncio: "O1", java: "O1", node: "O1" },
    expectations: [],
  };

/** A workload at its level; where that is an exact order on one processor, on all processors of this computer too. */
export const judged = Effect.fnUntraced(function* (
  bench: Bench,
  subject: Subject,
  given: ParamValues,
  seed: number,
  profile: CostProfile | undefined,
) {
  const { model, target, toolchain, why } = bench;
  const workload = asWorkload(subject);
  if (target === null || toolchain === null)
    return [
      skipped(bench, "workload", workload.program.name, workload.levels[model.name as RuntimeName], why),
    ];
  const cores = availableParallelism();
  const asked = { workload, model, target, toolchain, given, cores, seed };
  const results = [
    yield* Effect.promise(() => verifyWorkload(profile === undefined ? asked : { ...asked, profile })),
  ];
  const wide = cores > 1 ? yield* Effect.promise(() => verifyOnAllProcessors(asked)) : null;
  return wide === null ? results : [...results, wide];
});

/** Runs a workload for real and stores what it gives; what is to be told. */
export const stored = Effect.fnUntraced(function* (
  { model, target, toolchain, why }: Bench,
  subject: Subject,
  given: ParamValues,
  seed: number,
) {
  const { name } = subject.program;
  const { workload } = subject;
  if (workload === null) return `${name} is not of the catalogue: only its workloads are stored`;
  if (target === null || toolchain === null) return `${model.name}: ${why}`;
  const found = yield* Effect.promise(() => record({ workload, model, target, toolchain, given, seed }));
  if ("broken" in found) return `${model.name} ${name}: ${found.broken}`;
  yield* Effect.promise(() => writeStored(model.name, name, found));
  return `${model.name} ${name}: ${found.runs.length} runs on ${found.version}`;
});

/** The conformance programs of a model; where there is no toolchain against what is recorded. */
export const native = Effect.fnUntraced(function* ({ model, toolchain }: Bench) {
  const conformance = yield* loadConformance(model);
  return yield* Effect.promise(() => verifyNative(model.name, conformance, toolchain));
});

/** Runs the conformance programs for real and writes down what they print; what is to be told. */
export const recorded = Effect.fnUntraced(function* ({ model, toolchain, why }: Bench) {
  if (toolchain === null) return `${model.name}: ${why}`;
  const conformance = yield* loadConformance(model);
  const programs = yield* Effect.promise(() => recordNative(model.name, conformance, toolchain));
  return `${model.name}: ${programs} programs on ${toolchain.version}`;
});

export const fuzzed = Effect.fnUntraced(function* (
  bench: Bench,
  fuzzClass: FuzzClass,
  count: number,
  seed: number,
) {
  const { model, target, toolchain, why } = bench;
  const name = `${fuzzClass} ${seed}..${seed + count - 1}`;
  const none: readonly Mismatch[] = [];
  if (target === null || toolchain === null)
    return { result: skipped(bench, "fuzz", name, "O1", why), mismatches: none };
  const asked = { model, target, toolchain, fuzzClass, count, seed, options: oneProcessor(model.name) };
  const { agreed, setAside, mismatches } = yield* Effect.promise(() =>
    fuzz({ ...asked, progress: () => undefined }),
  );
  const aside = [...setAside].map(([reason, n]) => `${n} ${reason}`).join(", ");
  const told = `${agreed} of ${count} agree${mismatches.length === 0 ? "" : `, ${mismatches.length} differ`}${aside === "" ? "" : `; set aside: ${aside}`}`;
  const result: VerifyResult = {
    kind: "fuzz",
    runtime: model.name,
    name,
    level: "O1",
    verdict: mismatches.length > 0 ? "differ" : "agree",
    why: told,
    model: mismatches[0]?.model ?? null,
    real: mismatches[0]?.real ?? null,
  };
  return { result, mismatches };
});

/** The workload as the figures of a runtime are measured; null without a toolchain. */
const figuresBench = (
  { model, target, toolchain }: Bench,
  workload: Workload | null,
  seed: number,
): CalibrationBench | null => {
  if (target === null || toolchain === null) return null;
  const own = { ...oneProcessor(model.name), ...workload?.options?.[model.name as RuntimeName] };
  return { model, target, toolchain, options: own, cores: availableParallelism(), seed };
};

/** What the profile predicts of a workload and what it takes; null without a toolchain. */
export const figured = Effect.fnUntraced(function* (
  bench: Bench,
  subject: Subject,
  given: ParamValues,
  seed: number,
  profile: CostProfile,
) {
  const workload = asWorkload(subject);
  const measured = figuresBench(bench, workload, seed);
  return measured === null
    ? null
    : yield* Effect.promise(() => figuresOf(workload, measured, given, profile));
});

/** What the profile predicts of the memory of many sleepers and what they take. */
export const remembered = Effect.fnUntraced(function* (bench: Bench, seed: number, profile: CostProfile) {
  const measured = figuresBench(bench, null, seed);
  return measured === null ? [] : yield* Effect.promise(() => memoryOf(measured, profile));
});

function skipped(
  { model }: Bench,
  kind: VerifyResult["kind"],
  name: string,
  level: VerifyResult["level"],
  why: string,
): VerifyResult {
  return {
    kind,
    runtime: model.name,
    name,
    level,
    verdict: "skipped",
    why,
    model: null,
    real: null,
  };
}
