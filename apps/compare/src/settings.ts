/** Options of everything that runs a program: from texts to what a run is a function of. */
import { formatDuration, nearest, parseDuration } from "@orrery/program";
import {
  type Budgets,
  ConfigurationError,
  type CostProfile,
  defaultBudgets,
  defaultProfile,
  resolveProfile,
  type RuntimeModel,
  runSpec,
  type RunSpec,
  zeroProfile,
} from "@orrery/runtime";
import type { RuntimeName, RuntimeOptions, Workload } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { readOption, switchOption, textOption, textsOption, wholeNumber } from "./command-line.ts";
import { badInput, type BadInput, unknownName } from "./errors.ts";
import { parseJson, readText } from "./files.ts";
import { runtimeNames } from "./registry.ts";

export const DEFAULT_CORES = 4;
export const DEFAULT_SEED = 1;
const MOST_CORES = 1024;
/** A traced run of the largest workloads takes 16 million; four of these traces at a time fit a usual computer's memory. */
const DEFAULT_MAX_EVENTS = 20_000_000;

/** Options that `compare` and `run` share. */
export const runOptions = {
  cores: readOption("cores", "N", `cores of the machine (${DEFAULT_CORES})`, wholeNumber(1, MOST_CORES)),
  seed: readOption(
    "seed",
    "N",
    `decides whatever the program and the runtimes leave open (${DEFAULT_SEED})`,
    wholeNumber(0, Number.MAX_SAFE_INTEGER),
  ),
  set: textsOption("set", "name=value", "a parameter of the workload; repeatable"),
  option: textsOption(
    "option",
    "runtime.name=value",
    "an option of a runtime, as go.GOMAXPROCS=1; repeatable",
  ),
  profile: textOption("profile", "NAME|FILE", "costs: default, zero (everything is free), or a JSON file"),
  maxEvents: readOption(
    "max-events",
    "N",
    `ends a run after so many steps of the machine (${DEFAULT_MAX_EVENTS})`,
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
  ),
  maxTime: readOption(
    "max-time",
    "D",
    `ends a run after so much virtual time (${formatDuration(defaultBudgets.maxTimeNs)})`,
    parseDuration,
  ),
  maxTasks: readOption(
    "max-tasks",
    "N",
    `ends a run with more tasks alive at a time (${defaultBudgets.maxTasks})`,
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
  ),
  record: textOption("record", "FILE", "writes the decisions of every run"),
  replay: textOption("replay", "FILE", "takes the decisions, and what is not given here, from a recording"),
  json: switchOption("json", "results as JSON"),
  html: textOption("html", "FILE", "writes one self-contained page: lanes, tables, distributions"),
  trace: textOption("trace", "FILE", "writes every event of every run, a JSON object a line"),
  check: switchOption("check", "exit status 1 if an expectation fails or a run does not complete"),
} as const;

export interface Asked {
  readonly cores: number | undefined;
  readonly seed: number | undefined;
  readonly set: readonly string[];
  readonly option: readonly string[];
  readonly profile: string | undefined;
  readonly maxEvents: number | undefined;
  readonly maxTime: number | undefined;
  readonly maxTasks: number | undefined;
  readonly record: string | undefined;
  readonly replay: string | undefined;
  readonly json: boolean;
  readonly html: string | undefined;
  readonly trace: string | undefined;
  readonly check: boolean;
}

export type Texts = Readonly<Record<string, string>>;

// ---- --set ----------------------------------------------------------------------------------------------------------

const pair = (option: string, text: string): Effect.Effect<readonly [string, string], BadInput> => {
  const at = text.indexOf("=");
  return at > 0
    ? Effect.succeed([text.slice(0, at).trim(), text.slice(at + 1)] as const)
    : Effect.fail(badInput(`--${option} ${text}: write name=value`));
};

/** `--set` by name; every name must be a parameter of one of the programs. */
export const parametersOf = Effect.fnUntraced(function* (
  asked: readonly string[],
  programs: readonly { readonly name: string; readonly params: readonly { readonly name: string }[] }[],
) {
  const given: Record<string, string> = {};
  const names = [...new Set(programs.flatMap(({ params }) => params.map(({ name }) => name)))];
  for (const text of asked) {
    const [name, value] = yield* pair("set", text);
    if (!names.includes(name)) {
      const meant = nearest(name, names);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      const whose = programs.length === 1 ? programs[0]!.name : "none of these workloads";
      const there = names.length === 0 ? "it has none" : `there are ${names.join(", ")}`;
      yield* Effect.fail(
        badInput(
          programs.length === 1
            ? `--set ${text}: ${whose} has no parameter "${name}"${hint} (${there})`
            : `--set ${text}: ${whose} has a parameter "${name}"${hint} (${there})`,
        ),
      );
    }
    given[name] = value;
  }
  return given as Texts;
});

/** Those of `given` that a program has. */
export const ownParameters = (given: Texts, params: readonly { readonly name: string }[]): Texts =>
  Object.fromEntries(Object.entries(given).filter(([name]) => params.some((param) => param.name === name)));

