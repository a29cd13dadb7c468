/** Writes stored outputs: runs a workload for real and puts the runs into the file of its runtime. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { checkOrThrow } from "@orrery/program";
import type { RunResult } from "@orrery/runtime";
import { type Parameters, type RuntimeName, workloads } from "@orrery/workloads";
import { realRuns } from "./judge-runs.ts";
import { runModel } from "./perturb.ts";
import { realResult } from "./real-result.ts";
import {
  commandOf,
  fileOf,
  hashOf,
  readStored,
  type Stored,
  type StoredFile,
  type StoredRun,
} from "./stored.ts";
import type { WorkloadAsked } from "./workloads.ts";

/** Stored smaller than its default, a million tasks, which takes a model half a minute. */
const SMALLER: Readonly<Record<string, Parameters>> = { skynet: { depth: 4 } };

/** Real runs of a workload as they are stored, or why there are none. */
export async function record(
  asked: Omit<WorkloadAsked, "cores">,
): Promise<Stored | { readonly broken: string }> {
  const { workload, model, target, toolchain, seed } = asked;
  const { version } = toolchain;
  const given = { ...SMALLER[workload.program.name], ...asked.given };
  const { program, params } = checkOrThrow(workload.program, given);
  const options = workload.options?.[model.name as RuntimeName] ?? {};
  const [cores, level] = [availableParallelism(), workload.levels[model.name as RuntimeName]];
  const setting = { workload, model, program, params, options, cores, seed, level, profile: undefined };
  const shape = runModel(model, program, params, setting);
  const logs = new Map<string, number>();
  const runs: StoredRun[] = [];
  for (const outcome of await realRuns(setting, target, toolchain, shape.outcome === "deadlocked")) {
    const real = realResult(outcome, shape, version);
    if (real === null) return { broken: (outcome as { readonly broken: string }).broken };
    const log = JSON.stringify(real.log.map(({ task, text }) => `${task} ${text}`));
    if (!logs.has(log)) logs.set(log, logs.size);
    runs.push(storedRun(real, logs.get(log)!));
  }
  return {
    version,
    cores,
    seed,
    parameters: params,
    options,
    hash: hashOf(program),
    runs,
    logs: [...logs.keys()].map((log) => JSON.parse(log) as string[]),
  };
}

function storedRun(real: RunResult, log: number): StoredRun {
  const { outcome, detail, makespanNs, marks, counts, memory } = real;
  const { spawned, completed, failed, cancelled } = real.tasks;
  return {
    outcome: outcome as StoredRun["outcome"],
    detail: typeof detail === "string" ? detail.split("\n", 1)[0]! : null, // without the stacks of a dying process
    makespanNs,
    peakBytes: memory.peakBytes,
    log,
    tasks: { spawned, completed, failed, cancelled },
    counts,
    marks,
  };
}

/** Puts runs of a workload into the file of a runtime, in place of older ones. */
export async function writeStored(runtime: string, name: string, stored: Stored): Promise<void> {
  const older = existsSync(fileOf(runtime)) ? (await readStored(runtime)).workloads : {};
  const all: StoredFile["workloads"] = { ...older, [name]: stored };
  const inOrder = workloads.flatMap(({ program }) =>
    all[program.name] === undefined ? [] : [[program.name, all[program.name]]],
  );
  const file = { runtime, command: commandOf(runtime), workloads: Object.fromEntries(inOrder) as typeof all };
  await writeFile(fileOf(runtime), `${printed(file, 0)}\n`);
}

/** Down to here a line per key: the file, its workloads, what is stored of one, its runs and logs. */
const DEPTH = 4;

/** JSON with a line per run and per log, so that a difference is one. */
function printed(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null || depth === DEPTH) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((each) => printed(each, depth + 1))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${printed(each, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const indent = `\n${"  ".repeat(depth)}`;
  return entries.length === 0
    ? `${open}${close}`
    : `${open}${indent}  ${entries.join(`,${indent}  `)}${indent}${close}`;
}
