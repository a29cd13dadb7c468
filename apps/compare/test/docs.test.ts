/** Every example of docs/language.md is run on the models that its log names, and the log compared. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as Effect from "effect/Effect";
import { checkOrThrow, type Program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { loadModel, runtimeNames } from "../src/registry.ts";

const oneProcessor: Record<string, Record<string, string>> = {
  go: { GOMAXPROCS: "1" },
  java: { parallelism: "1", maxPoolSize: "1" },
};

const page = readFileSync(new URL("../../../docs/language.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```\s+```log\n([\s\S]*?)```/g)].map(
  ([, source, log]) => ({
    source: source!,
    expected: log!
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [runtime, ...words] = line.split(/\s+/);
        return (runtime === "all" ? runtimeNames : [runtime!]).map(
          (name) => [name, words.join(" ")] as const,
        );
      }),
  }),
);

// Beside the tests' modules, so that the examples' imports resolve as a user's would.
const directory = new URL("../node_modules/.examples/", import.meta.url);

describe.each(examples.map((example, index) => ({ ...example, index })))(
  "example $index",
  ({ source, expected, index }) => {
    test.each(expected)("logs on %s: %s", async (runtime, log) => {
      mkdirSync(directory, { recursive: true });
      const file = new URL(`example-${index}.ts`, directory);
      writeFileSync(file, source);
      const module = (await import(/* @vite-ignore */ fileURLToPath(file))) as { readonly default: Program };
      const { program, params } = checkOrThrow(module.default);
      const model = await Effect.runPromise(loadModel(runtime));
      const options = oneProcessor[runtime] ?? {};
      const result = new Execution(runSpec(model, program, params, { options })).run().result();
      expect(result.outcome).toBe("completed");
      expect(result.log.map(({ text }) => text).join(" ")).toBe(log);
    });
  },
);

test("the page has examples", () => {
  expect(examples.length).toBeGreaterThan(8);
});
