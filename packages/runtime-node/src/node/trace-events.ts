/**
 * Node 24 src/tracing: what `--trace-event-categories node.environment,node.bootstrap` writes into node_trace.1.log, in its format. Times
 * are microseconds of the run; the thread's processor time is taken to be the same. Left out: the environment's own pair and its
 * clean-up, metadata, other categories.
 */
import type { Env } from "./env.ts";

const NS_PER_US = 1000;

interface TraceEvent {
  readonly ph: "I" | "X";
  readonly cat: "node.environment" | "node.bootstrap";
  readonly name: string;
  readonly ts: number;
  dur: number;
}

export class TraceEvents {
  private readonly env: Env;
  private readonly events: TraceEvent[] = [];

  constructor(env: Env) {
    this.env = env;
  }

  /** An instant of node.bootstrap: loopStart, loopExit. */
  instant(name: string): void {
    this.events.push({ ph: "I", cat: "node.bootstrap", name, ts: this.now(), dur: 0 });
  }

  /** Begins a span of node.environment; what it returns ends it. */
  begin(name: string): () => void {
    const event: TraceEvent = { ph: "X", cat: "node.environment", name, ts: this.now(), dur: 0 };
    this.events.push(event);
    return () => {
      event.dur = this.now() - event.ts;
    };
  }

  /** The file's one line. */
  toString(): string {
    const events = this.events.map(({ ph, cat, name, ts, dur }) => ({
      pid: 1,
      tid: 1,
      ts,
      tts: ts,
      ph,
      cat: `node,${cat}`,
      name,
      dur,
      tdur: dur,
      args: {},
    }));
    return JSON.stringify({ traceEvents: events });
  }

  private now(): number {
    return Math.round(this.env.machine.threadNow / NS_PER_US);
  }
}
