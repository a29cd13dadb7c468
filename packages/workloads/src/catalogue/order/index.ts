/** Observable order: W01 to W10. */
import type { Workload } from "../../workload.ts";
import orderBasic from "./order-basic.ts";
import rendezvousOrder from "./rendezvous-order.ts";
import selectFairness from "./select-fairness.ts";
import spawnOrder from "./spawn-order.ts";
import starvation from "./starvation.ts";
import yieldRoundRobin from "./yield-round-robin.ts";

export const order: readonly Workload[] = [
  orderBasic,
  spawnOrder,
  yieldRoundRobin,
  starvation,
  selectFairness,
  rendezvousOrder,
];
