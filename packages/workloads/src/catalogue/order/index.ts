/** Observable order: W01 to W10. */
import type { Workload } from "../../workload.ts";
import lockHandoff from "./lock-handoff.ts";
import orderBasic from "./order-basic.ts";
import phaseListing from "./phase-listing.ts";
import rendezvousOrder from "./rendezvous-order.ts";
import sameDeadline from "./same-deadline.ts";
import selectFairness from "./select-fairness.ts";
import spawnOrder from "./spawn-order.ts";
import starvation from "./starvation.ts";
import thenableAdoption from "./thenable-adoption.ts";
import yieldRoundRobin from "./yield-round-robin.ts";

export const order: readonly Workload[] = [
  orderBasic,
  phaseListing,
  thenableAdoption,
  spawnOrder,
  yieldRoundRobin,
  starvation,
  sameDeadline,
  selectFairness,
  rendezvousOrder,
  lockHandoff,
];
