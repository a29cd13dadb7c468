/** What `orrery verify --figures` tells: prediction beside reality, on a terminal and as a page of docs. */
import { errorsOf, type FiguresResult, type MemoryResult } from "@orrery/verify";
import { duration, left, right } from "../text.ts";

const percent = (error: number): string => `${error > 0 ? "+" : ""}${(100 * error).toFixed(1)} %`;
const size = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** `go       thread-ring            40.1 ms   40.3 ms   -0.5 %` */
export function figuresLine({ runtime, name, model, real, error, why }: FiguresResult): string {
  const first = `${left(runtime, 9)}${left(name, 22)}`;
  if (real === null || error === null) return `${first} ${why}`;
  return `${first}${right(duration(model.makespanNs), 10)}${right(duration(real.medianNs), 10)}${right(percent(error), 10)}`;
}

/** The tables of docs/fidelity.md. */
export function fidelityPage(
  figures: readonly FiguresResult[],
  memory: readonly MemoryResult[],
  profile: string,
): string {
  const told = figures.filter(({ error }) => error !== null);
  const errors = told.map(({ error }) => error!);
  const { median, worst } = errorsOf(errors);
  const runtimes = [...new Set(told.map(({ runtime }) => runtime))];
  const summary = runtimes.map((runtime) => {
    const own = errorsOf(told.filter((each) => each.runtime === runtime).map(({ error }) => error!));
    return `| ${runtime} | ${(100 * own.median).toFixed(1)} % | ${(100 * own.worst).toFixed(1)} % |`;
  });
  const rows = told.map(
    ({ runtime, name, model, real, error }) =>
      `| ${name} | ${runtime} | ${duration(model.makespanNs)} | ${duration(real!.medianNs)} | ${percent(error!)} | ${duration(real!.firstNs)} | ${marksOf(model.marks, real!.marks)} |`,
  );
  const left = figures.filter(({ error }) => error === null);
  return [
    "# Fidelity: predicted and measured",
    "",
    "Made by `orrery verify --figures --profile FILE --markdown docs/fidelity.md`, FILE being what `orrery calibrate --out FILE` measured",
    "on the same computer just before. Nothing is tuned by hand: calibration knows probes of single primitives, not these workloads.",
    "Everything runs on one processor where a runtime has a choice. *Measured* is the median of the later half of many runs in one",
    "process; *first* is the first run of that process, cold. A mark is told as p50 / p99, predicted against measured.",
    "",
    `Cost profile: ${profile}. Absolute error of the makespan over ${errors.length} pairs of workload and runtime: median ${(100 * median).toFixed(1)} %, worst ${(100 * worst).toFixed(1)} %.`,
    "",
    "| runtime | median error | worst |",
    "| --- | --- | --- |",
    ...summary,
    "",
    "## Makespan",
    "",
    "| workload | runtime | predicted | measured | error | first | marks |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    ...(left.length === 0
      ? []
      : [
          "",
          ...left.map(({ runtime, name, why }) => `No figures of ${name} on ${runtime}: ${firstLine(why)}.`),
        ]),
    ...(memory.length === 0
      ? []
      : [
          "",
          "## Memory of sleeping tasks",
          "",
          "Peak resident memory; calibration has measured 50,000 and 400,000 of them. Java's heap grows only by what survives a",
          "collection (the serial collector, a young generation of 32 MiB): how much more a collector takes is no matter of the tasks.",
          "",
          "| runtime | tasks | predicted | measured | error |",
          "| --- | --- | --- | --- | --- |",
          ...memory.map(
            ({ runtime, tasks, modelBytes, realBytes, error }) =>
              `| ${runtime} | ${tasks} | ${size(modelBytes)} | ${size(realBytes)} | ${percent(error)} |`,
          ),
        ]),
    "",
  ].join("\n");
}

const firstLine = (text: string): string => text.split("\n", 1)[0]!;

function marksOf(model: FiguresResult["model"]["marks"], real: FiguresResult["model"]["marks"]): string {
  return Object.entries(model)
    .filter(([name]) => real[name] !== undefined)
    .map(([name, predicted]) => {
      const measured = real[name]!;
      return `${name} ${duration(predicted.p50Ns)} / ${duration(predicted.p99Ns)} against ${duration(measured.p50Ns)} / ${duration(measured.p99Ns)}`;
    })
    .join("; ");
}
