/** Cancellation, leaks, structure: W53 to W60. */
import type { Workload } from "../../workload.ts";
import blockedFinaliser from "./blocked-finaliser.ts";
import cancelOrReady from "./cancel-or-ready.ts";
import leakPatterns from "./leak-patterns.ts";
import lostTask from "./lost-task.ts";
import scopeFailure from "./scope-failure.ts";
import swallowedCancel from "./swallowed-cancel.ts";
import timeoutWithoutCancel from "./timeout-without-cancel.ts";
import uploadAbort from "./upload-abort.ts";

export const cancellation: readonly Workload[] = [
  timeoutWithoutCancel,
  leakPatterns,
  swallowedCancel,
  lostTask,
  scopeFailure,
  cancelOrReady,
  blockedFinaliser,
  uploadAbort,
];
