/** `orrery verify`: the same programs on the real runtimes, compared with the models. */
import { type FuzzClass, fuzzClasses, print } from "@orrery/program";
import {
  fuzz,
  type Mismatch,
  type NativeResult,
  recordNative,
  verifyNative,
  type VerifyResult,
  verifyWorkload,
} from "@orrery/verify";
import { oneWorker, type RuntimeName, type Workload, workloads as catalogue } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { type Bench, benchOf } from "../benches.ts";
import {
  command,
  manyArguments,
  readOption,
  switchOption,
  textOption,
  textsOption,
  wholeNumber,
  withDescription,
  withExamples,
} from "../command-line.ts";
import { badInput, Differs, MissingRuntime, unknownName } from "../errors.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { loadConformance, loadModels, runtimeNames } from "../registry.ts";
import { differenceReport, mismatchReport, verdictLine } from "../report/verify.ts";
import { DEFAULT_CORES, DEFAULT_SEED, ownParameters, parametersOf, runtimesOf } from "../settings.ts";
import { Shell } from "../shell.ts";
import { checkSubject, ofWorkload, type Subject, subjectOf } from "../subject.ts";

export const verify = command(
  "verify",
  {
    workloads: manyArguments("WORKLOAD|FILE", "what to judge; without one, the whole catalogue"),
    runtimes: textOption("runtimes", "A,B", `which runtimes (${runtimeNames.join(",")})`),
    set: textsOption("set", "name=value", "a parameter of the workload; repeatable"),
    seed: readOption(
      "seed",
      "N",
      `of draws, and of the first random program (${DEFAULT_SEED})`,
      wholeNumber(0, 2 ** 40),
    ),
    fuzz: readOption(
      "fuzz",
      "N",
      "judges N random programs of each class instead",
      wholeNumber(1, 1_000_000),
    ),
    fuzzClass: textOption("class", "C", `of the random programs: ${fuzzClasses.join(", ")} (all)`),
    native: switchOption(
      "native",
      "judges the models' conformance programs instead, written in each runtime's own language",
    ),
    record: switchOption("record", "with --native: runs the real programs and writes down what they print"),
    json: switchOption("json", "results as JSON"),
  },
  Effect.fn(function* (asked) {
    const shell = yield* Shell;
    const seed = asked.seed ?? DEFAULT_SEED;
    const models = yield* loadModels(yield* runtimesOf(asked.runtimes));
    const benches = yield* Effect.forEach(models, benchOf);
    const classes = yield* classesOf(asked.fuzzClass, asked.fuzz);
    const results: (VerifyResult | NativeResult)[] = [];
    const report = (result: VerifyResult | NativeResult): void => {
      results.push(result);
      if (asked.json) return;
      shell.out(`${verdictLine(result, shell.paint)}\n`);
      if (result.kind === "native") return;
      const { verdict, line, reason = "", model, real } = result;
      if (verdict === "differ" && line !== undefined && model !== null && real !== null)
        shell.out(`${differenceReport(model, real, line, reason).join("\n")}\n`);
    };
    if (asked.native)
      for (const bench of benches)
        if (asked.record) yield* recorded(bench);
        else for (const result of yield* native(bench)) report(result);
    else if (asked.fuzz !== undefined)
      for (const fuzzClass of classes)
        for (const bench of benches) {
          const { result, mismatches } = yield* fuzzed(bench, fuzzClass, asked.fuzz, seed);
          report(result);
          if (!asked.json)
            for (const mismatch of mismatches)
              shell.out(
                mismatchReport(mismatch, bench.target!, fuzzClass, print(mismatch.program, { ids: true })),
              );
        }
    else {
      const subjects =
        asked.workloads.length === 0
          ? catalogue.map((workload) => ofWorkload(workload))
          : yield* Effect.forEach(asked.workloads, subjectOf);
      const parameters = yield* parametersOf(
        asked.set,
        subjects.map(({ program }) => program),
      );
      for (const subject of subjects) {
        const { params } = yield* checkSubject(subject, ownParameters(parameters, subject.program.params));
        for (const bench of benches) report(yield* judged(bench, subject, params, seed));
      }
    }
    if (asked.json)
      shell.out(
        `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, results, totals: totalsOf(results) }, null, 2)}\n`,
      );
    const differing = results.filter(({ verdict }) => verdict === "differ").length;
    if (differing > 0)
      yield* Effect.fail(new Differs({ message: `${differing} of ${results.length} differ` }));
    if (!asked.native && benches.every(({ toolchain }) => toolchain === null))
      yield* Effect.fail(
        new MissingRuntime({ message: benches.map(({ model, why }) => `${model.name}: ${why}`).join("\n") }),
      );
  }),
).pipe(
  withDescription(
    "The same programs on the real runtimes: their order and figures beside the model's, at the level that each workload declares.",
  ),
  withExamples([
    { command: "orrery verify spawn-order", description: "on every real runtime that is here" },
    { command: "orrery verify --runtimes java", description: "the whole catalogue" },
    {
      command: "orrery verify my-program.ts",
      description: "a program of your own, on one processor, line by line",
    },
    {
      command: "orrery verify --native --runtimes go",
      description: "programs written in Go, and their ports",
    },
    { command: "orrery verify --fuzz 200 --seed 7 --class channels", description: "random programs" },
  ]),
);

