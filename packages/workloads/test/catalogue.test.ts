import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check, checkOrThrow, formatProblem, walk } from "@orrery/program";
import type { Program, Stmt } from "@orrery/program";
import { find, tour, workloads } from "../src/index.ts";
import { runtimeNames } from "../src/workload.ts";
import { catalogueTable } from "./table.ts";

const ascending = (ids: readonly string[]): readonly string[] =>
  [...ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

function statementsOf(program: Program): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (statement) => found.push(statement));
  return found;
}

describe("the catalogue", () => {
  test("has every id and name once, in the order of the rows", () => {
    const ids = workloads.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ascending(ids));
    const names = workloads.map(({ program }) => program.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  test("finds a workload by its name and by its row", () => {
    expect(find("cpu-hog")?.id).toBe("W34");
    expect(find("W34")?.program.name).toBe("cpu-hog");
    expect(find("cpu-hogs")).toBeUndefined();
  });

  test("has a tour of six different workloads with parameters that their programs accept", () => {
    expect(new Set(tour.map(({ workload }) => workload.id)).size).toBe(6);
    for (const { workload, parameters } of tour) {
      expect(workloads).toContain(workload);
      expect(check(workload.program, parameters).problems).toEqual([]);
    }
  });

  test("is documented in docs/workloads.md", () => {
    const page = readFileSync(new URL("../../../docs/workloads.md", import.meta.url), "utf8");
    expect(page).toContain(catalogueTable(workloads));
  });
});

describe.each(workloads)("$program.name", ({ program, question, headline, levels, expectations }) => {
  test("survives JSON", () => {
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });

  test("has an id on every statement", () => {
    const ids = statementsOf(program).map(({ id }) => id);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("passes the checker", () => {
    const warned = program.name === "order-basic" ? [expect.stringContaining("sleeps 0ns, but Node")] : [];
    expect(check(program).problems.map(formatProblem)).toEqual(warned);
  });

  test("says what it asks and what to expect", () => {
    expect(question).toMatch(/^[A-Z].*\?$/);
    expect(headline).toMatch(/\.$/);
    expect(program.doc).not.toBe("");
    expect(Object.keys(levels).sort()).toEqual([...runtimeNames].sort());
  });

  test("expects only what its program can show", () => {
    const statements = statementsOf(program);
    for (const expectation of expectations) {
      expect(expectation.because).not.toBe("");
      expect(() => checkOrThrow(program, expectation.when?.parameters)).not.toThrow();
      const { kind } = expectation;
      if (kind === "log") expect(statements.some(({ op }) => op === "log")).toBe(true);
      if (kind === "mark" || kind === "measure" || kind === "count") {
        const named = statements.some((each) => each.op === kind && each.name === expectation.name);
        expect(named, `${kind} ${expectation.name}`).toBe(true);
      }
      if ("minNs" in expectation) expect(expectation.maxNs).toBeGreaterThanOrEqual(expectation.minNs);
    }
  });
});
