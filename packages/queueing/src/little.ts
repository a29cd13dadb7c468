/**
 * Little's law and the balance of flows, exactly: over any run the time integral of the number of tasks is the sum of their
 * times in the system. Both are integers of ns, taken off the trace in two ways that share nothing but its rows: one only
 * counts, the other pairs the rows of each task. So it is with those that wait for a processor.
 */
import { Kind, type Trace } from "@orrery/simulator";

export interface Flow {
  readonly arrivals: number;
  readonly departures: number;
  /** Still inside at the end. */
  readonly inside: number;
  /** Integral of the number inside, task-ns. */
  readonly integral: number;
  /** Sum of the times inside, of those that are still there up to the end. */
  readonly sojourns: number;
}

/** Tasks from their creation to their end. */
export const tasksIn = (trace: Trace, endNs: number): Flow =>
  flow(trace, endNs, new Set([Kind.create]), new Set([Kind.exit]));

/** Tasks that are ready and wait for a processor. */
export const waitingIn = (trace: Trace, endNs: number): Flow =>
  flow(trace, endNs, new Set([Kind.ready]), new Set([Kind.run]));

/** Tasks on a processor. */
export const runningIn = (trace: Trace, endNs: number): Flow =>
  flow(trace, endNs, new Set([Kind.run]), new Set([Kind.park, Kind.yield, Kind.preempt, Kind.exit]));

function flow(trace: Trace, endNs: number, enters: ReadonlySet<Kind>, leaves: ReadonlySet<Kind>): Flow {
  const since = new Map<number, number>();
  let arrivals = 0;
  let departures = 0;
  let number = 0;
  let integral = 0;
  let sojourns = 0;
  let last = 0;
  for (let row = 0; row < trace.length; row++) {
    const { kind, task, timeNs } = trace.at(row);
    if (task < 0) continue;
    const [enter, leave] = [enters.has(kind), leaves.has(kind)];
    if (!enter && !leave) continue;
    integral += number * (timeNs - last);
    last = timeNs;
    if (enter) {
      arrivals++;
      number++;
      if (!since.has(task)) since.set(task, timeNs);
    } else {
      departures++;
      number--;
      sojourns += timeNs - (since.get(task) ?? timeNs);
      since.delete(task);
    }
  }
  integral += number * (endNs - last);
  for (const start of since.values()) sojourns += endNs - start;
  return { arrivals, departures, inside: since.size, integral, sojourns };
}
