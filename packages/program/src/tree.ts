/**
 * The workload language as data. A program is a JSON-able tree: nothing in it is a closure, nothing in it is ever
 * evaluated as text. It is built by `builder.ts`, checked by `checker.ts`, printed by `printer.ts`, and executed by
 * the interpreter of `@orrery/runtime` on each runtime model.
 *
 * Rules the shapes obey: one visible operation per statement; expressions are pure and never suspend; every loop
 * carries a bound or the mark `spin`; every statement has a stable path id (assigned by the checker, see `ids.ts`).
 */

/**
 * Types of values that are data. `dur` is an integer number of nanoseconds; `str` values are literals or enum parameters; the
 * keys of an `intMap` are ints, those of a `strMap` texts.
 */
const dataTypes = ["int", "bool", "dur", "str", "list", "intMap", "strMap", "result"] as const;
/** Types of handles, which exist only at run time. */
export const handleTypes = [
  "chan",
  "mutex",
  "sem",
  "group",
  "atomic",
  "promise",
  "task",
  "rwlock",
  "cond",
  "monitor",
  "once",
  "event",
  "barrier",
  "timer",
  "token",
  "listener",
  "conn",
] as const;
export const typeNames = [...dataTypes, ...handleTypes] as const;
/** The type of a declared record's values. */
export type RecordType = `record:${string}`;
/** The type of references to procedures, by the name of a declared `ProcType`. */
export type RefType = `proc:${string}`;
export type TypeName = (typeof typeNames)[number] | RecordType | RefType;

const recordPrefix = "record:";
export const isRecordType = (type: string): type is RecordType => type.startsWith(recordPrefix);
/** The name of the record that the type is of. */
export const recordOf = (type: RecordType): string => type.slice(recordPrefix.length);

const refPrefix = "proc:";
export const isRefType = (type: string): type is RefType => type.startsWith(refPrefix);
/** The name of the declared type. */
export const procTypeOf = (type: RefType): string => type.slice(refPrefix.length);

/** Whether values of the type are maps. */
export const isMap = (type: string | null): type is "intMap" | "strMap" =>
  type === "intMap" || type === "strMap";

/** Values that are data (handles exist only at run time). `null` is `none`. */
export type Literal = number | boolean | string | null;

export type UnaryOp = "not" | "neg" | "len" | "isNone" | "isOk";
export type BinaryOp =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%" // integers; `/` truncates towards zero; a result beyond 2^53-1 and division by zero raise Overflow
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "and"
  | "or" // short circuit
  | "min"
  | "max";

/** What a map's keys are. */
export type MapKey = "int" | "str";

/** A pure expression. */
export type Expr =
  /** `unit: "ns"` makes a number a duration; a bare number is an int, or a duration where only a duration fits. */
  | { readonly lit: Literal; readonly unit?: "ns" }
  | { readonly var: string }
  | { readonly param: string }
  | { readonly unary: UnaryOp; readonly arg: Expr }
  | { readonly binary: BinaryOp; readonly left: Expr; readonly right: Expr }
  /** `items[index]`; outside the list it is `none`, or `otherwise` when given. */
  | { readonly at: Expr; readonly index: Expr; readonly otherwise?: Expr }
  | { readonly list: readonly Expr[] }
  /** A new map; of two equal keys that differ in their text the later one counts. */
  | { readonly map: readonly (readonly [key: Expr, value: Expr])[]; readonly keys: MapKey }
  /** What the map has under the key; `none`, or `otherwise` when given, where it has nothing. */
  | { readonly get: Expr; readonly key: Expr; readonly otherwise?: Expr }
  | { readonly has: Expr; readonly key: Expr }
  /** A record, with a value for each of its fields. */
  | { readonly record: string; readonly fields: Readonly<Record<string, Expr>> }
  /** A field of a record. */
  | { readonly field: string; readonly of: Expr; readonly record: string }
  /** A copy of a record with other values in some fields. */
  | { readonly with: Expr; readonly fields: Readonly<Record<string, Expr>>; readonly record: string }
  /** A reference to a procedure, with its first arguments. */
  | { readonly procRef: string; readonly type: string; readonly args: readonly Expr[] }
  /** Index of this task among the tasks of the same procedure spawned by the same parent (0, 1, 2 ...). */
  | { readonly self: "index" };

