/** Composition and limits: W43 to W52. */
import type { Workload } from "../../workload.ts";
import allRaceAnySettled from "./all-race-any-settled.ts";
import fanOutFanIn from "./fan-out-fan-in.ts";
import workerPool from "./worker-pool.ts";

export const composition: readonly Workload[] = [workerPool, fanOutFanIn, allRaceAnySettled];
