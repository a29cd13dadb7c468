/**
 * What each operation reads, binds and contains, in one table, for everything that walks a program: the checker, the
 * manifest, generators of source.
 */
import type { Block, Expr, SelectCase, Stmt, TypeName } from "./tree.ts";

/** What an operand may be: one type, an int or a duration, a map, or anything. */
export type Wanted = TypeName | "quantity" | "map" | "any";

export interface Operand {
  /** Its name in messages: `duration`, `channel`, `count`. */
  readonly name: string;
  readonly expr: Expr;
  readonly wants: Wanted;
  /** The least meaningful value of a number. */
  readonly least?: number;
}

export interface Bind {
  readonly name: string;
  /** `any`: not known from the statement alone. */
  readonly gives: TypeName | "any";
}

/** A block inside a statement. */
export interface Nested {
  /** The block's part of an id: `then`, `case0`. */
  readonly name: string;
  readonly block: Block;
  /** Locals that the block starts with. */
  readonly binds: readonly Bind[];
}

/** The expressions that the statement evaluates itself; those in nested blocks are not among them. */
export function operandsOf(s: Stmt): readonly Operand[] {
  switch (s.op) {
    case "let":
    case "assign":
      return [anything("value", s.value)];
    case "push":
      return [operand("list", s.list), anything("value", s.value)];
    case "setAt":
      return [operand("list", s.list), atLeast(0, "index", s.index), anything("value", s.value)];
    case "put":
      return [
        typed("map", s.map, "map"),
        anything("key", s.key),
        anything("value", s.value),
        ...given(s.max, (max) => atLeast(0, "max", max)),
      ];
    case "delete":
      return [typed("map", s.map, "map"), anything("key", s.key)];
    case "if":
    case "assert":
    case "expect":
      return [typed("condition", s.cond, "bool")];
    case "while":
      return [typed("condition", s.cond, "bool"), ...given(s.bound, (bound) => atLeast(0, "bound", bound))];
    case "repeat":
      return [atLeast(0, "count", s.count)];
    case "forEach":
      return [s.key === undefined ? operand("list", s.list) : typed("map", s.list, "map")];
    case "match":
      return [anything("value", s.value)];
    case "return":
      return given(s.value, (value) => anything("value", value));
    case "call":
    case "spawn":
    case "detach":
    case "callback":
      return argumentsOf(s.args);
    case "callRef":
    case "spawnRef":
      return [typed("reference", s.ref, `proc:${s.type}`), ...argumentsOf(s.args)];
    case "join":
      return [operand("task", s.task)];
    case "joinAny":
    case "joinAll":
    case "settleAll":
      return [typed("tasks", s.tasks, "list")];
    case "sleep":
    case "cpu":
    case "block":
    case "after":
    case "timer":
    case "deadline":
      return [duration(s.dur)];
    case "ticker":
      return [{ ...duration(s.dur), least: 1 }];
    case "afterFunc":
      return [duration(s.dur), ...argumentsOf(s.args)];
    case "stopTimer":
      return [operand("timer", s.timer)];
    case "resetTimer":
      return [operand("timer", s.timer), duration(s.dur)];
    case "cancel":
      return [operand("task", s.task)];
    case "cancelToken":
    case "withToken":
      return [operand("token", s.token)];
    case "offload":
      return [duration(s.dur), ...given(s.workers, (workers) => atLeast(1, "workers", workers))];
    case "chan":
      return [atLeast(0, "capacity", s.cap)];
    case "send":
    case "trySend":
      return [channel(s.chan), anything("value", s.value)];
    case "recv":
    case "recvOk":
    case "range":
    case "close":
    case "tryRecv":
    case "chanLen":
    case "chanCap":
      return [channel(s.chan)];
    case "select":
      return [
        ...s.cases.flatMap((each) => [
          "chan" in each ? channel(each.chan) : operand(each.dir, sourceOf(each)),
          ...(each.dir === "send" ? [anything("value", each.value)] : []),
        ]),
        ...(s.timeout === undefined ? [] : [{ ...duration(s.timeout.dur), name: "timeout" }]),
      ];
    case "lock":
    case "unlock":
    case "tryLock":
      return [operand("mutex", s.mutex)];
    case "sem":
      return [atLeast(0, "permits", s.permits)];
    case "acquire":
    case "release":
      return [typed("semaphore", s.sem, "sem"), ...given(s.count, (count) => atLeast(1, "count", count))];
    case "lockFor":
      return [operand("mutex", s.mutex), duration(s.dur)];
    case "acquireFor":
      return [
        typed("semaphore", s.sem, "sem"),
        ...given(s.count, (count) => atLeast(1, "count", count)),
        duration(s.dur),
      ];
    case "rlock":
    case "runlock":
    case "wlock":
    case "wunlock":
      return [operand("rwlock", s.rwlock)];
    case "cond":
      return [operand("mutex", s.mutex)];
    case "condWait":
    case "signal":
    case "broadcast":
      return [operand("cond", s.cond)];
    case "condWaitFor":
      return [operand("cond", s.cond), duration(s.dur)];
    case "enter":
    case "monitorWait":
    case "notify":
      return [operand("monitor", s.monitor)];
    case "monitorWaitFor":
      return [operand("monitor", s.monitor), duration(s.dur)];
    case "onceDo":
      return [operand("once", s.once), ...argumentsOf(s.args)];
    case "eventSet":
    case "eventWait":
      return [operand("event", s.event)];
    case "barrier":
      return [atLeast(1, "parties", s.parties)];
    case "barrierWait":
      return [operand("barrier", s.barrier)];
    case "groupAdd":
      return [operand("group", s.group), typed("count", s.count, "int")];
    case "groupDone":
    case "groupWait":
      return [operand("group", s.group)];
    case "load":
      return given(s.index, (index) => atLeast(0, "index", index));
    case "store":
      return [...given(s.index, (index) => atLeast(0, "index", index)), anything("value", s.value)];
    case "atomic":
      return [typed("value", s.init, "int")];
    case "atomicLoad":
      return [operand("atomic", s.atomic)];
    case "atomicStore":
    case "atomicAdd":
      return [operand("atomic", s.atomic), typed("value", s.value, "int")];
    case "atomicCas":
      return [
        operand("atomic", s.atomic),
        typed("expected value", s.expect, "int"),
        typed("value", s.value, "int"),
      ];
    case "resolve":
      return [operand("promise", s.promise), anything("value", s.value)];
    case "reject":
    case "await":
      return [operand("promise", s.promise)];
    case "onResolve":
      return [operand("promise", s.promise), ...argumentsOf(s.args)];
    case "callService":
    case "log":
      return argumentsOf(s.args ?? []);
    case "fileRead":
      return [
        atLeast(0, "bytes", s.bytes),
        ...given(s.stall, (stall) => ({ ...duration(stall), name: "stall" })),
      ];
    case "listen":
      return [atLeast(0, "backlog", s.backlog)];
    case "accept":
    case "connect":
    case "closeListener":
      return [operand("listener", s.listener)];
    case "read":
    case "write":
      return [typed("connection", s.conn, "conn"), atLeast(1, "bytes", s.bytes)];
    case "closeConn":
      return [typed("connection", s.conn, "conn")];
    case "mark":
      return given(s.from, (from) => typed("start", from, "dur"));
    case "measure":
    case "gauge":
      return [typed("value", s.value, "quantity")];
    case "count":
      return given(s.by, (by) => typed("count", by, "int"));
    case "choose":
      return [atLeast(1, "number of choices", s.n)];
    case "break":
    case "continue":
    case "defer":
    case "try":
    case "throw":
    case "scope":
    case "scopeRace":
    case "yield":
    case "yieldMicro":
    case "mutex":
    case "group":
    case "promise":
    case "rwlock":
    case "monitor":
    case "once":
    case "event":
    case "token":
    case "isCancelled":
    case "check":
    case "shield":
    case "fileStat":
    case "now":
    case "draw":
      return [];
  }
}

