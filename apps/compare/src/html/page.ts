/** One self-contained page: tables, reasons, lanes on one time axis, distributions. No network, no other file. */
import { formatDuration } from "@orrery/program";
import { latenciesOf } from "../folds/latency.ts";
import { failures, type Run, type Study } from "../study.ts";
import { bytes, duration, plural, whole } from "../text.ts";
import { why } from "../why.ts";
import { cdf } from "./cdf.ts";
import { client } from "./client.ts";
import { escape, scriptJson, table } from "./escape.ts";
import { type LanesData, lanesData } from "./lane-data.ts";
import { style } from "./style.ts";

/** Slices on the whole page; beyond, short neighbours are merged. */
const MOST_SLICES = 200_000;
const SHOWN_LOG = 200;
const SHOWN_DIAGNOSTICS = 10;

export class Page {
  private readonly sections: string[] = [];
  private readonly contents: string[] = [];
  private readonly slicesPerRun: number;

  /** `runs`: how many there will be in all. */
  constructor(runs: number) {
    this.slicesPerRun = Math.floor(MOST_SLICES / Math.max(1, runs));
  }

  add({ subject, runs }: Study): void {
    const { workload, program } = subject;
    const id = `w${this.contents.length}`;
    const lanes = runs.map((run) => lanesData(run, this.slicesPerRun));
    this.contents.push(`<li><a href="#${id}">${escape(program.name)}</a></li>`);
    this.sections.push(
      [
        `<section id="${id}" aria-labelledby="${id}-h">`,
        `<h2 id="${id}-h">${workload === null ? "" : `${workload.id} `}${escape(program.name)}</h2>`,
        `<p>${escape(workload?.question ?? program.doc)}</p>`,
        `<p class="dim">${escape(settings(runs[0]!, program.params))}</p>`,
        outcomes(runs),
        "<h3>Why</h3>",
        ...runs.map(
          (run, i) =>
            `<p>${named(run, i)}</p><ul class="why">${why(run)
              .map((sentence) => `<li>${escape(sentence)}</li>`)
              .join("")}</ul>`,
        ),
        lanesFigure(id, lanes),
        ...measures(runs),
        logs(runs),
        ...runs.map(diagnosed),
        expected(subject, runs),
        "</section>",
      ].join("\n"),
    );
  }