/** Kinds of error a program can raise and catch (language.md A1). `User:<name>` is a program's own. */
export type ErrKind =
  | "Cancelled"
  | "Timeout"
  | "ChannelClosed"
  | "CloseOfClosed"
  | "CloseOfNone"
  | "NegativeGroup"
  | "NoneDeref"
  | "UnlockOfUnlocked"
  | "Overflow"
  | "AssertFailed"
  | "Rejected"
  | "TaskFailed"
  | "DepthExceeded"
  | `User:${string}`;

/** Distributions of draws and of simulated services; durations in ns, integers throughout (see `draws.ts`). */
export type Distribution =
  | { readonly dist: "constant"; readonly value: number }
  | { readonly dist: "uniform"; readonly low: number; readonly high: number }
  | { readonly dist: "exponential"; readonly mean: number }
  | { readonly dist: "erlang"; readonly k: number; readonly mean: number }
  | { readonly dist: "lognormal"; readonly median: number; readonly sigmaPerMille: number }
  | { readonly dist: "pareto"; readonly scale: number; readonly shapePerMille: number }
  /** `slow` with probability `slowPerMillion`/10^6, otherwise `fast`. */
  | {
      readonly dist: "twoPoint";
      readonly fast: number;
      readonly slow: number;
      readonly slowPerMillion: number;
    }
  /** One of `values`, equally likely. */
  | { readonly dist: "table"; readonly values: readonly number[] };

interface Base {
  /** Stable path id, e.g. `worker/2.then.0`; filled in by `withIds`, absent in hand-written trees. */
  readonly id?: string;
}

export type Block = readonly Stmt[];

/** Control flow and procedures (language.md A3). */
export type ControlStmt =
  | (Base & { readonly op: "let"; readonly bind: string; readonly value: Expr })
  | (Base & { readonly op: "assign"; readonly name: string; readonly value: Expr })
  | (Base & { readonly op: "push"; readonly list: Expr; readonly value: Expr })
  | (Base & { readonly op: "setAt"; readonly list: Expr; readonly index: Expr; readonly value: Expr })
  /** Sets what the map has under the key. A new key beyond `max` of them raises AssertFailed. */
  | (Base & {
      readonly op: "put";
      readonly map: Expr;
      readonly key: Expr;
      readonly value: Expr;
      readonly max?: Expr;
    })
  /** Takes the key out of the map, if it is there. */
  | (Base & { readonly op: "delete"; readonly map: Expr; readonly key: Expr })
  | (Base & { readonly op: "if"; readonly cond: Expr; readonly then: Block; readonly else?: Block })
  /** `bound` raises AssertFailed when exceeded; `spin` marks a loop that is meant to wait by turning. One is required. */
  | (Base & {
      readonly op: "while";
      readonly cond: Expr;
      readonly bound?: Expr;
      readonly spin?: true;
      readonly label?: string;
      readonly body: Block;
    })
  | (Base & {
      readonly op: "repeat";
      readonly count: Expr;
      readonly bind?: string;
      readonly label?: string;
      readonly body: Block;
    })
  /** With `key` over a map, in the order of its keys, as it is when the loop begins. */
  | (Base & {
      readonly op: "forEach";
      readonly list: Expr;
      readonly key?: string;
      readonly bind: string;
      readonly label?: string;
      readonly body: Block;
    })
  | (Base & {
      readonly op: "match";
      readonly value: Expr;
      readonly cases: readonly { readonly tag: Literal; readonly body: Block }[];
      readonly otherwise?: Block;
    })
  | (Base & { readonly op: "break"; readonly label?: string })
  | (Base & { readonly op: "continue"; readonly label?: string })
  | (Base & { readonly op: "return"; readonly value?: Expr })
  | (Base & {
      readonly op: "call";
      readonly proc: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
    })
  /** Calls what the reference is to, with the arguments bound in it before those given. */
  | (Base & {
      readonly op: "callRef";
      readonly ref: Expr;
      readonly type: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
    })
  | (Base & { readonly op: "defer"; readonly body: Block })
  | (Base & {
      readonly op: "try";
      readonly body: Block;
      readonly catches: readonly { readonly kinds: readonly (ErrKind | "*")[]; readonly body: Block }[];
      readonly finally?: Block;
    })
  | (Base & { readonly op: "throw"; readonly kind: ErrKind; readonly message?: string })
  | (Base & { readonly op: "assert"; readonly cond: Expr; readonly message: string });

