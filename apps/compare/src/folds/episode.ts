/** What one task did in a span of time: ran, was ready to run, or waited, and for what. */
import { Kind, type Trace } from "@orrery/simulator";

export interface Episode {
  readonly runningNs: number;
  readonly readyNs: number;
  /** By what it waited for, longest first. */
  readonly waits: readonly { readonly reason: string; readonly ns: number }[];
}

export function episodeOf(trace: Trace, task: number, fromNs: number, toNs: number): Episode {
  let runningNs = 0;
  let readyNs = 0;
  const waits = new Map<string, number>();
  let state: "none" | "running" | "ready" | "waiting" = "none";
  let reason = "";
  let since = 0;
  const spend = (untilNs: number): void => {
    const ns = Math.min(untilNs, toNs) - Math.max(since, fromNs);
    if (ns <= 0) return;
    if (state === "running") runningNs += ns;
    else if (state === "ready") readyNs += ns;
    else if (state === "waiting") waits.set(reason, (waits.get(reason) ?? 0) + ns);
  };
  for (let row = 0; row < trace.length && trace.times[row]! <= toNs; row++) {
    if (trace.tasks[row] !== task) continue;
    const next = NEXT[trace.kinds[row]! as Kind];
    if (next === undefined) continue;
    spend(trace.times[row]!);
    since = trace.times[row]!;
    state = next;
    reason = trace.reasons[trace.reasonIds[row]!]!;
  }
  spend(toNs);
  return {
    runningNs,
    readyNs,
    waits: [...waits].map(([reason, ns]) => ({ reason, ns })).sort((a, b) => b.ns - a.ns),
  };
}

const NEXT: Partial<Record<Kind, "none" | "running" | "ready" | "waiting">> = {
  [Kind.ready]: "ready",
  [Kind.yield]: "ready",
  [Kind.preempt]: "ready",
  [Kind.run]: "running",
  [Kind.syscallExit]: "running",
  [Kind.park]: "waiting",
  [Kind.syscallEnter]: "waiting",
  [Kind.exit]: "none",
};