/** The locals that the statement leaves bound in its block. */
export function bindsOf(s: Stmt): readonly Bind[] {
  switch (s.op) {
    case "let":
    case "load":
      return [{ name: s.bind, gives: "any" }];
    case "call":
    case "callRef":
    case "join":
    case "joinAny":
    case "scopeRace":
    case "recv":
    case "await":
      return bound(s.bind, "any");
    case "spawn":
    case "spawnRef":
      return bound(s.bind, "task");
    case "joinAll":
    case "settleAll":
      return bound(s.bind, "list");
    case "chan":
    case "mutex":
    case "sem":
    case "group":
    case "atomic":
    case "promise":
    case "rwlock":
    case "cond":
    case "monitor":
    case "once":
    case "event":
    case "barrier":
    case "token":
      return [{ name: s.bind, gives: s.op }];
    case "after":
      return [{ name: s.bind, gives: "chan" }];
    case "timer":
    case "ticker":
      return [
        { name: s.bind, gives: "timer" },
        { name: s.channel, gives: "chan" },
      ];
    case "listen":
      return [{ name: s.bind, gives: "listener" }];
    case "accept":
    case "connect":
      return [{ name: s.bind, gives: "conn" }];
    case "read":
      return bound(s.bind, "int");
    case "afterFunc":
      return bound(s.bind, "timer");
    case "onResolve":
      return bound(s.bind, "promise");
    case "stopTimer":
    case "resetTimer":
      return bound(s.ok, "bool");
    case "isCancelled":
      return [{ name: s.bind, gives: "bool" }];
    case "recvOk":
    case "tryRecv":
      return [...bound(s.bind, "any"), { name: s.ok, gives: "bool" }];
    case "trySend":
    case "tryLock":
    case "lockFor":
    case "acquireFor":
    case "condWaitFor":
    case "monitorWaitFor":
    case "atomicCas":
      return [{ name: s.ok, gives: "bool" }];
    case "chanLen":
    case "chanCap":
    case "atomicLoad":
    case "choose":
      return [{ name: s.bind, gives: "int" }];
    case "atomicAdd":
      return bound(s.bind, "int");
    case "now":
      return [{ name: s.bind, gives: "dur" }];
    case "draw":
      return [{ name: s.bind, gives: s.unit === "ns" ? "dur" : "int" }];
    default:
      return [];
  }
}

