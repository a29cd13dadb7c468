/**
 * The compiled form of a program: each procedure a flat list of instructions with jumps, so that running a task needs
 * one generator however deep its blocks nest, and a parked task costs one frame.
 */
import {
  asyncProcs,
  type Block,
  type Expr,
  isCancellationPoint,
  mayCancel,
  type OpName,
  type ParamValue,
  type Program,
  type SelectCase,
  sourceOf,
  type Stmt,
} from "@orrery/program";
import { compileExpr, type Eval } from "./expressions.ts";
import { operationOf } from "./operations/index.ts";
import type { Operation } from "./operations/operation.ts";
import type { Task, WaitingAt } from "./task.ts";
import type { Fault, Value } from "./values.ts";

/** Instructions that only the compiled form has; every other `op` is a statement of the language. */
export type Opcode =
  | Exclude<
      Stmt["op"],
      | "if"
      | "while"
      | "repeat"
      | "forEach"
      | "match"
      | "break"
      | "continue"
      | "range"
      | "try"
      | "scope"
      | "scopeRace"
      | "assign"
      | "groupDone"
      | "enter"
      | "onceDo"
      | "deadline"
      | "withToken"
      | "shield"
    >
  | "jump"
  | "jumpUnless"
  | "jumpUnlessEqual"
  /** counter slot = -1, limit slot = value */
  | "loopStart"
  | "loopNext"
  | "eachStart"
  | "eachNext"
  /** as `eachStart` and `eachNext`, over a map */
  | "entriesStart"
  | "entriesNext"
  | "bound"
  /** receives, or jumps to `target` when the channel is closed */
  | "rangeNext"
  | "enterTry"
  | "leave"
  | "leaveTo"
  | "endFinally"
  | "enterScope"
  | "endScope"
  | "enterMonitor"
  | "exitMonitor"
  | "enterOnce"
  | "exitOnce"
  | "enterDeadline"
  | "exitDeadline"
  | "enterToken"
  | "exitToken"
  | "enterShield"
  | "exitShield";

/** One instruction. All have the same shape, so that the interpreter's loop stays monomorphic. */
export interface Instruction {
  readonly op: Opcode;
  /** What it does, null for what the interpreter's loop does itself. */
  readonly operation: Operation | null;
  readonly at: WaitingAt;
  /** True where a requested cancellation is delivered (language.md A6). */
  readonly cancellable: boolean;
  readonly a: Eval | null;
  readonly b: Eval | null;
  readonly args: readonly Eval[];
  /** Slots of what it binds; -1 for none. */
  readonly slot: number;
  readonly slot2: number;
  target: number;
  /** It has not been executed yet. */
  cold: boolean;
  /** The statement or the part of it that the instruction needs beyond that. */
  extra: unknown;
}

export interface CatchTarget {
  readonly kinds: readonly string[];
  readonly target: number;
}
/** Extra of `enterTry`. */
export interface TryTargets {
  catches: CatchTarget[];
  finallyTarget: number;
}
/** Extra of `entriesNext`. */
export interface EntrySlots {
  readonly key: number;
  readonly value: number;
}
/** Extra of `leaveTo`: regions to keep. */
export interface LeaveTo {
  readonly depth: number;
}
export interface ArmCode {
  readonly dir: SelectCase["dir"];
  /** The channel, promise, token or event. */
  readonly source: Eval;
  readonly value: Eval | null;
  readonly slot: number;
  readonly okSlot: number;
  target: number;
}
/** Extra of `select`. */
export interface SelectCode {
  readonly arms: ArmCode[];
  readonly timeout: Eval | null;
  timeoutTarget: number;
  otherwiseTarget: number;
}

export interface ProcCode {
  readonly name: string;
  readonly code: Instruction[];
  readonly slots: number;
  readonly args: number;
  /** It can suspend, itself or in what it calls, or counts as one that can (`asyncProcs`). */
  suspends: boolean;
}

export interface ProgramCode {
  readonly procs: ReadonlyMap<string, ProcCode>;
  readonly main: ProcCode;
  /** Some task can be cancelled. */
  readonly cancels: boolean;
}

