/** `orrery show`: a workload as a program to read, as JSON to feed to other tools, or as source of a real language. */
import { print } from "@orrery/program";
import * as Effect from "effect/Effect";
import {
  command,
  oneArgument,
  switchOption,
  textOption,
  textsOption,
  withDescription,
  withExamples,
} from "../command-line.ts";
import { badInput, unknownName } from "../errors.ts";
import { loadTargets } from "../registry.ts";
import { parametersOf } from "../settings.ts";
import { Shell } from "../shell.ts";
import { checkSubject, type Subject, subjectOf } from "../subject.ts";
import { type Paint, wrap } from "../text.ts";

/** Besides the languages that programs are written in. */
const forms = ["program", "json"];

export const show = command(
  "show",
  {
    workload: oneArgument("WORKLOAD|FILE", "what to show; - reads a program as JSON from standard input"),
    as: textOption("as", "FORM", "program, json, or a language: java ... (program)"),
    set: textsOption("set", "name=value", "a parameter, for the constants of the source; repeatable"),
    ids: switchOption("ids", "with the id of each statement, as errors and traces name it"),
  },
  Effect.fn(function* ({ workload: name, as = "program", set, ids }) {
    const shell = yield* Shell;
    const languages = yield* loadTargets;
    const known = [...forms, ...languages.map(({ language }) => language)];
    if (!known.includes(as)) yield* Effect.fail(badInput(`--as: ${unknownName("form", as, known)}`));
    const subject = yield* subjectOf(name);
    const target = languages.find(({ language }) => language === as);
    if (target !== undefined) {
      const given = yield* parametersOf(set, [subject.program]);
      const { program, params } = yield* checkSubject(subject, given);
      return shell.out(target.source({ key: keyOf(program.name), program, params }).file.text);
    }
    return shell.out(
      as === "json"
        ? `${JSON.stringify(subject.program, null, 2)}\n`
        : heading(subject, shell.paint) + print(subject.program, { ids }),
    );
  }),
).pipe(
  withDescription("A workload as readable pseudo-code, as JSON, or as source of a real language."),
  withExamples([
    { command: "orrery show cpu-hog" },
    { command: "orrery show cpu-hog --ids", description: "ids as in traces and error messages" },
    { command: "orrery show cpu-hog --as json > hog.json && orrery compare hog.json" },
    { command: "orrery show cpu-hog --as java", description: "as verify runs it on the real runtime" },
  ]),
);

function heading({ workload }: Subject, paint: Paint): string {
  if (workload === null) return "";
  return `${[...wrap(workload.question), ...wrap(workload.headline)].map((line) => paint.dim(`# ${line}`)).join("\n")}\n\n`;
}

/** `DiningPhilosophers`: a key of letters and digits that names the file. */
const keyOf = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("")
    .replace(/^(?![A-Z])/, "Program");
