/** Cancellation, leaks, structure: W53 to W60. */
import type { Workload } from "../../workload.ts";

export const cancellation: readonly Workload[] = [];
