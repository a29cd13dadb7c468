/** `orrery run`: one model, with its own diagnostics and counters; or a look inside it at an instant. */
import { parseDuration } from "@orrery/program";
import { Execution } from "@orrery/runtime";
import * as Effect from "effect/Effect";
import {
  command,
  neededOption,
  oneArgument,
  readOption,
  wholeNumber,
  withDescription,
  withExamples,
} from "../command-line.ts";
import { badInput, Differs } from "../errors.ts";
import { judgedOf, resultsJson, SCHEMA_VERSION } from "../json.ts";
import { Outputs } from "../outputs.ts";
import { Progress } from "../progress.ts";
import { loadModel, runtimeNames } from "../registry.ts";
import { runDetails } from "../report/run.ts";
import { outline } from "../report/snapshot.ts";
import { studyReport } from "../report/study.ts";
import { optionsOf, parametersOf, runOptions } from "../settings.ts";
import { Shell } from "../shell.ts";
import { failures, prepare, type Prepared, simulate, turn } from "../study.ts";
import { subjectOf } from "../subject.ts";
import { duration, whole as grouped } from "../text.ts";

export const run = command(
  "run",
  {
    workload: oneArgument("WORKLOAD|FILE", "what to run; - reads a program as JSON from standard input"),
    runtime: neededOption("runtime", "R", `which model: ${runtimeNames.join(", ")}`),
    at: readOption(
      "at",
      "D",
      "stops at this virtual time and shows queues, timers and threads",
      parseDuration,
    ),
    atEvent: readOption(
      "at-event",
      "N",
      "stops after so many steps of the machine and shows queues, timers and threads",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    ),
    ...runOptions,
  },
  Effect.fn(function* (asked) {
    const shell = yield* Shell;
    const model = yield* loadModel(asked.runtime);
    const options = yield* optionsOf(asked.option, [model.name]);
    const subject = yield* subjectOf(asked.workload);
    const parameters = yield* parametersOf(asked.set, [subject.program]);
    const prepared = yield* prepare(subject, model, asked, parameters, options[model.name] ?? {});
    const progress = new Progress(shell, 1);
    if (asked.at !== undefined || asked.atEvent !== undefined) {
      if (asked.at !== undefined && asked.atEvent !== undefined)
        yield* Effect.fail(badInput("--at and --at-event: give one of them"));
      const whole = (["html", "trace", "record"] as const).find((name) => asked[name] !== undefined);
      if (whole !== undefined)
        yield* Effect.fail(badInput(`--${whole} tells of a whole run, --at and --at-event of one instant`));
      return shell.out(yield* inspected(prepared, asked, progress));
    }
    const outputs = yield* Outputs.open(asked, 1);
    const ran = yield* simulate(subject, prepared, progress);
    yield* outputs.add({ subject, runs: [ran] });
    yield* outputs.close();
    shell.out(
      asked.json
        ? resultsJson([judgedOf(ran)])
        : studyReport({ subject, runs: [ran] }, shell.paint) + runDetails(ran, shell.paint),
    );
    const broken = failures(subject, ran);
    if (asked.check && broken.length > 0) yield* Effect.fail(new Differs({ message: broken.join("\n") }));
  }),
).pipe(
  withDescription("One workload on one runtime model, with that runtime's own diagnostics and counters."),
  withExamples([
    { command: "orrery run cpu-hog --runtime go" },
    { command: "orrery run dining-philosophers --runtime java --json" },
    { command: "orrery run spawn-order --runtime go --at 3us", description: "what is in the queues at 3 us" },
    { command: "orrery run cpu-hog --runtime go --record run.json", description: "keep every decision" },
    {
      command: "orrery run cpu-hog --runtime go --replay run.json",
      description: "the same run, the same hash",
    },
    { command: "orrery run my-program.ts --runtime node --set n=10" },
  ]),
);

interface Cut {
  readonly at: number | undefined;
  readonly atEvent: number | undefined;
  readonly json: boolean;
}

/** The state at the cut, as an outline or as JSON. */
const inspected = Effect.fnUntraced(function* ({ spec }: Prepared, cut: Cut, progress: Progress) {
  const execution = new Execution(spec);
  yield* turn(
    execution,
    (each) => {
      if (cut.at === undefined) each.step(cut.atEvent!);
      else each.runUntil(cut.at);
      return true;
    },
    progress,
  );
  const snapshot = execution.inspect();
  const { timeNs, step, ...rest } = snapshot as typeof snapshot & { timeNs: number; step: number };
  const head = { workload: spec.program.name, runtime: spec.model.name, done: execution.done };
  if (cut.json) return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...head, snapshot }, null, 2)}\n`;
  const state = execution.done ? ", where nothing happens any more" : "";
  const title = `${spec.program.name} on ${spec.model.title} at ${duration(timeNs)}, after ${grouped(step)} steps${state}`;
  return `${[title, "", ...outline(rest)].join("\n")}\n`;
});
