/** Distributed patterns and servers: W71 to W83. */
import type { Workload } from "../../workload.ts";
import backPressure from "./back-pressure.ts";
import c10k from "./c10k.ts";
import callbackRaces from "./callback-races.ts";
import choreography from "./choreography.ts";
import cqrsLag from "./cqrs-lag.ts";
import eventStore from "./event-store.ts";
import exactlyOnce from "./exactly-once.ts";
import flowControl from "./flow-control.ts";
import lostUpdate from "./lost-update.ts";
import saga from "./saga.ts";
import serviceGraph from "./service-graph.ts";
import twoPhaseCommit from "./two-phase-commit.ts";
import webMix from "./web-mix.ts";

export const distributed: readonly Workload[] = [
  saga,
  choreography,
  twoPhaseCommit,
  eventStore,
  cqrsLag,
  backPressure,
  exactlyOnce,
  flowControl,
  c10k,
  webMix,
  serviceGraph,
  callbackRaces,
  lostUpdate,
];
