/** Stored outputs of real runs: every model is judged by them, without a toolchain. */
import { targets } from "@orrery/transpile";
import { findToolchain, judgeStored, readStored, record, type Toolchain } from "@orrery/verify";
import { find, workloads } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadModel, loadModels, runtimeNames } from "../src/registry.ts";

const models = await Effect.runPromise(loadModels(runtimeNames));
const files = await Promise.all(runtimeNames.map(readStored));
const both = models.map((model, i) => [model.name, model, files[i]!.workloads] as const);
const spawnOrder = find("spawn-order")!;

/**
 * Stored runs whose times are not what the workload expects of the real runtime; O5 asks nothing of the model's times. The
 * books that a generated program keeps of its tasks weigh on a hundred thousand of them, and the JVM has just begun.
 */
const open: readonly string[] = ["java sleepers", "asyncio sleepers"];

describe.each(both)("%s", (_, model, stored) => {
  test("runs of the whole catalogue are stored", () => {
    expect(Object.keys(stored)).toEqual(workloads.map(({ program }) => program.name));
  });

  test.each(workloads.map((workload) => [workload.program.name, workload] as const))(
    "%s agrees with the stored runs, or its difference is known",
    (name, workload) => {
      const { verdict, why, level } = judgeStored(workload, model, stored[name]!);
      if (open.includes(`${model.name} ${name}`)) expect([level, verdict]).toEqual(["O5", "differ"]);
      else expect(verdict, `${name}: ${why}`).toBe("agree");
    },
  );

  test("a run that logs something else is found out", () => {
    const { logs, ...rest } = stored["spawn-order"]!;
    const reversed = { ...rest, logs: logs.map((log) => log.toReversed()) };
    expect(judgeStored(spawnOrder, model, reversed)).toMatchObject({ verdict: "differ", line: 0 });
  });

  test("runs stored for another workload are an error that says how to store new ones", () => {
    const { parameters, ...rest } = stored["spawn-order"]!;
    const remedy = `orrery verify --record --runtimes ${model.name}`;
    const judged = (changed: object) => () =>
      judgeStored(spawnOrder, model, { parameters, ...rest, ...changed });
    expect(judged({ parameters: { ...parameters, gone: 1 } })).toThrow(/"gone"/);
    expect(judged({ parameters: { ...parameters, gone: 1 } })).toThrow(remedy);
    expect(judged({ hash: "of another program" })).toThrow(`its program has changed; ${remedy}`);
  });
});

test("what is stored says what the runs are a function of, and the model agrees with it", async () => {
  const model = await Effect.runPromise(loadModel("node"));
  const target = targets.find(({ runtime }) => runtime === "node")!;
  const toolchain = (await findToolchain("node")) as Toolchain; // the Node that runs this
  const asked = { workload: spawnOrder, model, target, toolchain, given: { n: 3 }, seed: 5 };
  const stored = await record(asked);
  if ("broken" in stored) throw new Error(stored.broken);
  expect(stored).toMatchObject({ version: toolchain.version, seed: 5, parameters: { n: 3 }, options: {} });
  expect(stored.logs).toEqual([["main/task[0] t1", "main/task[1] t2", "main/task[2] t3", "main main"]]);
  expect(stored.runs.map(({ outcome, log }) => ({ outcome, log }))).toEqual(
    stored.runs.map(() => ({ outcome: "completed", log: 0 })),
  );
  expect(judgeStored(spawnOrder, model, stored)).toMatchObject({ verdict: "agree", real: { seed: 5 } });
});
