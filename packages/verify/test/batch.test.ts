/** Batches of a make-believe language: what a run prints, or fails to, its key says. */
import type { Target } from "@orrery/transpile";
import { expect, test } from "vitest";
import { type BatchOptions, type RealOutcome, runBatch } from "@orrery/verify";

const script = `
  const { readFileSync } = require("node:fs");
  for (const line of readFileSync(process.argv[2], "utf8").trim().split("\\n")) {
    const [key, seed] = line.split(" ");
    if (key === "hangs") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    if (key === "crashes") throw new Error("crash");
    const text = key === "garbage" ? "?" : JSON.stringify({ key, seed: Number(seed), log: [["", "", String(process.pid), 0]] });
    require("node:fs").writeSync(1, text + "\\n");
    if (key === "leaves") process.exit(0);
  }`;

const target = (facts: { readonly shareable: boolean; readonly renewable: boolean }): Target => ({
  language: "javascript",
  runtime: "node",
  support: [],
  source: () => ({ file: { path: "", text: "" }, lines: {} }),
  batch: () => ({
    files: [{ path: "batch.cjs", text: script }],
    build: [],
    run: ["node", "batch.cjs"],
    ...facts,
  }),
});

const shareable = target({ shareable: true, renewable: false });
const renewable = target({ shareable: false, renewable: true });
const toolchain = { runtime: "node", version: "", tools: { node: process.execPath } };

async function outcomesOf(
  language: Target,
  keys: readonly string[],
  options: Partial<BatchOptions> = {},
): Promise<readonly RealOutcome[]> {
  const requests = keys.map((key, index) => ({ key, seed: index }));
  const limits = { timeMs: 20_000, memoryBytes: 1e9 };
  return runBatch(language, toolchain, [], requests, { options: {}, limits, ...options });
}

/** The key of a run that happened, else why it did not. */
const told = (outcome: RealOutcome): string => ("run" in outcome ? outcome.run.key : outcome.broken);
const processOf = (outcome: RealOutcome): string => ("run" in outcome ? outcome.run.log[0]![2] : "");

test("a run that hangs is told after the time of one run, and the rest goes on in a new process", async () => {
  const limits = { timeMs: 1500, memoryBytes: 1e9 };
  const outcomes = await outcomesOf(shareable, ["a", "b", "hangs", "c", "d"], { limits });
  expect(outcomes.map(told)).toEqual(["a", "b", "killed: it went beyond its time", "c", "d"]);
  const [a, b, , c, d] = outcomes.map(processOf);
  expect([b, d]).toEqual([a, c]);
  expect(c).not.toBe(a);
});

test("a run that crashes or prints garbage is told, and the rest goes on", async () => {
  const outcomes = await outcomesOf(shareable, ["a", "crashes", "garbage", "b"]);
  expect(outcomes.map(told)).toEqual([
    "a",
    expect.stringContaining("Error: crash"),
    "printed garbage: ?",
    "b",
  ]);
});

test("a process that ends early because a run left something behind is followed by another one", async () => {
  const outcomes = await outcomesOf(renewable, ["a", "leaves", "b"], { renewed: true });
  expect(outcomes.map(told)).toEqual(["a", "leaves", "b"]);
  const [a, leaves, b] = outcomes.map(processOf);
  expect(leaves).toBe(a);
  expect(b).not.toBe(a);
});

test("runs share a process that renews itself only when that is asked for", async () => {
  const outcomes = await outcomesOf(renewable, ["a", "b", "c"]);
  expect(new Set(outcomes.map(processOf)).size).toBe(3);
});

test("processes that run at a time keep the order of the requests", async () => {
  const keys = Array.from({ length: 9 }, (_, index) => `k${index}`);
  for (const language of [shareable, renewable]) {
    const outcomes = await outcomesOf(language, keys, { processes: 4 });
    expect(outcomes.map(told)).toEqual(keys);
    expect(new Set(outcomes.map(processOf)).size).toBe(language === shareable ? 3 : 9);
  }
});