/** The blocks inside the statement, in the order of its ids. */
export function nestedIn(s: Stmt): readonly Nested[] {
  switch (s.op) {
    case "if":
      return [nested("then", s.then), ...given(s.else, (block) => nested("else", block))];
    case "while":
    case "defer":
    case "scope":
    case "scopeRace":
    case "deadline":
    case "shield":
    case "withToken":
    case "enter":
      return [nested("body", s.body)];
    case "repeat":
      return [nested("body", s.body, bound(s.bind, "int"))];
    case "forEach":
      return [nested("body", s.body, [...bound(s.key, "any"), ...bound(s.bind, "any")])];
    case "range":
      return [nested("body", s.body, bound(s.bind, "any"))];
    case "match":
      return [
        ...s.cases.map((each, index) => nested(`case${index}`, each.body)),
        ...given(s.otherwise, (block) => nested("otherwise", block)),
      ];
    case "try":
      return [
        nested("body", s.body),
        ...s.catches.map((each, index) => nested(`catch${index}`, each.body)),
        ...given(s.finally, (block) => nested("finally", block)),
      ];
    case "select":
      return [
        ...s.cases.map((each, index) => nested(`case${index}`, each.body, bindsOfCase(each))),
        ...given(s.otherwise, (block) => nested("otherwise", block)),
        ...given(s.timeout, (timeout) => nested("timeout", timeout.body)),
      ];
    default:
      return [];
  }
}

/** What a case of a select waits for. */
export function sourceOf(each: SelectCase): Expr {
  switch (each.dir) {
    case "promise":
      return each.promise;
    case "token":
      return each.token;
    case "event":
      return each.event;
    default:
      return each.chan;
  }
}

function bindsOfCase(each: SelectCase): readonly Bind[] {
  switch (each.dir) {
    case "recv":
      return [...bound(each.bind, "any"), ...bound(each.ok, "bool")];
    case "promise":
      return bound(each.bind, "any");
    default:
      return [];
  }
}

/** Calls `visit` with every statement of the block and of the blocks inside it, outer before inner. */
export function walk(block: Block, visit: (statement: Stmt) => void): void {
  for (const statement of block) {
    visit(statement);
    for (const inner of nestedIn(statement)) walk(inner.block, visit);
  }
}

/** Calls `visit` with the expression and every expression inside it. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const part of partsOf(expr)) walkExpr(part, visit);
}

/** The expressions right inside an expression, from left to right. */
export function partsOf(expr: Expr): readonly Expr[] {
  if ("list" in expr) return expr.list;
  if ("map" in expr) return expr.map.flat();
  if ("unary" in expr) return [expr.arg];
  if ("binary" in expr) return [expr.left, expr.right];
  if ("at" in expr) return [expr.at, expr.index, ...given(expr.otherwise, (otherwise) => otherwise)];
  if ("get" in expr) return [expr.get, expr.key, ...given(expr.otherwise, (otherwise) => otherwise)];
  if ("has" in expr) return [expr.has, expr.key];
  if ("of" in expr) return [expr.of];
  if ("procRef" in expr) return expr.args;
  if ("record" in expr) return [...("with" in expr ? [expr.with] : []), ...Object.values(expr.fields)];
  return [];
}

function typed(name: string, expr: Expr, wants: Wanted): Operand {
  return { name, expr, wants };
}

/** An operand whose name is its type's. */
function operand(type: TypeName, expr: Expr): Operand {
  return { name: type, expr, wants: type };
}

function argumentsOf(args: readonly Expr[]): readonly Operand[] {
  return args.map((arg, index) => anything(`argument ${index}`, arg));
}

const anything = (name: string, expr: Expr): Operand => typed(name, expr, "any");
const channel = (expr: Expr): Operand => typed("channel", expr, "chan");
const duration = (expr: Expr): Operand => ({ name: "duration", expr, wants: "dur", least: 0 });
const atLeast = (least: number, name: string, expr: Expr): Operand => ({ name, expr, wants: "int", least });

function given<T, U>(value: T | undefined, make: (value: T) => U): readonly U[] {
  return value === undefined ? [] : [make(value)];
}

function bound(name: string | undefined, gives: Bind["gives"]): readonly Bind[] {
  return given(name, (name) => ({ name, gives }));
}

function nested(name: string, block: Block, binds: readonly Bind[] = []): Nested {
  return { name, block, binds };
}
