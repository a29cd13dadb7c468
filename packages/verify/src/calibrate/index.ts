/**
 * Calibration: every probe is timed on the real runtimes and run on the models, and the costs are fitted so that both take
 * the same time. How a run's length depends on a cost is asked of the model itself, by running it with that cost changed.
 */
import { checkOrThrow, type ParamValues, type Program } from "@orrery/program";
import { type CostProfile, type MemoryFigures, resolveProfile } from "@orrery/runtime";
import { type CalibrationBench, type Measured, measure, modelled } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { PROBE_NS } from "./probe.ts";
import { probes } from "./probes.ts";
import { fitBounded, type Row } from "./regress.ts";

/** A probe on one runtime. */
export interface ProbeFigures {
  readonly runtime: string;
  readonly probe: string;
  /** Turns of its loop. */
  readonly n: number;
  readonly real: Measured;
  /** The model's makespan with the costs that calibration began with, and with those that it found, ns. */
  readonly beforeNs: number;
  readonly afterNs: number;
}

export interface Calibration {
  readonly profile: CostProfile;
  readonly figures: readonly ProbeFigures[];
  /** Probes that a real runtime could not run. */
  readonly broken: readonly { readonly runtime: string; readonly probe: string; readonly why: string }[];
}

/** One probe as it is run: on which bench, with how many turns, and what it took for real. */
interface Case {
  readonly bench: CalibrationBench;
  readonly program: Program;
  readonly params: ParamValues;
  readonly real: Measured;
}

type Costs = Readonly<Record<string, number>>;
/** Costs by room: `machine`, or the name of a runtime. */
type Rooms = Readonly<Record<string, Costs>>;

const LEAST_TURNS = 5;
/** A run is not quite linear in the costs: the slopes are taken anew where the last fit led. */
const PASSES = 3;
/** How far a cost is changed to see what depends on it: a share of it, and at least so many ns. */
const NUDGE = 0.25;
const LEAST_NUDGE_NS = 20;
/** A cost ten times what it was weighs as much as a probe that is off by a third. */
const PULL = 1e-3;

export async function calibrate(
  benches: readonly CalibrationBench[],
  progress: (told: string) => void,
): Promise<Calibration> {
  const cases: Case[] = [];
  const broken: { runtime: string; probe: string; why: string }[] = [];
  for (const bench of benches)
    for (const source of probes) {
      const runtime = bench.model.name;
      const { params, estimateNs } = sized(bench, source);
      const checked = checkOrThrow(source, params);
      const real = await measure(bench, checked.program, checked.params, estimateNs);
      progress(`${runtime} ${source.name}`);
      if ("broken" in real) broken.push({ runtime, probe: source.name, why: real.broken });
      else cases.push({ bench, program: checked.program, params: checked.params, real });
    }
  const start = startOf(benches);
  let rooms = start;
  const idle = new Set<string>();
  for (let pass = 0; pass < PASSES; pass++) {
    rooms = fitted(cases, rooms, start, idle);
    progress(`fit ${pass + 1} of ${PASSES}`);
  }
  const memory: Record<string, MemoryFigures> = {};
  for (const bench of benches) {
    const found = await measureMemory(bench);
    progress(`${bench.model.name} memory`);
    if ("broken" in found) broken.push({ runtime: bench.model.name, probe: "memory", why: found.broken });
    else memory[bench.model.name] = found;
  }
  const profile = { ...profileOf(rooms), memory };
  const figures = cases.map(({ bench, program, params, real }) => ({
    runtime: bench.model.name,
    probe: program.name,
    n: params["n"] as number,
    real,
    beforeNs: modelled(bench, program, params).makespanNs,
    afterNs: modelled(bench, program, params, profile).makespanNs,
  }));
  return { profile, figures, broken };
}

/** As many turns as take about `PROBE_NS` on the model. */
function sized(
  bench: CalibrationBench,
  source: Program,
): { readonly params: ParamValues; readonly estimateNs: number } {
  const TRY = 20;
  const took = (n: number): number => modelled(bench, source, { n }).makespanNs;
  const { max = 0 } = source.params.find(({ name }) => name === "n")! as { readonly max?: number };
  if (max === 1) return { params: { n: 1 }, estimateNs: took(1) };
  const perTurn = Math.max(1, (took(2 * TRY) - took(TRY)) / TRY);
  const n = Math.round(Math.min(max, Math.max(LEAST_TURNS, PROBE_NS / perTurn)));
  return { params: { n }, estimateNs: took(n) };
}

/** What a process pays before its first program, and a process that runs programs all the time has behind it. */
const AT_START: ReadonlySet<string> = new Set(["loopStart"]);

/** The costs of the models and of their machine as they are. */
function startOf(benches: readonly CalibrationBench[]): Rooms {
  const resolved = benches.map(({ model }) => ({ model, ...resolveProfile(model, { name: "start" }) }));
  return Object.fromEntries([
    ["machine", { ...resolved[0]!.machine }],
    ...resolved.map(({ model, costs }) => [model.name, started(costs)] as const),
  ]) as Rooms;
}

const started = (costs: Costs): Costs =>
  Object.fromEntries(Object.entries(costs).map(([name, ns]) => [name, AT_START.has(name) ? 0 : ns]));

function profileOf(rooms: Rooms): CostProfile {
  const { machine, ...runtimes } = rooms;
  return { name: "calibrated", machine: machine!, runtimes };
}

/**
 * Costs with which the model, taken as linear around `rooms`, takes the times that were measured. `idle`: which costs a case
 * does not depend on, as far as is known.
 */
function fitted(cases: readonly Case[], rooms: Rooms, start: Rooms, idle: Set<string>): Rooms {
  const unknowns = Object.entries(rooms).flatMap(([room, costs]) =>
    Object.keys(costs).flatMap((name) => (AT_START.has(name) ? [] : [{ room, name }])),
  );
  const valueIn = (from: Rooms): number[] => unknowns.map(({ room, name }) => from[room]![name]!);
  const rows = cases.map((each): Row => {
    const base = makespan(each, rooms);
    const slopes = unknowns.map(({ room, name }) => {
      const runtime = each.bench.model.name;
      if (room !== "machine" && room !== runtime) return 0;
      const pair = `${runtime} ${each.program.name} ${room} ${name}`;
      if (idle.has(pair)) return 0;
      const cost = rooms[room]![name]!;
      const nudge = Math.max(LEAST_NUDGE_NS, Math.round(NUDGE * cost));
      const changed = { ...rooms, [room]: { ...rooms[room], [name]: cost + nudge } };
      const slope = (makespan(each, changed) - base) / nudge;
      if (slope === 0) idle.add(pair);
      return slope;
    });
    const linear = slopes.reduce((sum, slope, j) => sum + slope * valueIn(rooms)[j]!, 0);
    const { medianNs } = each.real;
    return { slopes, value: medianNs - (base - linear), weight: 1 / medianNs ** 2 };
  });
  const from = valueIn(start);
  const pull = from.map((cost) => (cost === 0 ? 0 : PULL / cost ** 2));
  const found = fitBounded(rows, from, pull);
  const result = structuredClone(rooms) as Record<string, Record<string, number>>;
  for (const [j, { room, name }] of unknowns.entries()) result[room]![name] = Math.round(found[j]!);
  return result;
}

function makespan({ bench, program, params }: Case, rooms: Rooms): number {
  return modelled(bench, program, params, profileOf(rooms)).makespanNs;
}
