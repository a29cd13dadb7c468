/** The report of one program on several models, for a terminal of 80 columns. */
import { formatDuration, type Param, type ParamValue } from "@orrery/program";
import type { Deadlock } from "@orrery/runtime";
import { fairness } from "../fairness.ts";
import { failures, type Run, type Study } from "../study.ts";
import { bar, duration, fit, left, type Paint, right, whole, WIDTH, wrap } from "../text.ts";
import { why } from "../why.ts";
import { logTable } from "./log-table.ts";
import { outcomeText } from "./outcome.ts";

const NAME = 8;
const FIGURE = 10;
const COUNT = 16;
const SHOWN_TASKS = 6;

export function studyReport({ subject, runs }: Study, paint: Paint): string {
  const { workload, program } = subject;
  const title = workload === null ? program.name : `${workload.id} ${program.name}`;
  const lines = [
    `${paint.bold(title)}`,
    ...wrap(workload?.question ?? program.doc),
    ...settingsLines(runs, program.params).map(paint.dim),
    "",
    ...outcomes(runs, paint),
    ...marks(runs, paint),
    ...counts(runs, paint),
    ...logTable(runs, paint),
    ...deadlocks(runs, paint),
    ...reasons(runs, paint),
    ...diagnostics(runs, paint),
    ...cautions({ subject, runs }, paint),
    ...expectations(subject, runs, paint),
  ];
  return `${lines.join("\n")}\n`;
}

const runtimeName = (run: Run, runs: readonly Run[], paint: Paint): string =>
  paint.series(runs.indexOf(run), left(run.model.name, NAME));

function paramText(param: Param | undefined, value: ParamValue): string {
  return param?.type === "dur" ? formatDuration(value as number) : String(value);
}

function settingsLines(runs: readonly Run[], params: readonly Param[]): readonly string[] {
  const { parameters, cores, seed, profile } = runs[0]!.result;
  const set = Object.entries(parameters).map(
    ([name, value]) =>
      `${name} ${paramText(
        params.find((each) => each.name === name),
        value,
      )}`,
  );
  const usual = [`${cores} cores`, `seed ${seed}`, `costs ${profile}`];
  const options = runs.flatMap(({ model, result }) =>
    model.options
      .filter(({ name, default: usual }) => {
        const text = usual === "cores" ? String(cores) : usual;
        return String(result.options[name]) !== text;
      })
      .map(({ name }) => `${model.name}.${name} ${String(result.options[name])}`),
  );
  const titles = runs.map(({ model }) => `${model.name} is ${model.title}`);
  return [...wrap([...set, ...usual, ...options].join(", ")), ...wrap(titles.join(", "))];
}

function outcomes(runs: readonly Run[], paint: Paint): readonly string[] {
  const columns = WIDTH - NAME - 15 - FIGURE - 16 - 6;
  const most = Math.max(...runs.map(({ result }) => result.makespanNs));
  const head = `${left("", NAME)}  ${left("outcome", 15)}${right("makespan", FIGURE)}  ${left("", columns)}  trace`;
  return [
    paint.dim(head.trimEnd()),
    ...runs.map((run) => {
      const { outcome, makespanNs, traceHash } = run.result;
      const drawn = left(bar(makespanNs, most, columns), columns);
      const state = left(outcome, 15);
      return [
        `${runtimeName(run, runs, paint)}  `,
        outcome === "completed" ? state : paint.red(state),
        `${right(duration(makespanNs), FIGURE)}  `,
        paint.series(runs.indexOf(run), drawn),
        `  ${paint.dim(traceHash)}`,
      ].join("");
    }),
    ...runs.flatMap((run) => outcomeText(run)),
  ];
}

function marks(runs: readonly Run[], paint: Paint): readonly string[] {
  const names = new Set(runs.flatMap(({ result }) => Object.keys(result.marks)));
  return [...names].flatMap((name) => markTable(name, runs, paint));
}

/** A mark or measure: one figure where there was one sample, else count, median, tail and maximum. */
function markTable(name: string, runs: readonly Run[], paint: Paint): readonly string[] {
  const all = runs.map(({ result }) => result.marks[name]);
  const most = Math.max(...all.map((summary) => summary?.maxNs ?? 0));
  const single = all.every((summary) => summary === undefined || summary.count === 1);
  const columns = WIDTH - NAME - 2 - (single ? FIGURE : 8 + 3 * FIGURE) - 2;
  const head = single
    ? ""
    : right("n", 8) + right("p50", FIGURE) + right("p99", FIGURE) + right("max", FIGURE);
  const row = (run: Run, i: number): string => {
    const summary = all[i];
    if (summary === undefined) return `${runtimeName(run, runs, paint)}  ${right("-", FIGURE)}`;
    const tail = [summary.p50Ns, summary.p99Ns, summary.maxNs];
    const figures = single
      ? right(duration(summary.maxNs), FIGURE)
      : right(whole(summary.count), 8) + tail.map((ns) => right(duration(ns), FIGURE)).join("");
    const drawn = paint.series(i, bar(summary.maxNs, most, columns));
    return `${runtimeName(run, runs, paint)}  ${figures}  ${drawn}`.trimEnd();
  };
  return [
    "",
    head === "" ? paint.bold(name) : `${paint.bold(left(name, NAME))}  ${paint.dim(head)}`,
    ...runs.map(row),
  ];
}

