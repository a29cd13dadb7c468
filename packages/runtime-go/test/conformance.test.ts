// Every port prints what its real program printed when it was recorded.
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import recorded from "../conformance/recorded.json" with { type: "json" };
import { conformance } from "../src/conformance/index.ts";
import { run } from "../src/conformance/prelude.ts";
import { programs } from "../src/conformance/programs.ts";

const { outputs }: RecordedOutputs = recorded;
const SEEDS = [2, 3, 4, 5, 6];

it("has recorded outputs of each program", () => {
  expect(Object.keys(outputs)).toEqual(conformance.programs.map(({ name }) => name));
});

describe("prints what the real program prints", () => {
  for (const { name, pins, port } of conformance.programs)
    if (typeof port === "function")
      it(`${name}: ${pins}`, () => {
        expect(outputs[name]).toContain(port());
      });
});

describe("under other seeds too", () => {
  for (const { name, port, gomaxprocs = 1 } of programs)
    if (typeof port === "function")
      it(name, () => {
        for (const seed of SEEDS) expect(outputs[name]).toContain(run(port, gomaxprocs, seed));
      });
});

it("takes every ready case of a select under some seed", () => {
  const { port } = programs.find(({ name }) => name === "select_one_ready_case")!;
  const seen = new Set<string>();
  if (typeof port === "function") for (let seed = 1; seed <= 20; seed++) seen.add(run(port, 1, seed));
  expect([...seen].toSorted()).toEqual(outputs["select_one_ready_case"]);
});