/** Tasks. `args` are bound when the statement runs. */
export type TaskStmt =
  | (Base & {
      readonly op: "spawn";
      readonly proc: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
      readonly deferred?: true;
    })
  /** A task of what the reference is to, by the name of its procedure. */
  | (Base & {
      readonly op: "spawnRef";
      readonly ref: Expr;
      readonly type: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
    })
  | (Base & { readonly op: "detach"; readonly proc: string; readonly args: readonly Expr[] })
  | (Base & { readonly op: "join"; readonly task: Expr; readonly bind?: string })
  /**
   * First task to end; binds its result, or raises TaskFailed. With `firstSuccess` the first to complete, TaskFailed only
   * when all have failed. Losers keep running.
   */
  | (Base & {
      readonly op: "joinAny";
      readonly tasks: Expr;
      readonly firstSuccess?: true;
      readonly bind?: string;
    })
  /** All results in list order; the first failure raises TaskFailed at once. The others keep running. */
  | (Base & { readonly op: "joinAll"; readonly tasks: Expr; readonly bind?: string })
  /** Waits for all; binds a list of `result` values (`isOk`), never raises. */
  | (Base & { readonly op: "settleAll"; readonly tasks: Expr; readonly bind?: string })
  /** Waits for every task spawned inside the block. */
  | (Base & { readonly op: "scope"; readonly onError: "cancelSiblings" | "waitAll"; readonly body: Block })
  /** First successful task spawned inside the block wins and is bound; losers are cancelled, and waited for unless `leaveLosers`. */
  | (Base & {
      readonly op: "scopeRace";
      readonly bind?: string;
      readonly leaveLosers?: true;
      readonly body: Block;
    })
  | (Base & { readonly op: "yield" })
  | (Base & { readonly op: "yieldMicro" })
  | (Base & { readonly op: "sleep"; readonly dur: Expr });

/**
 * Time beyond sleeping. A channel that a timer sends to has room for one value: how often the timer has fired, from 1; what
 * nobody takes is dropped. `timer` and `ticker` bind the timer and, as `channel`, its channel.
 */
export type TimeStmt =
  /** A channel that gets one value after `dur`. */
  | (Base & { readonly op: "after"; readonly bind: string; readonly dur: Expr })
  | (Base & { readonly op: "timer"; readonly bind: string; readonly channel: string; readonly dur: Expr })
  /** Fires every `dur`; what it does when it is late is `catchUp`, the runtime's own when absent. */
  | (Base & {
      readonly op: "ticker";
      readonly bind: string;
      readonly channel: string;
      readonly dur: Expr;
      readonly catchUp?: CatchUp;
    })
  /** Runs the procedure as a new task after `dur`. */
  | (Base & {
      readonly op: "afterFunc";
      readonly dur: Expr;
      readonly proc: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
    })
  /** `ok`: it was stopped before it fired. */
  | (Base & { readonly op: "stopTimer"; readonly timer: Expr; readonly ok?: string })
  /** Starts it anew and takes a value that nobody has taken out of its channel; `ok`: it had not fired. */
  | (Base & { readonly op: "resetTimer"; readonly timer: Expr; readonly dur: Expr; readonly ok?: string })
  /**
   * The block, cancelled when it takes longer: its task gets Cancelled at its next cancellation point, and once the block is
   * left, Timeout is raised. A block that ends in time, or without meeting a cancellation point, is left as ever.
   */
  | (Base & { readonly op: "deadline"; readonly dur: Expr; readonly body: Block });

/**
 * A ticker that is late: `drop` leaves out the ticks that it missed and stays on its grid (Go), `burst` makes up for
 * each (Java's scheduleAtFixedRate), `drift` counts from when it fired (Node's setInterval).
 */
export type CatchUp = "drop" | "burst" | "drift";

