/**
 * The contract between the machine, the interpreter and a runtime model. A model package exports one `RuntimeModel`;
 * docs/adding-a-model.md walks through it. Nothing else of a model is known outside its package.
 */
import type { CallbackQueue, OpName, Policies } from "@orrery/program";
import type { Machine, Request, Socket } from "@orrery/simulator";
import type { CancelRegion } from "./cancel-region.ts";
import type { Callback, Reaction } from "./later.ts";
import type { Task, TaskScope } from "./task.ts";
import type {
  BarrierHandle,
  ChanHandle,
  CondHandle,
  ConnHandle,
  EventHandle,
  Fault,
  GroupHandle,
  ListenerHandle,
  MonitorHandle,
  MutexHandle,
  OnceHandle,
  PromiseHandle,
  RwLockHandle,
  SemHandle,
  Signal,
  TaskResult,
  TimerHandle,
  TokenHandle,
  Value,
} from "./values.ts";

/**
 * The body of a task, or a part of it. It yields wherever the real task could be suspended:
 * - a number n >= 0 burns n ns of CPU on whatever thread runs the task (all models understand this, the interpreter uses it);
 * - anything else is the model's own (Go's park, the future an asyncio task awaits, the promise of an await).
 * What `yield` returns is the model's own too. A body may be resumed by `throw`.
 */
// oxlint-disable-next-line no-explicit-any -- each model gives its own meaning to yields and resumes
export type Steps<V = void> = Generator<any, V, any>;

/** An operation that may suspend: done at once with its value, or steps to run by `yield*`. */
export type Op<V = void> = V | Steps<V>;

/** Values have no `next` method; generators do. */
export function isSteps<V>(op: Op<V>): op is Steps<V> {
  return typeof op === "object" && op !== null && typeof (op as Partial<Steps<V>>).next === "function";
}

/** Nanoseconds per named primitive action; every model has at least these. */
export interface Costs {
  /** One plain statement of the program: let, if, assign, a loop's turn. */
  readonly statement: number;
  /** One load, store or atomic operation. */
  readonly memory: number;
  /** A line of the log. Like the next two it is 0 by default, so that watching changes nothing; a measured profile has its price. */
  readonly log: number;
  /** A mark, a measure, a reading of the clock. */
  readonly mark: number;
  /** A count or a gauge. */
  readonly count: number;
  /** An error raised. */
  readonly raise: number;
  /** A scope entered and left, beyond its tasks. */
  readonly scope: number;
  /** A call of a procedure, entered and left. */
  readonly call: number;
  /** An operation's first execution in a process, beyond what it costs ever after: cold code. 0 unless measured. */
  readonly cold: number;
  /** What a wait costs more in a program that can cancel: the select with ctx.Done in Go. */
  readonly cancellable: number;
  readonly [action: string]: number;
}

/** Bytes: base of the process, and of one parked task. */
export interface MemoryFigures {
  readonly baseBytes: number;
  readonly taskBytes: number;
}

export interface OptionSpec {
  readonly name: string;
  readonly doc: string;
  readonly type: "int" | "bool" | "enum";
  readonly values?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Default as text; `cores` stands for the machine's number of cores. */
  readonly default: string;
}

export type OptionValues = Readonly<Record<string, number | boolean | string>>;

export type Tier = "native" | "emulated";

export interface RuntimeModel {
  /** Name on the command line: go, asyncio, java, node. */
  readonly name: string;
  /** For people: `Go 1.26`. */
  readonly title: string;
  readonly version: string;
  /** What a processor of this runtime is called: P, loop, carrier. */
  readonly processor: string;
  readonly options: readonly OptionSpec[];
  readonly costs: Costs;
  readonly memory: MemoryFigures;
  /** Tier of each operation that the runtime has a say in. */
  readonly tiers: Readonly<Partial<Record<OpName, Tier>>>;
  /** Tiers that the policies of a program change. */
  tiersUnder?(policies: Policies): Readonly<Partial<Record<OpName, Tier>>>;
  boot(environment: Environment): Instance;
}

