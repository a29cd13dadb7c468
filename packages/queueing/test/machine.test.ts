/**
 * The machine's services and its OS scheduler against queueing theory (validation D2 to D8): a million customers, fixed seed, and
 * the tolerances that so many allow (three standard errors; batch means for percentiles).
 */
import {
  draw,
  type Draws,
  erlang,
  exponential,
  constant,
  rootHash,
  streamHash,
  nameHash,
  table,
} from "@orrery/program";
import { BLOCK, Machine, SeededDecisions, Service, Trace, zeroMachineCosts } from "@orrery/simulator";
import { expect, test } from "vitest";
import {
  erlangB,
  mg1Wait,
  mm1kBlocking,
  mm1Quantile,
  mm1Sojourn,
  mm1StandardError,
  mmcWait,
  processorSharingSojourn,
} from "@orrery/queueing";

const SECOND = 1e9;
const MILLION = 1_000_000;

const machine = (cores = 1): Machine =>
  new Machine(cores, zeroMachineCosts, new SeededDecisions(1), new Trace(false), {
    maxEvents: 1e9,
    maxTimeNs: Infinity,
  });

/** Numbers of a stream, in seconds. */
function stream(name: string, draws: Draws<"dur">): () => number {
  const hash = streamHash(rootHash(1, { hi: 0, lo: 0 }), nameHash(name), { hi: 0, lo: 0 });
  let n = 0;
  return () => draw(draws.from, hash, n++);
}

/** Exponential with this mean, in seconds. */
const poisson = (mean: number): Draws<"dur"> => exponential(`${Math.round(mean * 1e6)}us`);

interface Served {
  /** Seconds in the system, sorted. */
  readonly sojourns: Float64Array;
  readonly turnedAway: number;
  readonly mean: number;
}

/** Customers of a service, from outside: no runtime has a part in it. */
function serve(
  customers: number,
  gap: Draws<"dur">,
  demand: Draws<"dur">,
  servers: number,
  room = Infinity,
): Served {
  const m = machine();
  const service = new Service(m, "station", servers, room);
  const [gaps, demands] = [stream("gap", gap), stream("demand", demand)];
  const sojourns: number[] = [];
  let left = customers;
  const arrive = (): void => {
    const start = m.now;
    const request = service.request(demands(), false);
    // With a network that takes no time the answer is there when the service is done.
    const { reply } = request;
    const signal = reply.signal.bind(reply);
    reply.signal = () => {
      signal();
      if (request.ok) sojourns.push((m.now - start) / SECOND);
    };
    if (--left > 0) m.at(m.now + gaps(), arrive);
  };
  m.at(gaps(), arrive);
  m.run();
  const sorted = Float64Array.from(sojourns).sort();
  return { sojourns: sorted, turnedAway: service.refused, mean: sum(sorted) / sorted.length };
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, each) => total + each, 0);
const within = (seen: number, law: number, tolerance: number): void =>
  expect(Math.abs(seen / law - 1), `${seen} against ${law}`).toBeLessThan(tolerance);

test.each([
  [0.5, 0.011],
  [0.8, 0.029],
  [0.9, 0.059],
])("D2: M/M/1 at a load of %d", (rho, tolerance) => {
  const { mean, sojourns } = serve(MILLION, poisson(1 / rho), poisson(1), 1);
  expect(tolerance / 3).toBeCloseTo(mm1StandardError(rho, MILLION), 3);
  within(mean, mm1Sojourn(rho, 1), tolerance);
  within(sojourns[0.99 * MILLION]!, mm1Quantile(rho, 1, 0.99), 2 * tolerance);
});

test.each([
  [4, 0.8, 0.03],
  [16, 0.9, 0.06],
])("D3: M/M/%d at a load of %d", (servers, rho, tolerance) => {
  const { mean } = serve(MILLION, poisson(1 / (servers * rho)), poisson(1), servers);
  within(mean - 1, mmcWait(servers * rho, 1, servers), tolerance);
});

test("D4: M/D/1 and M/G/1", () => {
  within(serve(MILLION, poisson(1 / 0.8), constant("1s"), 1).mean - 1, mg1Wait(0.8, 1, 1), 0.03);
  // Nine in ten take 0.5 s, one takes 5.5 s: the same mean, 3.25 s^2 as second moment.
  const twoKinds = table([
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "500ms",
    "5500ms",
  ]);
  within(serve(MILLION, poisson(1 / 0.7), twoKinds, 1).mean - 1, mg1Wait(0.7, 1, 3.25), 0.06);
});

test.each([
  [10, 8],
  [20, 16],
])("D6: M/M/%d/%d, a bulkhead without a queue, turns away Erlang's share", (servers, load) => {
  const { turnedAway } = serve(MILLION, poisson(1 / load), poisson(1), servers, 0);
  within(turnedAway / MILLION, erlangB(servers, load), 0.02);
});

test.each([0.9, 1.2])("D7: M/M/1/10 at a load of %d turns away its share", (rho) => {
  const { turnedAway } = serve(MILLION, poisson(1 / rho), poisson(1), 1, 9);
  within(turnedAway / MILLION, mm1kBlocking(rho, 10), 0.03);
});

test("D5: threads that share a core in slices far shorter than their work are as good as served all at once", () => {
  const m = machine(1);
  // Erlang of two phases: FCFS and processor sharing differ, and sharing does not care for the distribution.
  const [gaps, demands] = [stream("gap", poisson(1 / 0.7)), stream("demand", erlang(2, "1s"))];
  const customers = 20_000;
  let total = 0;
  m.spawn("arrivals", function* (): Generator<number, void, number> {
    let due = 0;
    for (let n = 0; n < customers; n++) {
      due += gaps();
      if (due > m.now) {
        m.timeout(due);
        yield BLOCK;
      }
      const work = demands();
      m.spawn("customer", function* () {
        const start = m.now;
        yield work;
        total += m.now - start;
      });
    }
  });
  m.run();
  const mean = total / customers / SECOND;
  within(mean, processorSharingSojourn(0.7, 1), 0.06);
  expect(mean).toBeGreaterThan(1.1 * (1 + mg1Wait(0.7, 1, 1.5))); // first come first served would be 2.75 s
});
