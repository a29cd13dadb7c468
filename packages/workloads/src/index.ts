/** The catalogue of workloads: named programs with parameters, the question each answers and what is expected of it. */
import { cancellation } from "./catalogue/cancellation/index.ts";
import { composition } from "./catalogue/composition/index.ts";
import { cpuIo } from "./catalogue/cpu-io/index.ts";
import { distributed } from "./catalogue/distributed/index.ts";
import { order } from "./catalogue/order/index.ts";
import { resilience } from "./catalogue/resilience/index.ts";
import { scale } from "./catalogue/scale/index.ts";
import { sync } from "./catalogue/sync/index.ts";
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
  ...order,
  ...scale,
  ...sync,
  ...cpuIo,
  ...composition,
  ...cancellation,
  ...resilience,
  ...distributed,
];

/** The workload called `name` (`cpu-hog`) or numbered so in the catalogue (`W34`). */
export const find = (name: string): Workload | undefined =>
  workloads.find(({ id, program }) => program.name === name || id === name);

/** A workload together with the parameters to run it with. */
export interface Stop {
  readonly workload: Workload;
  readonly parameters: Parameters;
}

const stop = (name: string, parameters: Parameters = {}): Stop => ({ workload: find(name)!, parameters });

/** Six workloads that show the most, quick enough to run one after the other. */
export const tour: readonly Stop[] = [
  stop("spawn-order"),
  stop("cpu-hog"),
  stop("blocking-call"),
  stop("file-pool"),
  stop("dining-philosophers"),
  stop("sleepers", { n: 30_000 }),
];
export { groups, oneWorker } from "./workload.ts";