/** What a model gets to work with. */
export interface Environment {
  readonly machine: Machine;
  readonly costs: Costs;
  /** Every option of the model, with defaults filled in. */
  readonly options: OptionValues;
  readonly policies: Policies;
  /** What the model tells the world about the program's tasks. */
  readonly world: WorldHooks;
}

export interface WorldHooks {
  /** A runtime-worded message: deadlock report, panic text, unhandled rejection, slow callback ... */
  diagnose(kind: string, text: string): void;
  /** Ends the process now, as the runtime does it (exit status as the real one). */
  exit(status: number, why: string): void;
  /** A task was cancelled before its first step and its body will never run: records it as cancelled. Programs only. */
  neverStarted?(task: Task): void;
}

/** A model of one process, alive. */
export interface Instance {
  /**
   * Starts the process: creates its threads and queues the main task. `body` returns when the task has ended; it never
   * throws (the interpreter keeps the outcome in `task`), except for native programs, whose errors are the runtime's.
   */
  start(main: Task, body: Steps<Value>): void;
  readonly lowering: Lowering;
  /** State between two events, as plain JSON: queues in order, current tasks, timers, poll set, threads and what blocks them. */
  inspect(): Snapshot;
  /** Counters in the runtime's own words. */
  counters(): Record<string, number>;
  /** Asked when nothing can happen any more while tasks still wait: the runtime's own verdict and words, if it has any. */
  stuck?(): void;
}

export interface Snapshot {
  readonly [field: string]: unknown;
}

export type SelectArm =
  | {
      readonly dir: "recv" | "send";
      /** `null`: a none channel, never ready. */
      readonly chan: ChanHandle | null;
      readonly value: Value;
    }
  | SignalArm;

/** Ready for good once the promise is settled, the token cancelled, the event set. */
export interface SignalArm {
  readonly dir: "signal";
  readonly source: Signal;
}

export const SELECT_DEFAULT = -1;
export const SELECT_TIMEOUT = -2;

export interface Selected {
  /** Index of the arm, SELECT_DEFAULT or SELECT_TIMEOUT. */
  readonly arm: number;
  /** What was received; of a signal, null. */
  readonly value: Value;
  /** Receive: false when the channel is closed and drained. */
  readonly ok: boolean;
}

export interface Received {
  readonly value: Value;
  readonly ok: boolean;
}

/** One request to a service, its fate drawn by the world. */
export interface ServiceCall {
  readonly service: string;
  /** Sends it on the simulated network; the reply's descriptor becomes readable when it is answered. */
  send(): Request;
}

/**
 * How an expert of the runtime would write each portable operation. `self` is the task that runs the operation; every
 * method runs in its context, charges the runtime's costs to the machine and never touches program values beyond passing
 * them on. Errors are thrown as `Fault`.
 */
export interface Lowering {
  /**
   * Starts a child. The interpreter has created `child`; `body` ends (returns) when the child has ended and its outcome
   * is in `child`. `deferred` asks for one micro-yield before the first step where the runtime would start it at once.
   */
  spawn(self: Task, child: Task, body: Steps<Value>, deferred: boolean): Op;
  /** Returns once `target` has ended. */
  join(self: Task, target: Task): Op;
  /** Returns the first of `targets` to end; with `success`, the first to complete, or null once all have ended otherwise. */
  joinAny(self: Task, targets: readonly Task[], success: boolean): Op<Task | null>;
  /** Returns once all have completed (null), or the first that failed or was cancelled. */
  joinAll(self: Task, targets: readonly Task[]): Op<Task | null>;
  /** Returns once all have ended. */
  settleAll(self: Task, targets: readonly Task[]): Op;
  /** Opening of a scope; `scope.native` is the lowering's. */
  scopeEnter(self: Task, scope: TaskScope): void;
  /** A child of the scope ended; runs in the child's context, after its outcome is known and before its body returns. */
  scopeChildEnded(child: Task, scope: TaskScope): void;
  /** End of the scope's block: waits for its children; a race that leaves losers waits for the winner only. */
  scopeWait(self: Task, scope: TaskScope, leaveLosers: boolean): Op;
  /** `token` is cancelled, and so is every block under it; wakes the selects that wait for it. */
  tokenCancelled(self: Task, token: TokenHandle): Op;
  /**
   * Asks `target` to stop. `target.cancelRequested` is set already. If it waits at a cancellation point that wait must
   * end by throwing `new Fault("Cancelled")` from the suspended operation; otherwise the interpreter throws at its next one.
   */
  cancel(self: Task, target: Task): void;

