/** Text for a terminal of 80 columns: numbers, bars, tables, wrapping, colour. Pure; colour is a parameter. */

export const WIDTH = 80;

/** Three significant digits and a unit: `20.4 ms`, `1.05 s`, `850 ns`. */
export function duration(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const size = Math.abs(ns);
  if (size < 1000) return `${sign}${Math.round(size)} ns`;
  if (size < 999.5e3) return `${sign}${three(size / 1e3)} us`;
  if (size < 999.5e6) return `${sign}${three(size / 1e6)} ms`;
  return `${sign}${three(size / 1e9)} s`;
}

const three = (x: number): string => x.toFixed(x < 9.995 ? 2 : x < 99.95 ? 1 : 0);

/** `12 345` with thin grouping by spaces, the same in every locale. */
export const whole = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, " ");

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < 1024 ** 2) return `${three(n / 1024)} KiB`;
  if (n < 1024 ** 3) return `${three(n / 1024 ** 2)} MiB`;
  return `${three(n / 1024 ** 3)} GiB`;
}

/** Whole per cents from 10 on, one decimal below. */
export function percent(part: number, all: number): string {
  const value = all === 0 ? 0 : (100 * part) / all;
  return `${value.toFixed(value > 0 && value < 9.95 ? 1 : 0)} %`;
}

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${whole(n)} ${n === 1 ? one : many}`;

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar of `value` on a scale on which `most` fills `columns`; anything above 0 shows. */
export function bar(value: number, most: number, columns: number): string {
  if (value <= 0 || most <= 0) return "";
  const eighths = Math.max(1, Math.round((value / most) * columns * 8));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Cut to `columns` with an ellipsis. */
export const fit = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;

export const left = (text: string, columns: number): string => fit(text, columns).padEnd(columns);
export const right = (text: string, columns: number): string => fit(text, columns).padStart(columns);

/** Breaks at spaces; `first` opens the first line, further lines are indented as far as it is long. */
export function wrap(text: string, columns = WIDTH, first = ""): readonly string[] {
  const lines: string[] = [];
  const indent = " ".repeat(first.length);
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(line);
  return lines;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  /** Colour number `index` of those that tell runtimes apart. */
  series(index: number, text: string): string;
}

export const plain: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  green: (text) => text,
  series: (_index, text) => text,
};

const sgr =
  (on: string, off: string) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
const SERIES = ["36", "33", "35", "32"].map((code) => sgr(code, "39"));

export const coloured: Paint = {
  bold: sgr("1", "22"),
  dim: sgr("2", "22"),
  red: sgr("31", "39"),
  green: sgr("32", "39"),
  series: (index, text) => SERIES[index % SERIES.length]!(text),
};
