/** The greatest sample of a mark or measure: who, when, how much. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Mark {
  readonly task: number;
  readonly timeNs: number;
  readonly value: number;
}

export function worstMark(trace: Trace, name: string): Mark | null {
  let worst = -1;
  for (let row = 0; row < trace.length; row++) {
    if (trace.kinds[row] !== Kind.mark || trace.reasons[trace.reasonIds[row]!] !== name) continue;
    if (worst < 0 || trace.args[row]! > trace.args[worst]!) worst = row;
  }
  return worst < 0
    ? null
    : { task: trace.tasks[worst]!, timeNs: trace.times[worst]!, value: trace.args[worst]! };
}
