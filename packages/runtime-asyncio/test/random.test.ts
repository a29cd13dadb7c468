import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Case, runOnModel } from "./random/model.ts";

const { version, cases } = JSON.parse(
  readFileSync(new URL("random/programs.json", import.meta.url), "utf8"),
) as { readonly version: string; readonly cases: readonly Case[] };

describe(`random programs: CPython ${version} and the model log the same, with iterations and times`, () => {
  test(`${cases.length} programs`, () => {
    for (const { program, log } of cases) expect(runOnModel(program)).toEqual(log);
  });
});
