import type { Fault, Handle, Value } from "./values.ts";

export type TaskState = "live" | "completed" | "failed" | "cancelled";

/**
 * A task of the program, whatever the runtime makes of it: a goroutine, an asyncio task, a virtual thread, an async
 * function's run. The runtime's own object is `native`.
 */
export class Task {
  readonly id: number;
  readonly parent: Task | null;
  /** Procedure it runs; `main` for the first. */
  readonly proc: string;
  /** Its place among the tasks of the same procedure and parent: 0, 1, 2 ... */
  readonly index: number;
  state: TaskState = "live";
  value: Value = null;
  error: Fault | null = null;
  /** True once some task has seen the result: an unseen failure is reported. */
  observed = false;
  detached = false;
  cancelRequested = false;
  /** Statement it is in and what that waits for: kept by the interpreter around each operation that can wait. */
  waiting: Waiting | null = null;
  scope: TaskScope | null = null;
  native: unknown = null;

  /** 64-bit hash of its path in two int32s: the key of its draws. */
  readonly hashHigh: number;
  readonly hashLow: number;
  /** @internal Tasks spawned so far by procedure, and draws so far by stream. Made on first use. */
  children: Map<string, number> | null = null;
  draws: Map<string, number> | null = null;

  constructor(
    id: number,
    parent: Task | null,
    proc: string,
    index: number,
    hashHigh: number,
    hashLow: number,
  ) {
    this.id = id;
    this.parent = parent;
    this.proc = proc;
    this.index = index;
    this.hashHigh = hashHigh;
    this.hashLow = hashLow;
  }

  /** `main`, `main/worker[2]`, ... */
  get path(): string {
    return this.parent === null ? this.proc : `${this.parent.path}/${this.proc}[${this.index}]`;
  }

  get ended(): boolean {
    return this.state !== "live";
  }
}

/** Why a task does not go on. */
export interface Waiting {
  readonly op: string;
  readonly statement: string;
  /** The resource, or the tasks it waits for. */
  readonly on: Handle | readonly Task[] | readonly Handle[] | string | null;
}

/** Children of a `scope` or `scopeRace` block. */
export interface TaskScope {
  readonly owner: Task;
  readonly race: boolean;
  readonly cancelSiblings: boolean;
  readonly children: Task[];
  /** Children that have not ended. */
  live: number;
  firstFailure: Task | null;
  /** First child that completed, of a race. */
  winner: Task | null;
  native: unknown;
}