// ---- --runtimes and --option ----------------------------------------------------------------------------------------

/** Names of runtimes from `go,node`; all when nothing is asked. */
export const runtimesOf = (asked: string | undefined): Effect.Effect<readonly string[], BadInput> => {
  if (asked === undefined) return Effect.succeed(runtimeNames);
  const names = asked
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wrong = names.find((name) => !runtimeNames.includes(name));
  if (wrong !== undefined)
    return Effect.fail(badInput(`--runtimes: ${unknownName("runtime", wrong, runtimeNames)}`));
  if (names.length === 0)
    return Effect.fail(badInput(`--runtimes: name at least one of ${runtimeNames.join(", ")}`));
  return Effect.succeed([...new Set(names)]);
};

/** `--option` by runtime. */
export const optionsOf = Effect.fnUntraced(function* (asked: readonly string[], runtimes: readonly string[]) {
  const given: Record<string, Record<string, string>> = {};
  for (const text of asked) {
    const [path, value] = yield* pair("option", text);
    const dot = path.indexOf(".");
    const runtime = dot < 0 ? path : path.slice(0, dot);
    if (dot < 0)
      yield* Effect.fail(badInput(`--option ${text}: write runtime.name=value, as go.GOMAXPROCS=1`));
    if (!runtimeNames.includes(runtime))
      yield* Effect.fail(badInput(`--option ${text}: ${unknownName("runtime", runtime, runtimeNames)}`));
    if (!runtimes.includes(runtime))
      yield* Effect.fail(
        badInput(`--option ${text}: ${runtime} does not run here; there are ${runtimes.join(", ")}`),
      );
    (given[runtime] ??= {})[path.slice(dot + 1)] = value;
  }
  return given as Readonly<Record<string, Texts>>;
});

/** The options that a workload needs on a runtime for its question to make sense. */
export const optionsFor = ({ name }: RuntimeModel, workload: Workload | null): RuntimeOptions =>
  workload?.options?.[name as RuntimeName] ?? {};

/** A run's specification; options that the model does not have are told. */
export const specOf = (...given: Parameters<typeof runSpec>): Effect.Effect<RunSpec, BadInput> =>
  configuration(() => runSpec(...given));

// ---- --profile ------------------------------------------------------------------------------------------------------

const PROFILE_KEYS = ["name", "machine", "runtimes", "memory", "provenance"];

/** The profile of that name or file, checked against the models. */
export const profileOf = Effect.fnUntraced(function* (
  asked: string | undefined,
  models: readonly RuntimeModel[],
) {
  const profile =
    asked === undefined || asked === "default"
      ? defaultProfile
      : asked === "zero"
        ? zeroProfile
        : yield* profileFile(asked);
  yield* configuration(() => models.forEach((model) => resolveProfile(model, profile)));
  return profile;
});

const profileFile = Effect.fnUntraced(function* (path: string) {
  const text = yield* readText(path).pipe(
    Effect.mapError(({ message }) =>
      /[./]/.test(path) ? badInput(`--profile ${message}`) : badInput(`--profile: ${noProfile(path)}`),
    ),
  );
  const value = yield* parseJson(path, text);
  const isRecord = (each: unknown): each is Record<string, unknown> =>
    typeof each === "object" && each !== null && !Array.isArray(each);
  if (!isRecord(value)) return yield* Effect.fail(badInput(`${path}: a profile is an object`));
  const runtimes: Record<string, unknown> = {};
  for (const [key, costs] of Object.entries(value)) {
    const wrong = key !== "name" && !isRecord(costs);
    if (wrong) return yield* Effect.fail(badInput(`${path}: ${key} must be an object of costs in ns`));
    if (key === "runtimes") Object.assign(runtimes, costs);
    else if (runtimeNames.includes(key)) runtimes[key] = costs;
    else if (!PROFILE_KEYS.includes(key)) {
      const known = [...PROFILE_KEYS, ...runtimeNames];
      return yield* Effect.fail(badInput(`${path}: ${unknownName("part of a profile", key, known)}`));
    }
  }
  const name = typeof value["name"] === "string" ? value["name"] : path;
  return { name, machine: value["machine"] ?? {}, runtimes, memory: value["memory"] ?? {} } as CostProfile;
});

const noProfile = (name: string): string => `${unknownName("profile", name, ["default", "zero"])}, or a file`;

// ---- budgets --------------------------------------------------------------------------------------------------------

export const budgetsOf = (asked: Asked): Partial<Budgets> => ({
  maxEvents: asked.maxEvents ?? DEFAULT_MAX_EVENTS,
  ...(asked.maxTime === undefined ? {} : { maxTimeNs: asked.maxTime }),
  ...(asked.maxTasks === undefined ? {} : { maxTasks: asked.maxTasks }),
});

const configuration = <A>(attempt: () => A): Effect.Effect<A, BadInput> =>
  Effect.try({
    try: attempt,
    catch: (error) => {
      if (error instanceof ConfigurationError) return badInput(error.message);
      throw error;
    },
  });
