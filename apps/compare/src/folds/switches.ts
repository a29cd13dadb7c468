/** Who followed whom on the processors: switches from one task to another, steals, wake-ups. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Switches {
  /** A processor ran another task than the last one it ran. */
  readonly switches: number;
  /** Of these, the ones whose task had been taken off by force. */
  readonly preemptions: number;
  /** Tasks moved from another processor's queue. */
  readonly stolen: number;
  /** A task that had waited became ready. */
  readonly wakeUps: number;
}

export function switchesOf(trace: Trace): Switches {
  /** Task that each processor ran last. */
  const last: number[] = [];
  const waits = new Set<number>();
  let [switches, preemptions, stolen, wakeUps] = [0, 0, 0, 0];
  for (let row = 0; row < trace.length; row++) {
    const task = trace.tasks[row]!;
    const processor = trace.processors[row]!;
    switch (trace.kinds[row]) {
      case Kind.run:
        waits.delete(task);
        if (processor < 0) break;
        if (last[processor] !== undefined && last[processor] !== task) switches++;
        last[processor] = task;
        break;
      case Kind.park:
        waits.add(task);
        break;
      case Kind.ready:
        if (waits.delete(task)) wakeUps++;
        break;
      case Kind.preempt:
        preemptions++;
        break;
      case Kind.steal:
        stolen += trace.args[row]!;
        break;
      default:
        break;
    }
  }
  return { switches, preemptions, stolen, wakeUps };
}
