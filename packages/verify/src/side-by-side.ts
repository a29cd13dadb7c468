import type { LogLine, RunResult } from "@orrery/runtime";

/** Lines shown before and after the first difference. */
const AROUND = 4;

/** Both logs around line `at` in two columns of `columns` characters in all; the line that differs first is marked. */
export function sideBySide(model: RunResult, real: RunResult, at: number, columns = 78): readonly string[] {
  const first = Math.max(0, at - AROUND);
  const last = Math.min(Math.max(model.log.length, real.log.length) - 1, at + AROUND);
  const number = String(last + 1).length;
  const half = (columns - number - 4) >> 1;
  const cell = (line: LogLine | undefined): string => {
    const text = line === undefined ? "" : `${line.task} ${line.text}`;
    return (text.length > half ? `${text.slice(0, half - 1)}…` : text).padEnd(half);
  };
  const rows = [`${" ".repeat(number + 2)}${"model".padEnd(half)}  real`];
  for (let i = first; i <= last; i++) {
    const mark = i === at ? ">" : " ";
    rows.push(
      `${mark}${String(i + 1).padStart(number)} ${cell(model.log[i])}  ${cell(real.log[i])}`.trimEnd(),
    );
  }
  return rows;
}
