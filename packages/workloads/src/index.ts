/** The catalogue of workloads: named programs with parameters, the question each answers and what is expected of it. */
import allRaceAnySettled from "./catalogue/all-race-any-settled.ts";
import blockingCall from "./catalogue/blocking-call.ts";
import chunkedHog from "./catalogue/chunked-hog.ts";
import cpuHog from "./catalogue/cpu-hog.ts";
import diningPhilosophers from "./catalogue/dining-philosophers.ts";
import fanOutFanIn from "./catalogue/fan-out-fan-in.ts";
import fetch100 from "./catalogue/fetch-100.ts";
import filePool from "./catalogue/file-pool.ts";
import hybridPipeline from "./catalogue/hybrid-pipeline.ts";
import orderBasic from "./catalogue/order-basic.ts";
import pingPong from "./catalogue/ping-pong.ts";
import poolCeiling from "./catalogue/pool-ceiling.ts";
import rendezvousOrder from "./catalogue/rendezvous-order.ts";
import skynet from "./catalogue/skynet.ts";
import sleepers from "./catalogue/sleepers.ts";
import spawnOrder from "./catalogue/spawn-order.ts";
import starvation from "./catalogue/starvation.ts";
import threadRing from "./catalogue/thread-ring.ts";
import workerPool from "./catalogue/worker-pool.ts";
import yieldRoundRobin from "./catalogue/yield-round-robin.ts";
import type { Parameters, Workload } from "./workload.ts";

export { applicable, checkExpectations } from "./expect.ts";
export type { RunFacts, Stats, Violation } from "./expect.ts";
export type {
  Expectation,
  Group,
  Level,
  Outcome,
  Parameters,
  RuntimeName,
  RuntimeOptions,
  Stat,
  When,
  Workload,
} from "./workload.ts";

/** In the order of the catalogue. */
export const workloads: readonly Workload[] = [
  orderBasic,
  spawnOrder,
  yieldRoundRobin,
  starvation,
  rendezvousOrder,
  sleepers,
  poolCeiling,
  fetch100,
  skynet,
  pingPong,
  threadRing,
  diningPhilosophers,
  cpuHog,
  chunkedHog,
  blockingCall,
  filePool,
  hybridPipeline,
  workerPool,
  fanOutFanIn,
  allRaceAnySettled,
];

/** The workload called `name` (`cpu-hog`) or numbered so in the catalogue (`W34`). */
export const find = (name: string): Workload | undefined =>
  workloads.find(({ id, program }) => program.name === name || id === name);

/** A workload together with the parameters to run it with. */
export interface Stop {
  readonly workload: Workload;
  readonly parameters: Parameters;
}

/** Six workloads that show the most, quick enough to run one after the other. */
export const tour: readonly Stop[] = [
  { workload: spawnOrder, parameters: {} },
  { workload: cpuHog, parameters: {} },
  { workload: blockingCall, parameters: {} },
  { workload: filePool, parameters: {} },
  { workload: diningPhilosophers, parameters: {} },
  { workload: sleepers, parameters: { n: 30_000 } },
];
export { oneWorker } from "./workload.ts";
