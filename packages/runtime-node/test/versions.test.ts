/** Every port prints under an older version what its program printed on that version of Node, and prints now where it is on PATH. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import recorded from "../conformance/versions.json" with { type: "json" };
import { conformance } from "../src/conformance/index.ts";
import { runNode } from "../src/index.ts";

/** Programs of what only later versions have as the model has it: streams, message ports, Workers, EventTarget. */
const laterLibrary = new Set([
  "port-thousand-per-turn",
  "port-throw",
  "emitter-vs-eventtarget",
  "writable-drain",
  "writable-sync",
  "readable-flow",
  "pipeline-error",
  "worker",
]);

for (const version of ["20", "11", "10"] as const) {
  const outputs: Readonly<Record<string, readonly string[]>> = recorded[version].outputs;
  const judged = conformance.programs.flatMap(({ name, port }) =>
    name in outputs && typeof port === "function" && (version === "20" || !laterLibrary.has(name))
      ? [{ name, port }]
      : [],
  );
  describe(`Node ${recorded[version].version}`, () => {
    test.each(judged)("$name", ({ name, port }) => expect(outputs[name]).toContain(port(1, version)));
  });
}

const onPath = ["/usr/bin/node", "node"].flatMap((command) => {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 && stdout.startsWith("v20.") ? [command] : [];
})[0];

/** What differs from Node 24. */
const different = ["abort-timeout", "floor-and-clamp", "unsettled-tla"];
for (const name of different)
  test.skipIf(onPath === undefined)(
    `Node 20 itself prints what is recorded: ${name} (skipped: no Node 20 on PATH)`,
    () => {
      const [, file] = conformance.programs.find((program) => program.name === name)!.run;
      const { stdout, status } = spawnSync(onPath!, [new URL(file!, conformance.folder).pathname], {
        encoding: "utf8",
      });
      const printed = stdout.trimEnd() + (status === 0 ? "" : `\n[exit ${status}]`);
      expect(recorded["20"].outputs[name as keyof (typeof recorded)["20"]["outputs"]]).toContain(printed);
    },
  );

describe("--unhandled-rejections, of Node 24", () => {
  const prints = (
    mode: "throw" | "strict" | "warn" | "warn-with-error-code" | "none",
    event: boolean,
    uncaught: boolean,
  ): string => {
    const { lines } = runNode(
      ({ process, Promise, setImmediate, log }) => {
        if (event) process.on("unhandledRejection", (error: Error) => log("event", error.message));
        if (uncaught) process.on("uncaughtException", (error: Error) => log("uncaught", error.message));
        process.on("exit", (code) => log("exit", code));
        process.on("warning", () => log("warning"));
        Promise.reject(new Error("a"));
        setImmediate(() => log("immediate"));
      },
      { unhandledRejections: mode },
    );
    return lines.join(" ");
  };

  test.each([
    ["throw", false, false, "exit 1"],
    ["throw", false, true, "uncaught a immediate exit 0"],
    ["throw", true, true, "event a immediate exit 0"],
    ["strict", false, false, "exit 1"],
    ["strict", false, true, "uncaught a warning warning immediate exit 0"],
    ["strict", true, false, "exit 1"],
    ["strict", true, true, "uncaught a event a immediate exit 0"],
    ["warn", false, false, "warning warning immediate exit 0"],
    ["warn", true, true, "event a warning warning immediate exit 0"],
    ["warn-with-error-code", false, false, "warning warning immediate exit 1"],
    ["warn-with-error-code", true, false, "event a immediate exit 0"],
    ["none", false, true, "immediate exit 0"],
    ["none", true, false, "event a immediate exit 0"],
  ] as const)(
    "%s, listener of unhandledRejection %s, of uncaughtException %s",
    (mode, event, uncaught, expected) => {
      expect(prints(mode, event, uncaught)).toBe(expected);
    },
  );
});
