/**
 * Whether a program's order hangs on timing: the model runs it again under cost profiles that are off by a factor. A program
 * whose log moves is not judged at O1, because no model predicts times to the last nanosecond.
 */
import type { ParamValues, Program } from "@orrery/program";
import {
  type CostProfile,
  Execution,
  logReasons,
  type RunResult,
  type RuntimeModel,
  runSpec,
} from "@orrery/runtime";
import { defaultMachineCosts } from "@orrery/simulator";

/** Every cost halved, and doubled; a program whose order survives both has that margin. */
const FACTORS = [0.5, 2] as const;

export interface ModelAsked {
  readonly options: Readonly<Record<string, string>>;
  readonly cores: number;
  readonly seed: number;
}

export function runModel(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  { options, cores, seed }: ModelAsked,
  profile?: CostProfile,
): RunResult {
  return execute(model, program, params, { options, cores, seed }, profile).result();
}

/** The rule of the runtime by which the task of log line `line` ran on the model; empty where there is none. */
export function reasonOf(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  line: number,
): string {
  return logReasons(execute(model, program, params, asked).trace)[line] ?? "";
}

function execute(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  { options, cores, seed }: ModelAsked,
  profile?: CostProfile,
): Execution {
  const spec = runSpec(model, program, params, {
    options,
    cores,
    seed,
    budgets: { maxEvents: 20_000_000 },
    ...(profile === undefined ? {} : { profile }),
  });
  return new Execution(spec).run();
}

/** True if the run's outcome and log stay what they are under every perturbed profile. */
export function isStable(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  run: RunResult,
): boolean {
  return FACTORS.every((factor) => {
    const other = runModel(model, program, params, asked, scaled(model, factor));
    return other.outcome === run.outcome && textOf(other) === textOf(run);
  });
}

function scaled(model: RuntimeModel, factor: number): CostProfile {
  const scale = (costs: object): Record<string, number> =>
    Object.fromEntries(
      Object.entries(costs).map(([name, ns]) => [name, Math.round((ns as number) * factor)]),
    );
  return {
    name: `costs x ${factor}`,
    machine: scale(defaultMachineCosts),
    runtimes: { [model.name]: scale(model.costs) },
  };
}

/** The log as one text, to compare. */
export const textOf = ({ log }: RunResult): string =>
  log.map(({ task, text }) => `${task} ${text}`).join("\n");
