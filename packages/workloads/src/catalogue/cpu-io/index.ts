/** Processor time meets input and output: W34 to W42. */
import type { Workload } from "../../workload.ts";
import blockingCall from "./blocking-call.ts";
import chunkedHog from "./chunked-hog.ts";
import cpuHog from "./cpu-hog.ts";
import filePool from "./file-pool.ts";
import hybridPipeline from "./hybrid-pipeline.ts";
import imageBatch from "./image-batch.ts";
import loopLagMonitor from "./loop-lag-monitor.ts";
import netflixLock from "./netflix-lock.ts";
import pinnedCarriers from "./pinned-carriers.ts";

export const cpuIo: readonly Workload[] = [
  cpuHog,
  chunkedHog,
  loopLagMonitor,
  blockingCall,
  filePool,
  pinnedCarriers,
  netflixLock,
  hybridPipeline,
  imageBatch,
];
