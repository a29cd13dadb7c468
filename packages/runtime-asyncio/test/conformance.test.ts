import { readFileSync } from "node:fs";
import type { RecordedOutputs } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { conformance } from "../src/conformance/index.ts";
import { programs } from "../src/conformance/programs.ts";

const read = (file: string): string => readFileSync(new URL(file, conformance.folder), "utf8");
const { version, outputs } = JSON.parse(read("recorded.json")) as RecordedOutputs;
const ported = programs.flatMap(({ name, port }) => (typeof port === "function" ? [{ name, port }] : []));
const SEEDS = [1, 2, 3, 4, 5];

describe(`ports print what the real programs print on CPython ${version}`, () => {
  for (const { name, port } of ported)
    test(name, () => {
      for (const seed of SEEDS) expect(outputs[name]).toContain(port(seed));
    });
});

test("each program is in its file, with the rule that it pins", () => {
  for (const { name, pins, run } of programs)
    expect(read(run[1]!)).toContain(`def ${name}():\n    """${pins}"""\n`);
});

test("what is recorded is what the programs print, each of them", () => {
  expect(Object.keys(outputs)).toEqual(programs.map(({ name }) => name));
});
