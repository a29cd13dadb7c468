/** How many tasks were in each state: time-averages and the most at a time. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Level {
  /** Over the time from 0 to the end; 0 for a run of no length. */
  readonly average: number;
  readonly most: number;
}

export interface Concurrency {
  /** Ready to run and not running: the length of all run queues together. */
  readonly ready: Level;
  readonly running: Level;
  readonly waiting: Level;
  /** Begun and not ended. */
  readonly alive: Level;
}

type State = "ready" | "running" | "waiting";

/** A task is waiting from its creation until something makes it ready. */
const NEXT: Partial<Record<Kind, State | null>> = {
  [Kind.create]: "waiting",
  [Kind.ready]: "ready",
  [Kind.yield]: "ready",
  [Kind.preempt]: "ready",
  [Kind.run]: "running",
  [Kind.syscallExit]: "running",
  [Kind.park]: "waiting",
  [Kind.syscallEnter]: "waiting",
  [Kind.exit]: null,
};

class Gauge {
  private value = 0;
  private area = 0;
  private sinceNs = 0;
  private most = 0;

  add(by: number, timeNs: number): void {
    this.area += this.value * (timeNs - this.sinceNs);
    this.sinceNs = timeNs;
    this.value += by;
    this.most = Math.max(this.most, this.value);
  }

  level(endNs: number): Level {
    const area = this.area + this.value * Math.max(0, endNs - this.sinceNs);
    return { average: endNs > 0 ? area / endNs : 0, most: this.most };
  }
}

/** Events after `endNs` do not count. */
export function concurrencyOf(trace: Trace, endNs: number): Concurrency {
  const gauges = { ready: new Gauge(), running: new Gauge(), waiting: new Gauge() };
  const alive = new Gauge();
  const states: (State | null)[] = [];
  for (let row = 0; row < trace.length; row++) {
    const timeNs = trace.times[row]!;
    if (timeNs > endNs) break;
    const task = trace.tasks[row]!;
    const next = NEXT[trace.kinds[row]! as Kind];
    if (task < 0 || next === undefined) continue;
    const before = states[task] ?? null;
    if (before === next) continue;
    if (before === null) alive.add(1, timeNs);
    else gauges[before].add(-1, timeNs);
    if (next === null) alive.add(-1, timeNs);
    else gauges[next].add(1, timeNs);
    states[task] = next;
  }
  return {
    ready: gauges.ready.level(endNs),
    running: gauges.running.level(endNs),
    waiting: gauges.waiting.level(endNs),
    alive: alive.level(endNs),
  };
}
