/** The real JDK runs one small batch that covers every operation; the logs are those that the model gives. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { draw, type Hash64, nameHash, rootHash, streamHash } from "@orrery/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { javaTarget, type RealRun } from "../src/index.ts";
import { operations } from "./java-operations.ts";
import { distributions, entries } from "./java-programs.ts";
import { patient } from "./patient.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const SEED = 12_345_678_901;
const JVMS = "/usr/lib/jvm";

/** The folder of a JDK 25's tools: on PATH, or where distributions put JDKs. */
function findJdk(): string | null {
  const folders = ["", ...(existsSync(JVMS) ? readdirSync(JVMS).map((name) => join(JVMS, name, "bin")) : [])];
  for (const folder of folders) {
    const { stdout } = spawnSync(join(folder, "javac"), ["-version"], { encoding: "utf8" });
    if (/^javac 25\b/.test(stdout ?? "")) return folder;
  }
  return null;
}

const jdk = findJdk();
const all = [...entries, ...operations, ...valueEntries, ...connectionEntries, ...fairnessEntries];
const { files, build, run } = javaTarget.batch(all);

describe.skipIf(jdk === null)(`on a real JDK${jdk === null ? " (skipped: no java 25 on PATH)" : ""}`, () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "orrery-java-"));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    for (const [tool, ...args] of build) execFileSync(join(jdk!, tool!), args, { cwd: folder });
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What one process says of a list of programs, or of the first of them, down to one that leaves tasks behind. */
  const runsOf = (...keys: readonly string[]): readonly RealRun[] => {
    const list = `${keys.length}-${keys[0]}.txt`;
    writeFileSync(join(folder, list), keys.map((key) => `${key} ${SEED}\n`).join(""));
    const [tool, ...args] = run;
    const options = { cwd: folder, encoding: "utf8", env: { ...process.env, ORRERY_DIR: folder } } as const;
    const lines = execFileSync(join(jdk!, tool!), [...args, list], options)
      .trim()
      .split("\n");
    return lines.map((line) => JSON.parse(line) as RealRun);
  };
  const runOf = (key: string): RealRun => runsOf(key)[0]!;

  test.each(all.filter(({ key }) => key !== "Draws").map(({ key }) => key))(
    "%s logs what the model does",
    patient,
    async (key) => {
      const { outcome, log, tasks } = runOf(key);
      const lines = log.map(([statement, task, text]) => `${statement} ${task} ${text}`);
      const text = [outcome, ...lines, JSON.stringify(tasks), ""].join("\n");
      await expect(text).toMatchFileSnapshot(`java/${key}.log`);
    },
  );

  test("programs of one process find its scheduler as the first one does", patient, () => {
    const leavesNothing = (key: string): boolean => {
      const { spawned, completed, failed, cancelled } = runOf(key).tasks;
      return spawned === completed + failed + cancelled;
    };
    const keys = entries.map(({ key }) => key).filter((key) => key !== "Draws" && leavesNothing(key));
    const orderOf = ({ log }: RealRun): readonly string[] => log.map(([, task, text]) => `${task} ${text}`);
    expect(runsOf(...keys, ...keys).map(orderOf)).toEqual([...keys, ...keys].map(runOf).map(orderOf));
    expect(keys.length).toBeGreaterThan(2);
  });

  test("draws are those of the language, bit for bit", () => {
    const hash: Hash64 = { hi: 0, lo: 0 };
    const expected = distributions.flatMap((from, index) => {
      const stream = { ...streamHash(rootHash(SEED, hash), nameHash(`s${index}`), hash) };
      return Array.from({ length: 60 }, (_, n) => `${index} ${draw(from, stream, n)}`);
    });
    expect(runOf("Draws").log.map(([, , text]) => text)).toEqual(expected);
  }, 30_000);
});
