/** The young generation: what is alive is copied, what is dead costs nothing. */
import { checkOrThrow, type Program, program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { expect, test } from "vitest";
import { node } from "../src/index.ts";

const TASKS = 20_000; // more than a semi-space holds

/** How much longer the program takes when copying costs 1 us. */
function copyingNs(source: Program): number {
  const took = (scavenged: number): number => {
    const { program, params } = checkOrThrow(source);
    const profile = { name: "scavenges", runtimes: { node: { scavenged } } };
    return new Execution(runSpec(node, program, params, { profile })).run().result().makespanNs;
  };
  return took(1000) - took(0);
}

test("tasks that end before the semi-space is full are not copied", () => {
  const source = program("brief", { doc: "" }, ({ proc, main }) => {
    const child = proc("child", {}, () => {});
    main((b) => b.repeat(TASKS, () => b.join(b.spawn("t", child))));
  });
  expect(copyingNs(source)).toBeLessThan(10_000);
});

test("tasks that wait are", () => {
  const source = program("waiting", { doc: "" }, ({ proc, main }) => {
    const child = proc("child", { gate: "promise" }, (b, { gate }) => b.await("x", gate));
    main((b) => {
      const gate = b.promise("gate");
      b.repeat(TASKS, () => b.spawn(child, { gate }));
      b.resolve(gate, 1);
    });
  });
  expect(copyingNs(source)).toBe(16_384 * 1000);
});
