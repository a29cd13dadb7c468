/** Who had the processors in a span of time. */
import type { Lane } from "./lanes.ts";

export interface Occupant {
  /** -1: callbacks of the runtime. */
  readonly task: number;
  readonly ns: number;
}

/** By time, longest first; equal times by task. */
export function occupants(lanes: readonly Lane[], fromNs: number, toNs: number): readonly Occupant[] {
  const times = new Map<number, number>();
  for (const lane of lanes) {
    for (let i = lane.firstAfter(fromNs); i < lane.length && lane.starts.at(i) < toNs; i++) {
      const ns = Math.min(lane.ends.at(i), toNs) - Math.max(lane.starts.at(i), fromNs);
      const task = lane.tasks.at(i);
      if (ns > 0) times.set(task, (times.get(task) ?? 0) + ns);
    }
  }
  return [...times].map(([task, ns]) => ({ task, ns })).sort((a, b) => b.ns - a.ns || a.task - b.task);
}
