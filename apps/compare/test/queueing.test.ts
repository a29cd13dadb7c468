/**
 * The four models against queueing theory (validation D2 to D17): the same systems on each, nothing costs anything, fixed seed.
 * Tolerances are three standard errors of as many customers as are served here.
 */
import { checkOrThrow, constant, exponential, type Program, twoPoint } from "@orrery/program";
import {
  anySlow,
  binomialStandardError,
  closedSystem,
  fanOut,
  hedging,
  machineRepair,
  meanOfGreatest,
  meanValueAnalysis,
  mm1Sojourn,
  mm1StandardError,
  mmcWait,
  openSystem,
  processorSharingSojourn,
  repairShop,
  retries,
  retrying,
  runningIn,
  tasksIn,
} from "@orrery/queueing";
import { Execution, type RuntimeModel, runSpec, zeroProfile } from "@orrery/runtime";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { loadModels, runtimeNames } from "../src/registry.ts";

const models = await Effect.runPromise(loadModels(runtimeNames));
const SECOND = 1e9;

/** One processor, where a model has a choice. */
const one: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  go: { GOMAXPROCS: "1" },
  java: { parallelism: "1", maxPoolSize: "1" },
};

function run(
  model: RuntimeModel,
  source: Program,
  given: Readonly<Record<string, number>>,
  asked: { readonly options?: Readonly<Record<string, string>>; readonly trace?: boolean } = {},
): Execution {
  const { program, params } = checkOrThrow(source, given);
  const budgets = { maxEvents: 1e9, maxTimeNs: 1e18, maxTasks: 1e6 };
  return new Execution(
    runSpec(model, program, params, { profile: zeroProfile, cores: 4, budgets, ...asked }),
  ).run();
}

/** Mean of a measure, seconds. */
const mean = (execution: Execution, name: string): number => {
  const result = execution.result();
  expect(result.outcome).toBe("completed");
  return result.marks[name]!.meanNs / SECOND;
};

/** Rounds a second of a closed system, in the middle of the run: nobody has just begun or is done already. */
function throughput(execution: Execution): number {
  const at = execution.world.observations.samples.get("at")!;
  const [from, to] = [0.1, 0.8].map((share) => share * execution.machine.now) as [number, number];
  return at.filter((ns) => ns >= from && ns < to).length / ((to - from) / SECOND);
}

function within(seen: number, law: number, tolerance: number): void {
  expect(Math.abs(seen / law - 1), `${seen} against ${law}`).toBeLessThan(tolerance);
}