const classesOf = (name: string | undefined, count: number | undefined) => {
  if (name === undefined) return Effect.succeed<readonly FuzzClass[]>(fuzzClasses);
  if (count === undefined)
    return Effect.fail(badInput("--class tells of random programs: give --fuzz N too"));
  const known = fuzzClasses.find((each) => each === name);
  return known === undefined
    ? Effect.fail(badInput(`--class: ${unknownName("class", name, fuzzClasses)}`))
    : Effect.succeed<readonly FuzzClass[]>([known]);
};

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

const judged = (
  bench: Bench,
  subject: Subject,
  given: Parameters<typeof verifyWorkload>[0]["given"],
  seed: number,
) => {
  const { model, target, toolchain, why } = bench;
  const workload = asWorkload(subject);
  if (target === null || toolchain === null)
    return Effect.succeed(
      skipped(bench, "workload", workload.program.name, workload.levels[model.name as RuntimeName], why),
    );
  return Effect.promise(() =>
    verifyWorkload({ workload, model, target, toolchain, given, cores: DEFAULT_CORES, seed }),
  );
};

/** The conformance programs of a model; where there is no toolchain against what is recorded. */
const native = Effect.fnUntraced(function* ({ model, toolchain }: Bench) {
  const conformance = yield* loadConformance(model);
  return yield* Effect.promise(() => verifyNative(model.name, conformance, toolchain));
});

const recorded = Effect.fnUntraced(function* ({ model, toolchain, why }: Bench) {
  const shell = yield* Shell;
  if (toolchain === null) return shell.err(`${model.name}: ${why}\n`);
  const conformance = yield* loadConformance(model);
  const programs = yield* Effect.promise(() => recordNative(model.name, conformance, toolchain));
  shell.err(`${model.name}: ${programs} programs on ${toolchain.version}\n`);
});

const fuzzed = Effect.fnUntraced(function* (bench: Bench, fuzzClass: FuzzClass, count: number, seed: number) {
  const { model, target, toolchain, why } = bench;
  const name = `${fuzzClass} ${seed}..${seed + count - 1}`;
  const none: readonly Mismatch[] = [];
  if (target === null || toolchain === null)
    return { result: skipped(bench, "fuzz", name, "O1", why), mismatches: none };
  const options: Workload["options"] = oneWorker;
  const { agreed, setAside, mismatches } = yield* Effect.promise(() =>
    fuzz({
      model,
      target,
      toolchain,
      fuzzClass,
      count,
      seed,
      options: options[model.name as RuntimeName] ?? {},
      progress: () => undefined,
    }),
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

const skipped = (
  { model }: Bench,
  kind: VerifyResult["kind"],
  name: string,
  level: VerifyResult["level"],
  why: string,
): VerifyResult => ({
  kind,
  runtime: model.name,
  name,
  level,
  verdict: "skipped",
  why,
  model: null,
  real: null,
});

function totalsOf(
  results: readonly (VerifyResult | NativeResult)[],
): Record<string, Record<VerifyResult["verdict"], number>> {
  const totals: Record<string, Record<VerifyResult["verdict"], number>> = {};
  for (const { runtime, verdict } of results) {
    totals[runtime] ??= { agree: 0, differ: 0, skipped: 0 };
    totals[runtime][verdict]++;
  }
  return totals;
}
