/** A recording replays to the same run; one that does not fit says where. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "orrery-"));
const path = join(folder, "run.json");

test("every runtime replays to the same hash, whatever the seed in between", async () => {
  const recorded = JSON.parse(
    (await cli(`compare file-pool --seed 7 --set opens=5 --record ${path} --json`)).out,
  );
  const replayed = JSON.parse((await cli(`compare file-pool --replay ${path} --json`)).out);
  expect(replayed).toEqual(recorded);
  const seeded = JSON.parse(
    (await cli(`compare file-pool --replay ${path} --runtimes go --seed 8 --json`)).out,
  );
  expect(seeded.runs[0].traceHash).toBe(recorded.runs[0].traceHash);
  expect(seeded.runs[0].seed).toBe(8);
});

test("recording changes nothing", async () => {
  expect((await cli(`run file-pool --runtime go --record ${path}`)).out).toBe(
    (await cli("run file-pool --runtime go")).out,
  );
});

test("a recording cut short goes on with the seed; a changed one diverges with its place", async () => {
  await cli(`run file-pool --runtime go --record ${path}`);
  const whole = JSON.parse(readFileSync(path, "utf8"));
  const { decisions } = whole.recordings[0];
  expect(decisions.length).toBeGreaterThan(5);
  const withDecisions = (changed: unknown): void =>
    writeFileSync(
      path,
      JSON.stringify({ ...whole, recordings: [{ ...whole.recordings[0], decisions: changed }] }),
    );
  withDecisions(decisions.slice(0, 3));
  expect((await cli(`run file-pool --runtime go --replay ${path}`)).status).toBe(0);
  withDecisions([["go.nowhere", 2, 0], ...decisions.slice(1)]);
  const { status, err } = await cli(`run file-pool --runtime go --replay ${path}`);
  expect(status).toBe(2);
  expect(err).toContain("decision 0: the recording holds go.nowhere (1 of 2), the run asks");
  expect((await cli(`run cpu-hog --runtime go --replay ${path}`)).err).toContain(
    "it holds no run of cpu-hog on go; there is file-pool on go",
  );
});

test("what is no recording", async () => {
  const other = join(folder, "other.json");
  writeFileSync(other, "{}");
  expect((await cli(`run cpu-hog --runtime go --replay ${other}`)).err).toContain("this is not a recording");
  writeFileSync(other, '{"schemaVersion": 99, "recordings": []}');
  expect((await cli(`run cpu-hog --runtime go --replay ${other}`)).err).toContain("schemaVersion is 99");
});

test("--trace writes a head and a line per event", async () => {
  const trace = join(folder, "trace.jsonl");
  const { out } = await cli(`run spawn-order --runtime go --trace ${trace} --json`);
  const [head, ...events] = readFileSync(trace, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(head.events).toBe(events.length);
  expect(head.traceHash).toBe(JSON.parse(out).runs[0].traceHash);
  expect(events[0]).toMatchObject({ seq: 0, kind: "create", path: "main" });
});