describe.each(models)("$name", (model) => {
  const customers = 20_000;

  test("D2: M/M/1 at a service, and Little's law exactly", () => {
    const execution = run(
      model,
      openSystem("mm1", exponential("1250ms"), { at: "service", servers: 1, demand: exponential("1s") }),
      { customers },
      { trace: true },
    );
    within(mean(execution, "sojourn"), mm1Sojourn(0.8, 1), 3 * mm1StandardError(0.8, customers));
    const { trace, machine } = execution;
    const flow = tasksIn(trace, machine.now);
    expect(flow.integral).toBe(flow.sojourns);
    expect(flow.arrivals).toBe(flow.departures + flow.inside);
    const running = runningIn(trace, machine.now);
    expect(running.integral).toBe(running.sojourns);
  });

  test("D3: M/M/4 behind a semaphore", () => {
    const program = openSystem("mm4", exponential("312500us"), {
      at: "permits",
      servers: 4,
      demand: exponential("1s"),
    });
    // Erlang C waits 0.7455 s on average; so few customers tell it to a fifth.
    within(mean(run(model, program, { customers: 50_000 }), "sojourn") - 1, mmcWait(3.2, 1, 4), 0.2);
  });

  test("D2, D5: one processor serves in turn jobs that no slice divides, and does all the work there is", () => {
    const program = openSystem("mm1cpu", exponential("1250us"), {
      at: "cpu",
      servers: 1,
      demand: exponential("1ms"),
    });
    const execution = run(model, program, { customers }, { options: one[model.name] ?? {}, trace: true });
    within(mean(execution, "sojourn") * 1000, mm1Sojourn(0.8, 1), 3 * mm1StandardError(0.8, customers));
    // The utilisation law: what the processor was busy is what the customers asked for.
    const { sojourns } = runningIn(execution.trace, execution.machine.now);
    const busy = execution.result().machine.coreBusyNs.reduce((sum, each) => sum + each, 0);
    expect(busy).toBe(sojourns);
  });

  test("D8: as many tasks as like sleep at the same time, as a Poisson number of them", () => {
    const program = openSystem("mminf", exponential("100ms"), {
      at: "permits",
      servers: Infinity,
      demand: exponential("1s"),
    });
    const execution = run(model, program, { customers });
    const samples = execution.world.observations.samples.get("present")!;
    const average = samples.reduce((sum, each) => sum + each, 0) / samples.length;
    const variance = samples.reduce((sum, each) => sum + (each - average) ** 2, 0) / samples.length;
    within(average, 10, 0.05);
    within(variance, 10, 0.1);
  });

  test.each([1, 5, 10, 20])("D9: %d users of a closed system with two queues", (users) => {
    // Think 50 s, demands of 5 and 10 s: Node rounds to milliseconds.
    const rounds = 40_000 / users;
    const execution = run(model, closedSystem("closed", "50s", ["5s", "10s"]), { users, rounds });
    const law = meanValueAnalysis(users, 50, [5, 10]);
    within(throughput(execution), law.throughput, 0.03);
    within(mean(execution, "round"), law.residences[0]! + law.residences[1]!, 0.03);
  });

  test("D10: machines that wait for one of four repairers", () => {
    const [machines, rounds] = [20, 2000];
    const execution = run(model, repairShop("repair", "10s", "2s", 4), { machines, rounds });
    const law = machineRepair(machines, 4, 10, 2);
    within(throughput(execution), law.throughput, 0.02);
    within(mean(execution, "down"), law.sojourn, 0.02);
  });

  test("D12: the greatest of a hundred exponentials, and the share of roots with a slow leaf", () => {
    const rounds = 2000;
    const slowest = run(model, fanOut("fan", 100, exponential("1s")), { rounds });
    within(mean(slowest, "root"), meanOfGreatest(100, 1), 0.02);
    const tails = run(model, fanOut("tails", 100, twoPoint("10ms", "1s", 10_000)), { rounds });
    const roots = tails.world.observations.samples.get("root")!;
    const slow = roots.filter((ns) => ns >= SECOND).length / rounds;
    const law = anySlow(100, 0.01);
    expect(Math.abs(slow - law)).toBeLessThan(3 * binomialStandardError(law, rounds));
  });

  test("D13: a second request after the delay makes a slow answer as rare as two slow ones", () => {
    const requests = 20_000;
    const execution = run(model, hedging("hedging", "20ms", twoPoint("10ms", "1s", 50_000)), { requests });
    const answers = execution.world.observations.samples.get("answer")!;
    const slow = answers.filter((ns) => ns > 0.5 * SECOND).length / requests;
    const second = execution.result().counts["second"]! / requests;
    expect(Math.abs(slow - 0.05 ** 2)).toBeLessThan(3 * binomialStandardError(0.05 ** 2, requests));
    expect(Math.abs(second - 0.05)).toBeLessThan(3 * binomialStandardError(0.05, requests));
  });

  test("D14: three attempts that fail three times in ten", () => {
    const operations = 20_000;
    const { counts } = run(model, retrying("retrying", 300_000, 3), { operations }).result();
    const law = retries(0.3, 3);
    const error = 3 * binomialStandardError(law.succeeds, operations);
    expect(Math.abs(counts["succeeded"]! / operations - law.succeeds)).toBeLessThan(error);
    within(counts["tried"]! / operations, law.attempts, 0.01);
  });

  test("D4: constant service at a semaphore of one is served in order", () => {
    const program = openSystem("md1", constant("2s"), { at: "permits", servers: 1, demand: constant("1s") });
    expect(mean(run(model, program, { customers: 100 }), "sojourn")).toBe(1);
  });
});

test("D5: Go shares a processor among jobs far longer than its slice of 10 ms; the loops serve in turn", () => {
  const program = openSystem("slices", exponential("1429ms"), {
    at: "cpu",
    servers: 1,
    demand: twoPoint("500ms", "5500ms", 100_000),
  });
  const sojourns = Object.fromEntries(
    models.map((model) => [
      model.name,
      mean(run(model, program, { customers: 12_000 }, { options: one[model.name] ?? {} }), "sojourn"),
    ]),
  );
  within(sojourns["go"]!, processorSharingSojourn(0.7, 1), 0.15);
  for (const loop of ["asyncio", "java", "node"])
    expect(sojourns[loop], `of ${loop}`).toBeGreaterThan(1.3 * sojourns["go"]!);
});
