/** The real Node runs one small batch that covers every operation; the logs are those that the model gives. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { draw, type Hash64, nameHash, rootHash, streamHash } from "@orrery/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Entry, javascriptTarget, type RealRun } from "../src/index.ts";
import { distributions, empty, entryOf } from "./java-programs.ts";
import { patient } from "./patient.ts";
import { operations } from "./javascript-operations.ts";
import { entries } from "./javascript-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const SEED = 12_345_678_901;
const STALL_NS = 300e6;
/** The version that the model follows. */
const isModelled = process.versions.node.startsWith("24.");

/** Two requests at a time to a service that refuses the third. */
const calls = entryOf(
  {
    ...empty,
    services: [
      {
        name: "web",
        servers: 1,
        queueLimit: 1,
        latency: { dist: "constant", value: 5e6 },
        failPerMillion: 0,
      },
    ],
    procs: {
      ask: {
        args: [],
        body: [
          { op: "callService", service: "web" },
          { op: "log", text: "answered" },
        ],
      },
    },
    main: [
      { op: "spawn", proc: "ask", args: [], bind: "a" },
      { op: "join", task: { var: "a" } },
      { op: "spawn", proc: "ask", args: [], bind: "b" },
      { op: "join", task: { var: "b" } },
    ],
  },
  "Services",
);

/** So many reads hang for a while; then another task asks for a file's status. */
const hanging = (reads: number): Entry =>
  entryOf(
    {
      ...empty,
      procs: {
        read: {
          args: [],
          body: [{ op: "fileRead", bytes: { lit: 10 }, stall: { lit: STALL_NS, unit: "ns" } }],
        },
      },
      main: [
        { op: "repeat", count: { lit: reads }, body: [{ op: "spawn", proc: "read", args: [] }] },
        { op: "now", bind: "asked" },
        { op: "fileStat" },
        { op: "mark", name: "stat", from: { var: "asked" } },
      ],
    },
    `Hanging${reads}`,
  );
const { files, run } = javascriptTarget.batch([
  ...entries,
  ...operations,
  ...valueEntries,
  ...connectionEntries,
  ...fairnessEntries,
  calls,
  hanging(3),
  hanging(4),
]);

describe.skipIf(!isModelled)(`on a real Node${isModelled ? "" : " (skipped: no node 24 runs this)"}`, () => {
  let folder = "";
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.setEncoding("utf8").on("data", (line: string) => {
      requests.push(line);
      socket.write(requests.length === 1 ? "ok\n" : "no\n");
    });
    socket.on("error", () => socket.destroy());
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "orrery-node-"));
    for (const { path, text } of files) writeFileSync(join(folder, path), text);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const runOf = async (key: string): Promise<RealRun> => {
    const list = `${key}.txt`;
    writeFileSync(join(folder, list), `${key} ${SEED}\n`);
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, ORRERY_DIR: folder, ORRERY_SERVICES: address };
    const args = [...run.slice(1), list];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
    return JSON.parse(stdout) as RealRun;
  };

  test.each(
    [
      ...entries.filter(({ key }) => key !== "Draws"),
      ...operations,
      ...valueEntries,
      ...connectionEntries,
      ...fairnessEntries,
    ].map(({ key }) => key),
  )("%s logs what the model does", patient, async (key) => {
    const { outcome, log, tasks } = await runOf(key);
    const lines = log.map(([statement, task, text]) => `${statement} ${task} ${text}`);
    const text = [outcome, ...lines, JSON.stringify(tasks), ""].join("\n");
    await expect(text).toMatchFileSnapshot(`javascript/${key}.log`);
  });

  test("draws are those of the language, bit for bit", async () => {
    const hash: Hash64 = { hi: 0, lo: 0 };
    const expected = distributions.flatMap((from, index) => {
      const stream = { ...streamHash(rootHash(SEED, hash), nameHash(`s${index}`), hash) };
      return Array.from({ length: 60 }, (_, n) => `${index} ${draw(from, stream, n)}`);
    });
    expect((await runOf("Draws")).log.map(([, , text]) => text)).toEqual(expected);
  }, 30_000);

  test("a service is asked over a socket, in a line", async () => {
    const { outcome, log, detail } = await runOf("Services");
    expect(requests).toEqual(["web 1 1 5000000 0\n", "web 1 1 5000000 0\n"]);
    expect(log.map(([, task]) => task)).toEqual(["main/ask[0]"]);
    expect(outcome).toBe("failed");
    expect(detail).toBe("main: main/ask[1]: service web refused or failed (exit status 1)");
  }, 30_000);

  test("a read that hangs holds a thread of the pool, whatever the processors do", async () => {
    const [three, four] = [await runOf("Hanging3"), await runOf("Hanging4")];
    expect(three.samples["stat"]![0]).toBeLessThan(STALL_NS);
    expect(four.samples["stat"]![0]).toBeGreaterThan(0.9 * STALL_NS);
    expect(four.tasks).toEqual({ spawned: 5, completed: 5, failed: 0, cancelled: 0 });
  }, 30_000);
});
