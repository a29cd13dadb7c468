/** Blocking system calls: how many, and how many at a time. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Syscalls {
  readonly count: number;
  readonly most: number;
}

export function syscallsOf(trace: Trace): Syscalls {
  const inside = new Set<number>();
  let count = 0;
  let most = 0;
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kinds[row];
    const task = trace.tasks[row]!;
    if (kind === Kind.syscallEnter) {
      count++;
      inside.add(task);
      most = Math.max(most, inside.size);
    } else if (inside.size > 0 && (kind === Kind.syscallExit || kind === Kind.ready || kind === Kind.run))
      inside.delete(task);
  }
  return { count, most };
}
