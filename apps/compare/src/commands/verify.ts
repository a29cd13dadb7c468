/** `orrery verify`: the same programs on the real runtimes, compared with the models. */
import { writeFile } from "node:fs/promises";
import { type FuzzClass, fuzzClasses, print } from "@orrery/program";
import { defaultProfile } from "@orrery/runtime";
import type { FiguresResult, MemoryResult, NativeResult, VerifyResult } from "@orrery/verify";
import { workloads as catalogue } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { benchOf } from "../benches.ts";
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
import { badInput, Differs, messageOf, MissingRuntime, unknownName } from "../errors.ts";
import { verifyPage } from "../html/verify.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { figured, fuzzed, judged, native, recorded, remembered, stored } from "../judging.ts";
import { loadModels, runtimeNames } from "../registry.ts";
import { fidelityPage, figuresLine } from "../report/fidelity.ts";
import { differenceReport, mismatchReport, verdictLine } from "../report/verify.ts";
import { DEFAULT_SEED, ownParameters, parametersOf, profileOf, runOptions, runtimesOf } from "../settings.ts";
import { Shell } from "../shell.ts";
import { checkSubject, groupOption, ofWorkload, subjectsOf } from "../subject.ts";

type Result = VerifyResult | NativeResult;

export const verify = command(
  "verify",
  {
    workloads: manyArguments("WORKLOAD|FILE", "what to judge; without one, the whole catalogue"),
    group: groupOption,
    runtimes: textOption("runtimes", "A,B", `which runtimes (${runtimeNames.join(",")})`),
    set: textsOption("set", "name=value", "a parameter of the workload; repeatable"),
    seed: readOption(
      "seed",
      "N",
      `of draws, and of the first random program (${DEFAULT_SEED})`,
      wholeNumber(0, 2 ** 40),
    ),
    profile: runOptions.profile,
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
    figures: switchOption("figures", "measures what the profile predicts: makespans and memory"),
    record: switchOption("record", "judges nothing: stores what the real runtimes give, for the tests"),
    json: switchOption("json", "results as JSON"),
    html: textOption("html", "FILE", "results as a page, both sides beside each other"),
    markdown: textOption("markdown", "FILE", "with --figures: the tables as a page of docs"),
  },
  Effect.fn(function* (asked) {
    const shell = yield* Shell;
    const seed = asked.seed ?? DEFAULT_SEED;
    const models = yield* loadModels(yield* runtimesOf(asked.runtimes));
    const profile = yield* profileOf(asked.profile, models);
    const benches = yield* Effect.forEach(models, benchOf);
    const classes = yield* classesOf(asked.fuzzClass, asked.fuzz);
    const chosen = Effect.gen(function* () {
      const subjects = yield* subjectsOf(
        asked.workloads,
        asked.group,
        catalogue.map((workload) => ofWorkload(workload)),
      );
      const parameters = yield* parametersOf(
        asked.set,
        subjects.map(({ program }) => program),
      );
      return yield* Effect.forEach(subjects, (subject) =>
        Effect.gen(function* () {
          const own = ownParameters(parameters, subject.program.params);
          return { subject, own, ...(yield* checkSubject(subject, own)) };
        }),
      );
    });
    const results: Result[] = [];
    const report = (result: Result): void => {
      results.push(result);
      if (asked.json) return;
      shell.out(`${verdictLine(result, shell.paint)}\n`);
      if (result.kind === "native") return;
      const { verdict, line, origin = null, model, real } = result;
      if (verdict === "differ" && line !== undefined && model !== null && real !== null)
        shell.out(`${differenceReport(model, real, line, origin).join("\n")}\n`);
    };

    if (asked.figures) {
      const figures: FiguresResult[] = [];
      const memory: MemoryResult[] = [];
      for (const { subject, params } of yield* chosen)
        for (const bench of benches) {
          const each = yield* figured(bench, subject, params, seed, profile);
          if (each === null) continue;
          figures.push(each);
          if (!asked.json) shell.out(`${figuresLine(each)}\n`);
        }
      if (asked.workloads.length === 0 && asked.group === undefined)
        for (const bench of benches) memory.push(...(yield* remembered(bench, seed, profile)));
      if (asked.json)
        shell.out(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, figures, memory }, null, 2)}\n`);
      const page = fidelityPage(figures, memory, profile.name);
      if (!asked.json) shell.out(`\n${page}`);
      if (asked.markdown !== undefined) yield* write("--markdown", asked.markdown, page);
    } else if (asked.record && asked.native)
      for (const bench of benches) shell.err(`${yield* recorded(bench)}\n`);
    else if (asked.record)
      for (const { subject, own } of yield* chosen)
        for (const bench of benches) shell.err(`${yield* stored(bench, subject, own, seed)}\n`);
    else if (asked.native) for (const bench of benches) (yield* native(bench)).forEach(report);
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
    else
      for (const { subject, params } of yield* chosen)
        for (const bench of benches)
          (yield* judged(
            bench,
            subject,
            params,
            seed,
            profile === defaultProfile ? undefined : profile,
          )).forEach(report);

    if (asked.json && !asked.figures)
      shell.out(
        `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, results, totals: totalsOf(results) }, null, 2)}\n`,
      );
    if (asked.html !== undefined) yield* write("--html", asked.html, verifyPage(results));
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
    { command: "orrery verify --figures --profile here.json", description: "after orrery calibrate" },
  ]),
);

const write = (option: string, path: string, text: string) =>
  Effect.tryPromise({
    try: () => writeFile(path, text),
    catch: (error) => badInput(`${option} ${path}: ${messageOf(error)}`),
  });

const classesOf = (name: string | undefined, count: number | undefined) => {
  if (name === undefined) return Effect.succeed<readonly FuzzClass[]>(fuzzClasses);
  if (count === undefined)
    return Effect.fail(badInput("--class tells of random programs: give --fuzz N too"));
  const known = fuzzClasses.find((each) => each === name);
  return known === undefined
    ? Effect.fail(badInput(`--class: ${unknownName("class", name, fuzzClasses)}`))
    : Effect.succeed<readonly FuzzClass[]>([known]);
};

function totalsOf(results: readonly Result[]): Record<string, Record<VerifyResult["verdict"], number>> {
  const totals: Record<string, Record<VerifyResult["verdict"], number>> = {};
  for (const { runtime, verdict } of results) {
    totals[runtime] ??= { agree: 0, differ: 0, skipped: 0 };
    totals[runtime][verdict]++;
  }
  return totals;
}
