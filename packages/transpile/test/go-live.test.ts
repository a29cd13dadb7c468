/** The real Go runs one small batch that covers every operation; the logs are those that the model gives. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { draw, type Hash64, nameHash, rootHash, streamHash } from "@orrery/program";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goTarget, type RealRun } from "../src/index.ts";
import { operations } from "./go-operations.ts";
import { goEntries } from "./go-programs.ts";
import { distributions, empty, entries, entryOf } from "./java-programs.ts";
import { patient } from "./patient.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const SEED = 12_345_678_901;
const found = spawnSync("go", ["version"], { encoding: "utf8" }).stdout?.includes(" go1.26") ?? false;

/** One request after the other to a service that refuses the second. */
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
/** Programs that end in a deadlock, of which Go tells nothing else. */
const deadlocked = ["Chans", "Dead"];
const { files, build, run } = goTarget.batch([
  ...entries,
  ...goEntries,
  ...operations,
  ...valueEntries,
  ...connectionEntries,
  ...fairnessEntries,
  calls,
]);

describe.skipIf(!found)(`on a real Go${found ? "" : " (skipped: no go on PATH)"}`, () => {
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
    folder = mkdtempSync(join(tmpdir(), "orrery-go-"));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    for (const [tool, ...args] of build) execFileSync(tool!, args, { cwd: folder });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }, 120_000);

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const runOf = async (key: string): Promise<RealRun> => {
    const list = `${key}.txt`;
    writeFileSync(join(folder, list), `${key} ${SEED}\n`);
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, GOMAXPROCS: "1", ORRERY_DIR: folder, ORRERY_SERVICES: address };
    const { stdout } = await promisify(execFile)(join(folder, run[0]!), [list], { cwd: folder, env });
    return JSON.parse(stdout) as RealRun;
  };

  const logging = [
    ...entries,
    ...goEntries,
    ...operations,
    ...valueEntries,
    ...connectionEntries,
    ...fairnessEntries,
  ].map(({ key }) => key);
  test.each(logging.filter((key) => key !== "Draws" && !deadlocked.includes(key)))(
    "%s logs what the model does",
    patient,
    async (key) => {
      const { outcome, log, tasks } = await runOf(key);
      const { spawned, completed, failed, cancelled } = tasks;
      const lines = log.map(([statement, task, text]) => `${statement} ${task} ${text}`);
      const ends = JSON.stringify({ spawned, completed, failed, cancelled });
      await expect([outcome, ...lines, ends, ""].join("\n")).toMatchFileSnapshot(`go/${key}.log`);
    },
  );

  test.each(deadlocked)(
    "%s ends with Go's own verdict",
    async (key) => {
      await expect(runOf(key)).rejects.toThrow("all goroutines are asleep - deadlock!");
    },
    30_000,
  );

  test("a service is asked in one line for each call, and refuses with Rejected", async () => {
    const { outcome, detail, log } = await runOf("Services");
    expect(requests).toEqual(["web 1 1 5000000 0\n", "web 1 1 5000000 0\n"]);
    expect(log.map(([, task, text]) => `${task} ${text}`)).toEqual(["main/ask[0] answered"]);
    expect(outcome).toBe("failed");
    expect(detail).toBe("main: main/ask[1]: service web refused or failed (exit status 2)");
  }, 30_000);

  test("draws are those of the language, bit for bit", async () => {
    const hash: Hash64 = { hi: 0, lo: 0 };
    const expected = distributions.flatMap((from, index) => {
      const stream = { ...streamHash(rootHash(SEED, hash), nameHash(`s${index}`), hash) };
      return Array.from({ length: 60 }, (_, n) => `${index} ${draw(from, stream, n)}`);
    });
    expect((await runOf("Draws")).log.map(([, , text]) => text)).toEqual(expected);
  }, 30_000);

  test("generated files are as gofmt and vet want them", () => {
    const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
    expect(execFileSync(join(root, "bin", "gofmt"), ["-l", "."], { cwd: folder, encoding: "utf8" })).toBe("");
    execFileSync("go", ["vet", "./..."], { cwd: folder });
  }, 60_000);
});
