/** Tasks left behind, by what they wait for. */
import type { RunResult } from "@orrery/runtime";

export interface Leak {
  readonly waitingFor: string;
  readonly count: number;
}

/** The most frequent first. */
export function leaksOf({ tasks }: RunResult): readonly Leak[] {
  const counts = new Map<string, number>();
  for (const { waitingFor } of tasks.leaked) counts.set(waitingFor, (counts.get(waitingFor) ?? 0) + 1);
  return [...counts].map(([waitingFor, count]) => ({ waitingFor, count })).sort((a, b) => b.count - a.count);
}
