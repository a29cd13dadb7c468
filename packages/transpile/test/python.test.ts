// oxlint-disable unicorn/no-thenable -- `then` is a field of the tree, never awaited
import { describe, expect, test } from "vitest";
import type { Expr, Program, Stmt } from "@orrery/program";
import { pythonTarget } from "../src/index.ts";
import { empty, entries, entryOf } from "./java-programs.ts";
import { pythonEntries } from "./python-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const textOf = (given: Program): string => pythonTarget.source(entryOf(given, "Sample")).file.text;

describe("source", () => {
  const shown = [
    ...entries.filter(({ key }) => key !== "Draws"),
    ...pythonEntries,
    ...valueEntries,
    ...connectionEntries,
    ...fairnessEntries,
  ];
  test.each(shown.map((entry) => [entry.key, entry] as const))(
    "%s as an expert would write it",
    async (key, entry) => {
      await expect(pythonTarget.source(entry).file.text).toMatchFileSnapshot(`python/${key}.py`);
    },
  );

  test("the line map leads from each statement to its line", () => {
    const { file, lines } = pythonTarget.source(entries.find(({ key }) => key === "Chans")!);
    const textAt = (id: string): string => file.text.split("\n")[lines[id]! - 1]!.trim();
    expect(textAt("r/0")).toBe("async for x in c:");
    expect(textAt("r/0.body.0")).toBe('log("r/0.body.0", "r {0}", x)');
    expect(textAt("main/0")).toBe("c = Channel(1)");
  });

  test("names that Python or the support file has taken are changed, and tasks keep the program's", () => {
    const text = textOf({
      ...empty,
      procs: { log: { args: [], body: [{ op: "log", text: "hello" }] } },
      main: [
        { op: "let", bind: "class", value: { lit: 1 } },
        { op: "spawn", proc: "log", args: [], bind: "print" },
        { op: "join", task: { var: "print" } },
        { op: "log", text: "{0}", args: [{ var: "class" }] },
      ],
    });
    expect(text).toContain("async def log_():");
    expect(text).toContain('print_ = spawn(log_, name="log")');
    expect(text).toContain("await print_");
    expect(text).toContain("class_ = 1");
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
    expect(text).toContain("sum = add(sum, i + 1)");
  });

  test("a jump out of two loops sets a variable that the loops between pass on", () => {
    const isOne = (name: string): Expr => ({ binary: "==", left: { var: name }, right: { lit: 1 } });
    const jump = (op: "break" | "continue", name: string): Stmt => ({
      op: "if",
      cond: isOne(name),
      then: [{ op, label: "rows" }],
    });
    const text = textOf({
      ...empty,
      main: [
        {
          op: "repeat",
          count: { lit: 3 },
          bind: "row",
          label: "rows",
          body: [
            {
              op: "repeat",
              count: { lit: 3 },
              bind: "column",
              body: [jump("continue", "column"), jump("break", "row")],
            },
            { op: "log", text: "never" },
          ],
        },
      ],
    });
    expect(text).toContain(`
    for row in range(3):
        next_rows = False
        leave_rows = False
        for column in range(3):
            if column == 1:
                next_rows = True
                break
            if row == 1:
                leave_rows = True
                break
        if next_rows:
            continue
        if leave_rows:
            break
        log("main/0.body.1", "never")
`);
  });
});

test("a batch is a module per program, the support file and a module that runs them", () => {
  const [first, second] = entries;
  const { files, build, run, shareable } = pythonTarget.batch([{ ...first!, key: "select" }, second!]);
  expect(files.map(({ path }) => path)).toEqual(["orrery.py", "select_.py", "Scopes.py", "batch.py"]);
  expect(files.at(-1)!.text).toContain('"select": "select_",');
  expect(build).toEqual([]);
  expect(run).toEqual(["python", "-X", "utf8", "batch.py"]);
  expect(shareable).toBe(true);
});
