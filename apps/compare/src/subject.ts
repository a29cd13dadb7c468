/** What is to run: a workload of the catalogue, or a program from a file or standard input. */
import { extname, resolve } from "node:path";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import {
  check,
  formatProblem,
  nearest,
  type ParamValues,
  type Program,
  ProgramError,
  withIds,
} from "@orrery/program";
import { find, groups, type Workload, workloads } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { textOption } from "./command-line.ts";
import { badInput, type BadInput, messageOf, unknownName } from "./errors.ts";
import { isFile, parseJson, readText } from "./files.ts";
import { Shell } from "./shell.ts";

export interface Subject {
  readonly program: Program;
  /** What the catalogue knows of it; null for a program alone. */
  readonly workload: Workload | null;
  /** Parameters to run it with unless others are asked for. */
  readonly defaults: ParamValues;
  /** For messages: the workload's name or the file. */
  readonly place: string;
}

export const ofWorkload = (workload: Workload, defaults: ParamValues = {}): Subject => ({
  program: workload.program,
  workload,
  defaults,
  place: workload.program.name,
});

/** Option of what takes many workloads. */
export const groupOption = textOption("group", "G", `all workloads of a group: ${groups.join(", ")}`);

/** The subjects that arguments and `--group` name; `otherwise` when neither names any. */
export const subjectsOf = Effect.fnUntraced(function* (
  names: readonly string[],
  group: string | undefined,
  otherwise: readonly Subject[],
) {
  if (group === undefined) return names.length === 0 ? otherwise : yield* Effect.forEach(names, subjectOf);
  if (names.length > 0)
    return yield* Effect.fail(badInput(`--group ${group} and ${names[0]!}: give one or the other`));
  if (!groups.includes(group as never))
    return yield* Effect.fail(badInput(`--group: ${unknownName("group", group, groups)}`));
  return workloads.filter((each) => each.group === group).map((workload) => ofWorkload(workload));
});

const MODULES = new Set([".ts", ".mts", ".js", ".mjs"]);

/** The subject that a command's argument names. */
export const subjectOf = Effect.fnUntraced(function* (name: string) {
  if (name === "-") {
    const shell = yield* Shell;
    return yield* fromJson("standard input", yield* shell.input);
  }
  const workload = find(name);
  if (workload !== undefined) return ofWorkload(workload);
  if (!(yield* isFile(name)) && !/[./]/.test(name)) return yield* Effect.fail(badInput(noWorkload(name)));
  if (MODULES.has(extname(name))) {
    if (!(yield* isFile(name))) yield* readText(name);
    return yield* fromModule(name);
  }
  return yield* fromJson(name, yield* readText(name));
});

function noWorkload(name: string): string {
  const names = workloads.map(({ program }) => program.name);
  const meant = nearest(name, names);
  return `there is no workload and no file "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}\nSee orrery list`;
}

const fromJson = (place: string, text: string): Effect.Effect<Subject, BadInput> =>
  Effect.flatMap(parseJson(place, text), (value) => fromValue(place, value));

/** Lets a program file anywhere import the packages that it is written with. */
const findOwnPackages = (): void => {
  registerHooks({
    resolve: (specifier, context, next) =>
      /^@orrery\/(program|workloads)(\/|$)/.test(specifier)
        ? next(specifier, { ...context, parentURL: import.meta.url })
        : next(specifier, context),
  });
};

const fromModule = Effect.fnUntraced(function* (path: string) {
  const module = yield* Effect.tryPromise({
    try: async () => {
      findOwnPackages();
      return (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
    },
    catch: (error) => badInput(`${path}: ${messageOf(error)}`),
  });
  if (module.default === undefined)
    return yield* Effect.fail(
      badInput(`${path}: it has no default export; export a workload or a program as default`),
    );
  const value = module.default as Partial<Workload>;
  return typeof value === "object" && value !== null && "program" in value && "question" in value
    ? { ...(yield* fromValue(path, value.program)), workload: value as Workload }
    : yield* fromValue(path, module.default);
});

const fromValue = Effect.fnUntraced(function* (place: string, value: unknown) {
  const program = yield* readProgram(place, value);
  return { program, workload: null, defaults: {}, place } as Subject;
});

/** The program that a value is; the schema is loaded only when there is a value to read. */
const readProgram = (place: string, value: unknown): Effect.Effect<Program, BadInput> =>
  Effect.tryPromise({
    try: async () => {
      const { parseProgram } = await import("@orrery/program/schema");
      return withIds(parseProgram(value));
    },
    catch: (error) => {
      if (error instanceof ProgramError) return badInput(`${place}: ${error.message}`);
      throw error;
    },
  });

// ---- parameters -----------------------------------------------------------------------------------------------------

export interface Checked {
  readonly program: Program;
  readonly params: ParamValues;
}

/** The subject with its parameters; `given` are texts, by name. Errors are told with their statement. */
export const checkSubject = Effect.fnUntraced(function* (
  subject: Subject,
  given: Readonly<Record<string, string>>,
) {
  const shell = yield* Shell;
  const { program, params, problems } = check(subject.program, { ...subject.defaults, ...given });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    return yield* Effect.fail(
      badInput(
        [`${subject.place} cannot run:`, ...errors.map((each) => `  ${formatProblem(each)}`)].join("\n"),
      ),
    );
  // The catalogue's own warnings are known; those of a file are news.
  if (subject.workload === null)
    for (const problem of problems) shell.err(`${subject.place}: ${formatProblem(problem)}\n`);
  return { program, params } as Checked;
});
