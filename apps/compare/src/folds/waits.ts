/** What tasks waited for, and how long. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Wait {
  readonly reason: string;
  readonly count: number;
  /** Until the task was ready again, in all; a task that never was counts to the end of the trace. */
  readonly totalNs: number;
}

const MAIN = 0;

/** By reason, the longest in all first. Main is left out: it mostly waits for the others. */
export function waitsOf(trace: Trace, endNs: number): readonly Wait[] {
  const counts = new Float64Array(trace.reasons.length);
  const times = new Float64Array(trace.reasons.length);
  /** Row in which each task parked, by task. */
  const parked: number[] = [];
  const woken = (task: number, timeNs: number): void => {
    const row = parked[task] ?? -1;
    if (row < 0) return;
    parked[task] = -1;
    counts[trace.reasonIds[row]!]!++;
    times[trace.reasonIds[row]!]! += timeNs - trace.times[row]!;
  };
  for (let row = 0; row < trace.length; row++) {
    const task = trace.tasks[row]!;
    if (task <= MAIN) continue;
    const kind = trace.kinds[row];
    if (kind === Kind.park) parked[task] = row;
    else if (kind === Kind.ready || kind === Kind.run) woken(task, trace.times[row]!);
  }
  parked.forEach((_, task) => woken(task, endNs));
  return trace.reasons
    .map((reason, id) => ({ reason, count: counts[id]!, totalNs: times[id]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.totalNs - a.totalNs);
}
