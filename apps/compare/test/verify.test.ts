/** The judge itself, live: random programs on whatever real runtimes are here. */
import { fuzzClasses } from "@orrery/program";
import * as Effect from "effect/Effect";
import { fuzz, findToolchain, isMissing, type Missing, runBatch, type Toolchain } from "@orrery/verify";
import { type Target, targets } from "@orrery/transpile";
import { oneWorker, type RuntimeName, type Workload } from "@orrery/workloads";
import { describe, expect, test } from "vitest";
import { loadModel } from "../src/registry.ts";

/** Programs of each class on each runtime: enough to see every operation, few enough for every run of the tests. */
const PROGRAMS = 10;
const PATIENCE_MS = 120_000;
const options: Workload["options"] = oneWorker;

const found: readonly [Target, Toolchain | Missing][] = await Promise.all(
  targets.map(
    async (target): Promise<[Target, Toolchain | Missing]> => [target, await findToolchain(target.runtime)],
  ),
);

describe.each(found)("$language", (target, toolchain) => {
  const here = !isMissing(toolchain);
  const name = here ? "random programs log the same order on the real runtime" : `skipped: ${toolchain.why}`;
  test.skipIf(!here).each(fuzzClasses)(`${name}: %s`, { timeout: PATIENCE_MS }, async (fuzzClass) => {
    const model = await Effect.runPromise(loadModel(target.runtime));
    const { agreed, setAside, mismatches } = await fuzz({
      model,
      target,
      toolchain: toolchain as Toolchain,
      fuzzClass,
      count: PROGRAMS,
      seed: 1000,
      options: options[target.runtime as RuntimeName] ?? {},
      progress: () => undefined,
    });
    expect(mismatches.map(({ seed, why }) => `seed ${seed}: ${why}`)).toEqual([]);
    const aside = [...setAside.values()].reduce((sum, n) => sum + n, 0);
    expect(agreed + aside).toBe(PROGRAMS);
    expect(agreed).toBeGreaterThan(PROGRAMS / 2);
  });
});

test("a language whose programs do not build is told for every run, and nothing is left behind", async () => {
  const broken: Target = {
    language: "go",
    runtime: "go",
    support: [],
    source: () => ({ file: { path: "x", text: "" }, lines: {} }),
    batch: () => ({
      files: [{ path: "x", text: "" }],
      build: [["no-such-compiler", "x"]],
      run: ["x"],
      shareable: true,
      renewable: false,
    }),
  };
  const toolchain: Toolchain = { runtime: "go", version: "0", tools: {} };
  const limits = { timeMs: 1000, memoryBytes: 1e9 };
  const outcomes = await runBatch(
    broken,
    toolchain,
    [],
    [
      { key: "a", seed: 1 },
      { key: "b", seed: 1 },
    ],
    { options: {}, limits },
  );
  expect(outcomes).toHaveLength(2);
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ broken: expect.stringContaining("no-such-compiler") });
});

test("a program that prints garbage, hangs or dies is told as that, and the rest goes on", async () => {
  const script = `
    const { readFileSync } = require("node:fs");
    for (const line of readFileSync(process.argv[2], "utf8").trim().split("\\n")) {
      const [key, seed] = line.split(" ");
      if (key === "hangs") { setInterval(() => {}, 1000); break; }
      if (key === "dies") { console.error("out of luck"); process.exit(7); }
      console.log(key === "garbage" ? "%%%" : JSON.stringify({ key, seed: Number(seed), outcome: "completed", log: [], samples: {}, counts: {}, tasks: {} }));
    }`;
  const target: Target = {
    language: "javascript",
    runtime: "node",
    support: [],
    source: () => ({ file: { path: "x", text: "" }, lines: {} }),
    batch: () => ({
      files: [{ path: "run.cjs", text: script }],
      build: [],
      run: ["node", "run.cjs"],
      shareable: true,
      renewable: false,
    }),
  };
  const toolchain: Toolchain = { runtime: "node", version: "0", tools: { node: process.execPath } };
  const requests = ["fine", "garbage", "dies", "hangs", "last"].map((key) => ({ key, seed: 1 }));
  const outcomes = await runBatch(target, toolchain, [], requests, {
    options: {},
    limits: { timeMs: 700, memoryBytes: 1e9 },
  });
  const told = outcomes.map((outcome) => ("broken" in outcome ? outcome.broken : outcome.run.outcome));
  expect(told).toEqual([
    "completed",
    "printed garbage: %%%",
    "ended with status 7: out of luck",
    "killed: it went beyond its time",
    "completed",
  ]);
});
