/** Builds a batch of programs once and runs them on the real runtime, one run after the other. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Batch, Command, Entry, RealRun, Target } from "@orrery/transpile";
import { type Ended, type Limits, runChild } from "./child.ts";
import { startReferenceServer } from "./reference-server.ts";
import type { Toolchain } from "./toolchains.ts";

export interface RunRequest {
  /** Key of an entry of the batch. */
  readonly key: string;
  readonly seed: number;
}

/** A run that happened, or why it did not: the tool crashed, hung, printed garbage or ran out of memory. */
export type RealOutcome =
  | { readonly run: RealRun; readonly peakBytes: number }
  | { readonly broken: string; readonly deadlocked: boolean };

export interface BatchOptions {
  /** Options of the runtime as on the command line: GOMAXPROCS, parallelism, UV_THREADPOOL_SIZE ... */
  readonly options: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** Called after each run. */
  readonly progress?: (done: number) => void;
}

const BUILD_LIMITS: Limits = { timeMs: 300_000, memoryBytes: 8e9 };
/** How much of an error's text is worth telling. */
const TOLD = 600;

export async function runBatch(
  target: Target,
  toolchain: Toolchain,
  entries: readonly Entry[],
  requests: readonly RunRequest[],
  { options, limits, progress }: BatchOptions,
): Promise<readonly RealOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-"));
  try {
    const batch = target.batch(entries);
    for (const { path, text } of batch.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    for (const command of batch.build) {
      const built = await runChild(withTools(command, toolchain), folder, {}, BUILD_LIMITS);
      if (built.status !== 0) {
        const broken = `${command.join(" ")}: ${reasonOf(built)}`;
        return requests.map(() => ({ broken, deadlocked: false }));
      }
    }
    const outcomes: RealOutcome[] = [];
    while (outcomes.length < requests.length) {
      const rest = requests.slice(outcomes.length, batch.shareable ? undefined : outcomes.length + 1);
      outcomes.push(...(await runProcess(batch, toolchain, folder, rest, options, limits)));
      progress?.(outcomes.length);
    }
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One process: the outcomes of as many requests as it got through, one at least. */
async function runProcess(
  batch: Batch,
  toolchain: Toolchain,
  folder: string,
  requests: readonly RunRequest[],
  options: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<readonly RealOutcome[]> {
  await using server = await startReferenceServer();
  const files = join(folder, "files");
  await mkdir(files, { recursive: true });
  const list = join(folder, "runs.txt");
  await writeFile(list, requests.map(({ key, seed }) => `${key} ${seed}\n`).join(""));
  const environment = { ORRERY_SERVICES: server.address, ORRERY_DIR: files, ...environmentOf(options) };
  const command = [...withOptions(withTools(batch.run, toolchain), options), list];
  const ended = await runChild(command, folder, environment, {
    ...limits,
    timeMs: limits.timeMs * requests.length,
  });
  const outcomes: RealOutcome[] = [];
  for (const line of ended.stdout.split("\n")) {
    if (line === "") continue;
    const expected = requests[outcomes.length];
    const run = parseRun(line);
    if (run === null || expected === undefined || run.key !== expected.key) {
      outcomes.push({ broken: `printed garbage: ${line.slice(0, TOLD)}`, deadlocked: false });
      return outcomes.slice(0, requests.length);
    }
    outcomes.push({ run, peakBytes: ended.peakBytes });
  }
  if (outcomes.length < requests.length) {
    const reason = reasonOf(ended);
    outcomes.push({ broken: reason, deadlocked: /all goroutines are asleep/.test(ended.stderr) });
  }
  return outcomes;
}

function parseRun(line: string): RealRun | null {
  try {
    const value = JSON.parse(line) as Partial<RealRun>;
    return typeof value.key === "string" && Array.isArray(value.log) ? (value as RealRun) : null;
  } catch {
    return null;
  }
}

function reasonOf({ killed, status, stderr }: Ended): string {
  if (killed === "time") return "killed: it went beyond its time";
  if (killed === "memory") return "killed: it went beyond its memory";
  if (killed === "output") return "killed: it printed without end";
  const said = stderr.trim().slice(0, TOLD);
  return `ended with status ${status ?? "of a signal"}${said === "" ? "" : `: ${said}`}`;
}

function withTools([tool, ...args]: Command, toolchain: Toolchain): readonly string[] {
  return [toolchain.tools[tool!] ?? tool!, ...args];
}

/** Options of the runtimes that are environment variables. */
function environmentOf(options: Readonly<Record<string, string>>): Record<string, string> {
  const names = ["GOMAXPROCS", "UV_THREADPOOL_SIZE"];
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

/** Options of virtual threads are system properties on the command line: these take the place of the batch's own. */
function withOptions(
  command: readonly string[],
  options: Readonly<Record<string, string>>,
): readonly string[] {
  return command.map((word) => {
    const property = /^-Djdk\.virtualThreadScheduler\.(\w+)=/.exec(word)?.[1];
    const value = property === undefined ? undefined : options[property];
    return value === undefined ? word : `-Djdk.virtualThreadScheduler.${property}=${value}`;
  });
}
