/** Classic synchronisation: W25 to W33. */
import type { Workload } from "../../workload.ts";
import cigaretteSmokers from "./cigarette-smokers.ts";
import diningPhilosophers from "./dining-philosophers.ts";
import sleepingBarber from "./sleeping-barber.ts";

export const sync: readonly Workload[] = [diningPhilosophers, sleepingBarber, cigaretteSmokers];
