/** Differential fuzzing: random programs on the model and on the real runtime must log the same order (level O1). */
import {
  checkOrThrow,
  type FuzzClass,
  generate,
  type ParamValues,
  type Program,
  shrink,
} from "@orrery/program";
import type { LogOrigin, RunResult, RuntimeModel } from "@orrery/runtime";
import type { Entry, Target } from "@orrery/transpile";
import { type BatchOptions, type RealOutcome, runBatch, type RunRequest } from "./batch.ts";
import type { Limits } from "./child.ts";
import { judge } from "./judge.ts";
import { isStable, type ModelAsked, originOf, runModel, textOf } from "./perturb.ts";
import { realResult } from "./real-result.ts";
import type { Toolchain } from "./toolchains.ts";

export interface FuzzAsked {
  readonly model: RuntimeModel;
  readonly target: Target;
  readonly toolchain: Toolchain;
  readonly fuzzClass: FuzzClass;
  /** Programs; program i is made from seed + i. */
  readonly count: number;
  readonly seed: number;
  /** Options that leave the runtime one processor. */
  readonly options: Readonly<Record<string, string>>;
  readonly progress: (done: number) => void;
}

export interface FuzzReport {
  readonly agreed: number;
  /** Programs that were not judged, by reason. */
  readonly setAside: ReadonlyMap<string, number>;
  readonly mismatches: readonly Mismatch[];
}

export interface Mismatch {
  readonly seed: number;
  /** Shrunk. */
  readonly program: Program;
  readonly params: ParamValues;
  readonly model: RunResult;
  /** Null when the real program did not come to an end. */
  readonly real: RunResult | null;
  readonly why: string;
  /** First log line that differs, and where the model's comes from. */
  readonly line: number;
  readonly origin: LogOrigin | null;
}

/** Programs that are built together, at most. */
const BATCH = 100;
/** Batches at a time: while one waits for its timers another is generated, checked on the model and built. */
const BATCHES = 3;
/** Processes at a time, of each batch. */
const PROCESSES = 2;
/** Quiet real runs of a program that differs, before that is called a mismatch. */
const SECOND_LOOKS = 5;
const SHRINK_BUDGET = 80;
/** Mismatches that are shrunk, which may take a minute each; the others are told whole. */
const SHRUNK = 3;
const VARIES = "the real order varies, the model's among it";
const LIMITS: Limits = { timeMs: 10_000, memoryBytes: 2e9 };

interface Candidate {
  readonly seed: number;
  readonly program: Program;
  readonly params: ParamValues;
  readonly run: RunResult;
}

export async function fuzz(asked: FuzzAsked): Promise<FuzzReport> {
  const setAside = new Map<string, number>();
  const aside = (why: string): void => void setAside.set(why, (setAside.get(why) ?? 0) + 1);
  const differing: Candidate[] = [];
  const mismatches: Mismatch[] = [];
  let agreed = 0;
  let next = 0;
  let done = 0;
  const size = Math.ceil(asked.count / (BATCHES * Math.ceil(asked.count / (BATCH * BATCHES))));
  const judgeBatches = async (): Promise<void> => {
    while (next < asked.count) {
      const seeds = Array.from({ length: Math.min(size, asked.count - next) }, () => asked.seed + next++);
      const batch: Candidate[] = [];
      for (const seed of seeds) {
        const candidate = candidateOf(asked, seed, generate(seed, asked.fuzzClass));
        if (typeof candidate === "string") aside(candidate);
        else batch.push(candidate);
      }
      const outcomes = await realRuns(asked, batch, 1, { renewed: true, processes: PROCESSES });
      for (const [index, candidate] of batch.entries()) {
        if (agrees(asked, candidate, outcomes[index]!)) agreed++;
        else differing.push(candidate);
      }
      asked.progress((done += seeds.length));
    }
  };
  await Promise.all(Array.from({ length: BATCHES }, judgeBatches));
  const looks = await realRuns(asked, differing, SECOND_LOOKS);
  for (const [index, candidate] of differing.entries()) {
    const again = looks.slice(index * SECOND_LOOKS, (index + 1) * SECOND_LOOKS);
    const agreeing = again.filter((outcome) => agrees(asked, candidate, outcome)).length;
    if (agreeing === SECOND_LOOKS) agreed++;
    else if (agreeing > 0) aside(VARIES);
    else {
      const mismatch =
        mismatches.length < SHRUNK ? await shrunk(asked, candidate) : told(asked, candidate, again[0]!);
      if (mismatch === null) aside(VARIES);
      else mismatches.push(mismatch);
    }
  }
  return { agreed, setAside, mismatches };
}

