/** Who ran where and when: a lane per processor, its slices in order of time, none overlapping another. */
import { Kind, type Trace } from "@orrery/simulator";
import { Column } from "./columns.ts";

export const State = {
  /** A task runs. */
  running: 0,
  /** A task is in a blocking system call and holds its place. */
  syscall: 1,
  /** A callback of the runtime itself runs. */
  callback: 2,
} as const;
export type State = (typeof State)[keyof typeof State];

/** How a slice ended: the kind of the event that ended it, or `open` when the trace did. */
export const OPEN = -1;

export interface Slice {
  readonly startNs: number;
  readonly endNs: number;
  /** -1 for a callback. */
  readonly task: number;
  readonly state: State;
  /** Why it began and why it ended, in the runtime's words. */
  readonly why: string;
  readonly ended: Kind | typeof OPEN;
  readonly endWhy: string;
}

export class Lane {
  /** `thread` lanes hold what runs beside the processors: pools' work, and calls that their processor did not wait for. */
  readonly kind: "processor" | "thread";
  readonly index: number;
  readonly starts = new Column();
  readonly ends = new Column();
  readonly tasks = new Column();
  readonly states = new Column();
  private readonly whys = new Column();
  private readonly endKinds = new Column();
  private readonly endWhys = new Column();
  private readonly reasons: readonly string[];
  private isOpen = false;

  constructor(kind: Lane["kind"], index: number, reasons: readonly string[]) {
    this.kind = kind;
    this.index = index;
    this.reasons = reasons;
  }

  get length(): number {
    return this.starts.length;
  }

  /** Time in which the lane was not idle. */
  get busyNs(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.ends.at(i) - this.starts.at(i);
    return sum;
  }

  at(i: number): Slice {
    return {
      startNs: this.starts.at(i),
      endNs: this.ends.at(i),
      task: this.tasks.at(i),
      state: this.states.at(i) as State,
      why: this.reasons[this.whys.at(i)]!,
      ended: this.endKinds.at(i) as Slice["ended"],
      endWhy: this.reasons[this.endWhys.at(i)] ?? "",
    };
  }

  /** Index of the first slice that ends after `timeNs`. */
  firstAfter(timeNs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends.at(middle) > timeNs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Task of the open slice; -1 when there is none or it is a callback. */
  get current(): number {
    return this.isOpen ? this.tasks.at(this.length - 1) : -1;
  }

  get openState(): State | typeof OPEN {
    return this.isOpen ? (this.states.at(this.length - 1) as State) : OPEN;
  }

  begin(timeNs: number, task: number, state: State, why: number): void {
    if (this.isOpen) this.end(timeNs, Kind.run, why);
    this.starts.push(timeNs);
    this.ends.push(timeNs);
    this.tasks.push(task);
    this.states.push(state);
    this.whys.push(why);
    this.endKinds.push(OPEN);
    this.endWhys.push(-1);
    this.isOpen = true;
  }

  end(timeNs: number, kind: Slice["ended"], why: number): void {
    if (!this.isOpen) return;
    const i = this.length - 1;
    this.ends.set(i, timeNs);
    this.endKinds.set(i, kind);
    this.endWhys.set(i, why);
    this.isOpen = false;
  }
}

/** Lanes of processors by number, then of threads by number. `endNs` closes what the trace leaves open. */
export function lanesOf(trace: Trace, endNs: number): readonly Lane[] {
  const processors: Lane[] = [];
  const threads = new Map<number, Lane>();
  const processor = (index: number): Lane => {
    for (let i = processors.length; i <= index; i++) processors.push(new Lane("processor", i, trace.reasons));
    return processors[index]!;
  };
  const thread = (index: number): Lane => {
    let lane = threads.get(index);
    if (lane === undefined) threads.set(index, (lane = new Lane("thread", index, trace.reasons)));
    return lane;
  };
  /** Lane and thread of each task in a system call. */
  const calls = new Map<number, { lane: Lane; readonly thread: number }>();
  const returned = (task: number, time: number, kind: Kind, why: number): Lane | undefined => {
    const lane = calls.get(task)?.lane;
    if (lane === undefined) return undefined;
    calls.delete(task);
    if (lane.current === task && lane.openState === State.syscall) lane.end(time, kind, why);
    return lane;
  };

  /** The processor goes elsewhere; a call that it leaves behind goes on in its thread alone. */
  const left = (lane: Lane, time: number, kind: Kind, why: number): void => {
    const task = lane.openState === State.syscall ? lane.current : -1;
    lane.end(time, kind, why);
    const call = calls.get(task);
    if (call === undefined) return;
    call.lane = thread(call.thread);
    call.lane.begin(time, task, State.syscall, why);
  };

  for (let row = 0; row < trace.length; row++) {
    const kind = trace.kinds[row]! as Kind;
    const p = trace.processors[row]!;
    const task = trace.tasks[row]!;
    const time = trace.times[row]!;
    const why = trace.reasonIds[row]!;
    switch (kind) {
      case Kind.ready:
        if (calls.size > 0) returned(task, time, kind, why);
        break;
      case Kind.run:
        if (calls.size > 0) returned(task, time, kind, why);
        if (p >= 0) processor(p).begin(time, task, State.running, why);
        break;
      case Kind.callback:
        if (p >= 0) processor(p).begin(time, -1, State.callback, why);
        else if (trace.threads[row]! >= 0) thread(trace.threads[row]!).begin(time, -1, State.callback, why);
        break;
      case Kind.park:
      case Kind.yield:
      case Kind.preempt:
      case Kind.exit:
        if (p >= 0 && processor(p).current === task) left(processor(p), time, kind, why);
        break;
      case Kind.syscallEnter:
        if (p < 0) break;
        processor(p).end(time, kind, why);
        processor(p).begin(time, task, State.syscall, why);
        calls.set(task, { lane: processor(p), thread: trace.threads[row]! });
        break;
      case Kind.syscallExit: {
        const lane = returned(task, time, kind, why);
        if (p >= 0 && lane === processor(p)) lane.begin(time, task, State.running, why);
        break;
      }
      case Kind.handoff:
        if (p >= 0) left(processor(p), time, kind, why);
        break;
      case Kind.phase:
      case Kind.poll:
      case Kind.threadBlock:
        if (p >= 0 && processor(p).openState === State.callback) processor(p).end(time, kind, why);
        if (p < 0 && kind === Kind.threadBlock) {
          const own = threads.get(trace.threads[row]!);
          if (own?.openState === State.callback) own.end(time, kind, why);
        }
        break;
      default:
        break;
    }
  }
  const lanes = [...processors, ...[...threads.values()].sort((a, b) => a.index - b.index)];
  for (const lane of lanes) lane.end(endNs, OPEN, -1);
  return lanes;
}
