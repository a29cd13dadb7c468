/** Throughput: how often a second something happened. */
import type { RunResult } from "@orrery/runtime";

export interface Rate {
  readonly name: string;
  readonly perSecond: number;
}

/** Of completed tasks, of each mark and of each count, over the makespan; none for a run of no length. */
export function ratesOf({ tasks, marks, counts, makespanNs }: RunResult): readonly Rate[] {
  if (makespanNs <= 0) return [];
  const all: readonly (readonly [string, number])[] = [
    ["tasks", tasks.completed],
    ...Object.entries(marks).map(([name, { count }]) => [name, count] as const),
    ...Object.entries(counts),
  ];
  return all.map(([name, count]) => ({ name, perSecond: (count * 1e9) / makespanNs }));
}
