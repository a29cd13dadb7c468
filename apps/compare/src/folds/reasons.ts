/** How often each rule fired. */
import type { Kind, Trace } from "@orrery/simulator";

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

/** Rules of one kind of event, the most frequent first; equal counts in the order of first use. */
export function reasonsOf(trace: Trace, kind: Kind): readonly ReasonCount[] {
  const counts = new Float64Array(trace.reasons.length);
  for (let row = 0; row < trace.length; row++)
    if (trace.kinds[row] === kind) counts[trace.reasonIds[row]!]!++;
  return trace.reasons
    .map((reason, id) => ({ reason, count: counts[id]! }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

export const sumOf = (reasons: readonly ReasonCount[]): number =>
  reasons.reduce((sum, { count }) => sum + count, 0);
