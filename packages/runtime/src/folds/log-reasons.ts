/** Why each line of the log was written then: the rule by which its task ran. */
import { Kind, type Trace } from "@orrery/simulator";

/** By line of the log; empty where the trace does not tell. */
export function logReasons(trace: Trace): readonly string[] {
  const lastRun: number[] = [];
  const reasons: string[] = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kinds[row];
    const task = trace.tasks[row]!;
    if (kind === Kind.run) lastRun[task] = row;
    else if (kind === Kind.log) {
      const run = lastRun[task];
      reasons[trace.args[row]!] = run === undefined ? "" : trace.reasons[trace.reasonIds[run]!]!;
    }
  }
  return reasons;
}
