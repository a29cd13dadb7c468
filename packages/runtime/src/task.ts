import type { Hash64 } from "@orrery/program";
import type { CancelRegion } from "./cancel-region.ts";
import type { Fault, Handle, MonitorHandle, Value } from "./values.ts";

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
  /** Calls of procedures that can suspend which have just ended. */
  returns = 0;
  cancelRequested = false;
  /** `shield` blocks that it is inside of. */
  shields = 0;
  /** Blocks that can be cancelled by themselves, innermost last; null until one opens. So with monitors it is inside of. */
  regions: CancelRegion[] | null = null;
  monitors: MonitorHandle[] | null = null;
  /** Statement that it is suspended in, and the resource or tasks it waits for; null while it can run. */
  waiting: WaitingAt | null = null;
  waitingOn: Handle | readonly Task[] | readonly Handle[] | null = null;
  /** The scope it is a child of. */
  scope: TaskScope | null = null;
  /** Scopes it has open, innermost last; null until one opens. */
  scopes: TaskScope[] | null = null;
  native: unknown = null;

  /** @internal Hash of its path, the key of its draws; made on the first draw. */
  hash: Hash64 | null = null;
  /** @internal Tasks spawned so far by procedure, and draws so far by stream. Made on first use. */
  children: Map<string, number> | null = null;
  draws: Map<string, number> | null = null;
  /** @internal Neighbours in the list of live tasks. */
  previous: Task | null = null;
  next: Task | null = null;

  constructor(id: number, parent: Task | null, proc: string, index: number) {
    this.id = id;
    this.parent = parent;
    this.proc = proc;
    this.index = index;
  }

  /** `main`, `main/worker[2]`, ... */
  get path(): string {
    return this.parent === null ? this.proc : `${this.parent.path}/${this.proc}[${this.index}]`;
  }

  get ended(): boolean {
    return this.state !== "live";
  }
}

/** A statement that can suspend. */
export interface WaitingAt {
  readonly op: string;
  readonly statement: string;
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
  /** True once the owner is at the end of the block. */
  closing: boolean;
  native: unknown;
}
