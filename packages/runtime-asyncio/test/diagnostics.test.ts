/** What the model says and what CPython says differ in numbers and addresses only, and in what `normal` leaves out. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runAsyncio } from "../src/index.ts";
import { mains } from "./diagnostics/programs.ts";

interface Recorded {
  readonly version: string;
  readonly said: Readonly<Record<"plain" | "debug", string>>;
}

const read = (file: string): string => readFileSync(new URL(`diagnostics/${file}`, import.meta.url), "utf8");
const { version, said } = JSON.parse(read("recorded.json")) as Recorded;
const MODES = ["plain", "debug"] as const;

/** Numbers and addresses are one; the library's place, its frames with their source, and exceptions' contexts are left out. */
function normal(text: string): readonly string[] {
  const own = text
    .replace(
      /Traceback \(most recent call last\):\n(?:.*\n)*?\nDuring handling of the above exception, another exception occurred:\n\n/g,
      "",
    )
    .replace(/ {2}File "\S+\/asyncio\/\S+", line \d+, in .*\n(?: {4}.*\n)*/g, "")
    .replace(/\S*\/(?=asyncio\/)/g, "")
    .replace(/0x[0-9a-f]+/g, "ADDRESS")
    .replace(/\d+(\.\d+)?/g, "N");
  return own.trimEnd().split("\n");
}

function modelSays(name: string, debug: boolean): string {
  return runAsyncio(mains[name]!, { debug, file: "<stdin>" }).diagnostics.join("\n");
}

/** What each program said: all of them run in one process. */
function sections(stderr: string): Readonly<Record<string, string>> {
  const parts = stderr.split(/^##### (\w+)\n/m).slice(1);
  return Object.fromEntries(Object.keys(mains).map((name) => [name, parts[parts.indexOf(name) + 1] ?? ""]));
}

for (const mode of MODES)
  describe(`${mode}: as CPython ${version} says it`, () => {
    const real = sections(said[mode]);
    for (const name of Object.keys(mains))
      test(name, () => expect(normal(modelSays(name, mode === "debug"))).toEqual(normal(real[name]!)));
  });

const python = spawnSync("python3", ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
const live = python.startsWith("Python 3.11.");

describe.skipIf(!live)(live ? "now, on this Python" : "skipped: no Python 3.11 on PATH", () => {
  for (const mode of MODES)
    test(mode, { timeout: 30_000, retry: 2 }, () => {
      const { stderr } = spawnSync("python3", ["-", ...Object.keys(mains)], {
        input: read("programs.py"),
        encoding: "utf8",
        env: { ...process.env, PYTHONASYNCIODEBUG: mode === "debug" ? "1" : "" },
      });
      const real = sections(stderr);
      for (const name of Object.keys(mains))
        expect(normal(modelSays(name, mode === "debug"))).toEqual(normal(real[name]!));
    });
});
