/** Classic synchronisation: W25 to W33. */
import type { Workload } from "../../workload.ts";
import barrierAndLatch from "./barrier-and-latch.ts";
import boundedBuffer from "./bounded-buffer.ts";
import cigaretteSmokers from "./cigarette-smokers.ts";
import diningPhilosophers from "./dining-philosophers.ts";
import lostWakeup from "./lost-wakeup.ts";
import readersWriters from "./readers-writers.ts";
import sharedDictionary from "./shared-dictionary.ts";
import sleepingBarber from "./sleeping-barber.ts";
import treiberStack from "./treiber-stack.ts";

export const sync: readonly Workload[] = [
  diningPhilosophers,
  sleepingBarber,
  boundedBuffer,
  readersWriters,
  cigaretteSmokers,
  barrierAndLatch,
  sharedDictionary,
  treiberStack,
  lostWakeup,
];
