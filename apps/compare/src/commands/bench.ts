/** `orrery bench`: how fast the simulator is here. */
import * as Effect from "effect/Effect";
import * as ChildProcess from "effect/process/ChildProcess";
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner";
import * as Stream from "effect/Stream";
import { alone, type Figure, perModel } from "../bench/tasks.ts";
import { command, switchOption, textsOption, withDescription, withExamples } from "../command-line.ts";
import { badInput, unknownName } from "../errors.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { Progress } from "../progress.ts";
import { loadModel, runtimeNames } from "../registry.ts";
import { Shell } from "../shell.ts";
import { bytes, left, right, whole } from "../text.ts";

/** A measurement: of the simulator alone when it names no runtime. */
interface Task {
  readonly runtime: string | null;
  readonly measure: string;
}

const tasks: readonly Task[] = [
  ...Object.keys(alone).map((measure) => ({ runtime: null, measure })),
  ...Object.keys(perModel).flatMap((measure) => runtimeNames.map((runtime) => ({ runtime, measure }))),
];
const parts: readonly string[] = [...Object.keys(alone), ...Object.keys(perModel), ...runtimeNames];

/** The tasks of the named parts: with runtimes and measurements named, those of these on those. */
function chosen(only: readonly string[]): readonly Task[] {
  if (only.length === 0) return tasks;
  const runtimes = only.filter((name) => runtimeNames.includes(name));
  const measures = only.filter((name) => !runtimeNames.includes(name));
  return tasks.filter(
    ({ runtime, measure }) =>
      (measures.length === 0 ? runtime !== null : measures.includes(measure)) &&
      (runtime === null || runtimes.length === 0 || runtimes.includes(runtime)),
  );
}

const words = ({ runtime, measure }: Task): readonly string[] =>
  runtime === null ? [measure] : [runtime, measure];

/** Measures in this process. */
const measureHere = Effect.fnUntraced(function* ({ runtime, measure }: Task) {
  const measured = runtime === null ? alone[measure]!() : perModel[measure]!(yield* loadModel(runtime));
  // maxRSS is in KiB.
  return { ...measured, peakBytes: process.resourceUsage().maxRSS * 1024 } as Figure;
});

/** Measures in a process of its own: this command once more, for one part. */
const measureInChild = Effect.fnUntraced(
  function* (task: Task) {
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner;
    const only = words(task).flatMap((part) => ["--only", part]);
    const args = [...process.execArgv, process.argv[1]!, "bench", ...only, "--here", "--json"];
    const handle = yield* spawner.spawn(ChildProcess.make(process.execPath, args));
    const [said, complaint, status] = yield* Effect.all(
      [
        handle.stdout.pipe(Stream.decodeText(), Stream.mkString),
        handle.stderr.pipe(Stream.decodeText(), Stream.mkString),
        handle.exitCode,
      ],
      { concurrency: "unbounded" },
    );
    if (status !== 0) return yield* Effect.die(new Error(`bench ${words(task).join(" ")}: ${complaint}`));
    return (JSON.parse(said) as { readonly figures: readonly Figure[] }).figures[0]!;
  },
  Effect.scoped,
  Effect.orDie,
);

export const bench = command(
  "bench",
  {
    only: textsOption("only", "PART", `a part of it: ${parts.join(", ")}; repeatable`),
    here: switchOption("here", "measures in this process, not each part in one of its own"),
    json: switchOption("json", "as JSON"),
  },
  Effect.fn(function* ({ only, here, json }) {
    const shell = yield* Shell;
    const wrong = only.find((name) => !parts.includes(name));
    if (wrong !== undefined) yield* Effect.fail(badInput(`--only: ${unknownName("part", wrong, parts)}`));
    const selected = chosen(only);
    const progress = new Progress(shell, selected.length);
    const figures: (Task & Figure)[] = [];
    for (const task of selected) {
      progress.begin(`${task.measure}${task.runtime === null ? "" : ` on ${task.runtime}`}`);
      const figure = yield* here ? measureHere(task) : measureInChild(task);
      progress.end();
      figures.push({ ...task, ...figure });
      if (!json) shell.out(`${line(task, figure)}\n`);
    }
    if (json) shell.out(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, figures }, null, 2)}\n`);
  }),
).pipe(
  withDescription(
    "How fast the simulator is on this computer. Each measurement has a process of its own; transitions are switches from task to task, timed with the trace off.",
  ),
  withExamples([
    { command: "orrery bench" },
    { command: "orrery bench --only go", description: "everything of one model" },
    { command: "orrery bench --only sleepers --only node", description: "a million sleepers on one model" },
    { command: "orrery bench --only event-queue --json" },
  ]),
);

function line({ runtime, measure }: Task, { value, unit, of, detail, peakBytes }: Figure): string {
  const figure = unit === "seconds" ? `${value.toFixed(2)} s` : `${whole(value)}/s`;
  const what = unit === "seconds" ? `${detail}, ${bytes(peakBytes)} at the peak` : of;
  return `${left(measure, 13)}${left(runtime ?? "", 9)}${right(figure, 15)}  ${what}`;
}
