import { describe, expect, test } from "vitest";
import type { Program } from "@orrery/program";
import { javaTarget } from "../src/index.ts";
import { operations } from "./java-operations.ts";
import { empty, entries, entryOf } from "./java-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const textOf = (given: Program): string => javaTarget.source(entryOf(given, "Sample")).file.text;

describe("source", () => {
  const shown = [
    ...entries.filter(({ key }) => key !== "Draws"),
    ...operations,
    ...valueEntries,
    ...connectionEntries,
    ...fairnessEntries,
  ];
  test.each(shown.map((entry) => [entry.key, entry] as const))(
    "%s as an expert would write it",
    async (key, entry) => {
      await expect(javaTarget.source(entry).file.text).toMatchFileSnapshot(`java/${key}.java`);
    },
  );

  test("the line map leads from each statement to its line", () => {
    const { file, lines } = javaTarget.source(entries.find(({ key }) => key === "Chans")!);
    const textAt = (id: string): string => file.text.split("\n")[lines[id]! - 1]!.trim();
    expect(textAt("r/0")).toBe("while (c.receive() instanceof Item(var x)) {");
    expect(textAt("r/0.body.0")).toBe('log("r/0.body.0", "r {0}", x);');
    expect(textAt("main/0")).toBe("Channel<Long> c = new Channel<>(1);");
  });

  test("names that Java or the support file has taken are changed", () => {
    const text = textOf({
      ...empty,
      procs: { log: { args: [], body: [{ op: "log", text: "hello" }] } },
      main: [
        { op: "let", bind: "class", value: { lit: 1 } },
        { op: "spawn", proc: "log", args: [], bind: "Task" },
        { op: "join", task: { var: "Task" } },
        { op: "log", text: "{0}", args: [{ var: "class" }] },
      ],
    });
    expect(text).toContain("static void log_() {");
    expect(text).toContain('Task<Void> Task_ = spawn("log", () -> log_());');
    expect(text).toContain("long class_ = 1;");
  });

  test("arithmetic is checked only where it can leave the integers of the language", () => {
    const next = { binary: "+", left: { var: "i" }, right: { lit: 1 } } as const;
    const text = textOf({
      ...empty,
      main: [
        { op: "let", bind: "sum", value: { lit: 0 } },
        {
          op: "repeat",
          count: { lit: 10 },
          bind: "i",
          body: [{ op: "assign", name: "sum", value: { binary: "+", left: { var: "sum" }, right: next } }],
        },
      ],
    });
    expect(text).toContain("sum = add(sum, i + 1);");
  });
});

test("a batch is a class per program, the support file and a class that runs them", () => {
  const { files, build, run, renewable } = javaTarget.batch(entries.slice(0, 2));
  expect(files.map(({ path }) => path)).toEqual([
    "orrery/Orrery.java",
    "NestedDefer.java",
    "Scopes.java",
    "Batch.java",
  ]);
  expect(files.at(-1)!.text).toContain('case "Scopes" -> Scopes.PROGRAM;');
  expect(build[0]![0]).toBe("javac");
  expect(run).toContain("-Djdk.virtualThreadScheduler.parallelism=1");
  expect(renewable).toBe(true);
});
