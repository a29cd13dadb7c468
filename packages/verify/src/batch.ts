/** Builds a batch of programs once and runs them on the real runtime. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Batch, Command, Entry, RealRun, Target } from "@orrery/transpile";
import { atEnd } from "./at-end.ts";
import { type Ended, type Limits, runChild } from "./child.ts";
import { startReferenceServer } from "./reference-server.ts";
import type { Toolchain } from "./toolchains.ts";
import { compile } from "./warm-javac.ts";

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
  /** Of each run. */
  readonly limits: Limits;
  /** Runs may share a process that renews itself in between. */
  readonly renewed?: boolean;
  /** Only the length of runs counts: they share a process, which stays warm. */
  readonly timed?: boolean;
  /** A run that goes beyond its time is expected to hang, and has deadlocked in silence. */
  readonly mayHang?: boolean;
  /** Variables of the processes beside the runtimes' options. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Processes that run at a time; 1 unless told. */
  readonly processes?: number;
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
  {
    options,
    limits,
    renewed = false,
    timed = false,
    mayHang = false,
    environment = {},
    processes = 1,
    progress,
  }: BatchOptions,
): Promise<readonly RealOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-"));
  const forget = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const batch = target.batch(entries);
    for (const { path, text } of batch.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    for (const command of batch.build) {
      const built = await build(command, folder, toolchain);
      if (built.status !== 0) {
        const broken = `${command.join(" ")}: ${reasonOf(built)}`;
        return requests.map(() => ({ broken, deadlocked: false }));
      }
    }
    const outcomes = new Array<RealOutcome>(requests.length);
    const share = batch.shareable || timed || (renewed && batch.renewable);
    const fixed = { ...environment, ...environmentOf(options), ...(timed ? { ORRERY_TIMED: "1" } : {}) };
    const size = share ? Math.ceil(requests.length / processes) : 1;
    let next = 0;
    let done = 0;
    const lane = async (files: string): Promise<void> => {
      await mkdir(files);
      while (next < requests.length) {
        let at = next;
        next = Math.min(next + size, requests.length);
        for (const end = next; at < end; ) {
          const got = await runProcess(
            batch,
            toolchain,
            files,
            requests.slice(at, end),
            options,
            fixed,
            limits,
          );
          for (const outcome of got) outcomes[at++] = mayHang ? silentDeadlock(outcome) : outcome;
          progress?.((done += got.length));
        }
      }
    };
    await Promise.all(Array.from({ length: processes }, (_, index) => lane(join(folder, `files${index}`))));
    return outcomes;
  } finally {
    forget();
    await rm(folder, { recursive: true, force: true });
  }
}

function build(
  command: Command,
  folder: string,
  toolchain: Toolchain,
): Promise<Pick<Ended, "status" | "killed" | "stderr">> {
  const [tool, ...words] = command;
  return tool === "javac"
    ? compile(toolchain.tools["java"]!, folder, words, BUILD_LIMITS.timeMs)
    : runChild(withTools(command, toolchain), folder, {}, BUILD_LIMITS);
}

/** One process: the outcomes of as many requests as it got through, one at least. `files` is for what it reads and writes. */
async function runProcess(
  batch: Batch,
  toolchain: Toolchain,
  files: string,
  requests: readonly RunRequest[],
  options: Readonly<Record<string, string>>,
  fixed: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<readonly RealOutcome[]> {
  using server = await startReferenceServer();
  const list = join(files, "runs.txt");
  await writeFile(list, requests.map(({ key, seed }) => `${key} ${seed}\n`).join(""));
  const environment = { ORRERY_SERVICES: server.address, ORRERY_DIR: files, ...fixed };
  const command = [...withOptions(withTools(batch.run, toolchain), options), list];
  const ended = await runChild(command, dirname(files), environment, { ...limits, perLine: true });
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
  const endedEarly = ended.status === 0 && outcomes.length > 0; // a run left something behind
  if (outcomes.length < requests.length && !endedEarly) {
    const reason = reasonOf(ended);
    outcomes.push({ broken: reason, deadlocked: /all goroutines are asleep/.test(ended.stderr) });
  }
  return outcomes;
}

const OVERTIME = "killed: it went beyond its time";

const silentDeadlock = (outcome: RealOutcome): RealOutcome =>
  "broken" in outcome && outcome.broken === OVERTIME ? { ...outcome, deadlocked: true } : outcome;

function parseRun(line: string): RealRun | null {
  try {
    const value = JSON.parse(line) as Partial<RealRun>;
    return typeof value.key === "string" && Array.isArray(value.log) ? (value as RealRun) : null;
  } catch {
    return null;
  }
}

function reasonOf({ killed, status, stderr }: Pick<Ended, "status" | "killed" | "stderr">): string {
  if (killed === "time") return OVERTIME;
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
  const names = {
    GOMAXPROCS: "GOMAXPROCS",
    UV_THREADPOOL_SIZE: "UV_THREADPOOL_SIZE",
    executorWorkers: "ORRERY_EXECUTOR_WORKERS",
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, variable]) =>
      options[option] === undefined ? [] : [[variable, options[option]]],
    ),
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
