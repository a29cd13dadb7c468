/**
 * Stored outputs: real runs of the catalogue, written down with what they are a function of, so that a model is judged by them
 * where no toolchain is. `record.ts` writes them.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { check, type ParamValues, type Program } from "@orrery/program";
import type { RunResult, RuntimeModel, Summary } from "@orrery/runtime";
import type { RealRun } from "@orrery/transpile";
import type { RuntimeName, Workload } from "@orrery/workloads";
import { judgeRuns, modelRuns } from "./judge-runs.ts";
import { realResult } from "./real-result.ts";
import type { VerifyResult } from "./workloads.ts";

/** The file of a runtime. */
export interface StoredFile {
  readonly runtime: string;
  /** What writes it anew. */
  readonly command: string;
  /** By name, in the order of the catalogue. */
  readonly workloads: Readonly<Record<string, Stored>>;
}

/** Real runs of one workload, all with the same arguments. */
export interface Stored {
  readonly version: string;
  /** Cores of the computer that they ran on. */
  readonly cores: number;
  readonly seed: number;
  /** Every one of them, so that a default which changes does not change what is judged. */
  readonly parameters: ParamValues;
  readonly options: Readonly<Record<string, string>>;
  /** Of what the program does: runs of another program tell nothing of this one. */
  readonly hash: string;
  readonly runs: readonly StoredRun[];
  /** Distinct logs; a line is its task and its text. Times are left out: no level compares them. */
  readonly logs: readonly (readonly string[])[];
}

export interface StoredRun extends Pick<RealRun, "outcome" | "detail" | "makespanNs" | "tasks" | "counts"> {
  readonly peakBytes: number;
  readonly marks: Readonly<Record<string, Summary>>;
  /** Index of its log. */
  readonly log: number;
}

export const fileOf = (runtime: string): URL => new URL(`../recorded/${runtime}.json`, import.meta.url);

export const commandOf = (runtime: string): string => `orrery verify --record --runtimes ${runtime}`;

export async function readStored(runtime: string): Promise<StoredFile> {
  return JSON.parse(await readFile(fileOf(runtime), "utf8")) as StoredFile;
}

/** Judges a model by stored runs, at the level of the workload; throws where they are not of the workload as it is. */
export function judgeStored(workload: Workload, model: RuntimeModel, stored: Stored): VerifyResult {
  const { parameters, options, cores, seed } = stored;
  const { program, params, problems } = check(workload.program, parameters);
  const stale =
    problems.find(({ severity }) => severity === "error")?.message ??
    (hashOf(program) === stored.hash ? null : "its program has changed");
  if (stale !== null)
    throw new Error(
      `the runs of ${program.name} on ${model.name} are stored for another workload: ${stale}; ${commandOf(model.name)} stores new ones`,
    );
  const level = workload.levels[model.name as RuntimeName];
  const setting = { workload, model, program, params, options, cores, seed, level, profile: undefined };
  const models = modelRuns(setting);
  const reals = stored.runs.map((run) => resultOf(run, stored, models[0]!));
  return judgeRuns(setting, models, reals);
}

function resultOf(run: StoredRun, { logs, version, seed }: Stored, model: RunResult): RunResult {
  const log = logs[run.log]!.map((line) => {
    const space = line.indexOf(" ");
    return ["", line.slice(0, space), line.slice(space + 1), 0] as const;
  });
  const { peakBytes, marks, ...rest } = run;
  const real = realResult({ run: { ...rest, key: "", seed, log, samples: {} }, peakBytes }, model, version)!;
  return { ...real, marks };
}

/** Prose is no part of what a program does. */
export function hashOf(program: Program): string {
  const text = JSON.stringify(program, (key, value: unknown) => (key === "doc" ? undefined : value));
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
