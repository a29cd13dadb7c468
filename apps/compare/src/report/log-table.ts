/** Logs side by side, a column per runtime, when they are short; and why the first line that differs came where it did. */
import { logOrigins } from "@orrery/runtime";
import type { Run } from "../study.ts";
import { fit, left, type Paint, whole, WIDTH, wrap } from "../text.ts";

const MOST_LINES = 24;

export function logTable(runs: readonly Run[], paint: Paint): readonly string[] {
  const logs = runs.map(({ result }) => result.log.map(({ text }) => text));
  const longest = Math.max(...logs.map((log) => log.length));
  if (longest === 0) return [];
  const differs = firstDifference(logs);
  const same = runs.length > 1 && differs < 0;
  if (same || runs.length === 1) return ["", ...oneLog(logs[0]!, same, paint)];
  const columns = Math.floor((WIDTH - 4) / runs.length) - 1;
  const from = longest <= MOST_LINES ? 0 : Math.max(0, differs - 2);
  const to = Math.min(longest, from + MOST_LINES);
  const heads = runs.map(({ model }, i) =>
    paint.series(i, i === runs.length - 1 ? model.name : left(model.name, columns)),
  );
  const lines = ["", `${paint.bold("log")} ${heads.join(" ")}`];
  if (from > 0) lines.push(paint.dim(`    ${whole(from)} lines alike`));
  for (let line = from; line < to; line++) {
    const cells = logs.map((log) => left(log[line] ?? "", columns)).join(" ");
    const row = `${String(line + 1).padStart(3)} ${cells}`.trimEnd();
    lines.push(line === differs ? paint.bold(row) : row);
  }
  if (to < longest) lines.push(paint.dim(`    ${whole(longest - to)} more lines`));
  return [...lines, ...whyDiffers(runs, differs)];
}

function oneLog(log: readonly string[], same: boolean, paint: Paint): readonly string[] {
  const shown = log.slice(0, MOST_LINES);
  const rest = log.length - shown.length;
  const text = shown.join(" | ") + (rest > 0 ? ` | and ${whole(rest)} more lines` : "");
  const [first, ...more] = wrap(text, WIDTH, same ? "log (all alike)  " : "log  ");
  return [first!.replace(/^log/, paint.bold("log")), ...more];
}

function firstDifference(logs: readonly (readonly string[])[]): number {
  const longest = Math.max(...logs.map((log) => log.length));
  for (let line = 0; line < longest; line++)
    if (logs.some((log) => log[line] !== logs[0]![line])) return line;
  return -1;
}

/** The rule by which the task of the first differing line ran, per runtime. */
function whyDiffers(runs: readonly Run[], line: number): readonly string[] {
  const told = runs.flatMap(({ model, result, trace }) => {
    const entry = result.log[line];
    const reason = logOrigins(trace)[line]?.reason ?? "";
    return entry === undefined || reason === ""
      ? []
      : [`${fit(entry.text, 24)} on ${model.name} by "${reason}"`];
  });
  return told.length === 0 ? [] : wrap(`line ${line + 1}: ${told.join("; ")}`, WIDTH, "    ");
}
