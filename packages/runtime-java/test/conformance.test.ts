// Every port prints what its real program printed when it was recorded, whatever the seed.
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, it } from "vitest";
import recorded from "../conformance/recorded.json" with { type: "json" };
import { conformance } from "../src/conformance/index.ts";

const { outputs }: RecordedOutputs = recorded;
const SEEDS = [1, 2, 3, 4, 5, 6];

const ported = conformance.programs.flatMap(({ name, pins, port }) =>
  typeof port === "function" ? [{ name, pins, port }] : [],
);

it("has recorded outputs of each program", () => {
  expect(Object.keys(outputs)).toEqual(conformance.programs.map(({ name }) => name));
});

describe("a port prints what its program prints", () => {
  for (const { name, pins, port } of ported)
    it(`${name}: ${pins}`, () => {
      for (const seed of SEEDS) expect(outputs[name]).toContain(port(seed));
    });
});
