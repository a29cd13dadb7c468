/**
 * Whether a program's order hangs on timing: the model runs it again with times that are off by a factor. A program whose
 * log moves is not judged at O1, because no model predicts times to the last nanosecond.
 */
import type { Expr, ParamValues, Program } from "@orrery/program";
import {
  type CostProfile,
  Execution,
  type LogOrigin,
  logOrigins,
  type RunResult,
  type RuntimeModel,
  runSpec,
  type RunSpec,
} from "@orrery/runtime";
import { defaultMachineCosts, nanosleep, Sfc32 } from "@orrery/simulator";

interface Perturbation {
  /** Factors of the costs of the machine and of the runtime. */
  readonly machine: number;
  readonly runtime: number;
  /** Of the program's processor time, as a fraction: it is counted in iterations, and other processes take their share. */
  readonly work: readonly [over: number, under: number];
}

/**
 * All faster, all slower, and each of machine and runtime slower beside the other: of threads that wake up and of files a
 * model knows least. Four milliseconds of work become eight, more than CPython's switch interval of five.
 */
const PERTURBATIONS: readonly Perturbation[] = [
  { machine: 0.5, runtime: 0.5, work: [1, 2] },
  { machine: 2, runtime: 2, work: [2, 1] },
  { machine: 4, runtime: 0.5, work: [1, 1] },
  { machine: 0.25, runtime: 2, work: [1, 1] },
];

/** First executions that take long, ns: V8 compiles and runs a statement for the first time in up to 100 us, so that a millisecond is soon over. */
const COLD_NS: Readonly<Record<string, number>> = { node: 100_000 };

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

/** Where log line `line` of the model comes from; null where it has no such line. */
export function originOf(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  line: number,
): LogOrigin | null {
  return logOrigins(execute(model, program, params, asked).trace)[line] ?? null;
}

function execute(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  profile?: CostProfile,
): Execution {
  return new Execution(specOf(model, program, params, asked, profile)).run();
}

function specOf(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  { options, cores, seed }: ModelAsked,
  profile?: CostProfile,
  trace = true,
): RunSpec {
  return runSpec(model, program, params, {
    options,
    cores,
    seed,
    trace,
    budgets: { maxEvents: 20_000_000 },
    ...(profile === undefined ? {} : { profile }),
  });
}

/** True if the run's outcome and log stay what they are under every perturbation. */
export function isStable(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  run: RunResult,
): boolean {
  const same = (other: RunResult): boolean => other.outcome === run.outcome && textOf(other) === textOf(run);
  const survives = (perturbed: Program, profile: CostProfile): boolean =>
    same(new Execution(specOf(model, perturbed, params, asked, profile, false)).run().result());
  const cold = COLD_NS[model.name];
  const works = WORK.test(JSON.stringify(program));
  return (
    PERTURBATIONS.every((by) =>
      survives(works ? withWork(program, by.work) : program, profileOf(model, by)),
    ) &&
    (cold === undefined || survives(program, coldProfile(model, cold)))
  );
}

const WORK = /"op":"(cpu|offload)"/;

/** The program with so many times its processor time. */
function withWork(program: Program, [over, under]: Perturbation["work"]): Program {
  if (over === under) return program;
  const scaled = (dur: Expr): Expr => ({
    binary: "/",
    left: { binary: "*", left: dur, right: { lit: over } },
    right: { lit: under },
  });
  return JSON.parse(
    JSON.stringify(program),
    (_, value: { readonly op?: string; readonly dur: Expr } | null) =>
      value?.op === "cpu" || value?.op === "offload" ? { ...value, dur: scaled(value.dur) } : value,
  ) as Program;
}

function profileOf(model: RuntimeModel, { machine, runtime }: Perturbation): CostProfile {
  const scale = (costs: object, factor: number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(costs).map(([name, ns]) => [name, Math.round((ns as number) * factor)]),
    );
  return {
    name: `machine x ${machine}, runtime x ${runtime}`,
    machine: scale(defaultMachineCosts, machine),
    runtimes: { [model.name]: scale(model.costs, runtime) },
  };
}

function coldProfile({ name, costs }: RuntimeModel, cold: number): CostProfile {
  return { name: "cold", machine: { ...defaultMachineCosts }, runtimes: { [name]: { ...costs, cold } } };
}

/** A cold process takes many times what a warm one does, and its lines of the log are not free: ns. */
const TEMPO: readonly [number, number] = [1, 128];
const WAKES: readonly [number, number] = [1 / 8, 8];
const EACH: readonly [number, number] = [1 / 16, 16];
const LOG_NS = 300;
/** Other processes of the computer: so many of them, so many turns each, of about so long. */
const NEIGHBOURS = 2;
const TURNS = 50;
const TURN_NS: readonly [number, number] = [1_000, 1_000_000];

/**
 * The i-th of the runs that show which orders a model can reach on several processors. Such an order is a race of threads that
 * wake, with what the program does meanwhile, on a computer that others use too: each cost is drawn around its value, and
 * other processes take a core now and then.
 */
export function variedRun(
  model: RuntimeModel,
  program: Program,
  params: ParamValues,
  asked: ModelAsked,
  i: number,
): RunResult {
  const random = new Sfc32(i, "varied");
  const between = ([low, high]: readonly [number, number]): number =>
    low * (high / low) ** (random.next() / 2 ** 32);
  const vary = (costs: object, factor: number): Record<string, number> =>
    Object.fromEntries(
      Object.entries(costs).map(([name, ns]) => [name, Math.round((ns as number) * factor * between(EACH))]),
    );
  const profile = {
    name: `varied ${i}`,
    machine: vary(defaultMachineCosts, between(WAKES)),
    runtimes: { [model.name]: vary({ ...model.costs, log: LOG_NS }, between(TEMPO)) },
  };
  const execution = new Execution(specOf(model, program, params, asked, profile, false));
  const { machine } = execution;
  const turnNs = between(TURN_NS);
  for (let each = 0; each < NEIGHBOURS; each++) {
    machine.spawn("another process", function* (thread) {
      for (let turn = 0; turn < TURNS; turn++) {
        yield* nanosleep(machine, thread, Math.round(turnNs * between(EACH)));
        yield Math.round(turnNs * between(EACH));
      }
    });
  }
  return execution.run().result();
}

/** The log as one text, to compare. */
export const textOf = ({ log }: RunResult): string =>
  log.map(({ task, text }) => `${task} ${text}`).join("\n");
