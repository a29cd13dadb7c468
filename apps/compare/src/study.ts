/** One program on several models, run and judged: what every report is made from. */
import { Execution, type RunResult, type RuntimeModel, type RunSpec } from "@orrery/runtime";
import {
  type DecisionSource,
  RecordingDecisions,
  ReplayDivergence,
  ReplayingDecisions,
  SeededDecisions,
  type Trace,
} from "@orrery/simulator";
import { applicable, checkExpectations } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { badInput, type BadInput } from "./errors.ts";
import { type Lane, lanesOf } from "./folds/lanes.ts";
import type { Progress } from "./progress.ts";
import { readRecordings, type Recording, recordingOf } from "./recording.ts";
import {
  type Asked,
  budgetsOf,
  DEFAULT_CORES,
  DEFAULT_SEED,
  optionsFor,
  ownParameters,
  profileOf,
  specOf,
  type Texts,
} from "./settings.ts";
import { checkSubject, type Subject } from "./subject.ts";
import { TaskNames } from "./task-names.ts";

export interface Run {
  readonly model: RuntimeModel;
  readonly result: RunResult;
  readonly trace: Trace;
  readonly names: TaskNames;
  /** Names of the machine's threads, by id. */
  readonly threads: readonly string[];
  /** Every sample of marks and measures, by name. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  readonly lanes: readonly Lane[];
  /** When the machine stopped; the makespan may end earlier. */
  readonly endNs: number;
  /** How many expectations speak of this run, and what those say that do not hold. */
  readonly expected: number;
  readonly violations: readonly string[];
  readonly recording: Recording | null;
}

export interface Study {
  readonly subject: Subject;
  readonly runs: readonly Run[];
}

/** A run made ready. */
export interface Prepared {
  readonly spec: RunSpec;
  readonly options: Texts;
}

/** The run that is asked for; with a recording, what is not asked is the recording's. */
export const prepare = Effect.fnUntraced(function* (
  subject: Subject,
  model: RuntimeModel,
  asked: Asked,
  parameters: Texts,
  options: Texts,
) {
  const recorded = yield* recordedRun(asked, subject, model);
  const cores = asked.cores ?? recorded?.cores ?? DEFAULT_CORES;
  const seed = asked.seed ?? recorded?.seed ?? DEFAULT_SEED;
  const own = ownParameters(parameters, subject.program.params);
  const defaults = { ...subject.defaults, ...recorded?.parameters };
  const { program, params } = yield* checkSubject({ ...subject, defaults }, own);
  const profile = yield* profileOf(asked.profile ?? recorded?.profile, [model]);
  const texts = { ...optionsFor(model, subject.workload), ...recorded?.options, ...options };
  const decisions = decisionsOf(asked, seed, recorded);
  const spec = yield* specOf(model, program, params, {
    options: texts,
    cores,
    seed,
    profile,
    decisions,
    budgets: budgetsOf(asked),
  });
  return { spec, options: texts } as Prepared;
});

const recordedRun = Effect.fnUntraced(function* (asked: Asked, subject: Subject, model: RuntimeModel) {
  if (asked.replay === undefined) return undefined;
  const recordings = yield* readRecordings(asked.replay);
  return yield* recordingOf(asked.replay, recordings, subject.program.name, model.name);
});

function decisionsOf(asked: Asked, seed: number, recorded: Recording | undefined): DecisionSource {
  // A recording that was cut short leaves the rest to the seed.
  const seeded = new SeededDecisions(seed);
  const source = recorded === undefined ? seeded : new ReplayingDecisions(recorded.decisions, seeded);
  return asked.record === undefined ? source : new RecordingDecisions(source);
}

/** Steps between two looks at the clock. Always the same, whoever looks: where a run pauses must not depend on it. */
const STEPS_PER_TURN = 1 << 18;

/** Runs until `done`, telling how far it is. */
export const turn = (
  execution: Execution,
  advance: (execution: Execution) => boolean,
  progress: Progress,
): Effect.Effect<void, BadInput> =>
  Effect.try({
    try: () => {
      while (!advance(execution)) progress.tick(execution.machine.steps, execution.machine.now);
    },
    catch: (error) => {
      if (error instanceof ReplayDivergence) return badInput(`--replay: ${error.message}`);
      throw error;
    },
  });

/** Runs to the end. */
const runOut = (execution: Execution): boolean => execution.step(STEPS_PER_TURN).done;

export const simulate = Effect.fnUntraced(function* (
  subject: Subject,
  prepared: Prepared,
  progress: Progress,
) {
  const { spec } = prepared;
  const { model } = spec;
  progress.begin(`${spec.program.name} on ${model.name}`);
  const execution = new Execution(spec);
  const names = new TaskNames(execution);
  yield* Effect.ensuring(
    turn(execution, runOut, progress),
    Effect.sync(() => progress.end()),
  );
  const result = execution.result();
  const endNs = Math.max(execution.machine.now, result.makespanNs);
  const { workload } = subject;
  return {
    model,
    result,
    trace: execution.trace,
    names,
    threads: execution.machine.threads.map(({ name }) => name),
    samples: execution.world.observations.samples,
    lanes: lanesOf(execution.trace, endNs),
    endNs,
    expected: workload === null ? 0 : applicable(workload, result).length,
    violations: workload === null ? [] : checkExpectations(workload, result).map(({ message }) => message),
    recording: recordingFrom(prepared, result),
  } as Run;
});

function recordingFrom({ spec, options }: Prepared, result: RunResult): Recording | null {
  if (!(spec.decisions instanceof RecordingDecisions)) return null;
  return {
    workload: result.workload,
    runtime: result.runtime,
    parameters: result.parameters,
    options,
    cores: result.cores,
    seed: result.seed,
    profile: result.profile,
    traceHash: result.traceHash,
    decisions: spec.decisions.decisions,
  };
}

/** What `--check` finds wrong with a run, if anything. */
export function failures(subject: Subject, run: Run): readonly string[] {
  const { result, violations } = run;
  const meant = subject.workload?.expectations.some(
    (each) => each.kind === "outcome" && each.is === result.outcome && each.is !== "completed",
  );
  if (result.outcome === "completed" || meant === true) return violations;
  const place = `${result.workload} on ${result.runtime}`;
  return [...violations, `${place}: ${result.outcome}`];
}
