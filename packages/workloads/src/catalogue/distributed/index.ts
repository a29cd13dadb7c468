/** Distributed patterns and servers: W71 to W83. */
import type { Workload } from "../../workload.ts";

export const distributed: readonly Workload[] = [];
