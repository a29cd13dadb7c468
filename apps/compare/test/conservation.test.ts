/** Nothing is made out of nothing and nothing is lost (validation D1, D20): random programs on every model, with the books open. */
import { checkOrThrow, fuzzClasses, generate, program } from "@orrery/program";
import { Audit, runningIn, tasksIn } from "@orrery/queueing";
import { Execution, type Lowering, runSpec } from "@orrery/runtime";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadModels, runtimeNames } from "../src/registry.ts";

const models = await Effect.runPromise(loadModels(runtimeNames));
const PROGRAMS = 40;

test("an audit notices what a channel loses, and a permit too many", () => {
  const source = program("lossy", { doc: "Two values and two permits." }, ({ main }) => {
    main((b) => {
      const c = b.chan("c", 2);
      const s = b.sem("s", 1);
      b.trySend("first", c, 1);
      b.trySend("second", c, 2);
      b.acquire(s);
      b.acquire(s);
    });
  });
  const checked = checkOrThrow(source, {});
  const execution = new Execution(runSpec(models[0]!, checked.program, checked.params));
  const { lowering } = execution.world;
  let sent = 0;
  execution.world.lowering = Object.assign(Object.create(lowering) as Lowering, {
    trySend: (...[self, chan, value]: Parameters<Lowering["trySend"]>) =>
      sent++ === 0 ? true : lowering.trySend(self, chan, value),
    acquire: () => undefined,
  });
  const audit = new Audit(execution);
  execution.run();
  expect(audit.findings()).toEqual(["s: 2 of 1 held", "c: 2 sent, 0 received, 1 queued"]);
});

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
          expect(audit.findings(), `at ${place}`).toEqual([]);
          const { trace, machine } = execution;
          for (const flow of [tasksIn(trace, machine.now), runningIn(trace, machine.now)]) {
            expect(flow.integral, `at ${place}`).toBe(flow.sojourns);
            expect(flow.arrivals, `at ${place}`).toBe(flow.departures + flow.inside);
          }
        }
      }
    },
  );
});
