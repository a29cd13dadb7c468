/** `orrery compare`: the same workloads on each runtime model. */
import { tour } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import {
  command,
  manyArguments,
  switchOption,
  textOption,
  withDescription,
  withExamples,
} from "../command-line.ts";
import { Differs } from "../errors.ts";
import { type Judged, judgedOf, resultsJson } from "../json.ts";
import { Progress } from "../progress.ts";
import { loadModels, runtimeNames } from "../registry.ts";
import { metricsReport } from "../report/metrics.ts";
import { studyReport } from "../report/study.ts";
import { runOptions, optionsOf, parametersOf, runtimesOf } from "../settings.ts";
import { Shell } from "../shell.ts";
import { failures, prepare, simulate, type Study } from "../study.ts";
import { groupOption, ofWorkload, subjectsOf } from "../subject.ts";
import { Outputs } from "../outputs.ts";

export const compare = command(
  "compare",
  {
    workloads: manyArguments(
      "WORKLOAD|FILE",
      "what to run; without one, the tour: six workloads that show the most",
    ),
    group: groupOption,
    runtimes: textOption("runtimes", "A,B", `which models (${runtimeNames.join(",")})`),
    ...runOptions,
    metrics: switchOption("metrics", "queues, switches, steals, wake-ups, rates and tasks left behind, too"),
  },
  Effect.fn(function* (asked) {
    const shell = yield* Shell;
    const runtimes = yield* runtimesOf(asked.runtimes);
    const options = yield* optionsOf(asked.option, runtimes);
    const subjects = yield* subjectsOf(
      asked.workloads,
      asked.group,
      tour.map(({ workload, parameters }) => ofWorkload(workload, parameters)),
    );
    const parameters = yield* parametersOf(
      asked.set,
      subjects.map(({ program }) => program),
    );
    const models = yield* loadModels(runtimes);
    const prepared = yield* Effect.forEach(subjects, (subject) =>
      Effect.forEach(models, (model) =>
        prepare(subject, model, asked, parameters, options[model.name] ?? {}),
      ),
    );
    const progress = new Progress(shell, subjects.length * models.length);
    const outputs = yield* Outputs.open(asked, subjects.length * models.length);
    const broken: string[] = [];
    const judged: Judged[] = [];
    for (const [i, subject] of subjects.entries()) {
      const runs = yield* Effect.forEach(prepared[i]!, (each) => simulate(subject, each, progress));
      const study: Study = { subject, runs };
      yield* outputs.add(study);
      broken.push(...runs.flatMap((run) => failures(subject, run)));
      if (asked.json) judged.push(...runs.map(judgedOf));
      else
        shell.out(
          `${i === 0 ? "" : `\n${shell.paint.dim("─".repeat(80))}\n\n`}${studyReport(study, shell.paint)}`,
        );
      if (asked.metrics && !asked.json) shell.out(`${metricsReport(runs, shell.paint).join("\n")}\n`);
    }
    yield* outputs.close();
    if (asked.json) shell.out(resultsJson(judged));
    if (asked.check && broken.length > 0) yield* Effect.fail(new Differs({ message: broken.join("\n") }));
  }),
).pipe(
  withDescription("The same workloads on each runtime model, side by side: what differs, and why."),
  withExamples([
    { command: "orrery compare", description: "the tour: six workloads on four models" },
    { command: "orrery compare cpu-hog --set hogs=8 --cores 2" },
    { command: "orrery compare file-pool --option node.UV_THREADPOOL_SIZE=16" },
    { command: "orrery compare --group resilience", description: "all workloads of a group" },
    { command: "orrery compare spawn-order --json | jq '.runs[].log[].text'" },
    {
      command: "orrery compare cpu-hog sleepers --html report.html",
      description: "a page with lanes on one time axis",
    },
    { command: "orrery show ping-pong --as json | orrery compare - --set rounds=10" },
  ]),
);
