import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runChild } from "@orrery/verify";

const folder = mkdtempSync(join(tmpdir(), "orrery-child-"));
afterAll(() => rmSync(folder, { recursive: true }));

const limits = { timeMs: 20_000, memoryBytes: 1e9 };
const node = (script: string, given: Partial<typeof limits> = {}): ReturnType<typeof runChild> =>
  runChild([process.execPath, "-e", script], folder, { GREETING: "hello" }, { ...limits, ...given });

test("a process gives its output, its status and its environment", async () => {
  const ended = await node("console.log(process.env.GREETING); console.error('bad'); process.exitCode = 3");
  expect(ended).toMatchObject({ stdout: "hello\n", stderr: "bad\n", status: 3, killed: null });
});

test("a process that goes beyond its time is killed with the children it started", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const ended = await node(script, { timeMs: 1500 });
  expect(ended.killed).toBe("time");
  const pid = Number(ended.stdout);
  expect(pid).toBeGreaterThan(0);
  // The killed child is gone, or a zombie until somebody reaps it.
  await expect.poll(() => stateOf(pid)).toMatch(/gone|Z/);
});

test("a process that goes beyond its memory is killed", async () => {
  const script = "const hold = []; setInterval(() => hold.push(Buffer.alloc(20e6, 1)), 5)";
  expect((await node(script, { memoryBytes: 300e6 })).killed).toBe("memory");
});

test("a command that is not there ends with status 127 and says so", async () => {
  const ended = await runChild(["no-such-tool"], folder, {}, limits);
  expect(ended.status).toBe(127);
  expect(ended.stderr).toContain("no-such-tool");
});

test("a process that is killed takes along what it has started", async () => {
  const script = `
    import { runChild } from ${JSON.stringify(new URL("../src/child.ts", import.meta.url).href)};
    const started = "setInterval(() => {}, 1000); require('node:fs').writeFileSync('started', String(process.pid))";
    void runChild([process.execPath, "-e", started], ${JSON.stringify(folder)}, {}, { timeMs: 20_000, memoryBytes: 1e9 });`;
  const parent = spawn(process.execPath, ["--conditions=source", "--input-type=module", "-e", script]);
  const pidOf = async (): Promise<number> =>
    Number(await readFile(join(folder, "started"), "utf8").catch(() => "0"));
  await expect.poll(pidOf, { timeout: 10_000 }).toBeGreaterThan(0);
  parent.kill("SIGTERM");
  const pid = await pidOf();
  await expect.poll(() => stateOf(pid), { timeout: 10_000 }).toMatch(/gone|Z/);
}, 30_000);

async function stateOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return text === null ? "gone" : text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3);
}