  /** A procedure that can suspend gives back control to its caller, in the same task. */
  returned?(self: Task): Op;

  yield(self: Task): Op;
  yieldMicro(self: Task): Op;
  sleep(self: Task, ns: number): Op;
  /** Blocks the OS thread in the kernel for `ns`. */
  block(self: Task, ns: number): Op;
  /** Burns `ns` of CPU on the runtime's pool (of `workers` threads, null: its default), waiting for the end. */
  offload(self: Task, ns: number, workers: number | null): Op;

  chan(self: Task, chan: ChanHandle): void;
  send(self: Task, chan: ChanHandle | null, value: Value): Op;
  recv(self: Task, chan: ChanHandle | null): Op<Received>;
  trySend(self: Task, chan: ChanHandle, value: Value): Op<boolean>;
  tryRecv(self: Task, chan: ChanHandle): Op<Received & { readonly ready: boolean }>;
  close(self: Task, chan: ChanHandle): Op;
  chanLen(self: Task, chan: ChanHandle): number;
  /** `timeoutNs` null: none. With `otherwise` the select never waits. */
  select(self: Task, arms: readonly SelectArm[], otherwise: boolean, timeoutNs: number | null): Op<Selected>;

  mutex(self: Task, mutex: MutexHandle): void;
  lock(self: Task, mutex: MutexHandle): Op;
  tryLock(self: Task, mutex: MutexHandle): Op<boolean>;
  unlock(self: Task, mutex: MutexHandle): Op;
  sem(self: Task, sem: SemHandle): void;
  acquire(self: Task, sem: SemHandle, count: number): Op;
  release(self: Task, sem: SemHandle, count: number): Op;
  group(self: Task, group: GroupHandle): void;
  /** `group.count` holds the new count already, which is not negative. */
  groupAdd(self: Task, group: GroupHandle, count: number): Op;
  groupWait(self: Task, group: GroupHandle): Op;
  /** True if it was locked in time. */
  lockFor(self: Task, mutex: MutexHandle, ns: number): Op<boolean>;
  acquireFor(self: Task, sem: SemHandle, count: number, ns: number): Op<boolean>;

  rwlock(self: Task, lock: RwLockHandle): void;
  rlock(self: Task, lock: RwLockHandle): Op;
  runlock(self: Task, lock: RwLockHandle): Op;
  wlock(self: Task, lock: RwLockHandle): Op;
  wunlock(self: Task, lock: RwLockHandle): Op;
  cond(self: Task, cond: CondHandle): void;
  /** Unlocks `cond.mutex`, waits to be signalled, at most `ns`, and locks it again, also when it throws. True if signalled. */
  condWait(self: Task, cond: CondHandle, ns: number | null): Op<boolean>;
  signal(self: Task, cond: CondHandle, all: boolean): Op;
  monitor(self: Task, monitor: MonitorHandle): void;
  /** Its owner does not come here again while inside. Not a cancellation point. */
  enter(self: Task, monitor: MonitorHandle): Op;
  /** Its owner enters it once more: nothing, where that is done at once. */
  reentered?(self: Task, monitor: MonitorHandle): Op;
  exit(self: Task, monitor: MonitorHandle): Op;
  /** Leaves the monitor, waits to be notified, at most `ns`, and enters again, also when it throws. True if notified. */
  monitorWait(self: Task, monitor: MonitorHandle, ns: number | null): Op<boolean>;
  notify(self: Task, monitor: MonitorHandle, all: boolean): Op;

