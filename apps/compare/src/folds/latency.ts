/** Scheduling latency: from the moment a task can run until it runs. */
import { Kind, type Trace } from "@orrery/simulator";
import { Column } from "./columns.ts";

export interface Latency {
  readonly task: number;
  readonly readyNs: number;
  readonly runNs: number;
  /** Why it became ready, and why it ran then. */
  readonly ready: string;
  readonly run: string;
}

export interface Latencies {
  /** Every one, ns, in order of the runs. */
  readonly samples: Float64Array;
  /** The longest; null when no task ever became ready. */
  readonly worst: Latency | null;
}

export function latenciesOf(trace: Trace): Latencies {
  const samples = new Column();
  /** Row in which each task became ready, by task. */
  const ready: number[] = [];
  let worstNs = -1;
  let worstRow = -1;
  let worstReady = -1;
  for (let row = 0; row < trace.length; row++) {
    const task = trace.tasks[row]!;
    if (task < 0) continue;
    switch (trace.kinds[row]) {
      // Taken off or having given way it stays ready; an event of its own for that may follow.
      case Kind.yield:
      case Kind.preempt:
        ready[task] = row;
        break;
      case Kind.ready:
        if ((ready[task] ?? -1) < 0) ready[task] = row;
        break;
      case Kind.run: {
        const since = ready[task] ?? -1;
        if (since < 0) break;
        ready[task] = -1;
        const ns = trace.times[row]! - trace.times[since]!;
        samples.push(ns);
        if (ns <= worstNs) break;
        worstNs = ns;
        worstRow = row;
        worstReady = since;
        break;
      }
      default:
        break;
    }
  }
  if (worstRow < 0) return { samples: samples.view(), worst: null };
  const from = trace.at(worstReady);
  const to = trace.at(worstRow);
  return {
    samples: samples.view(),
    worst: { task: to.task, readyNs: from.timeNs, runNs: to.timeNs, ready: from.reason, run: to.reason },
  };
}
