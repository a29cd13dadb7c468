/**
 * The writer of one procedure's body: a method for each operation of the language. A statement that binds a local
 * takes the local's name first (`b.recv("v", ch)`) and returns the handle on it; a construct with a body takes the
 * name right before the body (`b.repeat(n, "i", (i) => ...)`). The same writer is used inside nested bodies.
 */
import type { CellRef, Draws, ServiceRef } from "./declarations.ts";
import { keyKind, kindOf, lift, local } from "./expressions.ts";
import type { E, In, KeyOf, Kind, KindOf, Local, Mapping, Value } from "./expressions.ts";
import type {
  Block,
  CallbackQueue,
  CatchUp,
  ErrKind,
  Expr,
  Literal,
  Fairness,
  MonitorVia,
  SelectCase,
  Stmt,
  TypeName,
} from "./tree.ts";

/** Names and types of a procedure's arguments, in order. */
export type Args = Readonly<Record<string, TypeName>>;
export type Returns = TypeName | undefined;

/** A handle on a procedure. */
export interface ProcRef<A extends Args = Args, R extends Returns = Returns> {
  readonly proc: string;
  readonly args: A;
  readonly returns: R;
}

type Given<A extends Args> = { readonly [N in keyof A]: In<A[N]> };
/** The arguments of a call; a procedure without arguments needs none. */
type Actual<A extends Args> = [keyof A] extends [never] ? [args?: Record<string, never>] : [args: Given<A>];
type SpawnRest<A extends Args> = [...Actual<A>, options?: { readonly deferred?: boolean }];

type Body0 = () => void;
/** The name of a local that a loop binds, or the name together with the loop's label. */
type LoopName = string | { readonly bind: string; readonly label: string };
type Caught = { readonly kinds: ErrKind | "*" | readonly (ErrKind | "*")[]; readonly body: Body0 };

export class Body<R extends Returns = undefined> {
  readonly #blocks: Stmt[][] = [[]];
  readonly #name: string;
  #open = true;

  constructor(name: string) {
    this.#name = name;
  }

  /** The statements written; nothing can be added afterwards. */
  finish(): Block {
    this.#open = false;
    return this.#blocks[0] ?? [];
  }

  /** Appends a statement, as the other methods do. */
  add(statement: Stmt): void {
    this.#add(statement);
  }

  // Control flow

