/**
 * V8's MicrotaskQueue (src/execution/microtask-queue.cc): one FIFO ring of jobs. A job is kept with the state and value
 * that it reacts to, so that queueing one allocates nothing.
 */
import type { Steps } from "@orrery/runtime";

/** A promise's state, and how a reaction is called. */
export const PENDING = 0;
export const FULFILLED = 1;
export const REJECTED = 2;
export type Settled = typeof FULFILLED | typeof REJECTED;

/** Something that a microtask runs. */
export interface Job {
  /** Done at once, or with steps to take in place because CPU time has to be waited for. */
  react(state: Settled, value: unknown): Steps | undefined;
  /** Task that it resumes, -1 for none. */
  readonly taskId: number;
}

const INITIAL_SLOTS = 1024;

export class MicrotaskQueue {
  size = 0;
  private head = 0;
  private jobs: (Job | null)[] = new Array<Job | null>(INITIAL_SLOTS).fill(null);
  private states = new Uint8Array(INITIAL_SLOTS);
  private values: unknown[] = new Array<unknown>(INITIAL_SLOTS).fill(undefined);

  enqueue(job: Job, state: Settled, value: unknown): void {
    if (this.size === this.jobs.length) this.grow();
    const slot = (this.head + this.size++) & (this.jobs.length - 1);
    this.jobs[slot] = job;
    this.states[slot] = state;
    this.values[slot] = value;
  }

  /** Takes the head and runs it. The queue must not be empty. */
  runNext(): Steps | undefined {
    const slot = this.head;
    const job = this.jobs[slot]!;
    const value = this.values[slot];
    this.jobs[slot] = null;
    this.values[slot] = undefined;
    this.head = (slot + 1) & (this.jobs.length - 1);
    this.size--;
    return job.react(this.states[slot] as Settled, value);
  }

  /** Tasks that the queued jobs resume, in order; -1 for jobs of the runtime. */
  taskIds(): number[] {
    return Array.from(
      { length: this.size },
      (_, i) => this.jobs[(this.head + i) & (this.jobs.length - 1)]!.taskId,
    );
  }

  private grow(): void {
    const { jobs, states, values, head } = this;
    const slots = jobs.length;
    this.jobs = [...jobs.slice(head), ...jobs.slice(0, head), ...new Array<null>(slots).fill(null)];
    this.values = [
      ...values.slice(head),
      ...values.slice(0, head),
      ...new Array<undefined>(slots).fill(undefined),
    ];
    this.states = new Uint8Array(slots * 2);
    this.states.set(states.subarray(head));
    this.states.set(states.subarray(0, head), slots - head);
    this.head = 0;
  }
}
