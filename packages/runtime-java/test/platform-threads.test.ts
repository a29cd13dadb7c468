// The baseline: tasks as platform threads, one OS thread each, through the same library.
import { checkOrThrow, program, type Program } from "@orrery/program";
import { Execution, type RunResult, runSpec } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import { java } from "../src/index.ts";

type Threads = "virtual" | "platform";

const nothing = { params: {}, services: {}, shared: {} };

const blockers: Program = program("blockers", { doc: "calls that block", ...nothing }, ({ proc, main }) => {
  const call = proc("call", {}, (b) => b.block("10ms"));
  main((b) => {
    const tasks = b.list("tasks");
    for (const n of [1, 2, 3, 4, 5]) b.push(tasks, b.spawn(`t${n}`, call));
    b.joinAll(tasks);
  });
});

const pingPong: Program = program("ping-pong", { doc: "two tasks", ...nothing }, ({ proc, main }) => {
  const pong = proc("pong", { c: "chan", d: "chan" }, (b, { c, d }) => {
    b.repeat(3, () => {
      const v = b.recv("v", c);
      b.log("pong {0}", v);
      b.send(d, v);
    });
  });
  main((b) => {
    const c = b.chan("c", 0);
    const d = b.chan("d", 0);
    const task = b.spawn("pong", pong, { c, d });
    b.repeat(3, "i", (i) => {
      b.log("ping {0}", i);
      b.send(c, i);
      b.recv("answer", d);
    });
    b.join(task);
  });
});

function run(source: Program, threads: Threads, cores = 1): RunResult {
  const checked = checkOrThrow(source);
  const options = { threads, parallelism: "1", maxPoolSize: "1" };
  return new Execution(runSpec(java, checked.program, checked.params, { options, cores })).run().result();
}

describe("a task as a platform thread", () => {
  it("blocks for itself only, where a virtual thread holds the one carrier", () => {
    expect(run(blockers, "virtual").makespanNs).toBeGreaterThan(50_000_000);
    expect(run(blockers, "platform").makespanNs).toBeLessThan(12_000_000);
  });

  it("prints what a virtual thread prints where the program fixes the order, and takes longer for it", () => {
    const [virtual, platform] = [run(pingPong, "virtual"), run(pingPong, "platform")];
    expect(platform.log.map(({ text }) => text)).toEqual(virtual.log.map(({ text }) => text));
    expect(platform.log).toHaveLength(6);
    expect(platform.makespanNs).toBeGreaterThan(virtual.makespanNs);
  });

  it("does not need a carrier, nor start one", () => {
    expect(run(pingPong, "platform").scheduler["carriersCreated"]).toBe(0);
  });
});
