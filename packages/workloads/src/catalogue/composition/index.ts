/** Composition and limits: W43 to W52. */
import type { Workload } from "../../workload.ts";
import adaptiveLimit from "./adaptive-limit.ts";
import allRaceAnySettled from "./all-race-any-settled.ts";
import batchedLoader from "./batched-loader.ts";
import coroutinePool from "./coroutine-pool.ts";
import debounceThrottle from "./debounce-throttle.ts";
import executorChoice from "./executor-choice.ts";
import fanOutFanIn from "./fan-out-fan-in.ts";
import limitOrder from "./limit-order.ts";
import singleFlight from "./single-flight.ts";
import workerPool from "./worker-pool.ts";

export const composition: readonly Workload[] = [
  workerPool,
  fanOutFanIn,
  allRaceAnySettled,
  limitOrder,
  coroutinePool,
  batchedLoader,
  singleFlight,
  debounceThrottle,
  adaptiveLimit,
  executorChoice,
];