export type CancelStmt =
  /** Asks a task to stop, at its next cancellation point. */
  | (Base & { readonly op: "cancel"; readonly task: Expr })
  /** Whether this task has been asked to stop and has not heard of it yet. */
  | (Base & { readonly op: "isCancelled"; readonly bind: string })
  /** A cancellation point that waits for nothing. */
  | (Base & { readonly op: "check" })
  /** No cancellation is delivered inside the block. */
  | (Base & { readonly op: "shield"; readonly body: Block })
  | (Base & { readonly op: "token"; readonly bind: string })
  | (Base & { readonly op: "cancelToken"; readonly token: Expr })
  /** The block, cancelled when the token is: its task gets Cancelled at its next cancellation point. */
  | (Base & { readonly op: "withToken"; readonly token: Expr; readonly body: Block });

export type CpuStmt =
  | (Base & { readonly op: "cpu"; readonly dur: Expr })
  /** A non-cooperative wait: the OS thread sleeps in the kernel. */
  | (Base & { readonly op: "block"; readonly dur: Expr })
  /** CPU work handed to the runtime's pool of threads; resumes when it is done. */
  | (Base & { readonly op: "offload"; readonly dur: Expr; readonly workers?: Expr });

/** Channels: Go's semantics (direct hand-off to the longest waiter, FIFO). `chan` may be `none`: blocks for ever. */
export type ChannelStmt =
  | (Base & { readonly op: "chan"; readonly bind: string; readonly cap: Expr })
  | (Base & { readonly op: "send"; readonly chan: Expr; readonly value: Expr })
  | (Base & { readonly op: "recv"; readonly chan: Expr; readonly bind?: string })
  | (Base & { readonly op: "recvOk"; readonly chan: Expr; readonly bind?: string; readonly ok: string })
  | (Base & {
      readonly op: "range";
      readonly chan: Expr;
      readonly bind: string;
      readonly label?: string;
      readonly body: Block;
    })
  | (Base & { readonly op: "close"; readonly chan: Expr })
  | (Base & { readonly op: "trySend"; readonly chan: Expr; readonly value: Expr; readonly ok: string })
  | (Base & { readonly op: "tryRecv"; readonly chan: Expr; readonly bind?: string; readonly ok: string })
  | (Base & { readonly op: "chanLen"; readonly chan: Expr; readonly bind: string })
  | (Base & { readonly op: "chanCap"; readonly chan: Expr; readonly bind: string })
  | (Base & {
      readonly op: "select";
      readonly cases: readonly SelectCase[];
      readonly otherwise?: Block;
      readonly timeout?: { readonly dur: Expr; readonly body: Block };
    });

export type SelectCase =
  | {
      readonly dir: "recv";
      readonly chan: Expr;
      readonly bind?: string;
      readonly ok?: string;
      readonly body: Block;
    }
  | { readonly dir: "send"; readonly chan: Expr; readonly value: Expr; readonly body: Block }
  /** It is settled: binds its value; a rejection is raised by the select. */
  | { readonly dir: "promise"; readonly promise: Expr; readonly bind?: string; readonly body: Block }
  /** It is cancelled. */
  | { readonly dir: "token"; readonly token: Expr; readonly body: Block }
  /** It is set. */
  | { readonly dir: "event"; readonly event: Expr; readonly body: Block };

export type LockStmt =
  | (Base & { readonly op: "mutex"; readonly bind: string })
  | (Base & { readonly op: "lock"; readonly mutex: Expr })
  | (Base & { readonly op: "unlock"; readonly mutex: Expr })
  | (Base & { readonly op: "tryLock"; readonly mutex: Expr; readonly ok: string })
  | (Base & {
      readonly op: "sem";
      readonly bind: string;
      readonly permits: Expr;
      readonly fairness?: Fairness;
    })
  | (Base & { readonly op: "acquire"; readonly sem: Expr; readonly count?: Expr })
  | (Base & { readonly op: "release"; readonly sem: Expr; readonly count?: Expr })
  | (Base & { readonly op: "group"; readonly bind: string })
  | (Base & { readonly op: "groupAdd"; readonly group: Expr; readonly count: Expr })
  | (Base & { readonly op: "groupDone"; readonly group: Expr })
  | (Base & { readonly op: "groupWait"; readonly group: Expr })
  /** Waits at most `dur`. */
  | (Base & { readonly op: "lockFor"; readonly mutex: Expr; readonly dur: Expr; readonly ok: string })
  | (Base & {
      readonly op: "acquireFor";
      readonly sem: Expr;
      readonly count?: Expr;
      readonly dur: Expr;
      readonly ok: string;
    });

