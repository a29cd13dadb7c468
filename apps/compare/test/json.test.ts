/** The JSON of `run` and `compare` keeps its shape: other people's tools read it. */
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

/** Types in place of values; the first item of a list stands for all. `open`: keys that are a runtime's or a program's own. */
function shape(value: unknown, path = ""): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0], path)];
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const entries = Object.entries(value);
  if (open.has(path)) return { "...": [...new Set(entries.map(([, item]) => typeof item))].join(" | ") };
  return Object.fromEntries(
    entries.map(([key, item]) => [key, shape(item, path === "" ? key : `${path}.${key}`)]),
  );
}
const open = new Set(["runs.parameters", "runs.options", "runs.scheduler", "runs.counts", "runs.tiers"]);

test("a run", async () => {
  const json = JSON.parse((await cli("run cpu-hog --runtime go --json")).out);
  await expect(`${JSON.stringify(shape(json), null, 2)}\n`).toMatchFileSnapshot("golden/run.shape.json");
});

test("a run that deadlocks, with diagnostics", async () => {
  const json = JSON.parse((await cli("run dining-philosophers --runtime go --json")).out);
  await expect(`${JSON.stringify(shape(json), null, 2)}\n`).toMatchFileSnapshot("golden/deadlock.shape.json");
});

test("a small run, the values that no cost decides", async () => {
  const { schemaVersion, runs } = JSON.parse((await cli("compare spawn-order --set n=2 --json")).out);
  expect(schemaVersion).toBe(1);
  const told = runs.map((run: Record<string, never>) => ({
    workload: run["workload"],
    parameters: run["parameters"],
    runtime: run["runtime"],
    source: run["source"],
    seed: run["seed"],
    cores: run["cores"],
    profile: run["profile"],
    outcome: run["outcome"],
    log: (run["log"] as { task: string; text: string }[]).map(({ task, text }) => `${task}: ${text}`),
    tasks: run["tasks"],
    expectations: run["expectations"],
  }));
  await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot("golden/spawn-order.json");
});