  once(self: Task, once: OnceHandle): void;
  /** True if the caller is the first; false once the first has ended. Not a cancellation point. */
  onceEnter(self: Task, once: OnceHandle): Op<boolean>;
  onceExit(self: Task, once: OnceHandle): Op;
  event(self: Task, event: EventHandle): void;
  /** `event.set` is true already, and was not before. */
  eventSet(self: Task, event: EventHandle): Op;
  eventWait(self: Task, event: EventHandle): Op;
  barrier(self: Task, barrier: BarrierHandle): void;
  barrierWait(self: Task, barrier: BarrierHandle): Op;

  /**
   * Starts a timer. When it fires: `timer.fired` counts it and is sent to `timer.chan` if there is room (it has been made by
   * `chan`), or `timer.call` is launched as a new task. A ticker fires every `timer.periodNs`, late as `timer.catchUp` says.
   */
  timer(self: Task, timer: TimerHandle, ns: number): Op;
  /** True if it had not fired (a ticker: always, the first time). */
  stopTimer(self: Task, timer: TimerHandle): Op<boolean>;
  /** Stops it, empties its channel, starts it anew; true if it had not fired. */
  resetTimer(self: Task, timer: TimerHandle, ns: number): Op<boolean>;
  /**
   * A block that may take `ns`. Then `region.expire()` is called, and where that is true the owner is taken out of what it
   * waits for as by `cancel`.
   */
  deadlineEnter(self: Task, region: CancelRegion, ns: number): Op;
  deadlineExit(self: Task, region: CancelRegion): Op;

  promise(self: Task, promise: PromiseHandle): void;
  /** `promise` is settled already (state, value, error); wakes those who await it. */
  settle(self: Task, promise: PromiseHandle): Op;
  /** Returns once it is settled. */
  await(self: Task, promise: PromiseHandle): Op;
  /**
   * Calls the handler once `reaction.promise` is settled, as the runtime calls back: `handle()` gives the task and its body,
   * which burns time and never waits; then `ended(child)`. If it was rejected, `skip()`. Then wakes who awaits `derived`.
   */
  onResolve(self: Task, reaction: Reaction): Op;
  /** Queues a call whose body never waits, a task that nobody joins. */
  callback(self: Task, queue: CallbackQueue, call: Callback): Op;

  /** Sends, waits for the reply without blocking what the runtime would not block; true if the service answered well. */
  callService(self: Task, call: ServiceCall): Op<boolean>;
  fileRead(self: Task, bytes: number, stallNs: number): Op;
  fileStat(self: Task): Op;

  /** `listener.socket` listens already. */
  listen(self: Task, listener: ListenerHandle): Op;
  /** Connects by `dial`, which is connect(2) without blocking and sets `conn.socket`; false if it was refused. */
  connect(self: Task, conn: ConnHandle, dial: () => Socket): Op<boolean>;
  /** Waits for the next connection, which becomes `conn.socket`; false if the listener is closed, or comes to be. */
  accept(self: Task, listener: ListenerHandle, conn: ConnHandle): Op<boolean>;
  /** Reads at most `bytes` >= 1: how many, 0 at the end, FAILED. */
  read(self: Task, conn: ConnHandle, bytes: number): Op<number>;
  /** Returns once all `bytes` >= 1 have been taken; false if it failed. */
  write(self: Task, conn: ConnHandle, bytes: number): Op<boolean>;
  /** Closes it; whoever waits on it fails. */
  closeConn(self: Task, conn: ConnHandle): Op;
  closeListener(self: Task, listener: ListenerHandle): Op;

  /** What the runtime does when a task fails and nobody waits for it, or when main fails. */
  uncaught(task: Task, error: Fault): Uncaught;
}

export interface Uncaught {
  /** True when the process ends by it. */
  readonly ends: boolean;
  readonly exitStatus: number;
  /** The runtime's own wording. */
  readonly text: string;
}

export type { TaskResult };