function counts(runs: readonly Run[], paint: Paint): readonly string[] {
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.counts)))];
  if (names.length === 0) return [];
  const columns = Math.floor((WIDTH - COUNT) / runs.length);
  return [
    "",
    `${paint.bold(left("count", COUNT))}${runs.map((run, i) => paint.series(i, right(run.model.name, columns))).join("")}`,
    ...names.map(
      (name) =>
        `${left(name, COUNT)}${runs.map(({ result }) => right(whole(result.counts[name] ?? 0), columns)).join("")}`,
    ),
  ];
}

/** Who waits for whom; runtimes that end in the same state are told together. */
function deadlocks(runs: readonly Run[], paint: Paint): readonly string[] {
  const states = new Map<string, Run[]>();
  for (const run of runs) {
    const { detail } = run.result;
    if (detail === null || typeof detail === "string") continue;
    const state = JSON.stringify(detail);
    const alike = states.get(state);
    if (alike === undefined) states.set(state, [run]);
    else alike.push(run);
  }
  return [...states.values()].flatMap((alike) => {
    const names = alike.map((run) => paint.series(runs.indexOf(run), run.model.name)).join(", ");
    return deadlock(names, alike[0]!.result.detail as Deadlock);
  });
}

function deadlock(names: string, { cycle, blocked }: Deadlock): readonly string[] {
  const tasks = cycle.length > 0 ? cycle : blocked;
  const shown = tasks.slice(0, SHOWN_TASKS);
  const rest = tasks.length - shown.length;
  return [
    "",
    `${names}: ${cycle.length > 0 ? "tasks wait in a circle" : "tasks wait for ever"}`,
    ...shown.flatMap(({ task, waitingFor }) => wrap(`${task}: ${waitingFor}`, WIDTH, "  ")),
    ...(rest > 0 ? [`  and ${whole(rest)} more`] : []),
  ];
}

function reasons(runs: readonly Run[], paint: Paint): readonly string[] {
  const told = runs.flatMap((run, i) => {
    const lines = why(run).flatMap((sentence) => wrap(sentence, WIDTH, " ".repeat(NAME + 2)));
    return lines.map((line, n) =>
      n === 0 ? `${paint.series(i, left(run.model.name, NAME))}${line.slice(NAME)}` : line,
    );
  });
  return told.length === 0 ? [] : ["", paint.bold("why"), ...told];
}

function cautions(study: Study, paint: Paint): readonly string[] {
  const told = fairness(study);
  if (told.length === 0 || study.runs.length < 2) return [];
  return ["", paint.bold("bear in mind"), ...told.flatMap((each) => hanging(each))];
}

/** A sentence that later lines are indented under. */
function hanging(sentence: string): readonly string[] {
  return wrap(sentence, WIDTH - 2).map((line, n) => (n === 0 ? `- ${line}` : `  ${line}`));
}

const SHOWN_DIAGNOSTICS = 3;
const SHOWN_LINES = 6;

function diagnostics(runs: readonly Run[], paint: Paint): readonly string[] {
  return runs.flatMap((run) => {
    const all = run.result.diagnostics;
    if (all.length === 0) return [];
    const rest = all.length - SHOWN_DIAGNOSTICS;
    return [
      "",
      `${paint.series(runs.indexOf(run), run.model.name)} says`,
      ...all.slice(0, SHOWN_DIAGNOSTICS).flatMap(({ text }) => quoted(text)),
      ...(rest > 0 ? [`  and ${whole(rest)} more`] : []),
    ];
  });
}

function quoted(text: string): readonly string[] {
  const lines = text.trimEnd().split("\n");
  const rest = lines.length - SHOWN_LINES;
  return [
    ...lines.slice(0, SHOWN_LINES).map((line) => `  | ${fit(line.replaceAll("\t", "    "), WIDTH - 4)}`),
    ...(rest > 0 ? [`  | ... ${whole(rest)} more lines`] : []),
  ];
}

function expectations(subject: Study["subject"], runs: readonly Run[], paint: Paint): readonly string[] {
  const checked = runs.reduce((sum, { expected }) => sum + expected, 0);
  const broken = runs.flatMap((run) => failures(subject, run));
  if (checked === 0 && broken.length === 0) return [];
  const held = checked - runs.reduce((sum, { violations }) => sum + violations.length, 0);
  const tally = `expectations: ${held} of ${checked} hold`;
  return [
    "",
    ...(checked === 0 ? [] : [held === checked ? paint.green(tally) : paint.red(tally)]),
    ...broken.flatMap((each) => wrap(each, WIDTH, "  ")),
  ];
}
