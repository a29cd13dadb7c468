import { mix32 } from "./random.ts";

/**
 * What happened, one row per event, in columns of typed arrays with interned strings. Every scheduling event carries its
 * reason: the rule of the real runtime that fired. A fold reads the trace and never changes a run.
 */

/** Kinds of event. The numbers are part of stored traces: append, never renumber. */
export const Kind = {
  /** A task was created. `arg`: id of the task that created it, -1 for the runtime. */
  create: 0,
  /** A task became runnable; the reason names the queue it went to and the rule. */
  ready: 1,
  /** A task starts or goes on running on a processor; the reason says why this task, here, now. */
  run: 2,
  /** A task left its processor to wait; the reason is what it waits for, in the runtime's words. */
  park: 3,
  /** A task left its processor and stays runnable. */
  yield: 4,
  /** A task was taken off its processor by force. */
  preempt: 5,
  /** A task ended. `arg`: 0 completed, 1 failed, 2 cancelled. */
  exit: 6,
  /** Work moved from another processor. `arg`: how many tasks. */
  steal: 7,
  /** A processor went to another thread, or got or lost one. `arg`: the other thread, -1 for none. */
  handoff: 8,
  /** A timer fired. */
  timer: 9,
  /** Readiness was polled. `arg`: events found. */
  poll: 10,
  /** A loop entered a phase or an iteration. `arg`: a count of the runtime's own. */
  phase: 11,
  /** A task entered a blocking system call. */
  syscallEnter: 12,
  syscallExit: 13,
  /** A thread blocked in the kernel, or woke. */
  threadBlock: 14,
  threadWake: 15,
  /** The program logged. `arg`: index in the log. The reason is the statement id. */
  log: 16,
  /** The program marked an instant. `arg`: nanoseconds measured. The reason is the mark's name. */
  mark: 17,
  /** Something of the runtime worth telling that fits no other kind. */
  note: 18,
  /** A callback of the runtime itself (no task) runs on a processor, until the next event there. */
  callback: 19,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];
export const kindNames = Object.keys(Kind) as readonly (keyof typeof Kind)[];

/** One event, as a fold sees it. */
export interface TraceEvent {
  readonly timeNs: number;
  readonly kind: Kind;
  /** OS thread and core that acted; -1 when it was the machine itself. */
  readonly thread: number;
  readonly core: number;
  /** Processor (P, carrier or loop); -1 for none. */
  readonly processor: number;
  /** Task id; -1 for none. */
  readonly task: number;
  readonly reason: string;
  readonly arg: number;
}

const INITIAL_ROWS = 4096;

export class Trace {
  /** False: `emit` does nothing, and the hash stays that of the empty trace. */
  readonly enabled: boolean;
  length = 0;

  times = new Float64Array(INITIAL_ROWS);
  kinds = new Uint8Array(INITIAL_ROWS);
  threads = new Int16Array(INITIAL_ROWS);
  cores = new Int16Array(INITIAL_ROWS);
  processors = new Int16Array(INITIAL_ROWS);
  tasks = new Int32Array(INITIAL_ROWS);
  reasonIds = new Int32Array(INITIAL_ROWS);
  args = new Float64Array(INITIAL_ROWS);
  readonly reasons: string[] = [];
  private readonly ids = new Map<string, number>();
  private h1 = 0x9e3779b9 | 0;
  private h2 = 0x85ebca6b | 0;

  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  /** Appends an event. */
  emit(
    timeNs: number,
    kind: Kind,
    thread: number,
    core: number,
    processor: number,
    task: number,
    reason: string,
    arg: number,
  ): void {
    if (!this.enabled) return;
    const row = this.length;
    if (row === this.times.length) this.grow();
    const reasonId = this.intern(reason);
    this.times[row] = timeNs;
    this.kinds[row] = kind;
    this.threads[row] = thread;
    this.cores[row] = core;
    this.processors[row] = processor;
    this.tasks[row] = task;
    this.reasonIds[row] = reasonId;
    this.args[row] = arg;
    this.length = row + 1;
    const low = timeNs | 0;
    const high = Math.trunc(timeNs / 0x1_0000_0000);
    let h = Math.imul(this.h1 ^ low, 0xcc9e2d51);
    h = Math.imul(h ^ (kind << 24) ^ (processor << 12) ^ thread ^ (core << 20), 0x1b873593);
    this.h1 = (h ^ (h >>> 15) ^ reasonId) | 0;
    h = Math.imul(this.h2 ^ task ^ (reasonId << 7), 0x85ebca6b);
    h = Math.imul(h ^ high ^ (arg | 0) ^ this.h1, 0xc2b2ae35);
    this.h2 = h ^ (h >>> 13);
  }

  /** Hash of every event so far, in order: 16 hexadecimal digits. */
  hash(): string {
    return hex32(mix32(this.h1)) + hex32(mix32(this.h2 ^ this.length));
  }

  at(row: number): TraceEvent {
    return {
      timeNs: this.times[row]!,
      kind: this.kinds[row]! as Kind,
      thread: this.threads[row]!,
      core: this.cores[row]!,
      processor: this.processors[row]!,
      task: this.tasks[row]!,
      reason: this.reasons[this.reasonIds[row]!]!,
      arg: this.args[row]!,
    };
  }

  private intern(reason: string): number {
    let id = this.ids.get(reason);
    if (id === undefined) {
      id = this.reasons.length;
      this.reasons.push(reason);
      this.ids.set(reason, id);
      for (let i = 0; i < reason.length; i++) this.h1 = Math.imul(this.h1 ^ reason.charCodeAt(i), 0x01000193);
    }
    return id;
  }

  private grow(): void {
    const rows = this.length * 2;
    const copy = <A extends Float64Array | Uint8Array | Int16Array | Int32Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.times = copy(new Float64Array(rows), this.times);
    this.kinds = copy(new Uint8Array(rows), this.kinds);
    this.threads = copy(new Int16Array(rows), this.threads);
    this.cores = copy(new Int16Array(rows), this.cores);
    this.processors = copy(new Int16Array(rows), this.processors);
    this.tasks = copy(new Int32Array(rows), this.tasks);
    this.reasonIds = copy(new Int32Array(rows), this.reasonIds);
    this.args = copy(new Float64Array(rows), this.args);
  }
}

const hex32 = (x: number): string => (x >>> 0).toString(16).padStart(8, "0");

/** Row of the first event in which two traces differ, or -1. Equal prefixes of different length differ at the shorter's end. */
export function firstDifference(a: Trace, b: Trace): number {
  const rows = Math.min(a.length, b.length);
  for (let row = 0; row < rows; row++) {
    const x = a.at(row);
    const y = b.at(row);
    for (const key of Object.keys(x) as (keyof TraceEvent)[]) if (x[key] !== y[key]) return row;
  }
  return a.length === b.length ? -1 : rows;
}