/**
 * Who gets the permits of a semaphore: `fifo`, the default, whoever waits longest, and nobody passes; `barging`, whoever comes
 * to take them: who waits longest is woken to try again, and may find that somebody was quicker.
 */
export type Fairness = "fifo" | "barging";

/**
 * Locks with conditions. A `rwlock` prefers writers as Go's does: a reader that comes while a writer waits lets it pass, and a
 * writer lets all readers pass that came meanwhile. A `cond` belongs to a mutex; `signal` wakes who waits longest, with or
 * without the mutex. A `monitor` is owned and reentrant, entered for a block.
 */
export type ConditionStmt =
  | (Base & { readonly op: "rwlock"; readonly bind: string })
  | (Base & { readonly op: "rlock"; readonly rwlock: Expr })
  | (Base & { readonly op: "runlock"; readonly rwlock: Expr })
  | (Base & { readonly op: "wlock"; readonly rwlock: Expr })
  | (Base & { readonly op: "wunlock"; readonly rwlock: Expr })
  | (Base & { readonly op: "cond"; readonly bind: string; readonly mutex: Expr })
  /** Unlocks the mutex, waits for a signal, locks it again; so too when it is cancelled. */
  | (Base & { readonly op: "condWait"; readonly cond: Expr })
  /** `ok`: it was signalled in time. */
  | (Base & { readonly op: "condWaitFor"; readonly cond: Expr; readonly dur: Expr; readonly ok: string })
  | (Base & { readonly op: "signal"; readonly cond: Expr })
  | (Base & { readonly op: "broadcast"; readonly cond: Expr })
  | (Base & { readonly op: "monitor"; readonly bind: string; readonly via?: MonitorVia })
  | (Base & { readonly op: "enter"; readonly monitor: Expr; readonly body: Block })
  | (Base & { readonly op: "monitorWait"; readonly monitor: Expr })
  | (Base & {
      readonly op: "monitorWaitFor";
      readonly monitor: Expr;
      readonly dur: Expr;
      readonly ok: string;
    })
  /** Wakes who waits longest, or all. */
  | (Base & { readonly op: "notify"; readonly monitor: Expr; readonly all?: true });

/**
 * What a monitor is on Java: a `synchronized` block, a ReentrantLock with its Condition, or a synchronized block entered
 * by way of a native frame, which pins the virtual thread. The other runtimes know only one kind.
 */
export type MonitorVia = "synchronized" | "juc" | "nativeFrame";

export type OnceStmt =
  | (Base & { readonly op: "once"; readonly bind: string })
  /** The first to come calls the procedure; those who come meanwhile wait until it has ended, well or not. */
  | (Base & {
      readonly op: "onceDo";
      readonly once: Expr;
      readonly proc: string;
      readonly args: readonly Expr[];
    })
  | (Base & { readonly op: "event"; readonly bind: string })
  | (Base & { readonly op: "eventSet"; readonly event: Expr })
  | (Base & { readonly op: "eventWait"; readonly event: Expr })
  /** Lets its waiters go when `parties` have come, again and again. Who is cancelled while it waits has not come. */
  | (Base & { readonly op: "barrier"; readonly bind: string; readonly parties: Expr })
  | (Base & { readonly op: "barrierWait"; readonly barrier: Expr });

/** Memory. `cell` names a declared shared cell, or an element of a shared list with `index`. */
export type MemoryStmt =
  | (Base & { readonly op: "load"; readonly cell: string; readonly index?: Expr; readonly bind: string })
  | (Base & { readonly op: "store"; readonly cell: string; readonly index?: Expr; readonly value: Expr })
  | (Base & { readonly op: "atomic"; readonly bind: string; readonly init: Expr })
  | (Base & { readonly op: "atomicLoad"; readonly atomic: Expr; readonly bind: string })
  | (Base & { readonly op: "atomicStore"; readonly atomic: Expr; readonly value: Expr })
  /** Binds the value after the addition. */
  | (Base & { readonly op: "atomicAdd"; readonly atomic: Expr; readonly value: Expr; readonly bind?: string })
  | (Base & {
      readonly op: "atomicCas";
      readonly atomic: Expr;
      readonly expect: Expr;
      readonly value: Expr;
      readonly ok: string;
    });

