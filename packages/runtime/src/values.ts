import type { CatchUp, ErrKind, Fairness, MonitorVia } from "@orrery/program";
import type { Listener, Socket } from "@orrery/simulator";
import type { Callback } from "./later.ts";
import type { Task } from "./task.ts";

/** What a program's variables hold. Handles are objects; lists and maps are JavaScript's, shared by all who hold them. */
export type Value =
  | number
  | boolean
  | string
  | null
  | Value[]
  | Mapping
  | RecordValue
  | RefValue
  | Handle
  | Task
  | TaskResult;

export type Key = number | string;
export type Mapping = Map<Key, Value>;

/** A record: never changed, copied instead. */
export class RecordValue {
  readonly fields: ReadonlyMap<string, Value>;

  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields;
  }
}

/** A reference to a procedure, with its first arguments. */
export class RefValue {
  readonly proc: string;
  readonly args: readonly Value[];

  constructor(proc: string, args: readonly Value[]) {
    this.proc = proc;
    this.args = args;
  }
}

/** Result of a settled task: what `settleAll` binds. */
export interface TaskResult {
  readonly ok: boolean;
  readonly value: Value;
  readonly error: ErrKind | null;
}

/** An error of the program: thrown into task bodies, caught by `try`, the reason of a failed task. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly kind: ErrKind;

  constructor(kind: ErrKind, message: string = kind) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Handles of the language's resources. The language's half (name, holder, settled value) lives here, is kept by the
 * interpreter and is the same for every runtime; the runtime's half is `native`, set and used by the lowering alone.
 */
export interface HandleBase {
  readonly name: HandleName;
  native: unknown;
}

/** Name of the local that a handle was created under, with a number when there are several: `fork[2]`. */
export class HandleName {
  private readonly family: HandleFamily;
  private readonly index: number;

  constructor(family: HandleFamily) {
    this.family = family;
    this.index = family.count++;
  }

  toString(): string {
    return this.family.count === 1 ? this.family.local : `${this.family.local}[${this.index}]`;
  }
}

/** Handles created under the same local's name. */
export interface HandleFamily {
  readonly local: string;
  count: number;
}

export interface ChanHandle extends HandleBase {
  readonly kind: "chan";
  readonly cap: number;
}
export interface MutexHandle extends HandleBase {
  readonly kind: "mutex";
  readonly fairness: "native" | Fairness;
  holder: Task | null;
}
export interface SemHandle extends HandleBase {
  readonly kind: "sem";
  readonly permits: number;
  readonly fairness: Fairness;
}
export interface GroupHandle extends HandleBase {
  readonly kind: "group";
  count: number;
}
export interface AtomicHandle extends HandleBase {
  readonly kind: "atomic";
  value: number;
}
export interface PromiseHandle extends HandleBase {
  readonly kind: "promise";
  state: "pending" | "resolved" | "rejected";
  value: Value;
  error: Fault | null;
}

/** What an await of a settled promise gives. Throws what it was rejected with. */
export function settlement({ value, error }: PromiseHandle): Value {
  if (error !== null) throw new Fault(error.kind, error.message);
  return value;
}

export interface RwLockHandle extends HandleBase {
  readonly kind: "rwlock";
  /** Readers inside. */
  readers: number;
  writer: Task | null;
}
export interface CondHandle extends HandleBase {
  readonly kind: "cond";
  readonly mutex: MutexHandle;
}
export interface MonitorHandle extends HandleBase {
  readonly kind: "monitor";
  readonly via: MonitorVia;
  owner: Task | null;
  /** How often its owner has entered it. */
  depth: number;
}
export interface OnceHandle extends HandleBase {
  readonly kind: "once";
  state: "new" | "running" | "done";
}
export interface EventHandle extends HandleBase {
  readonly kind: "event";
  set: boolean;
}
export interface BarrierHandle extends HandleBase {
  readonly kind: "barrier";
  readonly parties: number;
}
export interface TimerHandle extends HandleBase {
  readonly kind: "timer";
  /** What it sends to; null for one that calls. */
  readonly chan: ChanHandle | null;
  /** What it starts; null for one that sends. */
  readonly call: Callback | null;
  /** Of a ticker; 0 for one that fires once. A reset changes it. */
  periodNs: number;
  /** Of a ticker; null: the runtime's own. */
  readonly catchUp: CatchUp | null;
  /** How often it has fired: what it sends. */
  fired: number;
}
export interface TokenHandle extends HandleBase {
  readonly kind: "token";
  cancelled: boolean;
}
/** What a select can wait for besides channels. */
export type Signal = PromiseHandle | TokenHandle | EventHandle;

/** It has happened, and stays so. */
export function isSignalled(signal: Signal): boolean {
  switch (signal.kind) {
    case "promise":
      return signal.state !== "pending";
    case "token":
      return signal.cancelled;
    case "event":
      return signal.set;
  }
}

export interface ListenerHandle extends HandleBase {
  readonly kind: "listener";
  readonly socket: Listener;
}
export interface ConnHandle extends HandleBase {
  readonly kind: "conn";
  /** Null while connecting or accepting has not come so far. */
  socket: Socket | null;
}
export type Handle =
  | ChanHandle
  | MutexHandle
  | SemHandle
  | GroupHandle
  | AtomicHandle
  | PromiseHandle
  | RwLockHandle
  | CondHandle
  | MonitorHandle
  | OnceHandle
  | EventHandle
  | BarrierHandle
  | TimerHandle
  | TokenHandle
  | ListenerHandle
  | ConnHandle;
