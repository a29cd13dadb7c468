/** `orrery doctor`: which real runtimes are here, and how to get those that are not. */
import type { RuntimeModel } from "@orrery/runtime";
import { findToolchain, isMissing } from "@orrery/verify";
import * as Effect from "effect/Effect";
import { command, switchOption, withDescription, withExamples } from "../command-line.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { loadModels, runtimeNames } from "../registry.ts";
import { Shell } from "../shell.ts";
import { left } from "../text.ts";

const examine = Effect.fnUntraced(function* (model: RuntimeModel) {
  return { model, found: yield* Effect.promise(() => findToolchain(model.name)) };
});

export const doctor = command(
  "doctor",
  { json: switchOption("json", "as JSON") },
  Effect.fn(function* ({ json }) {
    const shell = yield* Shell;
    const models = yield* loadModels(runtimeNames);
    const examined = yield* Effect.forEach(models, examine, { concurrency: "unbounded" });
    if (json) {
      const runtimes = examined.map(({ model, found }) => ({
        runtime: model.name,
        modelVersion: model.version,
        foundVersion: isMissing(found) ? null : found.version,
        ...(isMissing(found) ? { why: found.why, get: found.get } : { tools: found.tools }),
      }));
      return shell.out(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, runtimes }, null, 2)}\n`);
    }
    const { paint } = shell;
    shell.out(paint.dim(`${left("runtime", 10)}${left("model", 14)}${left("here", 14)}where\n`));
    for (const { model, found } of examined) {
      const here = isMissing(found)
        ? `${paint.red(left("missing", 14))}${found.why}: ${found.get}`
        : `${paint.green(left(found.version, 14))}${Object.values(found.tools)[0]}`;
      shell.out(`${left(model.name, 10)}${left(model.version, 14)}${here}\n`);
    }
    return shell.out(
      "\nThe models need none of these; the real runtimes are what orrery verify judges them by.\n",
    );
  }),
).pipe(
  withDescription("Which real runtimes are here, with versions; what is missing and how to get it."),
  withExamples([{ command: "orrery doctor" }, { command: "orrery doctor --json" }]),
);
