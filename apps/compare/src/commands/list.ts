/** `orrery list`: what there is, one line each. */
import { formatDuration } from "@orrery/program";
import { workloads } from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { command, optionalArgument, switchOption, withDescription, withExamples } from "../command-line.ts";
import { badInput, unknownName } from "../errors.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { loadModels, runtimeNames } from "../registry.ts";
import { Shell } from "../shell.ts";
import { left } from "../text.ts";

const KINDS = ["workloads", "runtimes", "options"] as const;

interface Listed {
  /** Columns of the line; the last is as long as it is. */
  readonly line: readonly string[];
  readonly json: object;
}

const listWorkloads = (): readonly Listed[] =>
  workloads.map(({ id, program, question, group, headline }) => ({
    line: [id, program.name, question],
    json: {
      id,
      name: program.name,
      group,
      question,
      headline,
      parameters: program.params.map(({ name, type, default: usual, doc }) => ({
        name,
        type,
        default: type === "dur" ? formatDuration(usual) : usual,
        doc,
      })),
    },
  }));

const listRuntimes = Effect.map(loadModels(runtimeNames), (models): readonly Listed[] =>
  models.map(({ name, title, version, processor, options }) => ({
    line: [
      name,
      title,
      `runs tasks on ${processor}s; options: ${options.map((each) => each.name).join(", ")}`,
    ],
    json: { name, title, version, processor, options: options.map((each) => each.name) },
  })),
);

const listOptions = Effect.map(loadModels(runtimeNames), (models): readonly Listed[] =>
  models.flatMap((model) =>
    model.options.map((option) => {
      const name = `${model.name}.${option.name}`;
      const values =
        option.type === "enum"
          ? (option.values ?? []).join("|")
          : option.type === "bool"
            ? "true|false"
            : `${option.min ?? 0}..${option.max ?? "any"}`;
      return {
        line: [name, `${option.default} (${values})`, option.doc],
        json: { runtime: model.name, ...option },
      };
    }),
  ),
);

export const list = command(
  "list",
  {
    kind: optionalArgument("KIND", `${KINDS.join(", ")}; workloads if nothing is said`),
    json: switchOption("json", "as JSON"),
  },
  Effect.fn(function* ({ kind = "workloads", json }) {
    const shell = yield* Shell;
    if (!KINDS.includes(kind as never)) yield* Effect.fail(badInput(unknownName("list", kind, KINDS)));
    const listed =
      kind === "runtimes" ? yield* listRuntimes : kind === "options" ? yield* listOptions : listWorkloads();
    if (json)
      return shell.out(
        `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, [kind]: listed.map((each) => each.json) }, null, 2)}\n`,
      );
    const widths = [0, 1].map((column) => Math.max(...listed.map(({ line }) => line[column]!.length)));
    for (const { line } of listed)
      shell.out(`${left(line[0]!, widths[0]!)}  ${left(line[1]!, widths[1]!)}  ${line[2]!}\n`);
    return undefined;
  }),
).pipe(
  withDescription("The workloads of the catalogue, the runtime models, or their options: one line each."),
  withExamples([
    { command: "orrery list" },
    { command: "orrery list options" },
    { command: "orrery list workloads --json | jq -r '.workloads[].name'" },
  ]),
);
