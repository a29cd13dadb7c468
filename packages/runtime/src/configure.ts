/** From what a user asks to a complete `RunSpec`: options and cost profiles with defaults filled in, errors that help. */
import { nearest, type ParamValue, type Program } from "@orrery/program";
import {
  type DecisionSource,
  defaultMachineCosts,
  type MachineCosts,
  SeededDecisions,
  zeroMachineCosts,
} from "@orrery/simulator";
import { type Budgets, defaultBudgets, type RunSpec } from "./execution.ts";
import type { Costs, MemoryFigures, OptionSpec, OptionValues, RuntimeModel } from "./model.ts";

/** A wrong option or profile: the message names the place and the nearest valid value. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/**
 * Costs by runtime over the models' defaults, as in a profile file: `{"name": "...", "machine": {...}, "go": {...}}`.
 * What a profile leaves out keeps its default.
 */
export interface CostProfile {
  readonly name: string;
  readonly machine?: Partial<MachineCosts>;
  readonly runtimes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Bytes, by runtime. */
  readonly memory?: Readonly<Record<string, MemoryFigures>>;
}

export const defaultProfile: CostProfile = { name: "default" };
/** Every cost of runtimes and machine is 0; memory figures stay. */
export const zeroProfile: CostProfile = { name: "zero" };

export function resolveProfile(model: RuntimeModel, profile: CostProfile): RunSpec["profile"] {
  if (profile === zeroProfile)
    return {
      name: "zero",
      machine: zeroMachineCosts,
      costs: mapValues(model.costs, () => 0) as Costs,
      memory: model.memory,
    };
  const own = profile.runtimes?.[model.name] ?? {};
  checkNames(`${profile.name}: ${model.name}`, own, model.costs);
  checkNames(`${profile.name}: memory of ${model.name}`, profile.memory?.[model.name] ?? {}, model.memory);
  checkNames(`${profile.name}: machine`, profile.machine ?? {}, defaultMachineCosts);
  return {
    name: profile.name,
    machine: { ...defaultMachineCosts, ...profile.machine },
    costs: { ...model.costs, ...own },
    memory: { ...model.memory, ...profile.memory?.[model.name] },
  };
}

function checkNames(place: string, given: object, known: object): void {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in known))
      throw new ConfigurationError(unknown(`${place}: unknown cost`, name, Object.keys(known)));
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
      throw new ConfigurationError(`${place}.${name}: ${String(value)} is not a number, 0 or more`);
  }
}

/** Options of a model from texts, with defaults. `cores` as a value stands for the machine's number of cores. */
export function resolveOptions(
  model: RuntimeModel,
  cores: number,
  given: Readonly<Record<string, string>>,
): OptionValues {
  for (const name of Object.keys(given))
    if (!model.options.some((option) => option.name === name))
      throw new ConfigurationError(
        unknown(
          `${model.name} has no option`,
          name,
          model.options.map((option) => option.name),
        ),
      );
  const resolved: Record<string, number | boolean | string> = {};
  for (const option of model.options)
    resolved[option.name] = readOption(model, option, given[option.name] ?? option.default, cores);
  return resolved;
}

function readOption(
  model: RuntimeModel,
  option: OptionSpec,
  text: string,
  cores: number,
): number | boolean | string {
  const place = `${model.name}.${option.name}`;
  switch (option.type) {
    case "int": {
      const value = text === "cores" ? cores : Number(text);
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = option;
      if (!Number.isInteger(value) || value < min || value > max)
        throw new ConfigurationError(
          `${place}: ${text} is not a whole number from ${min} to ${max}` +
            (Number.isFinite(value) ? ` (nearest: ${Math.min(max, Math.max(min, Math.round(value)))})` : ""),
        );
      return value;
    }
    case "bool":
      if (text !== "true" && text !== "false")
        throw new ConfigurationError(`${place}: ${text} is neither true nor false`);
      return text === "true";
    case "enum": {
      const values = option.values ?? [];
      if (!values.includes(text))
        throw new ConfigurationError(unknown(`${place}: no such value`, text, values));
      return text;
    }
  }
}

/** `name`, and what was probably meant. */
function unknown(what: string, name: string, candidates: readonly string[]): string {
  const meant = nearest(name, candidates);
  return `${what} ${name}${meant === undefined ? "" : ` (did you mean ${meant}?)`}; there are ${candidates.join(", ")}`;
}

function mapValues<V>(record: Readonly<Record<string, V>>, map: (value: V) => V): Record<string, V> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** A run with everything default that is not asked for. `program` and `params` are checked. */
export function runSpec(
  model: RuntimeModel,
  program: Program,
  params: Readonly<Record<string, ParamValue>>,
  asked: {
    readonly options?: Readonly<Record<string, string>>;
    readonly cores?: number;
    readonly seed?: number;
    readonly profile?: CostProfile;
    readonly decisions?: DecisionSource;
    readonly budgets?: Partial<Budgets>;
    readonly trace?: boolean;
  } = {},
): RunSpec {
  const cores = asked.cores ?? 4;
  const seed = asked.seed ?? 1;
  return {
    model,
    program,
    params,
    options: resolveOptions(model, cores, asked.options ?? {}),
    cores,
    seed,
    profile: resolveProfile(model, asked.profile ?? defaultProfile),
    decisions: asked.decisions ?? new SeededDecisions(seed),
    budgets: { ...defaultBudgets, ...asked.budgets },
    trace: asked.trace ?? true,
  };
}
