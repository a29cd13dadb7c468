/** The real Python runs one small batch that covers every operation; the logs are those that the model gives. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { draw, type Hash64, nameHash, rootHash, streamHash } from "@orrery/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonTarget, type RealRun } from "../src/index.ts";
import { distributions, entries as common } from "./java-programs.ts";
import { patient } from "./patient.ts";
import { pythonEntries } from "./python-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const SEED = 12_345_678_901;
const PYTHON = "python3";

const missing = spawnSync(PYTHON, ["--version"]).status !== 0;
const entries = [...common, ...pythonEntries, ...valueEntries, ...connectionEntries, ...fairnessEntries];
const { files, run } = pythonTarget.batch(entries);

describe.skipIf(missing)(`on a real Python${missing ? " (skipped: no python3 on PATH)" : ""}`, () => {
  let folder = "";
  /** What one process said of all programs: each is taken once, and asked again alone. */
  const runs = new Map<string, RealRun>();

  const runsOf = (keys: readonly string[]): readonly RealRun[] => {
    writeFileSync(join(folder, "runs.txt"), keys.map((key) => `${key} ${SEED}\n`).join(""));
    const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ORRERY_DIR: folder } } as const;
    const printed = execFileSync(PYTHON, [...run.slice(1), "runs.txt"], options);
    return printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RealRun);
  };
  const runOf = (key: string): RealRun => {
    const real = runs.get(key) ?? runsOf([key])[0]!;
    runs.delete(key);
    return real;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "orrery-python-"));
    for (const { path, text } of files) writeFileSync(join(folder, path), text);
    for (const real of runsOf(entries.map(({ key }) => key))) runs.set(real.key, real);
  }, 30_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(entries.filter(({ key }) => key !== "Draws").map(({ key }) => key))(
    "%s logs what the model does",
    patient,
    async (key) => {
      const { outcome, log, tasks } = runOf(key);
      const lines = log.map(([statement, task, text]) => `${statement} ${task} ${text}`);
      const text = [outcome, ...lines, JSON.stringify(tasks), ""].join("\n");
      await expect(text).toMatchFileSnapshot(`python/${key}.log`);
    },
  );

  test("draws are those of the language, bit for bit", () => {
    const hash: Hash64 = { hi: 0, lo: 0 };
    const expected = distributions.flatMap((from, index) => {
      const stream = { ...streamHash(rootHash(SEED, hash), nameHash(`s${index}`), hash) };
      return Array.from({ length: 60 }, (_, n) => `${index} ${draw(from, stream, n)}`);
    });
    expect(runOf("Draws").log.map(([, , text]) => text)).toEqual(expected);
  });
});
