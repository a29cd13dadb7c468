/** Resilience and tails: W61 to W70. */
import type { Workload } from "../../workload.ts";
import blackFriday from "./black-friday.ts";
import breaker from "./breaker.ts";
import bulkhead from "./bulkhead.ts";
import fanOutTail from "./fan-out-tail.ts";
import hedgeInScope from "./hedge-in-scope.ts";
import hedged from "./hedged.ts";
import rateLimiters from "./rate-limiters.ts";
import reentrantBulkhead from "./reentrant-bulkhead.ts";
import retryBackoff from "./retry-backoff.ts";
import retryStorm from "./retry-storm.ts";

export const resilience: readonly Workload[] = [
  retryBackoff,
  breaker,
  bulkhead,
  reentrantBulkhead,
  fanOutTail,
  hedged,
  hedgeInScope,
  retryStorm,
  rateLimiters,
  blackFriday,
];
