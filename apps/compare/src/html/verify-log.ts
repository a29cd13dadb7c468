/** Both logs in a table with a column per task: whose turn it was is seen at a glance. */
import type { LogLine, RunResult } from "@orrery/runtime";
import { plural } from "../text.ts";
import { escape, table } from "./escape.ts";

/** Lines shown before and after the first difference. */
const AROUND = 8;
/** Lines shown where there is no difference to look at. */
const SHOWN = 40;
/** Beyond, a column per task is no help: then there is one for each side, with the task before the text. */
const MOST_TASKS = 8;

/** The lines around `at`, the first that differs; those from the first on without one. */
export function logTable(model: RunResult, real: RunResult, at: number | null): string {
  const lines = Math.max(model.log.length, real.log.length);
  if (lines === 0) return "";
  const first = at === null ? 0 : Math.max(0, at - AROUND);
  const end = Math.min(lines, at === null ? SHOWN : at + AROUND + 1);
  const sides = [model, real].map(({ log }) => log.slice(first, end));
  const tasks = [...new Set(sides.flat().map(({ task }) => task))];
  const columns = tasks.length > MOST_TASKS ? [null] : tasks;
  const head = ["model", "real"].flatMap((side, s) =>
    columns.map((task) => `<span class="name s${s}">${side}</span> ${escape(task ?? "")}`),
  );
  const rows = Array.from({ length: end - first }, (_, i) => {
    const cells = sides.flatMap((log) => columns.map((task) => escape(cellOf(log[i], task))));
    const row = [String(first + i + 1), ...cells];
    return first + i === at ? row.map((cell) => `<strong class="bad">${cell}</strong>`) : row;
  });
  const shown = table(
    at === null ? "Log" : `Log around line ${at + 1}, the first that differs`,
    ["line", ...head],
    rows,
  );
  const more = lines - end;
  return more === 0 ? shown : `${shown}<p class="dim">and ${plural(more, "more line")}</p>`;
}

function cellOf(line: LogLine | undefined, task: string | null): string {
  if (line === undefined) return "";
  if (task === null) return `${line.task} ${line.text}`;
  return line.task === task ? line.text : "";
}