/** A program that may be judged at O1, or why it may not. */
function candidateOf({ model, options }: FuzzAsked, seed: number, source: Program): Candidate | string {
  const { program, params } = checkOrThrow(source);
  const asked: ModelAsked = { options, cores: 4, seed };
  const run = runModel(model, program, params, asked);
  if (run.outcome !== "completed") return `${run.outcome} on the model`;
  if (!isStable(model, program, params, asked, run)) return "its order hangs on timing";
  return { seed, program, params, run };
}

/** `times` runs of each candidate, those of one candidate together; each alone and in a new process unless told. */
async function realRuns(
  { target, toolchain, options }: FuzzAsked,
  candidates: readonly Candidate[],
  times: number,
  how: Pick<BatchOptions, "renewed" | "processes"> = {},
): Promise<readonly RealOutcome[]> {
  if (candidates.length === 0) return [];
  const entries: Entry[] = candidates.map(({ program, params }, index) => ({
    key: `p${index}`,
    program,
    params,
  }));
  const requests: RunRequest[] = candidates.flatMap(({ seed }, index) =>
    Array.from({ length: times }, () => ({ key: `p${index}`, seed })),
  );
  return runBatch(target, toolchain, entries, requests, { options, limits: LIMITS, ...how });
}

function agrees({ toolchain }: FuzzAsked, candidate: Candidate, outcome: RealOutcome): boolean {
  const real = realResult(outcome, candidate.run, toolchain.version);
  return real !== null && judge("O1", null, [candidate.run], real).verdict === "agree";
}

/** A mismatch, told by the smallest program that still differs; null if in the end even the whole one agrees. */
async function shrunk(asked: FuzzAsked, candidate: Candidate): Promise<Mismatch | null> {
  const program = await shrink(
    candidate.program,
    (smaller) => stillDiffers(asked, candidate.seed, smaller),
    SHRINK_BUDGET,
  );
  const smallest = candidateOf(asked, candidate.seed, program);
  for (const shown of typeof smallest === "string" ? [candidate] : [smallest, candidate]) {
    const [outcome] = await realRuns(asked, [shown], 1);
    if (!agrees(asked, shown, outcome!)) return told(asked, shown, outcome!);
  }
  return null;
}

function told(asked: FuzzAsked, { seed, program, params, run }: Candidate, outcome: RealOutcome): Mismatch {
  const real = realResult(outcome, run, asked.toolchain.version);
  const { why, line = 0 } =
    real === null ? { why: (outcome as { readonly broken: string }).broken } : judge("O1", null, [run], real);
  const on: ModelAsked = { options: asked.options, cores: 4, seed };
  const origin = originOf(asked.model, program, params, on, line);
  return { seed, program, params, model: run, real, why, line, origin };
}

/** A smaller program still differs if two real runs agree with each other and not with the model. */
async function stillDiffers(asked: FuzzAsked, seed: number, program: Program): Promise<boolean> {
  const candidate = candidateOf(asked, seed, program);
  if (typeof candidate === "string") return false;
  const outcomes = await realRuns(asked, [candidate], 2);
  if (outcomes.some((outcome) => agrees(asked, candidate, outcome))) return false;
  const [a, b] = outcomes.map((outcome) => realResult(outcome, candidate.run, asked.toolchain.version));
  return a === null ? b === null : b !== null && textOf(a!) === textOf(b!);
}
