import { readFileSync } from "node:fs";
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { conformance } from "../src/conformance/index.ts";
import { programs } from "../src/conformance/programs.ts";

const ported = programs.flatMap(({ name, port }) => (typeof port === "function" ? [{ name, port }] : []));
/** 3.13.0's run_forever lets go of a running loop that it refuses to run again: a mistake, mended since. */
const LEFT_OUT: Record<string, readonly string[]> = { "3.12": [], "3.13": ["misuse"] };

for (const version of ["3.12", "3.13"] as const) {
  const recorded = JSON.parse(
    readFileSync(new URL(`recorded-${version}.json`, conformance.folder), "utf8"),
  ) as RecordedOutputs;
  describe(`ports print what the real programs print on CPython ${recorded.version}`, () => {
    for (const { name, port } of ported.filter(({ name }) => !LEFT_OUT[version]!.includes(name)))
      test(name, () => {
        for (const seed of [1, 2, 3]) expect(recorded.outputs[name]).toContain(port(seed, version));
      });
  });
}
