/** Classic synchronisation: W25 to W33. */
import type { Workload } from "../../workload.ts";
import diningPhilosophers from "./dining-philosophers.ts";

export const sync: readonly Workload[] = [diningPhilosophers];
