import type { LogLine, RunResult } from "@orrery/runtime";
import { describe, expect, test } from "vitest";
import { distinctOrders, judge } from "@orrery/verify";

/** A run with a log, written `task:text task:text`. */
function run(log: string, rest: Partial<RunResult> = {}): RunResult {
  const lines: LogLine[] = log
    .split(" ")
    .filter((word) => word !== "")
    .map((word, seq) => ({ seq, timeNs: 0, task: word.split(":")[0]!, text: word.split(":")[1]! }));
  return { runtime: "go", outcome: "completed", log: lines, ...rest } as RunResult;
}

describe("levels", () => {
  const model = run("a:1 b:1 a:2");
  const verdicts = (real: RunResult, models = [model]): string[] =>
    (["O1", "O2", "O3", "O4"] as const).map((level) => judge(level, null, models, real).verdict);

  test("the same sequence agrees at all", () => {
    expect(verdicts(run("a:1 b:1 a:2"))).toEqual(["agree", "agree", "agree", "agree"]);
  });
  test("tasks interleaved otherwise agree per task", () => {
    expect(verdicts(run("b:1 a:1 a:2"))).toEqual(["differ", "agree", "differ", "agree"]);
  });
  test("an order that another seed gives is in the set", () => {
    const models = [model, run("b:1 a:1 a:2")];
    expect(verdicts(run("b:1 a:1 a:2"), models)).toEqual(["differ", "agree", "agree", "agree"]);
    expect(distinctOrders(models)).toBe(2);
  });
  test("one task's lines in another order agree as a bag only", () => {
    expect(verdicts(run("a:2 b:1 a:1"))).toEqual(["differ", "differ", "differ", "agree"]);
  });
  test("a missing line agrees with nothing", () => {
    expect(verdicts(run("a:1 b:1"))).toEqual(["differ", "differ", "differ", "differ"]);
  });
});

test("a difference names the first line, with task and text of both sides", () => {
  expect(judge("O1", null, [run("a:1 b:1")], run("a:1 a:2"))).toEqual({
    verdict: "differ",
    why: 'line 2 is b "1" on the model, a "2" on the real runtime',
    line: 1,
  });
});

test("different outcomes never agree; a deadlock that loses its log is compared by its outcome", () => {
  const deadlocked = run("a:1", { outcome: "deadlocked" });
  expect(judge("O4", null, [run("a:1")], deadlocked).why).toBe(
    "the model's outcome is completed, the real one deadlocked",
  );
  expect(judge("O1", null, [deadlocked], run("", { outcome: "deadlocked" })).verdict).toBe("agree");
});
