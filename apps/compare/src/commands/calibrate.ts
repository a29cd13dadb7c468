/** `orrery calibrate`: what the primitives of the real runtimes cost on this machine, as a cost profile. */
import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { type CalibrationBench, calibrate as measureAll, type ProbeFigures } from "@orrery/verify";
import { oneWorker, type RuntimeName, type Workload } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { benchOf } from "../benches.ts";
import { command, textOption, withDescription, withExamples } from "../command-line.ts";
import { badInput, messageOf, MissingRuntime } from "../errors.ts";
import { loadModels, runtimeNames } from "../registry.ts";
import { DEFAULT_SEED, runtimesOf } from "../settings.ts";
import { Shell } from "../shell.ts";
import { left, right } from "../text.ts";

const options: Workload["options"] = oneWorker;

export const calibrate = command(
  "calibrate",
  {
    out: textOption("out", "FILE", "where the profile goes"),
    runtimes: textOption("runtimes", "A,B", `which runtimes (${runtimeNames.join(",")})`),
  },
  Effect.fn(function* ({ out, runtimes }) {
    const shell = yield* Shell;
    if (out === undefined) return yield* Effect.fail(badInput("--out FILE: where does the profile go?"));
    const found = yield* Effect.forEach(yield* loadModels(yield* runtimesOf(runtimes)), benchOf);
    const benches: CalibrationBench[] = [];
    for (const { model, target, toolchain, why } of found)
      if (target === null || toolchain === null) shell.err(`${model.name}: ${why}\n`);
      else
        benches.push({
          model,
          target,
          toolchain,
          options: options[model.name as RuntimeName] ?? {},
          cores: availableParallelism(),
          seed: DEFAULT_SEED,
        });
    if (benches.length === 0)
      return yield* Effect.fail(new MissingRuntime({ message: "there is nothing here to measure" }));
    const { profile, figures, broken } = yield* Effect.promise(() =>
      measureAll(benches, (told) => shell.err(`${told}\n`)),
    );
    const provenance = {
      command: `orrery calibrate --out ${out}`,
      measured: new Date().toISOString().slice(0, 10),
      processor: `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`,
      runtimes: Object.fromEntries(benches.map(({ model, toolchain }) => [model.name, toolchain.version])),
      probes: figures.map(({ runtime, probe, n, real, afterNs }) => ({
        runtime,
        probe,
        nsPerTurn: round(real.medianNs / n),
        spread: Number(real.spread.toFixed(3)),
        firstNsPerTurn: round(real.firstNs / n),
        modelNsPerTurn: round(afterNs / n),
        rounds: real.rounds,
      })),
    };
    yield* Effect.tryPromise({
      try: () => writeFile(out, `${JSON.stringify({ ...profile, provenance }, null, 2)}\n`),
      catch: (error) => badInput(`--out ${out}: ${messageOf(error)}`),
    });
    const { paint } = shell;
    shell.out(
      paint.dim(`${left("runtime", 9)}${left("a turn of", 18)}${right("real ns", 10)}${right("spread", 8)}`) +
        paint.dim(`${right("before", 10)}${right("model ns", 10)}\n`),
    );
    for (const each of figures) shell.out(`${figureLine(each)}\n`);
    for (const { runtime, probe, why } of broken) shell.err(`${runtime} ${probe}: ${why}\n`);
  }),
).pipe(
  withDescription(
    "Times small programs on the real runtimes that are here and fits the models' costs to them: a profile for --profile.",
  ),
  withExamples([
    { command: "orrery calibrate --out here.json", description: "about five minutes" },
    { command: "orrery calibrate --out go.json --runtimes go" },
    { command: "orrery compare --profile here.json", description: "costs of this machine" },
  ]),
);

const round = (ns: number): number => Number(ns.toPrecision(4));

function figureLine({ runtime, probe, n, real, beforeNs, afterNs }: ProbeFigures): string {
  const perTurn = (ns: number): string => right(String(round(ns / n)), 10);
  const spread = right(`${Math.round(100 * real.spread)} %`, 8);
  return `${left(runtime, 9)}${left(probe, 18)}${perTurn(real.medianNs)}${spread}${perTurn(beforeNs)}${perTurn(afterNs)}`;
}
