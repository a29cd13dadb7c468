/** The catalogue on every model: runs are pure, and what the workloads expect of them holds. */
import { checkOrThrow } from "@orrery/program";
import {
  type CostProfile,
  defaultProfile,
  Execution,
  type RuntimeModel,
  runSpec,
  zeroProfile,
} from "@orrery/runtime";
import { runningIn, tasksIn } from "@orrery/queueing";
import { firstDifference } from "@orrery/simulator";
import {
  checkExpectations,
  type Expectation,
  type Parameters,
  type RuntimeName,
  type When,
  type Workload,
  workloads,
} from "@orrery/workloads";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadModels, runtimeNames } from "../src/registry.ts";

const models = await Effect.runPromise(loadModels(runtimeNames));

/** Small enough to run twice with a trace, and still every kind of event. */
const small: Readonly<Record<string, Parameters>> = {
  sleepers: { n: 500 },
  skynet: { depth: 3 },
  "ping-pong": { rounds: 300 },
  "all-race-any-settled": { rounds: 10 },
  "pool-ceiling": { jobs: 60 },
  "worker-pool": { jobs: 60 },
};
const withSmall = ({ program }: Workload): Parameters => {
  const wanted = small[program.name] ?? {};
  return Object.fromEntries(
    Object.entries(wanted).filter(([name]) => program.params.some((p) => p.name === name)),
  );
};

interface Variant {
  readonly parameters?: Parameters;
  readonly when?: When;
  readonly trace?: boolean;
}

function execute(
  model: RuntimeModel,
  workload: Workload,
  { parameters = {}, when = {}, trace = false }: Variant,
): Execution {
  const { program, params } = checkOrThrow(workload.program, { ...parameters, ...when.parameters });
  const options = { ...workload.options?.[model.name as RuntimeName], ...when.options };
  const profile: CostProfile = when.profile === "zero" ? zeroProfile : defaultProfile;
  return new Execution(
    runSpec(model, program, params, { options, cores: when.cores ?? 4, profile, trace }),
  ).run();
}

describe.each(models)("$name", (model) => {
  test.each(workloads.map((workload) => [workload.program.name, workload] as const))(
    "%s run twice is one and the same",
    (_, workload) => {
      const parameters = withSmall(workload);
      const once = execute(model, workload, { parameters, trace: true });
      const again = execute(model, workload, { parameters, trace: true });
      expect(firstDifference(once.trace, again.trace)).toBe(-1);
      expect(again.result()).toEqual(once.result());
      // Little's law and the balance of flows, to the nanosecond (validation D1).
      for (const flow of [tasksIn, runningIn].map((of) => of(once.trace, once.machine.now))) {
        expect(flow.integral).toBe(flow.sojourns);
        expect(flow.arrivals).toBe(flow.departures + flow.inside);
      }
    },
  );

  test.each(workloads.map((workload) => [workload.program.name, workload] as const))(
    "%s does the same with the trace off",
    (_, workload) => {
      const parameters = withSmall(workload);
      const { traceHash: _hash, ...traced } = execute(model, workload, { parameters, trace: true }).result();
      const { traceHash: _none, ...untraced } = execute(model, workload, { parameters }).result();
      expect(untraced).toEqual(traced);
    },
  );
});

/** A million tasks on four models take half a minute; `orrery compare skynet --check` is for those who wait. */
const tooLong = new Set(["skynet"]);

const speaksOf = ({ runtime }: Expectation, name: string): boolean =>
  runtime === "*" || [runtime].flat().some((each) => each === name);

describe("expectations hold", () => {
  const cases = workloads
    .filter(({ program }) => !tooLong.has(program.name))
    .flatMap((workload) =>
      models.flatMap((model) => {
        const whens = workload.expectations
          .filter((expectation) => speaksOf(expectation, model.name))
          .map(({ when: { profile, ...when } = {} }) =>
            JSON.stringify(profile === "zero" ? { ...when, profile } : when),
          );
        return [...new Set(whens)].map(
          (when) => [workload.program.name, model.name, when, workload, model] as const,
        );
      }),
    );
  test.each(cases)("%s on %s when %s", (_name, _runtime, when, workload, model) => {
    const result = execute(model, workload, { when: JSON.parse(when) as When }).result();
    expect(checkExpectations(workload, result).map(({ message }) => message)).toEqual([]);
  });
});
