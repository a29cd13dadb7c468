import { describe, expect, test } from "vitest";
import type { Program } from "@orrery/program";
import { javascriptTarget } from "../src/index.ts";
import { empty, entryOf } from "./java-programs.ts";
import { operations } from "./javascript-operations.ts";
import { entries } from "./javascript-programs.ts";
import { connectionEntries } from "./connection-programs.ts";
import { fairnessEntries } from "./fairness-programs.ts";
import { valueEntries } from "./value-programs.ts";

const textOf = (given: Partial<Program>): string =>
  javascriptTarget.source(entryOf({ ...empty, ...given }, "Sample")).file.text;

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
      await expect(javascriptTarget.source(entry).file.text).toMatchFileSnapshot(`javascript/${key}.cjs.txt`);
    },
  );

  test("the line map leads from each statement to its line", () => {
    const { file, lines } = javascriptTarget.source(entries.find(({ key }) => key === "Pipes")!);
    const textAt = (id: string): string => file.text.split("\n")[lines[id]! - 1]!.trim();
    expect(textAt("reader/1")).toBe("self.log('reader/1', `first ${show(first)}`);");
    expect(textAt("reader/2")).toBe("for await (const x of c) {");
    expect(textAt("main/0")).toBe("const c = new Channel(0);");
  });

  test("names that JavaScript, Node or the support file have taken are changed", () => {
    const text = textOf({
      procs: { delete: { args: [{ name: "self", type: "int" }], body: [{ op: "log", text: "hello" }] } },
      main: [
        { op: "let", bind: "class", value: { lit: 1 } },
        { op: "spawn", proc: "delete", args: [{ var: "class" }], bind: "Channel" },
        { op: "join", task: { var: "Channel" } },
        { op: "log", text: "{0}", args: [{ var: "class" }] },
      ],
    });
    expect(text).toContain("async function delete_(self, self_) {");
    expect(text).toContain("Object.defineProperty(delete_, 'name', { value: 'delete' });");
    expect(text).toContain("const class_ = 1;");
    expect(text).toContain("const Channel_ = self.spawn(delete_, class_);");
  });

  test("texts keep what means something in a template", () => {
    const text = textOf({ main: [{ op: "log", text: "`${x}` \\ {0}", args: [{ lit: 5 }] }] });
    expect(text).toContain("self.log('main/0', `\\`\\${x}\\` \\\\ ${5}`);");
  });

  test("arithmetic is checked only where it can leave the integers of the language", () => {
    const next = { binary: "+", left: { var: "i" }, right: { lit: 1 } } as const;
    const text = textOf({
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

  test("services and files are told to the support file", () => {
    const text = textOf({
      services: [
        {
          name: "web",
          servers: 2,
          queueLimit: null,
          latency: { dist: "constant", value: 5e6 },
          failPerMillion: 0,
        },
      ],
      main: [
        { op: "callService", service: "web" },
        { op: "fileRead", bytes: { lit: 100 } },
      ],
    });
    expect(text).toContain("const web = new Service('web', 2, Infinity, constant(5 * MS), 0);");
    expect(text).toContain("await web.call(self);");
    expect(text).toContain("files: [100],");
  });
});

test("a batch is a module per program, the support file and a script that runs them", () => {
  const { files, build, run, renewable } = javascriptTarget.batch(entries.slice(0, 2));
  expect(files.map(({ path }) => path)).toEqual(["orrery.cjs", "NestedDefer.cjs", "Scopes.cjs", "batch.cjs"]);
  expect(files.at(-1)!.text).toContain("Scopes: './Scopes.cjs',");
  expect(build).toEqual([]);
  expect(run.at(-1)).toBe("batch.cjs");
  expect(renewable).toBe(true);
});