  html(): string {
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orrery: runtimes compared</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<h1>Orrery: runtimes compared</h1>
<p class="dim">Every run is simulated: the same program, the same machine, each runtime's own scheduler. Times are virtual.</p>
<nav aria-label="Workloads"><ul>${this.contents.join("")}</ul></nav>
<main>
${this.sections.join("\n")}
</main>
<script>(${client.toString()})();</script>
</body>
</html>
`;
  }
}

function settings({ result }: Run, params: Study["subject"]["program"]["params"]): string {
  const set = Object.entries(result.parameters).map(([name, value]) => {
    const isDuration = params.some((param) => param.name === name && param.type === "dur");
    return `${name} ${isDuration ? formatDuration(value as number) : String(value)}`;
  });
  return [...set, `${result.cores} cores`, `seed ${result.seed}`, `costs ${result.profile}`].join(", ");
}

const named = (run: Run, i: number): string => `<span class="name s${i}">${escape(run.model.title)}</span>`;

function bar(value: number, most: number, series: number): string {
  const width = most > 0 ? Math.max(0, (value / most) * 12) : 0;
  return `<span class="bar s${series}" style="width:${width.toFixed(2)}rem"></span>`;
}

function outcomes(runs: readonly Run[]): string {
  const most = Math.max(...runs.map(({ result }) => result.makespanNs));
  return table(
    "Outcomes",
    ["runtime", "outcome", "makespan", "", "tasks", "steps", "memory", "options", "trace"],
    runs.map((run, i) => {
      const { outcome, makespanNs, tasks, events, memory, options, traceHash } = run.result;
      return [
        named(run, i),
        `<span class="${outcome === "completed" ? "" : "bad"}">${outcome}</span>`,
        duration(makespanNs),
        bar(makespanNs, most, i),
        whole(tasks.spawned),
        whole(events),
        bytes(memory.peakBytes),
        escape(
          Object.entries(options)
            .map(([name, value]) => `${name}=${String(value)}`)
            .join(" "),
        ),
        `<code>${traceHash}</code>`,
      ];
    }),
    [2, 4, 5, 6],
  );
}

function lanesFigure(id: string, lanes: readonly LanesData[]): string {
  const merged = lanes.filter(({ mergedBelowNs }) => mergedBelowNs > 0);
  const note =
    merged.length === 0
      ? ""
      : `<p class="dim">Short neighbouring slices are merged to keep the page usable: ${merged
          .map(
            ({ title, slices, kept, mergedBelowNs }) =>
              `${escape(title)} ${whole(slices)} slices in ${whole(kept)} (below ${duration(mergedBelowNs)})`,
          )
          .join("; ")}.</p>`;
  const label =
    `Lanes of ${lanes.map(({ title }) => title).join(", ")} on one time axis. Arrow keys move from slice to slice, ` +
    "shift with an arrow pans, plus and minus zoom, zero shows everything.";
  return [
    "<h3>Lanes</h3>",
    "<div>",
    '<div class="tools"><button type="button" data-zoom="0.5" aria-label="zoom in">+</button>',
    '<button type="button" data-zoom="2" aria-label="zoom out">−</button>',
    '<button type="button" data-zoom="0">all</button>',
    '<span class="dim">drag to pan, double-click or ctrl+wheel to zoom; hatched: blocking call; thin: callback; low: many short slices</span></div>',
    `<div class="lanes" data-source="${id}-data"><canvas tabindex="0" role="application" aria-label="${escape(label)}"></canvas>`,
    '<div class="tip" hidden></div></div>',
    '<ul class="legend procs"></ul><p class="told mono" aria-live="polite"></p>',
    `<script type="application/json" id="${id}-data">${scriptJson(lanes)}</script>`,
    note,
    ...lanes.map(longest),
    "</div>",
  ].join("\n");
}

const LONGEST = 12;

/** The longest slices as a table: the lanes for those who do not see them. */
function longest({ title, lanes, tasks, reasons }: LanesData): string {
  const all = lanes.flatMap((lane) => {
    let at = 0;
    return lane.ns.map((ns, i) => {
      const start = at + lane.gap[i]!;
      at = start + ns;
      return { lane, i, ns, start };
    });
  });
  const shown = all
    .filter(({ lane, i }) => lane.state[i]! < 2)
    .sort((a, b) => b.ns - a.ns || a.start - b.start)
    .slice(0, LONGEST);
  if (shown.length === 0) return "";
  const rows = shown.map(({ lane, i, ns, start }) => [
    escape(tasks[lane.task[i]!]!),
    lane.label,
    duration(start),
    duration(ns),
    escape(reasons[lane.why[i]!]!),
    escape(reasons[lane.end[i]!]!),
  ]);
  const head = ["task", "where", "start", "duration", "because", "until"];
  return `<details><summary>Longest slices of ${escape(title)}</summary>${table(`Longest slices of ${escape(title)}`, head, rows, [2, 3])}</details>`;
}

function measures(runs: readonly Run[]): readonly string[] {
  const names = [...new Set(runs.flatMap(({ result }) => Object.keys(result.marks)))];
  const counts = [...new Set(runs.flatMap(({ result }) => Object.keys(result.counts)))];
  const rows = names.flatMap((name) =>
    runs.flatMap((run, i) => {
      const summary = run.result.marks[name];
      if (summary === undefined) return [];
      const { count, minNs, meanNs, p50Ns, p90Ns, p99Ns, maxNs } = summary;
      const times = [minNs, meanNs, p50Ns, p90Ns, p99Ns, maxNs].map(duration);
      return [[`${escape(name)}`, named(run, i), whole(count), ...times]];
    }),
  );
  const waits = cdf(
    "Wait for a processor: from ready to running",
    runs.map((run) => ({ name: run.model.title, samples: latenciesOf(run.trace).samples })),
  );
  const curves = names.map((name) =>
    cdf(
      name,
      runs.map((run) => ({ name: run.model.title, samples: run.samples.get(name) ?? [] })),
    ),
  );
  return [
    ...(rows.length === 0
      ? []
      : [
          "<h3>Measures</h3>",
          table(
            "Marks and measures",
            ["name", "runtime", "n", "min", "mean", "p50", "p90", "p99", "max"],
            rows,
            [2, 3, 4, 5, 6, 7, 8],
          ),
        ]),
    ...(counts.length === 0
      ? []
      : [
          table(
            "Counts",
            ["name", ...runs.map((run) => escape(run.model.title))],
            counts.map((name) =>
              [escape(name)].concat(runs.map((run) => whole(run.result.counts[name] ?? 0))),
            ),
            runs.map((_, i) => i + 1),
          ),
        ]),
    "<h3>Distributions</h3>",
    ...[...curves, waits].filter((curve) => curve !== null),
  ];
}

function logs(runs: readonly Run[]): string {
  const longest = Math.max(...runs.map(({ result }) => result.log.length));
  if (longest === 0) return "";
  const rows = Array.from({ length: Math.min(longest, SHOWN_LOG) }, (_, line) => [
    String(line + 1),
    ...runs.map(({ result }) => escape(result.log[line]?.text ?? "")),
  ]);
  const more =
    longest > SHOWN_LOG ? `<p class="dim">and ${plural(longest - SHOWN_LOG, "more line")}</p>` : "";
  const head = ["line", ...runs.map((run) => escape(run.model.title))];
  return `<details open><summary>Log</summary>${table("Lines of the log, side by side", head, rows)}${more}</details>`;
}

function diagnosed(run: Run, i: number): string {
  const { diagnostics, detail, scheduler } = run.result;
  const said = diagnostics
    .slice(0, SHOWN_DIAGNOSTICS)
    .map(({ kind, text }) => `<p class="dim">${escape(kind)}</p><pre>${escape(text)}</pre>`);
  const blocked =
    detail === null || typeof detail === "string"
      ? detail === null
        ? ""
        : `<p class="bad">${escape(detail)}</p>`
      : table(
          detail.cycle.length > 0 ? "Waits in a circle" : "Waits for ever",
          ["task", "waits for"],
          (detail.cycle.length > 0 ? detail.cycle : detail.blocked)
            .slice(0, SHOWN_LOG)
            .map(({ task, waitingFor }) => [escape(task), escape(waitingFor)]),
        );
  const counters = table(
    "Counters in the runtime's own words",
    ["counter", "value"],
    Object.entries(scheduler).map(([name, value]) => [escape(name), whole(value)]),
    [1],
  );
  return `<details><summary>${named(run, i)}: ${blocked === "" && said.length === 0 ? "counters" : "what it says, counters"}</summary>${blocked}${said.join("")}${counters}</details>`;
}

function expected(subject: Study["subject"], runs: readonly Run[]): string {
  const checked = runs.reduce((sum, run) => sum + run.expected, 0);
  const broken = runs.flatMap((run) => failures(subject, run));
  if (checked === 0 && broken.length === 0) return "";
  const held = checked - runs.reduce((sum, { violations }) => sum + violations.length, 0);
  const items = broken.map((each) => `<li class="bad">${escape(each)}</li>`);
  const tally =
    checked === 0
      ? ""
      : `<p class="${held === checked ? "good" : "bad"}">Expectations: ${held} of ${checked} hold.</p>`;
  return `${tally}${items.length > 0 ? `<ul>${items.join("")}</ul>` : ""}`;
}
