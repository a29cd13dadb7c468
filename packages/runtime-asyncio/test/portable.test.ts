import { readFileSync } from "node:fs";
import { type Program, withIds } from "@orrery/program";
import { Execution, runSpec, zeroProfile } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { asyncioModel } from "../src/index.ts";

const { version, cases } = JSON.parse(
  readFileSync(new URL("random/portable.json", import.meta.url), "utf8"),
) as {
  readonly version: string;
  readonly cases: readonly { readonly program: Program; readonly log: string[] }[];
};

describe(`random portable programs: the lowering and asyncio's idioms on CPython ${version} log the same, with times`, () => {
  test(`${cases.length} programs`, () => {
    for (const { program, log } of cases) {
      const spec = runSpec(asyncioModel, withIds(program), {}, { profile: zeroProfile, trace: false });
      const result = new Execution(spec).run().result();
      expect(result.log.map(({ timeNs, text }) => `${timeNs} ${text}`)).toEqual(log);
    }
  });
});
