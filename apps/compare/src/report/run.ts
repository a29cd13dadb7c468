/** What `orrery run` adds for one model: its own counters, what the machine did, tiers of operations. */
import type { Run } from "../study.ts";
import { bytes, duration, left, type Paint, percent, plural, right, whole, WIDTH, wrap } from "../text.ts";

export function runDetails({ model, result, trace }: Run, paint: Paint): string {
  const { scheduler, machine, memory, tasks, tiers } = result;
  const busy = machine.coreBusyNs.map((ns, core) => `core ${core} ${percent(ns, result.makespanNs)}`);
  const emulated = Object.entries(tiers)
    .filter(([, tier]) => tier === "emulated")
    .map(([op]) => op);
  const facts: readonly (readonly [string, string])[] = [
    [
      "tasks",
      `${whole(tasks.spawned)} spawned, ${whole(tasks.completed)} completed, ${whole(tasks.failed)} failed, ` +
        `${whole(tasks.cancelled)} cancelled`,
    ],
    ["machine", `${busy.join(", ")}; ${plural(machine.threadsPeak, "thread")} at the peak`],
    ["memory", `${bytes(memory.peakBytes)} at the peak, ${bytes(memory.bytesPerTask)} a task`],
    [
      "run",
      `${plural(result.events, "step")} of the machine, ${plural(result.decisions, "decision")}, ` +
        `${plural(trace.length, "event")} in the trace`,
    ],
    ...(emulated.length === 0
      ? []
      : [["emulated", `${emulated.join(", ")} (no idiom of ${model.title})`] as const]),
  ];
  return [
    "",
    ...facts.flatMap(([name, text]) => wrap(text, WIDTH, left(name, 10))),
    "",
    paint.bold(`${model.title}'s counters`),
    ...counters(scheduler),
    "",
  ].join("\n");
}

function counters(scheduler: Readonly<Record<string, number>>): readonly string[] {
  const entries = Object.entries(scheduler);
  const cells = entries.map(
    ([name, value]) =>
      `  ${left(name, 24)}${right(name.endsWith("Ns") ? duration(value) : whole(value), 10)}  `,
  );
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += 2) lines.push(`${cells[i]!}${cells[i + 1] ?? ""}`.trimEnd());
  return lines;
}
