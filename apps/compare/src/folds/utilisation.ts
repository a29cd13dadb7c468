/** What share of the time the processors of a runtime were busy. */
import type { Lane } from "./lanes.ts";

/** From 0 to 1, of all processors together that ran something; 0 for a run of no length. What is later does not count. */
export function utilisationOf(lanes: readonly Lane[], endNs: number): number {
  const processors = lanes.filter(({ kind }) => kind === "processor");
  let busyNs = 0;
  for (const lane of processors)
    for (let i = 0; i < lane.length && lane.starts.at(i) < endNs; i++)
      busyNs += Math.min(lane.ends.at(i), endNs) - lane.starts.at(i);
  return endNs > 0 && processors.length > 0 ? busyNs / (endNs * processors.length) : 0;
}
