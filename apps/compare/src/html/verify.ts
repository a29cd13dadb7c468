/** One self-contained page of what `orrery verify` found: each result, model and real side by side. No other file. */
import { formatDuration } from "@orrery/program";
import type { RunResult } from "@orrery/runtime";
import { judge, type NativeResult, type VerifyResult } from "@orrery/verify";
import { find } from "@orrery/workloads";
import { bytes, duration, plural, whole } from "../text.ts";
import { escape, table } from "./escape.ts";
import { style } from "./style.ts";
import { logTable } from "./verify-log.ts";

export type Result = VerifyResult | NativeResult;

const MODEL = '<span class="name s0">model</span>';
const REAL = '<span class="name s1">real</span>';

export function verifyPage(results: readonly Result[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orrery: models and real runtimes</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>Orrery: models and real runtimes</h1>
<p class="dim">The same programs on the models and on the real runtimes. Times of a model are virtual, those of a real run are this computer's.</p>
<p>${tally(results)}</p>
<main>
${overview(results)}
${results.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function tally(results: readonly Result[]): string {
  const count = (verdict: Result["verdict"]): number =>
    results.filter((result) => result.verdict === verdict).length;
  return `${plural(results.length, "result")}: ${count("agree")} agree, ${count("differ")} differ, ${count("skipped")} skipped.`;
}

function overview(results: readonly Result[]): string {
  const rows = results.map((result, i) => {
    const { name, runtime, level, why } = result;
    const runs = runsOf(result);
    const times =
      runs === null
        ? ["", "", ""]
        : [
            ...runs.map(({ makespanNs }) => known(makespanNs, duration)),
            ratio(runs.map((run) => run.makespanNs)),
          ];
    return [
      `<a href="#r${i}">${escape(name)}</a>`,
      escape(runtime),
      level,
      verdictOf(result),
      ...times,
      escape(why),
    ];
  });
  const head = ["name", "runtime", "level", "verdict", MODEL, REAL, "real / model", "why"];
  return table("Results, with the makespans of both", head, rows, [4, 5, 6]);
}

function section(result: Result, i: number): string {
  const { name, runtime, level, why } = result;
  const runs = runsOf(result);
  return [
    `<section id="r${i}" aria-labelledby="r${i}-h">`,
    `<h2 id="r${i}-h">${escape(name)} on ${escape(runtime)}</h2>`,
    `<p>${level}: ${verdictOf(result)}${why === "" ? "" : `. ${escape(why)}`}</p>`,
    ...(runs === null ? [] : compared(runs, result as VerifyResult)),
    ...(result.kind === "native" ? outputs(result) : []),
    "</section>",
  ].join("\n");
}

function verdictOf({ verdict }: Result): string {
  const colour = { agree: "good", differ: "bad", skipped: "dim" }[verdict];
  return `<span class="${colour}">${verdict}</span>`;
}

type Both = readonly [model: RunResult, real: RunResult];

/** Both runs of a result, where there are two. */
function runsOf(result: Result): Both | null {
  if (result.kind === "native" || result.model === null || result.real === null) return null;
  return [result.model, result.real];
}

function compared(runs: Both, { level, verdict, line, origin }: VerifyResult): readonly string[] {
  const [model, real] = runs;
  const at = level === "O1" && verdict === "differ" ? judge(level, null, [model], real).line : undefined;
  const rule =
    line === undefined || origin === undefined || origin === null
      ? ""
      : `<p>Line ${line + 1} of the model: statement ${escape(origin.statement)}, its task ran by "${escape(origin.reason)}".</p>`;
  return [
    `<p class="dim">${escape(settings(runs))}</p>`,
    figures(runs),
    marks(runs),
    logTable(model, real, at ?? null),
    rule,
  ];
}

function settings([model, real]: Both): string {
  const params = find(model.workload)?.program.params ?? [];
  const isDuration = (name: string): boolean =>
    params.some((param) => param.name === name && param.type === "dur");
  return [
    `model of ${model.version}, real ${real.version}`,
    ...Object.entries(model.parameters).map(
      ([name, value]) => `${name} ${isDuration(name) ? formatDuration(value as number) : String(value)}`,
    ),
    ...Object.entries(model.options).map(([name, value]) => `${name} ${String(value)}`),
    `${model.cores} cores`,
    `seed ${model.seed}`,
  ].join(", ");
}

function figures(runs: Both): string {
  const counted = [...new Set(runs.flatMap(({ counts }) => Object.keys(counts)))];
  const row = (name: string, values: readonly number[], told: (value: number) => string): string[] => [
    escape(name),
    ...values.map(told),
    ratio(values),
  ];
  return table(
    "Figures",
    ["figure", MODEL, REAL, "real / model"],
    [
      ["outcome", ...runs.map(({ outcome }) => outcome), ""],
      row(
        "makespan",
        runs.map(({ makespanNs }) => makespanNs),
        (ns) => known(ns, duration),
      ),
      row(
        "peak memory",
        runs.map(({ memory }) => memory.peakBytes),
        (size) => known(size, bytes),
      ),
      ...counted.map((name) =>
        row(
          name,
          runs.map(({ counts }) => counts[name] ?? 0),
          whole,
        ),
      ),
    ],
    [1, 2, 3],
  );
}

/** Empty where nothing is known: a process that dies of a deadlock tells no makespan, one that is too quick no memory. */
const known = (value: number, told: (value: number) => string): string => (value === 0 ? "" : told(value));

const ratio = ([model, real]: readonly number[]): string =>
  model! > 0 && real! > 0 ? (real! / model!).toPrecision(3) : "";

function marks(runs: Both): string {
  const names = [...new Set(runs.flatMap(({ marks }) => Object.keys(marks)))];
  if (names.length === 0) return "";
  const rows = names.flatMap((name) =>
    runs.map(({ marks, source }) => {
      const side = source === "model" ? MODEL : REAL;
      const summary = marks[name];
      if (summary === undefined) return [escape(name), side, "0", "", "", "", ""];
      const { count, p50Ns, p90Ns, p99Ns, maxNs } = summary;
      return [escape(name), side, whole(count), ...[p50Ns, p90Ns, p99Ns, maxNs].map(duration)];
    }),
  );
  return table("Marks and measures", ["name", "", "n", "p50", "p90", "p99", "max"], rows, [2, 3, 4, 5, 6]);
}

/** What a conformance program prints, and its port on the model. */
function outputs({ model, real }: NativeResult): readonly string[] {
  const shown = (title: string, text: string): string => `<p>${title}</p><pre>${escape(text)}</pre>`;
  return [
    ...(model === null ? [] : [shown(MODEL, model.output)]),
    ...(real?.outputs ?? []).map((text) => shown(`${REAL}, recorded on ${escape(real!.version)}`, text)),
    ...(real === null || real.now === null ? [] : [shown(`${REAL}, now`, real.now)]),
  ];
}
