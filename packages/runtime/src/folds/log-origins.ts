/** Where each line of the log comes from: its statement, and the rule by which its task ran then. */
import { Kind, type Trace } from "@orrery/simulator";

export interface LogOrigin {
  readonly statement: string;
  /** Empty where the trace does not tell. */
  readonly reason: string;
}

/** By line of the log. */
export function logOrigins(trace: Trace): readonly LogOrigin[] {
  const textOf = (row: number): string => trace.reasons[trace.reasonIds[row]!]!;
  const lastRun: number[] = [];
  const origins: LogOrigin[] = [];
  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kinds[row];
    const task = trace.tasks[row]!;
    if (kind === Kind.run) lastRun[task] = row;
    else if (kind === Kind.log) {
      const run = lastRun[task];
      origins[trace.args[row]!] = { statement: textOf(row), reason: run === undefined ? "" : textOf(run) };
    }
  }
  return origins;
}