/** A procedure's activation. */
export interface Frame {
  readonly task: Task;
  readonly proc: ProcCode;
  readonly slots: Value[];
  pc: number;
  readonly caller: Frame | null;
  /** Slot of the caller's frame that takes the result; -1 for none. */
  readonly bind: number;
  readonly depth: number;
  /** Open tries and scopes, innermost last; null until one opens. */
  regions: Region[] | null;
  /** Why finally blocks that are running were entered. */
  pending: Completion[] | null;
  defers: number[] | null;
}

export interface Region {
  readonly catches: readonly CatchTarget[];
  /** -1: none. */
  readonly finallyTarget: number;
  /** The region of a finally or deferred block that is running; its reason is the top of `pending`. */
  readonly running: boolean;
}

/** How a block ends. */
export type Completion =
  | { readonly how: "normal" }
  | { readonly how: "jump"; readonly target: number; readonly depth: number }
  | { readonly how: "return"; readonly value: Value }
  | { readonly how: "throw"; readonly error: Fault };

/** Compiles a checked program (all names resolve, every statement has an id) for one set of parameters. */
export function compile(program: Program, params: Readonly<Record<string, ParamValue>>): ProgramCode {
  const cells = new Map(program.shared.map((cell, index) => [cell.name, index]));
  const procs = new Map<string, ProcCode>();
  for (const [name, proc] of Object.entries(program.procs))
    procs.set(
      name,
      new Compiler(name, params, cells).procedure(
        proc.args.map((arg) => arg.name),
        proc.body,
      ),
    );
  for (const name of asyncProcs(program)) procs.get(name)!.suspends = true;
  const main = new Compiler("main", params, cells).procedure([], program.main);
  return { procs, main, cancels: mayCancel(program) };
}

interface Loop {
  readonly label: string | undefined;
  readonly breaks: Instruction[];
  readonly continues: Instruction[];
  readonly depth: number;
}

const NO_ARGS: readonly Eval[] = [];

class Compiler {
  private readonly name: string;
  private readonly cells: ReadonlyMap<string, number>;
  private readonly code: Instruction[] = [];
  private readonly slots = new Map<string, number>();
  private readonly loops: Loop[] = [];
  private readonly names;
  private hidden = 0;
  /** Regions open at this point of the code. */
  private depth = 0;

  constructor(
    name: string,
    params: Readonly<Record<string, ParamValue>>,
    cells: ReadonlyMap<string, number>,
  ) {
    this.name = name;
    this.cells = cells;
    this.names = { params, slot: (local: string) => this.slot(local) };
  }

  procedure(args: readonly string[], body: Block): ProcCode {
    for (const arg of args) this.slot(arg);
    this.block(body);
    this.emit({ op: "return", id: `${this.name}/end` }, "return");
    return { name: this.name, code: this.code, slots: this.slots.size, args: args.length, suspends: false };
  }

  private slot(name: string): number {
    let slot = this.slots.get(name);
    if (slot === undefined) {
      slot = this.slots.size;
      this.slots.set(name, slot);
    }
    return slot;
  }

  private hiddenSlot(): number {
    return this.slot(` ${this.hidden++}`); // no name of a program has a blank
  }

  private eval(expr: Expr): Eval {
    return compileExpr(expr, this.names);
  }

  private emit(
    stmt: { readonly op: string; readonly id?: string },
    op: Opcode,
    parts: {
      a?: Expr | undefined;
      b?: Expr | undefined;
      args?: readonly Expr[] | undefined;
      slot?: number;
      slot2?: number;
      extra?: unknown;
    } = {},
  ): Instruction {
    const instruction: Instruction = {
      op,
      at: { op: stmt.op, statement: stmt.id ?? "" },
      operation: operationOf(op),
      // Of a statement's instructions the one that waits: its own, or a range's receive.
      cancellable: (op === stmt.op || op === "rangeNext") && isCancellationPoint(stmt.op as OpName),
      a: parts.a === undefined ? null : this.eval(parts.a),
      b: parts.b === undefined ? null : this.eval(parts.b),
      args: parts.args === undefined ? NO_ARGS : parts.args.map((arg) => this.eval(arg)),
      slot: parts.slot ?? -1,
      slot2: parts.slot2 ?? -1,
      target: -1,
      cold: true,
      extra: parts.extra ?? null,
    };
    this.code.push(instruction);
    return instruction;
  }

