/** The page of a verify run: complete in itself, with every result, and no text that becomes markup. */
import type { LogLine, RunResult } from "@orrery/runtime";
import type { VerifyResult } from "@orrery/verify";
import { expect, test } from "vitest";
import { type Result, verifyPage } from "../src/html/verify.ts";

const summary = { count: 3, minNs: 1, meanNs: 2, p50Ns: 2, p90Ns: 30, p99Ns: 400, p999Ns: 400, maxNs: 5000 };

/** A run whose log is written `task:text task:text`. */
function run(source: "model" | "real", log: string, rest: Partial<RunResult> = {}): RunResult {
  const lines: LogLine[] = log.split(" ").map((word, seq) => {
    const [task, text] = word.split(":");
    return { seq, timeNs: 0, task: task!, text: text! };
  });
  return {
    ...{ workload: "w", parameters: {}, runtime: "go", version: "1.26", source, seed: 1, cores: 2 },
    ...{ options: {}, profile: "", outcome: "completed", detail: null, makespanNs: 1000, events: 0 },
    ...{ decisions: 0, traceHash: "", log: lines, marks: {}, counts: {}, scheduler: {}, tiers: {} },
    tasks: { spawned: 0, completed: 0, failed: 0, cancelled: 0, leaked: [] },
    machine: { coreBusyNs: [], threadsPeak: 0 },
    memory: { peakBytes: 2048, bytesPerTask: 0 },
    diagnostics: [],
    ...rest,
  };
}

const result = (rest: Partial<VerifyResult>): VerifyResult => ({
  kind: "workload",
  runtime: "go",
  name: "w",
  level: "O1",
  verdict: "agree",
  why: "",
  model: run("model", "a:1 b:1"),
  real: run("real", "a:1 b:1"),
  ...rest,
});

/** Texts of the cells of the rows that contain `part`. */
const rowsWith = (html: string, part: string): readonly (readonly string[])[] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .map(([, row]) => [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!))
    .map((row) => row.map((cell) => cell.replaceAll(/<[^>]*>/g, "")))
    .filter((row) => row.some((cell) => cell.includes(part)));

test("every result is told, with its level, verdict, times, their ratio and why", () => {
  const results: Result[] = [
    result({ name: "first", real: run("real", "a:1 b:1", { makespanNs: 2500 }) }),
    result({ name: "second", level: "O4", verdict: "differ", why: "the lines are not the same" }),
    result({
      name: "third",
      runtime: "java",
      verdict: "skipped",
      why: "no java on PATH",
      model: null,
      real: null,
    }),
    {
      kind: "native",
      runtime: "node",
      name: "fourth",
      level: "O1",
      verdict: "agree",
      why: "",
      model: { output: "from the port" },
      real: { version: "24.1", outputs: ["recorded"], now: "seen now" },
    },
  ];
  const html = verifyPage(results);
  expect(rowsWith(html, "first")[0]).toEqual([
    "first",
    "go",
    "O1",
    "agree",
    "1.00 us",
    "2.50 us",
    "2.50",
    "",
  ]);
  expect(rowsWith(html, "second")[0]).toEqual(
    expect.arrayContaining(["O4", "differ", "the lines are not the same"]),
  );
  expect(rowsWith(html, "third")[0]).toEqual([
    "third",
    "java",
    "O1",
    "skipped",
    "",
    "",
    "",
    "no java on PATH",
  ]);
  expect(html.match(/<section /g)).toHaveLength(results.length);
  expect(html).toContain("4 results: 2 agree, 1 differ, 1 skipped.");
  for (const text of ["from the port", "recorded on 24.1", "seen now"]) expect(html).toContain(text);
});

test("it needs nothing from elsewhere, and is the same every time", () => {
  const html = verifyPage([result({})]);
  expect(html).not.toMatch(/(?:src|href)="(?!#|data:,)/);
  expect(html).not.toMatch(/https?:|@import|url\(|<script/);
  expect(verifyPage([result({})])).toBe(html);
});

test("figures and marks of both sides stand beside each other", () => {
  const html = verifyPage([
    result({
      model: run("model", "a:1", { counts: { done: 4 }, marks: { lateness: summary } }),
      real: run("real", "a:1", { counts: { done: 8 }, memory: { peakBytes: 4096, bytesPerTask: 0 } }),
    }),
  ]);
  expect(rowsWith(html, "done")).toEqual([["done", "4", "8", "2.00"]]);
  expect(rowsWith(html, "peak memory")).toEqual([["peak memory", "2.00 KiB", "4.00 KiB", "2.00"]]);
  expect(rowsWith(html, "lateness")).toEqual([
    ["lateness", "model", "3", "2 ns", "30 ns", "400 ns", "5.00 us"],
    ["lateness", "real", "0", "", "", "", ""],
  ]);
});

test("logs that part are shown around the first difference, with a column per task", () => {
  const before = Array.from({ length: 20 }, (_, i) => `a:before${i}`).join(" ");
  const html = verifyPage([
    result({
      verdict: "differ",
      model: run("model", `${before} a:2 b:2`),
      real: run("real", `${before} b:2 a:2`),
      line: 20,
      origin: { statement: "a/0", reason: "runnext" },
    }),
  ]);
  expect(html).toContain("Log around line 21, the first that differs");
  expect(rowsWith(html, "21")).toContainEqual(["21", "2", "", "", "2"]);
  expect(rowsWith(html, "before11")).toEqual([]);
  expect(rowsWith(html, "before12")).toEqual([["13", "before12", "", "before12", ""]]);
  expect(html).toContain('Line 21 of the model: statement a/0, its task ran by "runnext".');
});

test("no text becomes markup, wherever it stands", () => {
  const evil = "<b>x";
  const given: Partial<RunResult> = {
    version: evil,
    parameters: { [evil]: evil },
    options: { [evil]: evil },
    counts: { [evil]: 1 },
    marks: { [evil]: summary },
  };
  const html = verifyPage([
    result({
      ...{
        runtime: evil,
        name: evil,
        why: evil,
        verdict: "differ",
        line: 0,
        origin: { statement: evil, reason: evil },
      },
      model: run("model", `${evil}:${evil}`, given),
      real: run("real", `a:${evil}`, given),
    }),
    {
      ...{ kind: "native", runtime: evil, name: evil, level: "O1", verdict: "agree", why: evil },
      model: { output: evil },
      real: { version: evil, outputs: [evil], now: evil },
    },
  ]);
  expect(html).not.toContain(evil);
  expect(html.match(/&lt;b&gt;x/g)!.length).toBeGreaterThan(20);
});
