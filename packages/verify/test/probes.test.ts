import { checkOrThrow } from "@orrery/program";
import { expect, test } from "vitest";
import { probes } from "../src/calibrate/probes.ts";

test("every probe is a program of one size, `n`, with a name of its own", () => {
  for (const probe of probes)
    expect([probe.name, ...Object.keys(checkOrThrow(probe, { n: 1 }).params)]).toEqual([probe.name, "n"]);
  expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
});

/** Operations of a loop in a probe are what it measures; these wait or wake, and have one each. */
const measured = [
  "barrierWait",
  "cancel",
  "cancelToken",
  "condWait",
  "deadline",
  "eventWait",
  "onResolve",
  "onceDo",
  "resetTimer",
  "rlock",
  "shield",
  "signal",
  "stopTimer",
  "wlock",
];

test.each(measured)("%s is measured by a probe", (op) => {
  expect(probes.filter((probe) => JSON.stringify(probe).includes(`"op":"${op}"`)).length).toBeGreaterThan(0);
});
