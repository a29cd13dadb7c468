/** Nothing is made out of nothing and nothing is lost (validation D1, D20): random programs on every model, with the books open. */
import { checkOrThrow, fuzzClasses, generate } from "@orrery/program";
import { Audit, runningIn, tasksIn } from "@orrery/queueing";
import { Execution, runSpec } from "@orrery/runtime";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadModels, runtimeNames } from "../src/registry.ts";

const models = await Effect.runPromise(loadModels(runtimeNames));
const PROGRAMS = 40;

describe.each(models)("$name", (model) => {
  test.each(fuzzClasses)(
    "random programs of class %s lose and invent nothing, and keep Little's law",
    (kind) => {
      for (let seed = 1; seed <= PROGRAMS; seed++) {
        const { program, params } = checkOrThrow(generate(seed, kind), {});
        for (const cores of [1, 4]) {
          const execution = new Execution(runSpec(model, program, params, { cores }));
          const audit = new Audit(execution);
          execution.run();
          const place = `seed ${seed} on ${cores} cores`;
          expect(audit.findings(), place).toEqual([]);
          const { trace, machine } = execution;
          for (const flow of [tasksIn(trace, machine.now), runningIn(trace, machine.now)]) {
            expect(flow.integral, place).toBe(flow.sojourns);
            expect(flow.arrivals, place).toBe(flow.departures + flow.inside);
          }
        }
      }
    },
  );
});
