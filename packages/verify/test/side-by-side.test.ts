import type { LogLine, RunResult } from "@orrery/runtime";
import { expect, test } from "vitest";
import { sideBySide } from "../src/index.ts";

/** A run whose log is written `task:text task:text`. */
function run(log: string): RunResult {
  const lines: LogLine[] = log.split(" ").map((word, seq) => {
    const [task, text] = word.split(":");
    return { seq, timeNs: 0, task: task!, text: text! };
  });
  return { log: lines } as unknown as RunResult;
}

test("a few tasks have a column each, on both sides", () => {
  expect(sideBySide(run("main:a main/w[0]:b main:c"), run("main:a main:c main/w[0]:b"), 1, 60)).toEqual([
    "   model                        real",
    "   main         w[0]            main         w[0]",
    " 1 a                            a",
    ">2              b               c",
    " 3 c                                         b",
  ]);
});

test("many tasks share a column, each line with its task", () => {
  const log = ["a", "b", "c", "d"].map((task) => `${task}:1`);
  expect(sideBySide(run(log.join(" ")), run(log.toReversed().join(" ")), 0, 40).slice(0, 2)).toEqual([
    "   model              real",
    ">1 a 1                d 1",
  ]);
});
