/** `--metrics`: built-in figures of each run, folds over its trace, side by side. */
import { concurrencyOf } from "../folds/concurrency.ts";
import { latenciesOf } from "../folds/latency.ts";
import { leaksOf } from "../folds/leaks.ts";
import { ratesOf } from "../folds/rates.ts";
import { switchesOf } from "../folds/switches.ts";
import { syscallsOf } from "../folds/syscalls.ts";
import { utilisationOf } from "../folds/utilisation.ts";
import type { Run } from "../study.ts";
import { duration, fit, left, type Paint, right, whole, WIDTH } from "../text.ts";

const NAME = 24;

export function metricsReport(runs: readonly Run[], paint: Paint): readonly string[] {
  const columns = Math.floor((WIDTH - NAME) / runs.length);
  const all = runs.map((run) => metricsOf(run));
  const names = [...new Set(all.flatMap((metrics) => [...metrics.keys()]))];
  const heads = runs.map(({ model }, i) => paint.series(i, right(model.name, columns)));
  return [
    "",
    `${paint.bold(left("metric", NAME))}${heads.join("")}`,
    ...names.map((name) => {
      const figures = all.map((metrics) => right(metrics.get(name) ?? "-", columns));
      return `${left(fit(name, NAME - 1), NAME)}${figures.join("")}`;
    }),
  ];
}

/** By name, in the order in which they are told. */
function metricsOf({ result, trace, lanes }: Run): ReadonlyMap<string, string> {
  const { makespanNs } = result;
  const { ready, running, waiting, alive } = concurrencyOf(trace, makespanNs);
  const { switches, preemptions, stolen, wakeUps } = switchesOf(trace);
  const latencies = latenciesOf(trace).samples.toSorted();
  const latency = (share: number): string =>
    latencies.length === 0 ? "-" : duration(latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)]!);
  return new Map([
    ["utilisation", share(utilisationOf(lanes, makespanNs))],
    ["run queue, average", average(ready.average)],
    ["run queue, most", whole(ready.most)],
    ["running, average", average(running.average)],
    ["waiting, average", average(waiting.average)],
    ["waiting, most", whole(waiting.most)],
    ["tasks alive, most", whole(alive.most)],
    ["context switches", whole(switches)],
    ["preemptions", whole(preemptions)],
    ["tasks stolen", whole(stolen)],
    ["wake-ups", whole(wakeUps)],
    ["blocking calls, most", whole(syscallsOf(trace).most)],
    ["ready to running, p50", latency(0.5)],
    ["ready to running, p99", latency(0.99)],
    ["ready to running, max", latency(1)],
    ...ratesOf(result).map(({ name, perSecond }) => [`${name} a second`, average(perSecond)] as const),
    ...leaksOf(result).map(({ waitingFor, count }) => [`left: ${waitingFor}`, whole(count)] as const),
  ]);
}

const share = (part: number): string => `${(part * 100).toFixed(1)} %`;
const average = (value: number): string => (value >= 1000 ? whole(Math.round(value)) : value.toFixed(2));
