/** `orrery show`: a workload as a program to read, or as JSON to feed to other tools. */
import { print } from "@orrery/program";
import * as Effect from "effect/Effect";
import {
  command,
  oneArgument,
  switchOption,
  textOption,
  withDescription,
  withExamples,
} from "../command-line.ts";
import { badInput, unknownName } from "../errors.ts";
import { Shell } from "../shell.ts";
import { type Subject, subjectOf } from "../subject.ts";
import { type Paint, wrap } from "../text.ts";

const forms = ["program", "json"] as const;

export const show = command(
  "show",
  {
    workload: oneArgument("WORKLOAD|FILE", "what to show; - reads a program as JSON from standard input"),
    as: textOption("as", "FORM", `${forms.join(" or ")} (program)`),
    ids: switchOption("ids", "with the id of each statement, as errors and traces name it"),
  },
  Effect.fn(function* ({ workload: name, as = "program", ids }) {
    const shell = yield* Shell;
    if (!forms.includes(as as never)) yield* Effect.fail(badInput(`--as: ${unknownName("form", as, forms)}`));
    const subject = yield* subjectOf(name);
    shell.out(
      as === "json"
        ? `${JSON.stringify(subject.program, null, 2)}\n`
        : heading(subject, shell.paint) + print(subject.program, { ids }),
    );
  }),
).pipe(
  withDescription("A workload as readable pseudo-code, or as JSON."),
  withExamples([
    { command: "orrery show cpu-hog" },
    { command: "orrery show cpu-hog --ids", description: "ids as in traces and error messages" },
    { command: "orrery show cpu-hog --as json > hog.json && orrery compare hog.json" },
  ]),
);

function heading({ workload }: Subject, paint: Paint): string {
  if (workload === null) return "";
  return `${[...wrap(workload.question), ...wrap(workload.headline)].map((line) => paint.dim(`# ${line}`)).join("\n")}\n\n`;
}
