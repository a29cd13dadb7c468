/** Both logs around a line, model and real beside each other, with a column per task where they fit. */
import type { LogLine, RunResult } from "@orrery/runtime";

/** Lines shown before and after the first difference. */
const AROUND = 4;
/** A column per task is no help where it would be narrower. */
const LEAST_COLUMN = 9;

/** Lines of at most `columns` characters; the line that differs first is marked. */
export function sideBySide(model: RunResult, real: RunResult, at: number, columns = 78): readonly string[] {
  const first = Math.max(0, at - AROUND);
  const last = Math.min(Math.max(model.log.length, real.log.length) - 1, at + AROUND);
  const number = String(last + 1).length;
  const half = (columns - number - 4) >> 1;
  const sides = [model.log.slice(first, last + 1), real.log.slice(first, last + 1)] as const;
  const tasks = [...new Set(sides.flat().map(({ task }) => task))];
  const each = Math.floor(half / tasks.length);
  const perTask = each >= LEAST_COLUMN;
  const cut = (text: string, width: number): string =>
    (text.length >= width ? `${text.slice(0, width - 2)}… ` : text).padEnd(width);
  const cells = (line: LogLine | undefined): string => {
    if (line === undefined) return " ".repeat(half);
    if (!perTask) return cut(`${line.task} ${line.text}`, half);
    return tasks
      .map((task) => cut(task === line.task ? line.text : "", each))
      .join("")
      .padEnd(half);
  };
  const lead = " ".repeat(number + 2);
  const rows = [`${lead}${"model".padEnd(half)}  real`];
  if (perTask) {
    const names = tasks
      .map((task) => cut(task.slice(task.lastIndexOf("/") + 1), each))
      .join("")
      .padEnd(half);
    rows.push(`${lead}${names}  ${names}`.trimEnd());
  }
  for (let i = first; i <= last; i++) {
    const mark = i === at ? ">" : " ";
    const [left, right] = [sides[0][i - first], sides[1][i - first]];
    rows.push(`${mark}${String(i + 1).padStart(number)} ${cells(left)}  ${cells(right)}`.trimEnd());
  }
  return rows;
}
