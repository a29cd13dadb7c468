/** Resilience and tails: W61 to W70. */
import type { Workload } from "../../workload.ts";
import breaker from "./breaker.ts";
import bulkhead from "./bulkhead.ts";
import fanOutTail from "./fan-out-tail.ts";
import reentrantBulkhead from "./reentrant-bulkhead.ts";
import retryBackoff from "./retry-backoff.ts";

export const resilience: readonly Workload[] = [
  retryBackoff,
  breaker,
  bulkhead,
  reentrantBulkhead,
  fanOutTail,
];
