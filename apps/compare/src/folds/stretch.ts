/** The longest time in which a processor was busy: with one task, or without a look around. */
import { Kind, type Trace } from "@orrery/simulator";
import type { Lane, State } from "./lanes.ts";

export interface Stretch {
  readonly processor: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly busyNs: number;
}

/** Between two looks of the same loop at what is due; null when no processor works in turns of a loop. */
export function longestTurn(trace: Trace, lanes: readonly Lane[]): Stretch | null {
  /** Processors that have phases, and those that poll: loops do both. */
  const phased = new Set<number>();
  const polled = new Set<number>();
  /** Per processor: start of the turn, and the first slice that ends after it. */
  const since: number[] = [];
  const slice: number[] = [];
  let longest: Stretch | null = null;
  const end = (processor: number, endNs: number): void => {
    const lane = lanes[processor]!;
    const startNs = since[processor] ?? 0;
    let i = slice[processor] ?? 0;
    let busyNs = 0;
    for (; i < lane.length && lane.starts.at(i) < endNs; i++) {
      busyNs += Math.max(0, Math.min(lane.ends.at(i), endNs) - Math.max(lane.starts.at(i), startNs));
      if (lane.ends.at(i) > endNs) break;
    }
    since[processor] = endNs;
    slice[processor] = i;
    if (longest === null || busyNs > longest.busyNs) longest = { processor, startNs, endNs, busyNs };
  };
  for (let row = 0; row < trace.length; row++) {
    const processor = trace.processors[row]!;
    if (processor < 0) continue;
    const kind = trace.kinds[row];
    if (kind === Kind.phase) phased.add(processor);
    else if (kind === Kind.poll) polled.add(processor);
    if (kind === Kind.poll || kind === Kind.threadBlock) end(processor, trace.times[row]!);
  }
  const turning = [...phased].filter((processor) => polled.has(processor));
  for (const processor of turning) end(processor, Infinity);
  const found = longest as Stretch | null;
  return found !== null && turning.includes(found.processor) ? found : null;
}

/** The longest slice of one task on a processor in that state; null when there is none. */
export function longestSlice(
  lanes: readonly Lane[],
  state: State,
): (Stretch & { readonly task: number }) | null {
  let most = -1;
  let at: readonly [lane: Lane, slice: number] | null = null;
  for (const lane of lanes) {
    if (lane.kind !== "processor") continue;
    for (let i = 0; i < lane.length; i++) {
      const ns = lane.ends.at(i) - lane.starts.at(i);
      if (ns <= most || lane.states.at(i) !== state) continue;
      most = ns;
      at = [lane, i];
    }
  }
  if (at === null) return null;
  const [lane, i] = at;
  const [startNs, endNs] = [lane.starts.at(i), lane.ends.at(i)];
  return { processor: lane.index, startNs, endNs, busyNs: endNs - startNs, task: lane.tasks.at(i) };
}