/** A second resolve or reject is ignored and counted. */
export type PromiseStmt =
  | (Base & { readonly op: "promise"; readonly bind: string })
  | (Base & { readonly op: "resolve"; readonly promise: Expr; readonly value: Expr })
  | (Base & { readonly op: "reject"; readonly promise: Expr; readonly kind: ErrKind })
  | (Base & { readonly op: "await"; readonly promise: Expr; readonly bind?: string })
  /**
   * Calls the procedure when the promise is resolved, as the runtime calls back: a handler is a task of its own that never
   * waits. The value is its last argument. Binds a promise of what the handler returns; where that is a promise, of what
   * it settles with. A rejection skips the handler and rejects the bound promise.
   */
  | (Base & {
      readonly op: "onResolve";
      readonly promise: Expr;
      readonly proc: string;
      readonly args: readonly Expr[];
      readonly bind?: string;
    })
  /** Queues a call of the procedure, a handler as that of `onResolve`, in one of the runtime's own queues. */
  | (Base & {
      readonly op: "callback";
      readonly queue: CallbackQueue;
      readonly proc: string;
      readonly args: readonly Expr[];
    });

/**
 * Queues for callbacks, by Node's names: `micro` queueMicrotask, `next` process.nextTick, `timer` setTimeout 0, `immediate`
 * setImmediate. asyncio has call_soon for micro, next and immediate, and call_later(0) for timer; Java hands the call to an
 * executor and Go to a new goroutine.
 */
export type CallbackQueue = "micro" | "next" | "timer" | "immediate";

export type IoStmt =
  /** One request to a declared service. Raises Rejected when the service refuses or fails. */
  | (Base & { readonly op: "callService"; readonly service: string; readonly args?: readonly Expr[] })
  /** Reads a file; the disk takes `stall` longer than usual. */
  | (Base & { readonly op: "fileRead"; readonly bytes: Expr; readonly stall?: Expr })
  /** A path look-up without data (`stat`): the cheapest file operation. */
  | (Base & { readonly op: "fileStat" });

/**
 * Connections over the loopback, whose bytes are counts. What is refused, reset or closed raises Rejected. A wait that is cancelled
 * closes what it waited for.
 */
export type ConnStmt =
  /** A listener that queues `backlog` + 1 connections which nobody has accepted. */
  | (Base & { readonly op: "listen"; readonly bind: string; readonly backlog: Expr })
  | (Base & { readonly op: "accept"; readonly bind: string; readonly listener: Expr })
  | (Base & { readonly op: "connect"; readonly bind: string; readonly listener: Expr })
  /** Waits until there is something to read, and binds how many bytes it read: 0 at the end of the stream. */
  | (Base & { readonly op: "read"; readonly conn: Expr; readonly bytes: Expr; readonly bind?: string })
  /** Waits until the connection has taken all of the bytes. */
  | (Base & { readonly op: "write"; readonly conn: Expr; readonly bytes: Expr })
  /** The other side reads the end; who waits on this one gets Rejected. */
  | (Base & { readonly op: "closeConn"; readonly conn: Expr })
  | (Base & { readonly op: "closeListener"; readonly listener: Expr });

/** Observation: never a scheduling point, never I/O during the run. */
export type ObserveStmt =
  /** `text` interpolates `{0}`, `{1}` ... with `args`. */
  | (Base & { readonly op: "log"; readonly text: string; readonly args?: readonly Expr[] })
  /** Records the time of this instant under a name, for latency from `from` (a `now` local) if given. */
  | (Base & { readonly op: "mark"; readonly name: string; readonly from?: Expr })
  | (Base & { readonly op: "measure"; readonly name: string; readonly value: Expr })
  | (Base & { readonly op: "count"; readonly name: string; readonly by?: Expr })
  | (Base & { readonly op: "gauge"; readonly name: string; readonly value: Expr })
  | (Base & { readonly op: "expect"; readonly cond: Expr; readonly message: string })
  /** Monotonic virtual time in ns since the start of the run. Using it in a condition marks the program time-dependent. */
  | (Base & { readonly op: "now"; readonly bind: string });

export type DrawStmt =
  /** The drawn value is an int, or a duration with `unit: "ns"`. */
  | (Base & {
      readonly op: "draw";
      readonly stream: string;
      readonly from: Distribution;
      readonly bind: string;
      readonly unit?: "ns";
    })
  /** A nondeterministic choice in 0..n-1. */
  | (Base & { readonly op: "choose"; readonly n: Expr; readonly bind: string });

