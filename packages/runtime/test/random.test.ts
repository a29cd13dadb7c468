/** Random programs have an end: on the smallest model none deadlocks or fails. */
import { checkOrThrow, fuzzClasses, generate } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { expect, test } from "vitest";
import { fifo } from "./fifo-model.ts";

const PROGRAMS = 300;

test.each(fuzzClasses)("%s", (kind) => {
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const { program, params } = checkOrThrow(generate(seed, kind));
    const { outcome, detail } = new Execution(runSpec(fifo, program, params, { trace: false }))
      .run()
      .result();
    const end = outcome === "completed" ? outcome : `seed ${seed}: ${outcome} ${JSON.stringify(detail)}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  expect(Object.fromEntries(ends)).toEqual({ completed: PROGRAMS });
});
