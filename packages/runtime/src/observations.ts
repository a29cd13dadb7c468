/** What a program said about itself: its log, its marks and measures, its counts. Never a scheduling point. */
import type { Task } from "./task.ts";

export interface LogEntry {
  readonly timeNs: number;
  readonly task: Task;
  readonly statement: string;
  readonly text: string;
}

export class Observations {
  readonly log: LogEntry[] = [];
  /** Samples of marks and measures by name, in order of time. */
  readonly samples = new Map<string, number[]>();
  /** Counts and the last value of gauges, by name. */
  readonly counts = new Map<string, number>();
  /** Messages of `expect` statements that did not hold. */
  readonly unmet: { readonly task: Task; readonly statement: string; readonly message: string }[] = [];

  sample(name: string, value: number): void {
    const samples = this.samples.get(name);
    if (samples === undefined) this.samples.set(name, [value]);
    else samples.push(value);
  }

  count(name: string, by: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  gauge(name: string, value: number): void {
    this.counts.set(name, value);
  }
}
