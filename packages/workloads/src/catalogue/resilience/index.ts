/** Resilience and tails: W61 to W70. */
import type { Workload } from "../../workload.ts";

export const resilience: readonly Workload[] = [];