export type Stmt =
  | ControlStmt
  | TaskStmt
  | CpuStmt
  | ChannelStmt
  | LockStmt
  | ConditionStmt
  | OnceStmt
  | TimeStmt
  | CancelStmt
  | MemoryStmt
  | PromiseStmt
  | IoStmt
  | ConnStmt
  | ObserveStmt
  | DrawStmt;

export type OpName = Stmt["op"];

export interface Proc {
  readonly args: readonly { readonly name: string; readonly type: TypeName }[];
  readonly body: Block;
  /** Type of the returned value, when the procedure returns one. */
  readonly returns?: TypeName;
}

/**
 * What references of a type still take, and what their procedures return. The procedures of one type are treated alike, by
 * what any of them does, because a use does not tell which one it meets. On Node all of them are async functions, awaited
 * by references and plain calls, if one of them suspends or references of the type are both called and spawned (`asyncProcs`).
 * In Go all of them return an error if one can fail; in Java a use can throw InterruptedException if one can.
 */
export interface ProcType {
  readonly args: readonly { readonly name: string; readonly type: TypeName }[];
  readonly returns?: TypeName;
}

/** A typed parameter. `dur` values are ns; texts such as `100ms` are read at the edges. */
export type Param =
  | {
      readonly name: string;
      readonly type: "int";
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly doc: string;
      readonly unit?: string;
      readonly sweep?: readonly number[];
    }
  | {
      readonly name: string;
      readonly type: "dur";
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly doc: string;
      readonly sweep?: readonly number[];
    }
  | { readonly name: string; readonly type: "bool"; readonly default: boolean; readonly doc: string }
  | {
      readonly name: string;
      readonly type: "enum";
      readonly default: string;
      readonly values: readonly string[];
      readonly doc: string;
    };

export type ParamValue = number | boolean | string;

/** A simulated service outside the runtime: `servers` requests at a time, FIFO queue of at most `queueLimit`. */
export interface ServiceDecl {
  readonly name: string;
  /** Requests served at a time; `null`: unlimited. */
  readonly servers: number | null;
  /** Requests waiting beyond that before new ones are refused; `null`: unlimited. */
  readonly queueLimit: number | null;
  /** Service time. */
  readonly latency: Distribution | { readonly param: string };
  /** Probability of a failed reply, per million. */
  readonly failPerMillion: number | { readonly param: string };
}

/** A shared cell (or list of cells when `length` is given). Plain cells are where races are meaningful. */
export interface SharedDecl {
  readonly name: string;
  readonly type: TypeName;
  /** `null` for a map is an empty one. */
  readonly init: Literal;
  readonly length?: number | { readonly param: string };
}

/** Program-level policies (language.md A7): declared, never implied. */
export interface Policies {
  /** `quiescent`: run until nothing can step; `main`: the end of main ends the program, as the runtime does it. */
  readonly end: "quiescent" | "main";
  /** Which ready case a select commits to. */
  readonly selectPolicy: "random" | "first" | "rotating";
  /** What the failure of a task that nobody joins does. */
  readonly onDetachedFailure: "native" | "ignore" | "abort";
  /**
   * Who gets a mutex that is unlocked. `native` (default): as the runtime's own lock has it; `fifo`: who waits longest; `barging`:
   * whoever comes to take it, while who waits longest is woken to try again.
   */
  readonly lockFairness?: "native" | Fairness;
}

export const defaultPolicies: Policies = {
  end: "quiescent",
  selectPolicy: "random",
  onDetachedFailure: "abort",
};

export interface Program {
  readonly name: string;
  readonly doc: string;
  readonly params: readonly Param[];
  readonly services: readonly ServiceDecl[];
  readonly shared: readonly SharedDecl[];
  /** Fields of each record and their types, in order. */
  readonly records?: Readonly<Record<string, Readonly<Record<string, TypeName>>>>;
  /** Types of references to procedures. */
  readonly procTypes?: Readonly<Record<string, ProcType>>;
  readonly procs: Readonly<Record<string, Proc>>;
  readonly main: Block;
  readonly policies: Policies;
}
