import { describe, expect, test } from "vitest";
import type { Program } from "@orrery/program";
import { goTarget } from "../src/index.ts";
import { operations } from "./go-operations.ts";
import { goEntries } from "./go-programs.ts";
import { empty, entries, entryOf } from "./java-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const textOf = (given: Program): string => goTarget.source(entryOf(given, "sample")).file.text;

describe("source", () => {
  const shown = [
    ...entries.filter(({ key }) => key !== "Draws"),
    ...goEntries,
    ...operations,
    ...valueEntries,
    ...connectionEntries,
    ...fairnessEntries,
  ];
  test.each(shown.map((entry) => [entry.key, entry] as const))(
    "%s as an expert would write it",
    async (key, entry) => {
      await expect(goTarget.source(entry).file.text).toMatchFileSnapshot(`go/${key}.go`);
    },
  );

  test("the line map leads from each statement to its line", () => {
    const { file, lines } = goTarget.source(entries.find(({ key }) => key === "Chans")!);
    const textAt = (id: string): string => file.text.split("\n")[lines[id]! - 1]!.trim();
    expect(textAt("r/0")).toBe("for x := range c {");
    expect(textAt("r/0.body.0")).toBe('t.Log("r/0.body.0", "r {0}", x)');
    expect(textAt("main/0")).toBe("c := make(chan int, 1)");
  });

  test("names that Go or the generated source has taken are changed", () => {
    const text = textOf({
      ...empty,
      procs: { func: { args: [], body: [{ op: "log", text: "hello" }] } },
      main: [
        { op: "let", bind: "type", value: { lit: 1 } },
        { op: "spawn", proc: "func", args: [], bind: "t" },
        { op: "join", task: { var: "t" } },
        { op: "log", text: "{0}", args: [{ var: "type" }] },
      ],
    });
    expect(text).toContain("func func2(t *orrery.Task) {");
    expect(text).toContain('t2 := t.Go("func", func2)');
    expect(text).toContain("type2 := 1");
  });

  test("a local that nobody reads is not declared", () => {
    const text = textOf({
      ...empty,
      main: [
        { op: "chan", bind: "c", cap: { lit: 1 } },
        { op: "send", chan: { var: "c" }, value: { lit: 1 } },
        { op: "recv", chan: { var: "c" }, bind: "unread" },
      ],
    });
    expect(text).toContain("\t<-c\n");
    expect(text).not.toContain("unread");
  });

  test("a program without cancellation waits with Go's own statements, one with it can be told to stop", () => {
    const program: Program = {
      ...empty,
      procs: { nap: { args: [], body: [{ op: "sleep", dur: { lit: 5e6, unit: "ns" } }] } },
      main: [{ op: "scope", onError: "waitAll", body: [{ op: "spawn", proc: "nap", args: [] }] }],
    };
    expect(textOf(program)).toContain("time.Sleep(5 * time.Millisecond)");
    const race: Program = {
      ...program,
      main: [{ op: "scopeRace", body: [{ op: "spawn", proc: "nap", args: [] }] }],
    };
    expect(textOf(race)).toContain("if err := t.Sleep(5 * time.Millisecond); err != nil {");
  });

  test("a return out of a scope ends the procedure after the scope", () => {
    const text = textOf({
      ...empty,
      procs: {
        p: {
          args: [],
          returns: "int",
          body: [{ op: "scope", onError: "waitAll", body: [{ op: "return", value: { lit: 3 } }] }],
        },
      },
      main: [{ op: "call", proc: "p", args: [] }],
    });
    expect(text).toContain("result = 3\n\t\treturned = true\n\t\treturn\n");
    expect(text).toContain("\tif returned {\n\t\treturn result");
  });

  test("a choice of Go's own is a select statement", () => {
    const text = textOf({
      ...empty,
      policies: { ...empty.policies, selectPolicy: "random" },
      main: [
        { op: "chan", bind: "c", cap: { lit: 0 } },
        {
          op: "select",
          cases: [
            {
              dir: "recv",
              chan: { var: "c" },
              bind: "x",
              body: [{ op: "log", text: "{0}", args: [{ var: "x" }] }],
            },
            { dir: "send", chan: { var: "c" }, value: { lit: 1 }, body: [] },
          ],
          timeout: { dur: { lit: 1e6, unit: "ns" }, body: [] },
        },
      ],
    });
    expect(text).toContain("\tcase x := <-c:\n");
    expect(text).toContain("\tcase c <- 1:\n");
    expect(text).toContain("\tcase <-t.After(time.Millisecond):\n");
  });
});

test("a batch is a package with a file per program, the support package and a main that runs them", () => {
  const { files, build, run, shareable } = goTarget.batch(entries.slice(0, 2));
  expect(files.map(({ path }) => path)).toEqual([
    "go.mod",
    "orrery/orrery.go",
    "programs/NestedDefer.go",
    "programs/Scopes.go",
    "main.go",
  ]);
  expect(files.at(-1)!.text).toContain('"Scopes":      &programs.Program2,');
  expect(build[0]!.slice(0, 2)).toEqual(["go", "build"]);
  expect(run).toEqual(["./batch"]);
  expect(shareable).toBe(false);
});

test("programs of a batch do not declare the same name twice", () => {
  const program: Program = {
    ...empty,
    procs: { worker: { args: [], body: [] } },
    shared: [{ name: "total", type: "int", init: 0 }],
    main: [{ op: "spawn", proc: "worker", args: [] }],
  };
  const [first, second] = goTarget
    .batch([entryOf(program, "a"), entryOf(program, "b")])
    .files.filter(({ path }) => path.startsWith("programs/"))
    .map(({ text }) => [...text.matchAll(/^(?:func|var) (\w+)/gm)].map(([, name]) => name));
  expect(first).toEqual(["total", "reset", "Program", "worker", "program"]);
  expect(second).toEqual(["total2", "reset2", "Program2", "worker2", "program2"]);
});
