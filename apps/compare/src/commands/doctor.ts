/** `orrery doctor`: which real runtimes are here, and how to get those that are not. */
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import * as ChildProcess from "effect/process/ChildProcess";
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner";
import { command, switchOption, withDescription, withExamples } from "../command-line.ts";
import { SCHEMA_VERSION } from "../json.ts";
import { loadModel } from "../registry.ts";
import { Shell } from "../shell.ts";
import { left } from "../text.ts";

interface Real {
  readonly runtime: string;
  readonly command: string;
  readonly argument: string;
  /** Finds the version in what the command says. */
  readonly version: RegExp;
  readonly get: string;
}

const REAL: readonly Real[] = [
  {
    runtime: "go",
    command: "go",
    argument: "version",
    version: /go(\d[\w.]*)/,
    get: "https://go.dev/dl, or apt install golang",
  },
  {
    runtime: "asyncio",
    command: "python3",
    argument: "--version",
    version: /Python (\S+)/,
    get: "https://www.python.org/downloads, or apt install python3",
  },
  {
    runtime: "java",
    command: "java",
    argument: "-version",
    version: /version "([^"]+)"/,
    get: "https://adoptium.net: JDK 21 or later, for virtual threads",
  },
  { runtime: "node", command: "node", argument: "--version", version: /v(\S+)/, get: "https://nodejs.org" },
];

const PATIENCE = "10 seconds";

/** Everything the command says; null when it cannot be run. `java -version` speaks on standard error. */
const said = Effect.fnUntraced(
  function* ({ command, argument }: Real) {
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner;
    const handle = yield* spawner.spawn(ChildProcess.make(command, [argument]));
    return yield* handle.all.pipe(Stream.decodeText(), Stream.mkString);
  },
  Effect.scoped,
  Effect.timeout(PATIENCE),
  Effect.orElseSucceed(() => null),
);

const examine = Effect.fnUntraced(function* (real: Real) {
  const model = yield* loadModel(real.runtime);
  const text = yield* said(real);
  const found = text === null ? null : (real.version.exec(text)?.[1] ?? null);
  return { ...real, model, found };
});

export const doctor = command(
  "doctor",
  { json: switchOption("json", "as JSON") },
  Effect.fn(function* ({ json }) {
    const shell = yield* Shell;
    const examined = yield* Effect.forEach(REAL, examine, { concurrency: "unbounded" });
    if (json) {
      const runtimes = examined.map(({ runtime, command, model, found, get }) => ({
        runtime,
        command,
        modelVersion: model.version,
        foundVersion: found,
        ...(found === null ? { get } : {}),
      }));
      return shell.out(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, runtimes }, null, 2)}\n`);
    }
    const { paint } = shell;
    shell.out(paint.dim(`${left("runtime", 10)}${left("model", 10)}${left("here", 14)}command\n`));
    for (const { runtime, command, model, found, get } of examined) {
      const here = left(found ?? "missing", 14);
      const how = found === null ? `${command}: ${get}` : command;
      shell.out(
        `${left(runtime, 10)}${left(model.version, 10)}${found === null ? paint.red(here) : paint.green(here)}${how}\n`,
      );
    }
    return shell.out(
      "\nThe models need none of these; the real runtimes are for checking the models against.\n",
    );
  }),
).pipe(
  withDescription("Which real runtimes are here, with versions; what is missing and how to get it."),
  withExamples([{ command: "orrery doctor" }, { command: "orrery doctor --json" }]),
);