  /** A new local. A text that is a duration, such as `"5ms"`, makes it a duration. */
  let<V extends Value>(bind: string, value: V): Local<KindOf<V>> {
    this.#add({ op: "let", bind, value: lift(value, "any") });
    return local(kindOf(value), bind) as Local<KindOf<V>>;
  }
  /** A new local list. */
  list(bind: string, ...items: readonly Value[]): Local<"list"> {
    return this.let(bind, items) as Local<"list">;
  }
  assign<K extends Kind>(target: Local<K>, value: NoInfer<In<K>>): void {
    this.#add({ op: "assign", name: target.expr.var, value: lift(value as Value, target.kind) });
  }
  /** Appends to a list. */
  push(list: E<"list"> | E<"any">, value: Value): void {
    this.#add({ op: "push", list: list.expr, value: lift(value, "any") });
  }
  /** Replaces the item at `index`, which must exist. */
  setAt(list: E<"list"> | E<"any">, index: In<"int">, value: Value): void {
    this.#add({ op: "setAt", list: list.expr, index: lift(index, "int"), value: lift(value, "any") });
  }
  /** Sets what the map has under the key; a new key beyond `max` of them raises AssertFailed. */
  put<M extends Mapping>(map: M, key: KeyOf<M>, value: Value, options?: { readonly max: In<"int"> }): void {
    this.#add({
      op: "put",
      map: map.expr,
      key: lift(key, keyKind(map)),
      value: lift(value, "any"),
      ...(options === undefined ? {} : { max: lift(options.max, "int") }),
    });
  }
  /** Takes the key out of the map, if it is there. */
  delete<M extends Mapping>(map: M, key: KeyOf<M>): void {
    this.#add({ op: "delete", map: map.expr, key: lift(key, keyKind(map)) });
  }
  if(cond: In<"bool">, then: Body0, otherwise?: Body0): void {
    const yes = this.#block(then);
    this.#add({
      op: "if",
      cond: lift(cond, "bool"),
      // oxlint-disable-next-line unicorn/no-thenable -- a field of the tree, never awaited
      then: yes,
      ...(otherwise === undefined ? {} : { else: this.#block(otherwise) }),
    });
  }
  /** `bound`: turns after which the loop raises AssertFailed; `spin`: the loop is meant to wait by turning. */
  while(
    cond: In<"bool">,
    limit: ({ readonly bound: In<"int"> } | { readonly spin: true }) & { readonly label?: string },
    body: Body0,
  ): void {
    this.#add({
      op: "while",
      cond: lift(cond, "bool"),
      ...("spin" in limit ? { spin: true } : { bound: lift(limit.bound, "int") }),
      ...optional("label", limit.label),
      body: this.#block(body),
    });
  }
  repeat(count: In<"int">, body: Body0): void;
  repeat(count: In<"int">, bind: LoopName, body: (index: E<"int">) => void): void;
  repeat(count: In<"int">, bind: LoopName | Body0, body?: (index: E<"int">) => void): void {
    if (typeof bind === "function")
      return this.#add({ op: "repeat", count: lift(count, "int"), body: this.#block(bind) });
    const loop = loopName(bind);
    this.#add({
      op: "repeat",
      count: lift(count, "int"),
      ...loop,
      body: this.#block(() => body?.(local("int", loop.bind))),
    });
  }
  forEach(list: In<"list">, bind: LoopName, body: (item: E<"any">) => void): void {
    const loop = loopName(bind);
    this.#add({
      op: "forEach",
      list: lift(list, "list"),
      ...loop,
      body: this.#block(() => body(local("any", loop.bind))),
    });
  }
  /** The keys of a map in their order, with what it had under each when the loop began. */
  forEachEntry<M extends Mapping>(
    map: M,
    key: string,
    bind: LoopName,
    body: (key: E<"any">, value: E<"any">) => void,
  ): void {
    const loop = loopName(bind);
    this.#add({
      op: "forEach",
      list: map.expr,
      key,
      ...loop,
      body: this.#block(() => body(local(keyKind(map), key) as E<"any">, local("any", loop.bind))),
    });
  }
  /** Runs the body of the first tag equal to `value`; without one `otherwise`, or nothing. */
  match(
    value: E | number | boolean | string,
    cases: readonly (readonly [tag: Literal, body: Body0])[],
    otherwise?: Body0,
  ): void {
    this.#add({
      op: "match",
      value: lift(value, "any"),
      cases: cases.map(([tag, body]) => ({ tag, body: this.#block(body) })),
      ...(otherwise === undefined ? {} : { otherwise: this.#block(otherwise) }),
    });
  }
  break(label?: string): void {
    this.#add({ op: "break", ...optional("label", label) });
  }
  continue(label?: string): void {
    this.#add({ op: "continue", ...optional("label", label) });
  }
  return(...value: R extends TypeName ? [value: In<R>] : []): void {
    this.#add({ op: "return", ...(value.length === 0 ? {} : { value: lift(value[0] as Value, "any") }) });
  }
  call<A extends Args, K extends TypeName>(bind: string, proc: ProcRef<A, K>, ...args: Actual<A>): Local<K>;
  call<A extends Args>(proc: ProcRef<A>, ...args: Actual<A>): void;
  call(...given: readonly unknown[]): Local | void {
    const { bind, proc, args } = invocation(given);
    this.#add({ op: "call", proc: proc.proc, args, ...optional("bind", bind) });
    if (bind !== undefined) return local(proc.returns ?? "any", bind);
  }
  /** Runs the body when the procedure ends, last deferred first. */
  defer(body: Body0): void {
    this.#add({ op: "defer", body: this.#block(body) });
  }
  try(parts: { readonly body: Body0; readonly catch?: readonly Caught[]; readonly finally?: Body0 }): void {
    this.#add({
      op: "try",
      body: this.#block(parts.body),
      catches: (parts.catch ?? []).map(({ kinds, body }) => ({
        kinds: typeof kinds === "string" ? [kinds] : kinds,
        body: this.#block(body),
      })),
      ...(parts.finally === undefined ? {} : { finally: this.#block(parts.finally) }),
    });
  }
  throw(kind: ErrKind, message?: string): void {
    this.#add({ op: "throw", kind, ...optional("message", message) });
  }
  assert(cond: In<"bool">, message: string): void {
    this.#add({ op: "assert", cond: lift(cond, "bool"), message });
  }

  // Tasks

  spawn<A extends Args>(bind: string, proc: ProcRef<A>, ...args: SpawnRest<A>): Local<"task">;
  spawn<A extends Args>(proc: ProcRef<A>, ...args: SpawnRest<A>): void;
  spawn(...given: readonly unknown[]): Local<"task"> | void {
    const { bind, proc, args, options } = invocation(given);
    this.#add({
      op: "spawn",
      proc: proc.proc,
      args,
      ...optional("bind", bind),
      ...(options?.deferred === true ? { deferred: true } : {}),
    });
    if (bind !== undefined) return local("task", bind);
  }
  /** Starts a task that nobody joins. */
  detach<A extends Args>(proc: ProcRef<A>, ...args: Actual<A>): void;
  detach(...given: readonly unknown[]): void {
    const { proc, args } = invocation(given);
    this.#add({ op: "detach", proc: proc.proc, args });
  }
  /** Waits for a task; binds what its procedure returned. Raises TaskFailed. */
  join(bind: string, task: In<"task">): Local<"any">;
  join(task: In<"task">): void;
  join(...given: [string, In<"task">] | [In<"task">]): Local<"any"> | void {
    return this.#binding(given, "any", (task, bind) => ({
      op: "join",
      task: lift(task as Value, "task"),
      ...bind,
    }));
  }
  /** Waits for the first task to end, or with `firstSuccess` for the first to succeed; the others keep running. */
  joinAny(bind: string, tasks: In<"list">, options?: { readonly firstSuccess: boolean }): Local<"any">;
  joinAny(tasks: In<"list">, options?: { readonly firstSuccess: boolean }): void;
  joinAny(...given: readonly unknown[]): Local<"any"> | void {
    const bind = typeof given[0] === "string" ? given[0] : undefined;
    const [tasks, options] = (bind === undefined ? given : given.slice(1)) as [
      In<"list">,
      { readonly firstSuccess: boolean }?,
    ];
    this.#add({
      op: "joinAny",
      tasks: lift(tasks, "list"),
      ...(options?.firstSuccess === true ? { firstSuccess: true } : {}),
      ...optional("bind", bind),
    });
    if (bind !== undefined) return local("any", bind);
  }
  /** Waits for all tasks; binds their results in list order. Raises TaskFailed at the first failure. */
  joinAll(bind: string, tasks: In<"list">): Local<"list">;
  joinAll(tasks: In<"list">): void;
  joinAll(...given: [string, In<"list">] | [In<"list">]): Local<"list"> | void {
    return this.#binding(given, "list", (tasks, bind) => ({
      op: "joinAll",
      tasks: lift(tasks as Value, "list"),
      ...bind,
    }));
  }
  /** Waits for all tasks and never raises; binds a list of `result`s, to be asked with `isOk`. */
  settleAll(bind: string, tasks: In<"list">): Local<"list">;
  settleAll(tasks: In<"list">): void;
  settleAll(...given: [string, In<"list">] | [In<"list">]): Local<"list"> | void {
    return this.#binding(given, "list", (tasks, bind) => ({
      op: "settleAll",
      tasks: lift(tasks as Value, "list"),
      ...bind,
    }));
  }
  /** Waits for every task spawned inside the body. */
  scope(onError: "cancelSiblings" | "waitAll", body: Body0): void {
    this.#add({ op: "scope", onError, body: this.#block(body) });
  }
  /** The first task spawned inside the body that succeeds wins; the others are cancelled. */
  scopeRace(bind: string, body: Body0, options?: { readonly leaveLosers: boolean }): Local<"any">;
  scopeRace(body: Body0, options?: { readonly leaveLosers: boolean }): void;
  scopeRace(...given: readonly unknown[]): Local<"any"> | void {
    const bind = typeof given[0] === "string" ? given[0] : undefined;
    const [body, options] = (bind === undefined ? given : given.slice(1)) as [
      Body0,
      { readonly leaveLosers: boolean }?,
    ];
    this.#add({
      op: "scopeRace",
      ...optional("bind", bind),
      ...(options?.leaveLosers === true ? { leaveLosers: true } : {}),
      body: this.#block(body),
    });
    if (bind !== undefined) return local("any", bind);
  }
  yield(): void {
    this.#add({ op: "yield" });
  }
  /** Node: one turn of the microtask queue. */
  yieldMicro(): void {
    this.#add({ op: "yieldMicro" });
  }
  sleep(dur: In<"dur">): void {
    this.#add({ op: "sleep", dur: lift(dur, "dur") });
  }

  // Processor time

  cpu(dur: In<"dur">): void {
    this.#add({ op: "cpu", dur: lift(dur, "dur") });
  }
  /** A non-cooperative wait: the OS thread sleeps in the kernel. */
  block(dur: In<"dur">): void {
    this.#add({ op: "block", dur: lift(dur, "dur") });
  }
  /** Processor time on the runtime's pool of threads. */
  offload(dur: In<"dur">, options?: { readonly workers: In<"int"> }): void {
    this.#add({
      op: "offload",
      dur: lift(dur, "dur"),
      ...(options === undefined ? {} : { workers: lift(options.workers, "int") }),
    });
  }

  // Channels

  /** `cap` 0: a send waits for its receiver. */
  chan(bind: string, cap: In<"int"> = 0): Local<"chan"> {
    this.#add({ op: "chan", bind, cap: lift(cap, "int") });
    return local("chan", bind);
  }
  send(chan: In<"chan">, value: Value): void {
    this.#add({ op: "send", chan: lift(chan as Value, "chan"), value: lift(value, "any") });
  }
  recv(bind: string, chan: In<"chan">): Local<"any">;
  recv(chan: In<"chan">): void;
  recv(...given: [string, In<"chan">] | [In<"chan">]): Local<"any"> | void {
    return this.#binding(given, "any", (chan, bind) => ({
      op: "recv",
      chan: lift(chan as Value, "chan"),
      ...bind,
    }));
  }
  /** As `recv`; `ok` is false once the channel is closed and empty. Returns [value, ok]. */
  recvOk(bind: string, ok: string, chan: In<"chan">): readonly [Local<"any">, Local<"bool">] {
    this.#add({ op: "recvOk", chan: lift(chan as Value, "chan"), bind, ok });
    return [local("any", bind), local("bool", ok)];
  }
  /** Receives until the channel is closed. */
  range(chan: In<"chan">, bind: LoopName, body: (value: E<"any">) => void): void {
    const loop = loopName(bind);
    this.#add({
      op: "range",
      chan: lift(chan as Value, "chan"),
      ...loop,
      body: this.#block(() => body(local("any", loop.bind))),
    });
  }
  close(chan: In<"chan">): void {
    this.#add({ op: "close", chan: lift(chan as Value, "chan") });
  }
  trySend(ok: string, chan: In<"chan">, value: Value): Local<"bool"> {
    this.#add({ op: "trySend", chan: lift(chan as Value, "chan"), value: lift(value, "any"), ok });
    return local("bool", ok);
  }
  /** Returns [value, ok]; the value is `none` when nothing was ready. */
  tryRecv(bind: string, ok: string, chan: In<"chan">): readonly [Local<"any">, Local<"bool">] {
    this.#add({ op: "tryRecv", chan: lift(chan as Value, "chan"), bind, ok });
    return [local("any", bind), local("bool", ok)];
  }
  chanLen(bind: string, chan: In<"chan">): Local<"int"> {
    this.#add({ op: "chanLen", chan: lift(chan as Value, "chan"), bind });
    return local("int", bind);
  }
  chanCap(bind: string, chan: In<"chan">): Local<"int"> {
    this.#add({ op: "chanCap", chan: lift(chan as Value, "chan"), bind });
    return local("int", bind);
  }
  /** Commits to one ready case; without one to `otherwise`, or waits, at most for `timeout`. */
  select(
    cases: readonly SelectCase[],
    options: {
      readonly otherwise?: Body0;
      readonly timeout?: { readonly dur: In<"dur">; readonly body: Body0 };
    } = {},
  ): void {
    const { otherwise, timeout } = options;
    this.#add({
      op: "select",
      cases,
      ...(otherwise === undefined ? {} : { otherwise: this.#block(otherwise) }),
      ...(timeout === undefined
        ? {}
        : { timeout: { dur: lift(timeout.dur, "dur"), body: this.#block(timeout.body) } }),
    });
  }
  /** A case of `select`. */
  onRecv(chan: In<"chan">, body: Body0): SelectCase;
  onRecv(chan: In<"chan">, bind: string, body: (value: E<"any">) => void): SelectCase;
  onRecv(chan: In<"chan">, ...rest: [Body0] | [string, (value: E<"any">) => void]): SelectCase {
    const source = { dir: "recv", chan: lift(chan as Value, "chan") } as const;
    if (rest.length === 1) return { ...source, body: this.#block(rest[0]) };
    const [bind, body] = rest;
    return { ...source, bind, body: this.#block(() => body(local("any", bind))) };
  }
  /** A case of `select` that also tells whether the channel was open. */
  onRecvOk(
    chan: In<"chan">,
    bind: string,
    ok: string,
    body: (value: E<"any">, ok: E<"bool">) => void,
  ): SelectCase {
    return {
      dir: "recv",
      chan: lift(chan as Value, "chan"),
      bind,
      ok,
      body: this.#block(() => body(local("any", bind), local("bool", ok))),
    };
  }
  /** A case of `select`: the promise is settled. */
  onSettled(promise: In<"promise">, body: Body0): SelectCase;
  onSettled(promise: In<"promise">, bind: string, body: (value: E<"any">) => void): SelectCase;
  onSettled(promise: In<"promise">, ...rest: [Body0] | [string, (value: E<"any">) => void]): SelectCase {
    const source = { dir: "promise", promise: lift(promise as Value, "promise") } as const;
    if (rest.length === 1) return { ...source, body: this.#block(rest[0]) };
    const [bind, body] = rest;
    return { ...source, bind, body: this.#block(() => body(local("any", bind))) };
  }
  /** A case of `select`: the token is cancelled. */
  onCancelled(token: In<"token">, body: Body0): SelectCase {
    return { dir: "token", token: lift(token as Value, "token"), body: this.#block(body) };
  }
  /** A case of `select`: the event is set. */
  onSet(event: In<"event">, body: Body0): SelectCase {
    return { dir: "event", event: lift(event as Value, "event"), body: this.#block(body) };
  }
  /** A case of `select`. */
  onSend(chan: In<"chan">, value: Value, body: Body0 = () => {}): SelectCase {
    return {
      dir: "send",
      chan: lift(chan as Value, "chan"),
      value: lift(value, "any"),
      body: this.#block(body),
    };
  }

  // Locks

  mutex(bind: string): Local<"mutex"> {
    this.#add({ op: "mutex", bind });
    return local("mutex", bind);
  }
  lock(mutex: In<"mutex">): void {
    this.#add({ op: "lock", mutex: lift(mutex as Value, "mutex") });
  }
  unlock(mutex: In<"mutex">): void {
    this.#add({ op: "unlock", mutex: lift(mutex as Value, "mutex") });
  }
  tryLock(ok: string, mutex: In<"mutex">): Local<"bool"> {
    this.#add({ op: "tryLock", mutex: lift(mutex as Value, "mutex"), ok });
    return local("bool", ok);
  }
  sem(bind: string, permits: In<"int">, fairness?: Fairness): Local<"sem"> {
    this.#add({ op: "sem", bind, permits: lift(permits, "int"), ...optional("fairness", fairness) });
    return local("sem", bind);
  }
  acquire(sem: In<"sem">, count?: In<"int">): void {
    this.#add({
      op: "acquire",
      sem: lift(sem as Value, "sem"),
      ...(count === undefined ? {} : { count: lift(count, "int") }),
    });
  }
  release(sem: In<"sem">, count?: In<"int">): void {
    this.#add({
      op: "release",
      sem: lift(sem as Value, "sem"),
      ...(count === undefined ? {} : { count: lift(count, "int") }),
    });
  }
  group(bind: string): Local<"group"> {
    this.#add({ op: "group", bind });
    return local("group", bind);
  }
  groupAdd(group: In<"group">, count: In<"int"> = 1): void {
    this.#add({ op: "groupAdd", group: lift(group as Value, "group"), count: lift(count, "int") });
  }
  groupDone(group: In<"group">): void {
    this.#add({ op: "groupDone", group: lift(group as Value, "group") });
  }
  groupWait(group: In<"group">): void {
    this.#add({ op: "groupWait", group: lift(group as Value, "group") });
  }

  /** Locks it unless that takes longer than `dur`; tells whether it did. */
  lockFor(ok: string, mutex: In<"mutex">, dur: In<"dur">): Local<"bool"> {
    this.#add({ op: "lockFor", mutex: lift(mutex as Value, "mutex"), dur: lift(dur, "dur"), ok });
    return local("bool", ok);
  }
  /** Acquires `count` permits (1) unless that takes longer than `dur`; tells whether it did. */
  acquireFor(ok: string, sem: In<"sem">, dur: In<"dur">, count?: In<"int">): Local<"bool"> {
    this.#add({
      op: "acquireFor",
      sem: lift(sem as Value, "sem"),
      ...(count === undefined ? {} : { count: lift(count, "int") }),
      dur: lift(dur, "dur"),
      ok,
    });
    return local("bool", ok);
  }
  /** Many readers or one writer; writers go before readers that come later. */
  rwlock(bind: string): Local<"rwlock"> {
    this.#add({ op: "rwlock", bind });
    return local("rwlock", bind);
  }
  rlock(rwlock: In<"rwlock">): void {
    this.#add({ op: "rlock", rwlock: lift(rwlock as Value, "rwlock") });
  }
  runlock(rwlock: In<"rwlock">): void {
    this.#add({ op: "runlock", rwlock: lift(rwlock as Value, "rwlock") });
  }
  wlock(rwlock: In<"rwlock">): void {
    this.#add({ op: "wlock", rwlock: lift(rwlock as Value, "rwlock") });
  }
  wunlock(rwlock: In<"rwlock">): void {
    this.#add({ op: "wunlock", rwlock: lift(rwlock as Value, "rwlock") });
  }
  /** A condition of what the mutex guards. */
  cond(bind: string, mutex: In<"mutex">): Local<"cond"> {
    this.#add({ op: "cond", bind, mutex: lift(mutex as Value, "mutex") });
    return local("cond", bind);
  }
  condWait(cond: In<"cond">): void {
    this.#add({ op: "condWait", cond: lift(cond as Value, "cond") });
  }
  /** Tells whether it was signalled in time. */
  condWaitFor(ok: string, cond: In<"cond">, dur: In<"dur">): Local<"bool"> {
    this.#add({ op: "condWaitFor", cond: lift(cond as Value, "cond"), dur: lift(dur, "dur"), ok });
    return local("bool", ok);
  }
  signal(cond: In<"cond">): void {
    this.#add({ op: "signal", cond: lift(cond as Value, "cond") });
  }
  broadcast(cond: In<"cond">): void {
    this.#add({ op: "broadcast", cond: lift(cond as Value, "cond") });
  }
  monitor(bind: string, via?: MonitorVia): Local<"monitor"> {
    this.#add({ op: "monitor", bind, ...optional("via", via) });
    return local("monitor", bind);
  }
  /** Owns the monitor for the body. */
  enter(monitor: In<"monitor">, body: Body0): void {
    this.#add({ op: "enter", monitor: lift(monitor as Value, "monitor"), body: this.#block(body) });
  }
  monitorWait(monitor: In<"monitor">): void {
    this.#add({ op: "monitorWait", monitor: lift(monitor as Value, "monitor") });
  }
  /** Tells whether it was notified in time. */
  monitorWaitFor(ok: string, monitor: In<"monitor">, dur: In<"dur">): Local<"bool"> {
    this.#add({
      op: "monitorWaitFor",
      monitor: lift(monitor as Value, "monitor"),
      dur: lift(dur, "dur"),
      ok,
    });
    return local("bool", ok);
  }
  /** Wakes who waits longest on the monitor. */
  notify(monitor: In<"monitor">): void {
    this.#add({ op: "notify", monitor: lift(monitor as Value, "monitor") });
  }
  notifyAll(monitor: In<"monitor">): void {
    this.#add({ op: "notify", monitor: lift(monitor as Value, "monitor"), all: true });
  }
  once(bind: string): Local<"once"> {
    this.#add({ op: "once", bind });
    return local("once", bind);
  }
  /** Calls the procedure if nobody has; waits for it if somebody is about it. */
  onceDo<A extends Args>(once: In<"once">, proc: ProcRef<A>, ...args: Actual<A>): void;
  onceDo(once: In<"once">, ...given: readonly unknown[]): void {
    const { proc, args } = invocation(given);
    this.#add({ op: "onceDo", once: lift(once as Value, "once"), proc: proc.proc, args });
  }
  /** Something that happens once; whoever waits for it later goes on at once. */
  event(bind: string): Local<"event"> {
    this.#add({ op: "event", bind });
    return local("event", bind);
  }
  eventSet(event: In<"event">): void {
    this.#add({ op: "eventSet", event: lift(event as Value, "event") });
  }
  eventWait(event: In<"event">): void {
    this.#add({ op: "eventWait", event: lift(event as Value, "event") });
  }
  barrier(bind: string, parties: In<"int">): Local<"barrier"> {
    this.#add({ op: "barrier", bind, parties: lift(parties, "int") });
    return local("barrier", bind);
  }
  barrierWait(barrier: In<"barrier">): void {
    this.#add({ op: "barrierWait", barrier: lift(barrier as Value, "barrier") });
  }

  // Time

  /** A channel that gets one value after `dur`. */
  after(bind: string, dur: In<"dur">): Local<"chan"> {
    this.#add({ op: "after", bind, dur: lift(dur, "dur") });
    return local("chan", bind);
  }
  /** Returns [timer, channel]; the channel gets how often it has fired. */
  timer(bind: string, channel: string, dur: In<"dur">): readonly [Local<"timer">, Local<"chan">] {
    this.#add({ op: "timer", bind, channel, dur: lift(dur, "dur") });
    return [local("timer", bind), local("chan", channel)];
  }
  /** Fires every `dur`. Returns [timer, channel]; the channel gets how often it has fired. */
  ticker(
    bind: string,
    channel: string,
    dur: In<"dur">,
    catchUp?: CatchUp,
  ): readonly [Local<"timer">, Local<"chan">] {
    this.#add({ op: "ticker", bind, channel, dur: lift(dur, "dur"), ...optional("catchUp", catchUp) });
    return [local("timer", bind), local("chan", channel)];
  }
  /** Runs the procedure as a new task after `dur`. */
  afterFunc<A extends Args>(
    bind: string,
    dur: In<"dur">,
    proc: ProcRef<A>,
    ...args: Actual<A>
  ): Local<"timer">;
  afterFunc<A extends Args>(dur: In<"dur">, proc: ProcRef<A>, ...args: Actual<A>): void;
  afterFunc(...given: readonly unknown[]): Local<"timer"> | void {
    const named = typeof given[2] === "object" && given[2] !== null && "proc" in given[2];
    const [bind, dur, ...rest] = named ? given : [undefined, ...given];
    const { proc, args } = invocation(rest);
    this.#add({
      op: "afterFunc",
      dur: lift(dur as Value, "dur"),
      proc: proc.proc,
      args,
      ...optional("bind", bind as string | undefined),
    });
    if (bind !== undefined) return local("timer", bind as string);
  }
  /** Tells whether it was stopped before it fired. */
  stopTimer(ok: string, timer: In<"timer">): Local<"bool">;
  stopTimer(timer: In<"timer">): void;
  stopTimer(...given: [string, In<"timer">] | [In<"timer">]): Local<"bool"> | void {
    const [ok, timer] = given.length === 2 ? given : [undefined, ...given];
    this.#add({ op: "stopTimer", timer: lift(timer as Value, "timer"), ...optional("ok", ok) });
    if (ok !== undefined) return local("bool", ok);
  }
  /** Starts it anew; tells whether it had not fired. */
  resetTimer(ok: string, timer: In<"timer">, dur: In<"dur">): Local<"bool">;
  resetTimer(timer: In<"timer">, dur: In<"dur">): void;
  resetTimer(...given: [string, In<"timer">, In<"dur">] | [In<"timer">, In<"dur">]): Local<"bool"> | void {
    const [ok, timer, dur] = given.length === 3 ? given : [undefined, ...given];
    this.#add({
      op: "resetTimer",
      timer: lift(timer as Value, "timer"),
      dur: lift(dur, "dur"),
      ...optional("ok", ok),
    });
    if (ok !== undefined) return local("bool", ok);
  }
  /** Cancels the body when it takes longer, and raises Timeout once it is left. */
  deadline(dur: In<"dur">, body: Body0): void {
    this.#add({ op: "deadline", dur: lift(dur, "dur"), body: this.#block(body) });
  }

  // Cancellation

  /** Asks a task to stop: it gets Cancelled at its next cancellation point. */
  cancel(task: In<"task">): void {
    this.#add({ op: "cancel", task: lift(task as Value, "task") });
  }
  /** Whether this task has been asked to stop and has not heard of it yet. */
  isCancelled(bind: string): Local<"bool"> {
    this.#add({ op: "isCancelled", bind });
    return local("bool", bind);
  }
  /** A cancellation point that waits for nothing. */
  check(): void {
    this.#add({ op: "check" });
  }
  /** No cancellation is delivered inside the body. */
  shield(body: Body0): void {
    this.#add({ op: "shield", body: this.#block(body) });
  }
  token(bind: string): Local<"token"> {
    this.#add({ op: "token", bind });
    return local("token", bind);
  }
  cancelToken(token: In<"token">): void {
    this.#add({ op: "cancelToken", token: lift(token as Value, "token") });
  }
  /** Cancels the body when the token is cancelled. */
  withToken(token: In<"token">, body: Body0): void {
    this.#add({ op: "withToken", token: lift(token as Value, "token"), body: this.#block(body) });
  }

  // Memory

  load<K extends TypeName>(bind: string, cell: CellRef<K>): Local<K> {
    this.#add({ op: "load", cell: cell.cell, ...optional("index", cell.index), bind });
    return local(cell.type, bind);
  }
  store<K extends TypeName>(cell: CellRef<K>, value: NoInfer<In<K>>): void {
    this.#add({
      op: "store",
      cell: cell.cell,
      ...optional("index", cell.index),
      value: lift(value as Value, cell.type),
    });
  }
  atomic(bind: string, init: In<"int"> = 0): Local<"atomic"> {
    this.#add({ op: "atomic", bind, init: lift(init, "int") });
    return local("atomic", bind);
  }
  atomicLoad(bind: string, atomic: In<"atomic">): Local<"int"> {
    this.#add({ op: "atomicLoad", atomic: lift(atomic as Value, "atomic"), bind });
    return local("int", bind);
  }
  atomicStore(atomic: In<"atomic">, value: In<"int">): void {
    this.#add({ op: "atomicStore", atomic: lift(atomic as Value, "atomic"), value: lift(value, "int") });
  }
  /** Binds the value after the addition. */
  atomicAdd(bind: string, atomic: In<"atomic">, value: In<"int">): Local<"int">;
  atomicAdd(atomic: In<"atomic">, value: In<"int">): void;
  atomicAdd(...given: [string, In<"atomic">, In<"int">] | [In<"atomic">, In<"int">]): Local<"int"> | void {
    const [bind, atomic, value] = given.length === 3 ? given : [undefined, ...given];
    this.#add({
      op: "atomicAdd",
      atomic: lift(atomic as Value, "atomic"),
      value: lift(value, "int"),
      ...optional("bind", bind),
    });
    if (bind !== undefined) return local("int", bind);
  }
  /** Stores `value` if the atomic holds `expect`; `ok` tells whether it did. */
  atomicCas(ok: string, atomic: In<"atomic">, expect: In<"int">, value: In<"int">): Local<"bool"> {
    this.#add({
      op: "atomicCas",
      atomic: lift(atomic as Value, "atomic"),
      expect: lift(expect, "int"),
      value: lift(value, "int"),
      ok,
    });
    return local("bool", ok);
  }

  // Promises

  promise(bind: string): Local<"promise"> {
    this.#add({ op: "promise", bind });
    return local("promise", bind);
  }
  resolve(promise: In<"promise">, value: Value): void {
    this.#add({ op: "resolve", promise: lift(promise as Value, "promise"), value: lift(value, "any") });
  }
  reject(promise: In<"promise">, kind: ErrKind): void {
    this.#add({ op: "reject", promise: lift(promise as Value, "promise"), kind });
  }
  await(bind: string, promise: In<"promise">): Local<"any">;
  await(promise: In<"promise">): void;
  await(...given: [string, In<"promise">] | [In<"promise">]): Local<"any"> | void {
    return this.#binding(given, "any", (promise, bind) => ({
      op: "await",
      promise: lift(promise as Value, "promise"),
      ...bind,
    }));
  }

  /**
   * Calls the handler, a procedure that never waits, when the promise is resolved: the value is its last argument, which
   * `args` leaves out. Binds a promise of what it returns.
   */
  onResolve(
    bind: string,
    promise: In<"promise">,
    handler: ProcRef,
    args?: Readonly<Record<string, Value>>,
  ): Local<"promise">;
  onResolve(promise: In<"promise">, handler: ProcRef, args?: Readonly<Record<string, Value>>): void;
  onResolve(...given: readonly unknown[]): Local<"promise"> | void {
    const [bind, promise, handler, args = {}] = (
      typeof given[0] === "string" ? given : [undefined, ...given]
    ) as [string | undefined, In<"promise">, ProcRef, Readonly<Record<string, Value>>?];
    const { [Object.keys(handler.args).at(-1) ?? ""]: _value, ...ours } = handler.args;
    this.#add({
      op: "onResolve",
      promise: lift(promise as Value, "promise"),
      proc: handler.proc,
      args: invocation([{ ...handler, args: ours }, args]).args,
      ...optional("bind", bind),
    });
    if (bind !== undefined) return local("promise", bind);
  }
  /** Queues a call of the handler, a procedure that never waits. */
  callback<A extends Args>(queue: CallbackQueue, handler: ProcRef<A>, ...args: Actual<A>): void;
  callback(queue: CallbackQueue, ...given: readonly unknown[]): void {
    const { proc, args } = invocation(given);
    this.#add({ op: "callback", queue, proc: proc.proc, args });
  }

  // Input and output

  /** One request; raises Rejected when the service refuses or fails. */
  callService(service: ServiceRef, ...args: readonly Value[]): void {
    this.#add({
      op: "callService",
      service: service.service,
      ...(args.length === 0 ? {} : { args: lifted(args) }),
    });
  }
  /** `stall`: how much longer than usual the disk takes. */
  fileRead(bytes: In<"int">, options?: { readonly stall: In<"dur"> }): void {
    this.#add({
      op: "fileRead",
      bytes: lift(bytes, "int"),
      ...(options === undefined ? {} : { stall: lift(options.stall, "dur") }),
    });
  }
  fileStat(): void {
    this.#add({ op: "fileStat" });
  }

  // Connections

  /** A listener on the loopback that queues `backlog` + 1 connections which nobody has accepted. */
  listen(bind: string, backlog: In<"int">): Local<"listener"> {
    this.#add({ op: "listen", bind, backlog: lift(backlog, "int") });
    return local("listener", bind);
  }
  /** The connection that waits longest, or the next to come. */
  accept(bind: string, listener: In<"listener">): Local<"conn"> {
    this.#add({ op: "accept", bind, listener: lift(listener as Value, "listener") });
    return local("conn", bind);
  }
  connect(bind: string, listener: In<"listener">): Local<"conn"> {
    this.#add({ op: "connect", bind, listener: lift(listener as Value, "listener") });
    return local("conn", bind);
  }
  /** Reads what is there, at most `bytes`; binds how many, 0 at the end. */
  read(bind: string, conn: In<"conn">, bytes: In<"int">): Local<"int">;
  read(conn: In<"conn">, bytes: In<"int">): void;
  read(...given: [string, In<"conn">, In<"int">] | [In<"conn">, In<"int">]): Local<"int"> | void {
    const [bind, conn, bytes] = given.length === 3 ? given : [undefined, ...given];
    this.#add({
      op: "read",
      conn: lift(conn as Value, "conn"),
      bytes: lift(bytes, "int"),
      ...optional("bind", bind),
    });
    if (bind !== undefined) return local("int", bind);
  }
  /** Waits until all of the bytes are taken. */
  write(conn: In<"conn">, bytes: In<"int">): void {
    this.#add({ op: "write", conn: lift(conn as Value, "conn"), bytes: lift(bytes, "int") });
  }
  closeConn(conn: In<"conn">): void {
    this.#add({ op: "closeConn", conn: lift(conn as Value, "conn") });
  }
  closeListener(listener: In<"listener">): void {
    this.#add({ op: "closeListener", listener: lift(listener as Value, "listener") });
  }

  // Observation

  /** `text` interpolates `{0}`, `{1}` ... with `args`. */
  log(text: string, ...args: readonly Value[]): void {
    this.#add({ op: "log", text, ...(args.length === 0 ? {} : { args: lifted(args) }) });
  }
  /** Records this instant; with `from`, a local of `now`, the time since then. */
  mark(name: string, from?: In<"dur">): void {
    this.#add({ op: "mark", name, ...(from === undefined ? {} : { from: lift(from, "dur") }) });
  }
  measure(name: string, value: In<"int"> | In<"dur">): void {
    this.#add({ op: "measure", name, value: lift(value, "any") });
  }
  count(name: string, by?: In<"int">): void {
    this.#add({ op: "count", name, ...(by === undefined ? {} : { by: lift(by, "int") }) });
  }
  gauge(name: string, value: In<"int"> | In<"dur">): void {
    this.#add({ op: "gauge", name, value: lift(value, "any") });
  }
  /** A claim about the run, reported and not raised when it fails. */
  expect(cond: In<"bool">, message: string): void {
    this.#add({ op: "expect", cond: lift(cond, "bool"), message });
  }
  /** Virtual time since the start of the run. */
  now(bind: string): Local<"dur"> {
    this.#add({ op: "now", bind });
    return local("dur", bind);
  }

  // Draws

  /** A draw from the named stream of this task. */
  draw<K extends "int" | "dur">(bind: string, stream: string, distribution: Draws<K>): Local<K> {
    this.#add({
      op: "draw",
      stream,
      from: distribution.from,
      bind,
      ...(distribution.gives === "dur" ? { unit: "ns" } : {}),
    });
    return local(distribution.gives, bind);
  }
  /** A choice of 0 to n-1 that an explorer branches on. */
  choose(bind: string, n: In<"int">): Local<"int"> {
    this.#add({ op: "choose", n: lift(n, "int"), bind });
    return local("int", bind);
  }

  #add(statement: Stmt): void {
    const block = this.#blocks.at(-1);
    if (!this.#open || block === undefined)
      throw new Error(
        `the body of ${this.#name} is already written: a nested procedure must use its own writer`,
      );
    block.push(statement);
  }

  #block(body: Body0): Block {
    const block: Stmt[] = [];
    this.#blocks.push(block);
    body();
    this.#blocks.pop();
    return block;
  }

  #binding<K extends Kind, T>(
    given: [string, T] | [T],
    kind: K,
    statement: (operand: T, bind: { bind?: string }) => Stmt,
  ): Local<K> | void {
    if (given.length === 1) return this.#add(statement(given[0], {}));
    this.#add(statement(given[1], { bind: given[0] }));
    return local(kind, given[0]);
  }
}

function loopName(bind: LoopName): { readonly bind: string; readonly label?: string } {
  return typeof bind === "string" ? { bind } : bind;
}

function lifted(values: readonly Value[]): readonly Expr[] {
  return values.map((value) => lift(value, "any"));
}

function optional<N extends string, V>(name: N, value: V | undefined): { readonly [K in N]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: V };
}

/** Takes `[bind?, proc, args?, options?]` apart and puts the arguments in the procedure's order. */
function invocation(given: readonly unknown[]) {
  const bind = typeof given[0] === "string" ? given[0] : undefined;
  const [proc, args = {}, options] = (bind === undefined ? given : given.slice(1)) as [
    ProcRef,
    Readonly<Record<string, Value>>?,
    { readonly deferred?: boolean }?,
  ];
  const ordered = Object.entries(proc.args).map(([name, type]) => {
    const value = args[name];
    if (value === undefined) throw new Error(`${proc.proc} needs the argument ${name}`);
    return lift(value, type);
  });
  return { bind, proc, args: ordered, options };
}
