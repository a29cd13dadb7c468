// Every port prints what its real program printed when it was recorded, whatever the seed.
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import recorded from "../conformance/recorded.json" with { type: "json" };
import { conformance } from "../src/conformance/index.ts";

const { outputs }: RecordedOutputs = recorded;
const SEEDS = [1, 2, 3, 4, 5, 6];

const ported = conformance.programs.flatMap(({ name, pins, port }) =>
  typeof port === "function" ? [{ name, pins, port }] : [],
);

test("there are recorded outputs of each program", () => {
  expect(Object.keys(outputs)).toEqual(conformance.programs.map(({ name }) => name));
});

describe("a port prints what its program prints", () => {
  for (const { name, pins, port } of ported)
    test(`${name}: ${pins}`, () => {
      for (const seed of SEEDS) expect(outputs[name]).toContain(port(seed));
    });
});

test("a millisecond boundary decides between timeout 0 and immediate, as often as on Node", () => {
  const { port } = ported.find(({ name }) => name === "main-race")!;
  const printed = Array.from({ length: 200 }, (_, seed) => port(seed));
  expect([...new Set(printed)].toSorted()).toEqual(outputs["main-race"]);
  // 6 % of 200 runs of Node: 12, give or take three standard deviations of a binomial.
  const timeoutFirst = printed.filter((text) => text.startsWith("timeout")).length;
  expect(timeoutFirst).toBeGreaterThanOrEqual(2);
  expect(timeoutFirst).toBeLessThanOrEqual(24);
});