  private get here(): number {
    return this.code.length;
  }

  private block(block: Block): void {
    for (const stmt of block) this.statement(stmt);
  }

  private optional(name: string | undefined): number {
    return name === undefined ? -1 : this.slot(name);
  }

  private loop(label: string | undefined, body: Block): Loop {
    const loop: Loop = { label, breaks: [], continues: [], depth: this.depth };
    this.loops.push(loop);
    this.block(body);
    this.loops.pop();
    return loop;
  }

  private close(loop: Loop, continueTarget: number): void {
    for (const jump of loop.continues) jump.target = continueTarget;
    for (const jump of loop.breaks) jump.target = this.here;
  }

  private statement(stmt: Stmt): void {
    switch (stmt.op) {
      case "let":
        this.emit(stmt, "let", { a: stmt.value, slot: this.slot(stmt.bind) });
        return;
      case "assign":
        this.emit(stmt, "let", { a: stmt.value, slot: this.slot(stmt.name) });
        return;
      case "push":
        this.emit(stmt, "push", { a: stmt.list, b: stmt.value });
        return;
      case "setAt":
        this.emit(stmt, "setAt", { a: stmt.list, b: stmt.index, args: [stmt.value] });
        return;
      case "put":
        this.emit(stmt, "put", {
          a: stmt.map,
          b: stmt.key,
          args: [stmt.value, ...(stmt.max === undefined ? [] : [stmt.max])],
        });
        return;
      case "delete":
        this.emit(stmt, "delete", { a: stmt.map, b: stmt.key });
        return;
      case "if": {
        const test = this.emit(stmt, "jumpUnless", { a: stmt.cond });
        this.block(stmt.then);
        if (stmt.else === undefined) {
          test.target = this.here;
          return;
        }
        const skip = this.emit(stmt, "jump");
        test.target = this.here;
        this.block(stmt.else);
        skip.target = this.here;
        return;
      }
      case "while": {
        const counter = stmt.bound === undefined ? -1 : this.hiddenSlot();
        if (stmt.bound !== undefined) this.emit(stmt, "let", { a: { lit: 0 }, slot: counter });
        const start = this.here;
        const test = this.emit(stmt, "jumpUnless", { a: stmt.cond });
        if (stmt.bound !== undefined) this.emit(stmt, "bound", { a: stmt.bound, slot: counter });
        const loop = this.loop(stmt.label, stmt.body);
        this.emit(stmt, "jump").target = start;
        test.target = this.here;
        this.close(loop, start);
        return;
      }
      case "repeat": {
        const counter = this.hiddenSlot();
        const limit = this.hiddenSlot();
        this.emit(stmt, "loopStart", { a: stmt.count, slot: counter, slot2: limit });
        const start = this.here;
        const next = this.emit(stmt, "loopNext", {
          slot: counter,
          slot2: limit,
          extra: this.optional(stmt.bind),
        });
        const loop = this.loop(stmt.label, stmt.body);
        this.emit(stmt, "jump").target = start;
        next.target = this.here;
        this.close(loop, start);
        return;
      }
      case "forEach": {
        const counter = this.hiddenSlot();
        const items = this.hiddenSlot();
        const ofMap = stmt.key !== undefined;
        const [begin, turn] = ofMap
          ? (["entriesStart", "entriesNext"] as const)
          : (["eachStart", "eachNext"] as const);
        this.emit(stmt, begin, { a: stmt.list, slot: counter, slot2: items });
        const start = this.here;
        const value = this.slot(stmt.bind);
        const next = this.emit(stmt, turn, {
          slot: counter,
          slot2: items,
          extra: ofMap ? ({ key: this.slot(stmt.key), value } satisfies EntrySlots) : value,
        });
        const loop = this.loop(stmt.label, stmt.body);
        this.emit(stmt, "jump").target = start;
        next.target = this.here;
        this.close(loop, start);
        return;
      }
      case "range": {
        const start = this.here;
        const next = this.emit(stmt, "rangeNext", { a: stmt.chan, slot: this.slot(stmt.bind) });
        const loop = this.loop(stmt.label, stmt.body);
        this.emit(stmt, "jump").target = start;
        next.target = this.here;
        this.close(loop, start);
        return;
      }
      case "match": {
        const value = this.hiddenSlot();
        this.emit(stmt, "let", { a: stmt.value, slot: value });
        const ends: Instruction[] = [];
        for (const each of stmt.cases) {
          const test = this.emit(stmt, "jumpUnlessEqual", { a: { lit: each.tag }, slot: value });
          this.block(each.body);
          ends.push(this.emit(stmt, "jump"));
          test.target = this.here;
        }
        if (stmt.otherwise !== undefined) this.block(stmt.otherwise);
        for (const end of ends) end.target = this.here;
        return;
      }
      case "break":
      case "continue": {
        const loop = this.loops.findLast((each) => stmt.label === undefined || each.label === stmt.label)!;
        const jump =
          this.depth === loop.depth
            ? this.emit(stmt, "jump")
            : this.emit(stmt, "leaveTo", { extra: { depth: loop.depth } satisfies LeaveTo });
        (stmt.op === "break" ? loop.breaks : loop.continues).push(jump);
        return;
      }
      case "return":
        this.emit(stmt, "return", { a: stmt.value });
        return;
      case "call":
        this.emit(stmt, "call", { args: stmt.args, slot: this.optional(stmt.bind), extra: stmt.proc });
        return;
      case "callRef":
        this.emit(stmt, "callRef", { a: stmt.ref, args: stmt.args, slot: this.optional(stmt.bind) });
        return;
      case "defer": {
        const defer = this.emit(stmt, "defer");
        const skip = this.emit(stmt, "jump");
        defer.target = this.here;
        this.outOfLine(stmt.body);
        this.emit(stmt, "endFinally");
        skip.target = this.here;
        return;
      }
      case "try":
        this.try(stmt);
        return;
      case "throw":
        this.emit(stmt, "throw", { extra: stmt });
        return;
      case "assert":
      case "expect":
        this.emit(stmt, stmt.op, { a: stmt.cond, extra: stmt.message });
        return;
      case "scope":
      case "scopeRace": {
        const enter = this.emit(stmt, "enterScope", { extra: stmt });
        this.depth++;
        this.block(stmt.body);
        this.depth--;
        this.emit(stmt, "leave");
        enter.target = this.here;
        this.emit(stmt, "endScope", {
          slot: stmt.op === "scopeRace" ? this.optional(stmt.bind) : -1,
          extra: stmt.op === "scopeRace" && stmt.leaveLosers === true,
        });
        this.emit(stmt, "endFinally");
        return;
      }
      case "enter":
        this.bracket(stmt, "enterMonitor", "exitMonitor", stmt.monitor, () => this.block(stmt.body));
        return;
      case "deadline":
        this.bracket(stmt, "enterDeadline", "exitDeadline", stmt.dur, () => this.block(stmt.body));
        return;
      case "withToken":
        this.bracket(stmt, "enterToken", "exitToken", stmt.token, () => this.block(stmt.body));
        return;
      case "shield":
        this.bracket(stmt, "enterShield", "exitShield", undefined, () => this.block(stmt.body));
        return;
      case "onceDo": {
        const enter = this.bracket(stmt, "enterOnce", "exitOnce", stmt.once, () => {
          this.emit(stmt, "call", { args: stmt.args, extra: stmt.proc });
        });
        enter.extra = this.here; // past it all, for those who come later
        return;
      }
      case "select":
        this.select(stmt);
        return;
      case "spawn":
        this.emit(stmt, "spawn", {
          args: stmt.args,
          slot: this.optional(stmt.bind),
          slot2: stmt.deferred === true ? 1 : 0,
          extra: stmt.proc,
        });
        return;
      case "spawnRef":
        this.emit(stmt, "spawnRef", { a: stmt.ref, args: stmt.args, slot: this.optional(stmt.bind) });
        return;
      case "detach":
        this.emit(stmt, "detach", { args: stmt.args, extra: stmt.proc });
        return;
      case "join":
        this.emit(stmt, "join", { a: stmt.task, slot: this.optional(stmt.bind) });
        return;
      case "joinAny":
        this.emit(stmt, "joinAny", {
          a: stmt.tasks,
          slot: this.optional(stmt.bind),
          extra: stmt.firstSuccess === true,
        });
        return;
      case "joinAll":
      case "settleAll":
        this.emit(stmt, stmt.op, { a: stmt.tasks, slot: this.optional(stmt.bind) });
        return;
      case "yield":
      case "yieldMicro":
      case "fileStat":
        this.emit(stmt, stmt.op);
        return;
      case "sleep":
      case "cpu":
      case "block":
        this.emit(stmt, stmt.op, { a: stmt.dur });
        return;
      case "offload":
        this.emit(stmt, "offload", { a: stmt.dur, b: stmt.workers });
        return;
      case "chan":
        this.emit(stmt, "chan", { a: stmt.cap, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "send":
        this.emit(stmt, "send", { a: stmt.chan, b: stmt.value });
        return;
      case "recv":
        this.emit(stmt, "recv", { a: stmt.chan, slot: this.optional(stmt.bind) });
        return;
      case "recvOk":
      case "tryRecv":
        this.emit(stmt, stmt.op, {
          a: stmt.chan,
          slot: this.optional(stmt.bind),
          slot2: this.slot(stmt.ok),
        });
        return;
      case "close":
        this.emit(stmt, "close", { a: stmt.chan });
        return;
      case "trySend":
        this.emit(stmt, "trySend", { a: stmt.chan, b: stmt.value, slot2: this.slot(stmt.ok) });
        return;
      case "chanLen":
      case "chanCap":
        this.emit(stmt, stmt.op, { a: stmt.chan, slot: this.slot(stmt.bind) });
        return;
      case "check":
        this.emit(stmt, "check");
        return;
      case "isCancelled":
        this.emit(stmt, "isCancelled", { slot: this.slot(stmt.bind) });
        return;
      case "cancel":
        this.emit(stmt, "cancel", { a: stmt.task });
        return;
      case "cancelToken":
        this.emit(stmt, "cancelToken", { a: stmt.token });
        return;
      case "rlock":
      case "runlock":
      case "wlock":
      case "wunlock":
        this.emit(stmt, stmt.op, { a: stmt.rwlock });
        return;
      case "cond":
        this.emit(stmt, "cond", { a: stmt.mutex, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "condWait":
      case "signal":
      case "broadcast":
        this.emit(stmt, stmt.op, { a: stmt.cond });
        return;
      case "condWaitFor":
        this.emit(stmt, "condWaitFor", { a: stmt.cond, b: stmt.dur, slot2: this.slot(stmt.ok) });
        return;
      case "monitor":
        this.emit(stmt, "monitor", { slot: this.slot(stmt.bind), extra: stmt });
        return;
      case "monitorWait":
        this.emit(stmt, "monitorWait", { a: stmt.monitor });
        return;
      case "monitorWaitFor":
        this.emit(stmt, "monitorWaitFor", { a: stmt.monitor, b: stmt.dur, slot2: this.slot(stmt.ok) });
        return;
      case "notify":
        this.emit(stmt, "notify", { a: stmt.monitor, extra: stmt.all === true });
        return;
      case "eventSet":
      case "eventWait":
        this.emit(stmt, stmt.op, { a: stmt.event });
        return;
      case "barrier":
        this.emit(stmt, "barrier", { a: stmt.parties, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "barrierWait":
        this.emit(stmt, "barrierWait", { a: stmt.barrier });
        return;
      case "after":
        this.emit(stmt, "after", { a: stmt.dur, slot: this.slot(stmt.bind), extra: stmt });
        return;
      case "timer":
      case "ticker":
        this.emit(stmt, stmt.op, {
          a: stmt.dur,
          slot: this.slot(stmt.bind),
          slot2: this.slot(stmt.channel),
          extra: stmt,
        });
        return;
      case "afterFunc":
        this.emit(stmt, "afterFunc", {
          a: stmt.dur,
          args: stmt.args,
          slot: this.optional(stmt.bind),
          extra: stmt,
        });
        return;
      case "stopTimer":
        this.emit(stmt, "stopTimer", { a: stmt.timer, slot2: this.optional(stmt.ok) });
        return;
      case "resetTimer":
        this.emit(stmt, "resetTimer", { a: stmt.timer, b: stmt.dur, slot2: this.optional(stmt.ok) });
        return;
      case "lockFor":
        this.emit(stmt, "lockFor", { a: stmt.mutex, b: stmt.dur, slot2: this.slot(stmt.ok) });
        return;
      case "acquireFor":
        this.emit(stmt, "acquireFor", {
          a: stmt.sem,
          b: stmt.count ?? { lit: 1 },
          args: [stmt.dur],
          slot2: this.slot(stmt.ok),
        });
        return;
      case "onResolve":
        this.emit(stmt, "onResolve", {
          a: stmt.promise,
          args: stmt.args,
          slot: this.optional(stmt.bind),
          extra: stmt,
        });
        return;
      case "callback":
        this.emit(stmt, "callback", { args: stmt.args, extra: stmt });
        return;
      case "mutex":
      case "group":
      case "promise":
      case "rwlock":
      case "once":
      case "event":
      case "token":
        this.emit(stmt, stmt.op, { slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "lock":
      case "unlock":
        this.emit(stmt, stmt.op, { a: stmt.mutex });
        return;
      case "tryLock":
        this.emit(stmt, "tryLock", { a: stmt.mutex, slot2: this.slot(stmt.ok) });
        return;
      case "sem":
        this.emit(stmt, "sem", { a: stmt.permits, slot: this.slot(stmt.bind), extra: stmt });
        return;
      case "acquire":
      case "release":
        this.emit(stmt, stmt.op, { a: stmt.sem, b: stmt.count ?? { lit: 1 } });
        return;
      case "groupAdd":
        this.emit(stmt, "groupAdd", { a: stmt.group, b: stmt.count });
        return;
      case "groupDone":
        this.emit(stmt, "groupAdd", { a: stmt.group, b: { lit: -1 } });
        return;
      case "groupWait":
        this.emit(stmt, "groupWait", { a: stmt.group });
        return;
      case "load":
        this.emit(stmt, "load", {
          a: stmt.index,
          slot: this.slot(stmt.bind),
          slot2: this.cells.get(stmt.cell)!,
        });
        return;
      case "store":
        this.emit(stmt, "store", { a: stmt.index, b: stmt.value, slot2: this.cells.get(stmt.cell)! });
        return;
      case "atomic":
        this.emit(stmt, "atomic", { a: stmt.init, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "atomicLoad":
        this.emit(stmt, "atomicLoad", { a: stmt.atomic, slot: this.slot(stmt.bind) });
        return;
      case "atomicStore":
        this.emit(stmt, "atomicStore", { a: stmt.atomic, b: stmt.value });
        return;
      case "atomicAdd":
        this.emit(stmt, "atomicAdd", { a: stmt.atomic, b: stmt.value, slot: this.optional(stmt.bind) });
        return;
      case "atomicCas":
        this.emit(stmt, "atomicCas", {
          a: stmt.atomic,
          b: stmt.expect,
          args: [stmt.value],
          slot2: this.slot(stmt.ok),
        });
        return;
      case "resolve":
        this.emit(stmt, "resolve", { a: stmt.promise, b: stmt.value });
        return;
      case "reject":
        this.emit(stmt, "reject", { a: stmt.promise, extra: stmt.kind });
        return;
      case "await":
        this.emit(stmt, "await", { a: stmt.promise, slot: this.optional(stmt.bind) });
        return;
      case "callService":
        this.emit(stmt, "callService", { extra: stmt.service });
        return;
      case "fileRead":
        this.emit(stmt, "fileRead", { a: stmt.bytes, b: stmt.stall });
        return;
      case "listen":
        this.emit(stmt, "listen", { a: stmt.backlog, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "accept":
      case "connect":
        this.emit(stmt, stmt.op, { a: stmt.listener, slot: this.slot(stmt.bind), extra: stmt.bind });
        return;
      case "read":
        this.emit(stmt, "read", { a: stmt.conn, b: stmt.bytes, slot: this.optional(stmt.bind) });
        return;
      case "write":
        this.emit(stmt, "write", { a: stmt.conn, b: stmt.bytes });
        return;
      case "closeConn":
        this.emit(stmt, "closeConn", { a: stmt.conn });
        return;
      case "closeListener":
        this.emit(stmt, "closeListener", { a: stmt.listener });
        return;
      case "log":
        this.emit(stmt, "log", { args: stmt.args, extra: stmt.text });
        return;
      case "mark":
        this.emit(stmt, "mark", { a: stmt.from, extra: stmt.name });
        return;
      case "measure":
      case "gauge":
        this.emit(stmt, stmt.op, { a: stmt.value, extra: stmt.name });
        return;
      case "count":
        this.emit(stmt, "count", { a: stmt.by ?? { lit: 1 }, extra: stmt.name });
        return;
      case "now":
        this.emit(stmt, "now", { slot: this.slot(stmt.bind) });
        return;
      case "draw":
        this.emit(stmt, "draw", { slot: this.slot(stmt.bind), extra: stmt });
        return;
      case "choose":
        this.emit(stmt, "choose", { a: stmt.n, slot: this.slot(stmt.bind) });
        return;
      default:
        stmt satisfies never;
    }
  }

  /** What has to be undone whenever its body is left: `enter`, the body in a region, `exit`. */
  private bracket(
    stmt: Stmt,
    enterOp: Opcode,
    exitOp: Opcode,
    a: Expr | undefined,
    body: () => void,
  ): Instruction {
    const slot = this.hiddenSlot();
    const enter = this.emit(stmt, enterOp, { a, slot });
    this.depth++;
    body();
    this.depth--;
    this.emit(stmt, "leave");
    enter.target = this.here;
    this.emit(stmt, exitOp, { slot });
    this.emit(stmt, "endFinally");
    return enter;
  }

  /** A deferred body runs after the regions around it are gone, inside the region that marks it running. */
  private outOfLine(body: Block): void {
    const { depth } = this;
    this.depth = 1;
    this.block(body);
    this.depth = depth;
  }

  private try(stmt: Extract<Stmt, { readonly op: "try" }>): void {
    const targets: TryTargets = { catches: [], finallyTarget: -1 };
    const hasFinally = stmt.finally !== undefined;
    this.emit(stmt, "enterTry", { extra: targets });
    this.depth++;
    this.block(stmt.body);
    this.depth--;
    const leaves = [this.emit(stmt, "leave")];
    for (const each of stmt.catches) {
      targets.catches.push({ kinds: each.kinds, target: this.here });
      if (hasFinally) this.depth++;
      this.block(each.body);
      if (hasFinally) this.depth--;
      leaves.push(this.emit(stmt, hasFinally ? "leave" : "jump"));
    }
    if (stmt.finally !== undefined) {
      targets.finallyTarget = this.here;
      this.depth++; // the region that marks a running finally
      this.block(stmt.finally);
      this.depth--;
      this.emit(stmt, "endFinally");
    }
    for (const leave of leaves) leave.target = this.here;
  }

  private select(stmt: Extract<Stmt, { readonly op: "select" }>): void {
    const code: SelectCode = {
      arms: stmt.cases.map((each) => ({
        dir: each.dir,
        source: this.eval(sourceOf(each)),
        value: each.dir === "send" ? this.eval(each.value) : null,
        slot: each.dir === "recv" || each.dir === "promise" ? this.optional(each.bind) : -1,
        okSlot: each.dir === "recv" ? this.optional(each.ok) : -1,
        target: -1,
      })),
      timeout: stmt.timeout === undefined ? null : this.eval(stmt.timeout.dur),
      timeoutTarget: -1,
      otherwiseTarget: -1,
    };
    this.emit(stmt, "select", { extra: code });
    const ends: Instruction[] = [];
    stmt.cases.forEach((each, index) => {
      code.arms[index]!.target = this.here;
      this.block(each.body);
      ends.push(this.emit(stmt, "jump"));
    });
    if (stmt.otherwise !== undefined) {
      code.otherwiseTarget = this.here;
      this.block(stmt.otherwise);
      ends.push(this.emit(stmt, "jump"));
    }
    if (stmt.timeout !== undefined) {
      code.timeoutTarget = this.here;
      this.block(stmt.timeout.body);
    }
    for (const end of ends) end.target = this.here;
  }
}
