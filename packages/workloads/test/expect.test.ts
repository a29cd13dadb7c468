import { describe, expect, expectTypeOf, test } from "vitest";
import { int, program } from "@orrery/program";
import type { RunResult } from "@orrery/runtime";
import { checkExpectations } from "../src/index.ts";
import type { Expectation, RunFacts } from "../src/index.ts";
import { everywhere, workload } from "../src/workload.ts";

const stats = (ns: number): RunFacts["marks"][string] => ({
  minNs: ns,
  meanNs: ns,
  p50Ns: ns,
  p90Ns: ns,
  p99Ns: ns,
  p999Ns: ns,
  maxNs: ns,
});

const facts: RunFacts = {
  runtime: "go",
  parameters: { n: 4 },
  options: { GOMAXPROCS: 1 },
  cores: 4,
  profile: "default",
  outcome: "completed",
  log: [{ text: "a" }, { text: "b" }],
  makespanNs: 12_500_000,
  marks: { lateness: stats(17_000_000) },
  counts: { done: 3 },
  tasks: { leaked: [] },
};

const demo = program("demo", { doc: "", params: { n: int(4, { min: 1, max: 9, doc: "" }) } }, ({ main }) =>
  main(() => {}),
);

function messages(expectation: Expectation, changed: Partial<RunFacts> = {}): readonly string[] {
  const given = workload({
    id: "W99",
    program: demo,
    question: "?",
    headline: ".",
    group: "order",
    options: { go: { GOMAXPROCS: "1" } },
    levels: everywhere("O1"),
    expectations: [expectation],
  });
  return checkExpectations(given, { ...facts, ...changed }).map(({ message }) => message);
}

const on = { runtime: "*", because: "arithmetic" } as const;

describe("an expectation that holds is silent", () => {
  test.each<Expectation>([
    { ...on, kind: "log", equals: ["a", "b"] },
    { ...on, kind: "outcome", is: "completed" },
    { ...on, kind: "makespan", minNs: 12_500_000, maxNs: 12_500_000 },
    { ...on, kind: "measure", name: "lateness", stat: "max", minNs: 15e6, maxNs: 40e6 },
    { ...on, kind: "mark", name: "lateness", stat: "p50", minNs: 0, maxNs: 17e6 },
    { ...on, kind: "count", name: "done", min: 3, max: 3 },
    { ...on, kind: "count", name: "never counted", min: 0, max: 0 },
    { ...on, kind: "leaked", tasks: 0 },
  ])("$kind", (expectation) => {
    expect(messages(expectation)).toEqual([]);
  });
});

describe("a violation says what was expected, what was seen and why", () => {
  test.each<readonly [Expectation, string]>([
    [
      { ...on, kind: "log", equals: ["a", "c"] },
      'demo on go: expected the log "a c", saw "a b", which differs in line 2: b for c (arithmetic)',
    ],
    [
      { ...on, kind: "log", equals: ["a"] },
      'demo on go: expected the log "a", saw "a b", which differs in line 2: b for nothing (arithmetic)',
    ],
    [
      { ...on, kind: "outcome", is: "deadlocked" },
      "demo on go: expected the outcome deadlocked, saw completed (arithmetic)",
    ],
    [
      { ...on, kind: "makespan", minNs: 10e9, maxNs: 10e9 },
      "demo on go: expected a makespan of 10s, saw 12.5ms (arithmetic)",
    ],
    [
      { ...on, kind: "measure", name: "lateness", stat: "max", minNs: 300e6, maxNs: 700e6 },
      "demo on go: expected the measure lateness to have max 300ms to 700ms, saw 17ms (arithmetic)",
    ],
    [
      { ...on, kind: "mark", name: "answer", stat: "p99", minNs: 0, maxNs: 1e6 },
      "demo on go: expected the mark answer to have p99 0ns to 1ms, saw none recorded (arithmetic)",
    ],
    [
      { ...on, kind: "count", name: "done", min: 4, max: 5 },
      "demo on go: expected the count done to be 4 to 5, saw 3 (arithmetic)",
    ],
    [{ ...on, kind: "leaked", tasks: 10 }, "demo on go: expected 10 leaked tasks, saw 0 (arithmetic)"],
  ])("%j", (expectation, message) => {
    expect(messages(expectation)).toEqual([message]);
  });

  test("and shows only the start of a long log", () => {
    const log = Array.from({ length: 100 }, (_, i) => ({ text: `t${i}` }));
    const [message] = messages({ ...on, kind: "log", equals: [] }, { log });
    expect(message).toContain('t23" ... (100 lines), which differs in line 1: t0 for nothing');
  });
});

describe("an expectation speaks only of the runs it was made for", () => {
  const wrong = { ...on, kind: "outcome", is: "failed" } as const;
  const speaks = (expectation: Expectation, changed: Partial<RunFacts> = {}): boolean =>
    messages(expectation, changed).length > 0;

  test("its runtimes", () => {
    expect(speaks({ ...wrong, runtime: "go" })).toBe(true);
    expect(speaks({ ...wrong, runtime: ["node", "go"] })).toBe(true);
    expect(speaks({ ...wrong, runtime: ["node", "java"] })).toBe(false);
  });

  test("its parameters, the defaults for those left out", () => {
    expect(speaks(wrong, { parameters: {} })).toBe(true);
    expect(speaks(wrong, { parameters: { n: 5 } })).toBe(false);
    expect(speaks({ ...wrong, when: { parameters: { n: 5 } } }, { parameters: { n: 5 } })).toBe(true);
    expect(speaks({ ...wrong, when: { parameters: { n: 5 } } })).toBe(false);
  });

  test("its options and those of the workload", () => {
    expect(speaks(wrong, { options: { GOMAXPROCS: 2 } })).toBe(false);
    const parallel = { ...wrong, when: { options: { GOMAXPROCS: "2" } } };
    expect(speaks(parallel)).toBe(false);
    expect(speaks(parallel, { options: { GOMAXPROCS: 2 } })).toBe(true);
  });

  test("its number of cores", () => {
    expect(speaks({ ...wrong, when: { cores: 4 } })).toBe(true);
    expect(speaks({ ...wrong, when: { cores: 8 } })).toBe(false);
  });

  test("its cost profile: measured ones unless it says zero or any", () => {
    const zero = { profile: "zero" };
    expect(speaks(wrong, zero)).toBe(false);
    expect(speaks({ ...wrong, when: { profile: "zero" } }, zero)).toBe(true);
    expect(speaks({ ...wrong, when: { profile: "zero" } })).toBe(false);
    expect(speaks({ ...wrong, when: { profile: "any" } }, zero)).toBe(true);
    expect(speaks({ ...wrong, when: { profile: "any" } })).toBe(true);
  });
});

test("the result of a run has all the facts", () => {
  expectTypeOf<RunResult>().toExtend<RunFacts>();
});
