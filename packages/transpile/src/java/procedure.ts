/** One procedure as a static method. Each statement of the language is one statement of Java, or a block. */
import {
  type Block,
  type Distribution,
  type Expr,
  type MonitorVia,
  nestedIn,
  sourceOf,
  type Stmt,
  walk,
  walkExpr,
  operandsOf,
  bindsOf,
} from "@orrery/program";
import type { Emitter } from "../emitter.ts";
import {
  completes,
  hasInnerDefer,
  type Interruptions,
  needsLabel,
  reachable,
  statementCompletes,
} from "./exits.ts";
import {
  as,
  condition,
  type Context,
  durationLiteral,
  isConstant,
  isStable,
  keyOf,
  type Local,
  long,
  mapOf,
  object,
  receiver,
  typedMap,
  typeOf,
  value,
} from "./expressions.ts";
import { ANY, clamped, NATURAL, type Range, rangeOf } from "../ranges.ts";
import type { ProgramTypes } from "../infer-types.ts";
import { Names, quote } from "./names.ts";
import { Slot } from "../types.ts";
import { boxed, isPrimitive, javaType } from "./types.ts";

/** What the procedures of a program share. */
export interface ProgramNames {
  readonly className: string;
  readonly types: ProgramTypes;
  readonly interruptions: Interruptions;
  readonly recursive: ReadonlySet<string>;
  readonly monitors: ReadonlySet<MonitorVia>;
  /** Mutexes go to whoever waits longest. */
  readonly fairMutexes: boolean;
  readonly procs: ReadonlyMap<string, string>;
  readonly params: Context["params"];
  readonly cells: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

type Statement<Op extends Stmt["op"]> = Extract<Stmt, { readonly op: Op }>;
type Locals = Map<string, Local>;

interface Loop {
  readonly label: string | undefined;
  readonly java: string | undefined;
}

export class ProcedureWriter {
  private readonly out: Emitter;
  private readonly program: ProgramNames;
  private readonly names: Names;
  private readonly assigned = new Set<string>();
  /** Names of locals that deferred blocks inside the body share with it, kept in objects. */
  private readonly shared = new Map<string, Local>();
  private readonly innerDefers: boolean;
  private readonly body: Block;
  private locals: Locals = new Map();
  private loops: readonly Loop[] = [];
  private deferred = "";

  constructor(out: Emitter, program: ProgramNames, body: Block) {
    this.out = out;
    this.program = program;
    this.body = body;
    const fields = [...[...program.params.values()].map(({ java }) => java), ...program.services.values()];
    this.names = new Names(fields);
    this.innerDefers = hasInnerDefer(body);
    walk(body, (stmt) => {
      if (stmt.op === "assign") this.assigned.add(stmt.name);
    });
  }

  write(
    method: string,
    args: readonly { readonly name: string; readonly slot: Slot }[],
    result: Slot,
    proc: string,
  ): void {
    const { out, program } = this;
    const declared = args.map(({ name, slot }) => {
      const java = this.names.fresh(name, "local");
      this.locals.set(name, { java, slot, final: !this.assigned.has(name), range: ANY });
      return `${javaType(slot)} ${java}`;
    });
    const returned = result.type.kind === "void" ? "void" : javaType(result);
    const throws =
      program.interruptions.inProc(proc) || program.interruptions.inBlock(this.body) || this.innerDefers
        ? " throws InterruptedException"
        : "";
    out.line(`static ${returned} ${method}(${declared.join(", ")})${throws} {`);
    out.indented(() => {
      if (!program.recursive.has(proc)) return this.outermost();
      out.line("enterCall();");
      this.wrapped(() => this.outermost(), "leaveCall();");
    });
    out.line("}");
  }

  private outermost(): void {
    if (!this.innerDefers) return this.topLevel(this.body);
    const { out } = this;
    this.shareLocals();
    this.deferred = this.names.fresh("deferred", "local");
    out.line(`Deferred ${this.deferred} = new Deferred();`);
    this.wrapped(() => this.block(this.body), `${this.deferred}.run();`);
  }

  private wrapped(body: () => void, last: string): void {
    const { out } = this;
    out.line("try {");
    out.indented(body);
    out.line("} finally {");
    out.indented(() => out.line(last));
    out.line("}");
  }

  /** A block deferred at the top level runs when what follows it is over. */
  private topLevel(block: Block): void {
    const at = block.findIndex(
      (stmt, index) => stmt.op === "defer" && block.slice(0, index).every(statementCompletes),
    );
    if (at < 0) return this.open(block);
    const { out } = this;
    this.open(block.slice(0, at));
    const defer = block[at] as Statement<"defer">;
    out.line("try {");
    out.indented(() => this.scoped(() => this.topLevel(block.slice(at + 1))));
    out.line("} finally {", defer.id);
    out.indented(() => this.block(defer.body));
    out.line("}");
  }

  /** Locals that an inner deferred block reads late: the block sees their last values, which a lambda's copies would not be. */
  private shareLocals(): void {
    const used = new Set<string>();
    walk(this.body, (stmt) => {
      if (stmt.op !== "defer") return;
      const own = new Set<string>();
      walk(stmt.body, (inner) => {
        for (const { name } of [...bindsOf(inner), ...nestedIn(inner).flatMap(({ binds }) => binds)])
          own.add(name);
        for (const { expr } of operandsOf(inner))
          walkExpr(expr, (part) => {
            if ("var" in part && !own.has(part.var)) used.add(part.var);
          });
        if (inner.op === "assign" && !own.has(inner.name)) used.add(inner.name);
      });
    });
    for (const [name, local] of this.locals) {
      if (!used.has(name) || local.final) continue;
      const java = this.names.fresh(name, "local");
      this.share(name, java, local.slot);
      this.out.line(`${java}.value = ${local.java};`);
      this.locals.set(name, this.shared.get(name)!);
      used.delete(name);
    }
    const { types } = this.program;
    walk(this.body, (stmt) => {
      for (const { name } of bindsOf(stmt))
        if (used.delete(name)) this.share(name, this.names.fresh(name, "local"), types.local(stmt, name));
      for (const nested of nestedIn(stmt))
        for (const { name } of nested.binds)
          if (used.delete(name))
            this.share(name, this.names.fresh(name, "local"), types.local(stmt, name, nested.name));
    });
  }

  private share(name: string, java: string, slot: Slot): void {
    this.out.line(`Local<${boxed(slot.type)}> ${java} = new Local<>();`);
    this.shared.set(name, { java: `${java}.value`, slot: slot.orNone(), final: false, range: ANY });
  }

  // ---- blocks

  private block(block: Block): void {
    this.scoped(() => this.open(block));
  }

  /** The statements of a block whose locals stay in sight. */
  private open(block: Block): void {
    for (const stmt of reachable(block)) this.statement(stmt);
  }

  private scoped(within: () => void): void {
    const outer = this.locals;
    this.locals = new Map(outer);
    this.names.scoped(within);
    this.locals = outer;
  }

  /** `{ ...` after `head`; the caller closes it. */
  private braced(head: string, block: Block, id?: string, first?: () => void): void {
    this.out.line(`${head} {`, id);
    this.out.indented(() =>
      this.scoped(() => {
        first?.();
        this.block(block);
      }),
    );
  }

  private get context(): Context {
    const { types, params, procs } = this.program;
    const hoist: Context["hoist"] = (name, slot, text) => {
      const java = this.fresh(name);
      this.out.line(`${javaType(slot)} ${java} = ${text};`);
      return java;
    };
    return { types, params, procs, hoist, names: this.names, locals: this.locals };
  }

  // ---- expressions

  private long(expr: Expr, least = 0): string {
    return long(expr, this.context, least);
  }

  private value(expr: Expr, target: Slot): string {
    return value(expr, this.context, target);
  }

  /** A number of type int. */
  private int(expr: Expr): string {
    if ("lit" in expr) return this.long(expr);
    const unboxed = isPrimitive(typeOf(expr, this.context)) ? "" : "(long) ";
    return `(int) ${unboxed}${this.long(expr, 7)}`;
  }

  private on(kind: Parameters<typeof receiver>[0], expr: Expr): string {
    return receiver(kind, expr, this.context);
  }

  private channel(expr: Expr): string {
    const slot = typeOf(expr, this.context);
    return slot.nullable ? `Channel.orNone(${as("chan", expr, this.context, 0)})` : this.on("chan", expr);
  }

  private item(expr: Expr, container: Expr): string {
    const held = typeOf(container, this.context).type.item;
    return value(expr, this.context, held === null ? Slot.of("any") : held.orNone());
  }

  /** A time and its unit, as `tryAcquire` has it. */
  private timeout(expr: Expr): string {
    if ("lit" in expr && typeof expr.lit === "number" && expr.lit % 1e6 === 0)
      return `${expr.lit / 1e6}, TimeUnit.MILLISECONDS`;
    return `${this.long(expr)}, TimeUnit.NANOSECONDS`;
  }

  private duration(expr: Expr): string {
    if ("lit" in expr && typeof expr.lit === "number") {
      if (expr.lit % 1e6 === 0) return `Duration.ofMillis(${expr.lit / 1e6})`;
      return `Duration.ofNanos(${durationLiteral(expr.lit).text})`;
    }
    const text = this.long(expr);
    return `Duration.ofNanos(${rangeOf(expr, this.context)[0] < 0 ? `Math.max(0, ${text})` : text})`;
  }

  // ---- locals

  /** A fresh local that a statement binds. */
  private bind(stmt: Stmt, name: string, within = "", range: Range = ANY, assignedOnce = true): Local {
    const slot = this.program.types.local(stmt, name, within);
    const kept = this.shared.get(name);
    const local = kept ?? {
      java: this.names.fresh(this.hidesCell(name) ? `${name}Now` : name, "local"),
      slot,
      final: assignedOnce && !this.assigned.has(name),
      range: this.assigned.has(name) ? ANY : clamped(range),
    };
    this.locals.set(name, local);
    return local;
  }

  private hidesCell(name: string): boolean {
    return [...this.program.cells.values()].includes(name);
  }

  /** The declaration of a local, or the assignment to a shared one, up to its value. */
  private declaration(stmt: Stmt, name: string, within = "", range: Range = ANY): string {
    const { java, slot } = this.bind(stmt, name, within, range);
    return this.shared.has(name) ? `${java} = ` : `${javaType(slot)} ${java} = `;
  }

  /** `x = ` if the statement binds a result. */
  private bound(stmt: Stmt, name: string | undefined, range: Range = ANY): string {
    return name === undefined ? "" : this.declaration(stmt, name, "", range);
  }

  private fresh(name: string): string {
    return this.names.fresh(name, "local");
  }

  // ---- statements

  private statement(stmt: Stmt): void {
    const { out, program } = this;
    const line = (text: string): void => out.line(text, stmt.id);
    switch (stmt.op) {
      case "let": {
        const { context } = this;
        const range = clamped(rangeOf(stmt.value, context));
        const target = this.shared.get(stmt.bind)?.slot ?? program.types.local(stmt, stmt.bind);
        const text = value(stmt.value, context, target);
        return line(`${this.declaration(stmt, stmt.bind, "", range)}${text};`);
      }
      case "assign": {
        const { java, slot } = this.locals.get(stmt.name)!;
        return line(`${java} = ${this.value(stmt.value, slot)};`);
      }
      case "push":
        return line(`${this.on("list", stmt.list)}.add(${this.item(stmt.value, stmt.list)});`);
      case "setAt":
        return line(
          `${this.on("list", stmt.list)}.set(${this.int(stmt.index)}, ${this.item(stmt.value, stmt.list)});`,
        );
      case "put": {
        const [map, key] = [mapOf(stmt.map, stmt.key, this.context), keyOf(stmt.map, stmt.key, this.context)];
        const text = `${map}.put(${key}, ${this.item(stmt.value, stmt.map)});`;
        if (stmt.max === undefined) return line(text);
        const room = `${map}.containsKey(${key}) || ${map}.size() < ${this.long(stmt.max, 5)}`;
        line(`check(${room}, ${quote(`map at ${stmt.id} went beyond its max`)});`);
        return out.line(text);
      }
      case "delete":
        return line(
          `${mapOf(stmt.map, stmt.key, this.context)}.remove(${keyOf(stmt.map, stmt.key, this.context)});`,
        );
      case "if":
        return this.if(stmt);
      case "while":
        return this.while(stmt);
      case "repeat":
        return this.repeat(stmt);
      case "forEach": {
        if (stmt.key !== undefined) return this.entries(stmt, stmt.key);
        const items = as("list", stmt.list, this.context, 0);
        return this.loop(stmt, () => {
          const kept = this.shared.get(stmt.bind);
          const local = this.bind(stmt, stmt.bind, "body");
          const each = kept === undefined ? local.java : this.fresh(stmt.bind);
          return {
            head: `for (${javaType(local.slot)} ${each} : ${items})`,
            first: kept === undefined ? undefined : () => out.line(`${kept.java} = ${each};`),
          };
        });
      }
      case "range": {
        const channel = this.channel(stmt.chan);
        return this.loop(stmt, () => {
          const kept = this.shared.get(stmt.bind);
          const local = this.bind(stmt, stmt.bind, "body");
          const item = kept === undefined ? local.java : this.fresh(stmt.bind);
          return {
            head: `while (${channel}.receive() instanceof Item(var ${item}))`,
            first: kept === undefined ? undefined : () => out.line(`${kept.java} = ${item};`),
          };
        });
      }
      case "match":
        return this.match(stmt);
      case "break":
      case "continue": {
        const loop = this.loops.findLast(({ label }) => stmt.label === undefined || label === stmt.label)!;
        const isInner = loop !== this.loops.at(-1);
        const labelled = loop.java !== undefined && (stmt.op === "break" || isInner);
        return line(`${stmt.op}${labelled ? ` ${loop.java}` : ""};`);
      }
      case "return":
        return this.return(stmt);
      case "call": {
        const args = this.args(stmt);
        return line(`${this.bound(stmt, stmt.bind)}${program.procs.get(stmt.proc)}(${args.join(", ")});`);
      }
      case "callRef": {
        const args = this.refArgs(stmt).map(({ text }) => text);
        return line(`${this.bound(stmt, stmt.bind)}${this.refBody(stmt)}.call(${args.join(", ")});`);
      }
      case "spawnRef":
        return this.spawnRef(stmt);
      case "defer":
        this.braced(`${this.deferred}.add(() ->`, stmt.body, stmt.id);
        return out.line("});");
      case "try":
        return this.try(stmt);
      case "throw":
        if (stmt.kind === "Cancelled") return line("throw cancelled();");
        return line(
          `throw new Fault(${[stmt.kind, ...(stmt.message === undefined ? [] : [stmt.message])].map(quote).join(", ")});`,
        );
      case "assert":
        return line(`check(${condition(stmt.cond, this.context)}, ${quote(stmt.message)});`);
      case "expect":
        return line(`expect(${condition(stmt.cond, this.context)}, ${quote(stmt.message)});`);
      case "spawn":
      case "detach":
        return this.spawn(stmt);
      case "join":
        return line(`${this.bindAfter(stmt, () => `${this.on("task", stmt.task)}.join()`)};`);
      case "joinAny":
      case "joinAll":
      case "settleAll": {
        const method = stmt.op === "joinAny" && stmt.firstSuccess === true ? "joinFirstSuccess" : stmt.op;
        return line(
          `${this.bindAfter(stmt, () => `${method}(${as("list", stmt.tasks, this.context, 0)})`)};`,
        );
      }
      case "scope":
      case "scopeRace":
        return this.scope(stmt);
      case "yield":
      case "yieldMicro":
        return line("Thread.yield();");
      case "sleep":
        return line(`Thread.sleep(${this.duration(stmt.dur)});`);
      case "cpu":
      case "block":
        return line(`${stmt.op}(${this.long(stmt.dur)});`);
      case "offload":
        return line(
          `offload(${this.long(stmt.dur)}${stmt.workers === undefined ? "" : `, ${this.long(stmt.workers)}`});`,
        );
      case "chan": {
        const cap = this.long(stmt.cap);
        return line(`${this.declaration(stmt, stmt.bind)}new Channel<>(${cap});`);
      }
      case "send":
        return line(`${this.channel(stmt.chan)}.send(${this.item(stmt.value, stmt.chan)});`);
      case "recv":
        return line(`${this.bindAfter(stmt, () => `${this.channel(stmt.chan)}.recv()`)};`);
      case "recvOk":
      case "tryRecv":
        return this.receive(stmt);
      case "close":
        return line(`${this.channel(stmt.chan)}.close();`);
      case "trySend": {
        const call = `${this.channel(stmt.chan)}.trySend(${this.item(stmt.value, stmt.chan)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "chanLen":
      case "chanCap": {
        const call = `${this.on("chan", stmt.chan)}.${stmt.op === "chanLen" ? "length" : "capacity"}()`;
        return line(`${this.declaration(stmt, stmt.bind, "", NATURAL)}${call};`);
      }
      case "select":
        return this.select(stmt);
      case "mutex":
        return line(
          `${this.declaration(stmt, stmt.bind)}new Semaphore(1${this.program.fairMutexes ? ", true" : ""});`,
        );
      case "lock":
        return line(`${this.on("mutex", stmt.mutex)}.acquire();`);
      case "unlock":
        return line(`unlock(${as("mutex", stmt.mutex, this.context, 0)});`);
      case "tryLock": {
        const call = this.program.fairMutexes
          ? `tryLock(${as("mutex", stmt.mutex, this.context, 0)})`
          : `${this.on("mutex", stmt.mutex)}.tryAcquire()`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "lockFor": {
        const call = `${this.on("mutex", stmt.mutex)}.tryAcquire(${this.timeout(stmt.dur)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "acquireFor": {
        const count = stmt.count === undefined ? "" : `${this.int(stmt.count)}, `;
        const call = `${this.on("sem", stmt.sem)}.tryAcquire(${count}${this.timeout(stmt.dur)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "rwlock":
      case "once":
      case "token":
        return line(`${this.declaration(stmt, stmt.bind)}new ${boxed(Slot.of(stmt.op).type)}();`);
      case "rlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.lockRead();`);
      case "runlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.unlockRead();`);
      case "wlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.lockWrite();`);
      case "wunlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.unlockWrite();`);
      case "cond": {
        const mutex = as("mutex", stmt.mutex, this.context, 0);
        return line(`${this.declaration(stmt, stmt.bind)}new Cond(${mutex});`);
      }
      case "condWait":
        return line(`${this.on("cond", stmt.cond)}.await();`);
      case "condWaitFor": {
        const call = `${this.on("cond", stmt.cond)}.await(${this.duration(stmt.dur)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "signal":
        return line(`${this.on("cond", stmt.cond)}.signal();`);
      case "broadcast":
        return line(`${this.on("cond", stmt.cond)}.signalAll();`);
      case "monitor": {
        const { via = "synchronized" } = stmt;
        const made = via === "synchronized" ? "new Monitor()" : `Monitor.${via}()`;
        return line(`${this.declaration(stmt, stmt.bind)}${made};`);
      }
      case "enter":
        return this.enter(stmt);
      case "monitorWait":
        return line(`${this.on("monitor", stmt.monitor)}.await();`);
      case "monitorWaitFor": {
        const call = `${this.on("monitor", stmt.monitor)}.await(${this.duration(stmt.dur)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "notify":
        return line(`${this.on("monitor", stmt.monitor)}.${stmt.all === true ? "signalAll" : "signal"}();`);
      case "onceDo": {
        out.begins(stmt.id);
        const once = this.on("once", stmt.once);
        return out.line(`${once}.run(() -> ${this.later(stmt)});`);
      }
      case "event":
        return line(`${this.declaration(stmt, stmt.bind)}new Event();`);
      case "eventSet":
        return line(`${this.on("event", stmt.event)}.set();`);
      case "eventWait":
        return line(`${this.on("event", stmt.event)}.await();`);
      case "barrier": {
        const parties = this.long(stmt.parties);
        return line(`${this.declaration(stmt, stmt.bind)}new Barrier(${parties});`);
      }
      case "barrierWait":
        return line(`${this.on("barrier", stmt.barrier)}.await();`);
      case "after": {
        const ns = this.long(stmt.dur);
        return line(`${this.declaration(stmt, stmt.bind)}after(${ns});`);
      }
      case "timer":
      case "ticker": {
        const ns = this.long(stmt.dur);
        const catchUp =
          stmt.op === "timer" || stmt.catchUp === undefined ? "" : `, CatchUp.${stmt.catchUp.toUpperCase()}`;
        const timer = this.bind(stmt, stmt.bind);
        const made = stmt.op === "timer" ? `new Timer(${ns})` : `Timer.ticker(${ns}${catchUp})`;
        line(`${this.shared.has(stmt.bind) ? "" : "Timer "}${timer.java} = ${made};`);
        return out.line(`${this.declaration(stmt, stmt.channel)}${timer.java}.channel();`);
      }
      case "afterFunc": {
        const ns = this.long(stmt.dur);
        out.begins(stmt.id);
        const call = `afterFunc(${ns}, ${quote(stmt.proc)}, () -> ${this.later(stmt)});`;
        return out.line(`${this.bound(stmt, stmt.bind)}${call}`);
      }
      case "stopTimer": {
        const call = `${this.on("timer", stmt.timer)}.stop()`;
        return line(`${this.bound(stmt, stmt.ok)}${call};`);
      }
      case "resetTimer": {
        const call = `${this.on("timer", stmt.timer)}.reset(${this.long(stmt.dur)})`;
        return line(`${this.bound(stmt, stmt.ok)}${call};`);
      }
      case "deadline":
      case "withToken":
        return this.region(stmt);
      case "shield":
        line("shield();");
        return this.wrapped(() => this.block(stmt.body), "unshield();");
      case "cancel":
        return line(`${this.on("task", stmt.task)}.cancel();`);
      case "cancelToken":
        return line(`${this.on("token", stmt.token)}.cancel();`);
      case "isCancelled":
        return line(`${this.declaration(stmt, stmt.bind)}isCancelled();`);
      case "check":
        return line("checkCancelled();");
      case "sem": {
        const permits = this.int(stmt.permits);
        return line(
          `${this.declaration(stmt, stmt.bind)}new Semaphore(${permits}, ${stmt.fairness !== "barging"});`,
        );
      }
      case "acquire":
      case "release": {
        const count = stmt.count === undefined ? "" : this.int(stmt.count);
        return line(`${this.on("sem", stmt.sem)}.${stmt.op}(${count});`);
      }
      case "group":
        return line(`${this.declaration(stmt, stmt.bind)}new Group();`);
      case "groupAdd":
        return line(`${this.on("group", stmt.group)}.add(${this.long(stmt.count)});`);
      case "groupDone":
        return line(`${this.on("group", stmt.group)}.done();`);
      case "groupWait":
        return line(`${this.on("group", stmt.group)}.await();`);
      case "load": {
        const cell = this.cell(stmt.cell, stmt.index);
        return line(`${this.declaration(stmt, stmt.bind)}${cell};`);
      }
      case "store":
        return line(
          `${this.cell(stmt.cell, stmt.index)} = ${this.value(stmt.value, program.types.cell(stmt.cell))};`,
        );
      case "atomic": {
        const init = this.long(stmt.init);
        return line(`${this.declaration(stmt, stmt.bind)}new AtomicLong(${init === "0" ? "" : init});`);
      }
      case "atomicLoad":
        return line(`${this.bindAfter(stmt, () => `${this.on("atomic", stmt.atomic)}.get()`)};`);
      case "atomicStore":
        return line(`${this.on("atomic", stmt.atomic)}.set(${this.long(stmt.value)});`);
      case "atomicAdd": {
        const by = this.long(stmt.value);
        const call = by === "1" ? "incrementAndGet()" : `addAndGet(${by})`;
        return line(`${this.bindAfter(stmt, () => `${this.on("atomic", stmt.atomic)}.${call}`)};`);
      }
      case "atomicCas": {
        const call = `${this.on("atomic", stmt.atomic)}.compareAndSet(${this.long(stmt.expect)}, ${this.long(stmt.value)})`;
        return line(`${this.declaration(stmt, stmt.ok)}${call};`);
      }
      case "promise":
        return line(`${this.declaration(stmt, stmt.bind)}new CompletableFuture<>();`);
      case "resolve":
        return line(`${this.on("promise", stmt.promise)}.complete(${this.item(stmt.value, stmt.promise)});`);
      case "reject":
        return line(
          `${this.on("promise", stmt.promise)}.completeExceptionally(new Fault(${quote(stmt.kind)}));`,
        );
      case "await":
        return line(
          `${this.bindAfter(stmt, () => `await(${as("promise", stmt.promise, this.context, 0)})`)};`,
        );
      case "onResolve":
        return this.onResolve(stmt);
      case "callback":
        out.begins(stmt.id);
        return out.line(`execute(${quote(stmt.proc)}, () -> ${this.later(stmt)});`);
      case "callService":
        return line(`${program.services.get(stmt.service)}.call();`);
      case "listen": {
        const backlog = this.long(stmt.backlog);
        return line(`${this.declaration(stmt, stmt.bind)}new Listener(${backlog});`);
      }
      case "accept":
      case "connect": {
        const listener = this.on("listener", stmt.listener);
        return line(`${this.declaration(stmt, stmt.bind)}${listener}.${stmt.op}();`);
      }
      case "read": {
        const call = `${this.on("conn", stmt.conn)}.read(${this.long(stmt.bytes)})`;
        return line(`${this.bound(stmt, stmt.bind, NATURAL)}${call};`);
      }
      case "write":
        return line(`${this.on("conn", stmt.conn)}.write(${this.long(stmt.bytes)});`);
      case "closeConn":
        return line(`${this.on("conn", stmt.conn)}.close();`);
      case "closeListener":
        return line(`${this.on("listener", stmt.listener)}.close();`);
      case "fileRead": {
        const stall = stmt.stall === undefined ? "" : `, ${this.long(stmt.stall)}`;
        return line(`readFile(${this.long(stmt.bytes)}${stall});`);
      }
      case "fileStat":
        return line("statFile();");
      case "log": {
        const args = (stmt.args ?? []).map((arg) => `, ${object(arg, this.context)}`);
        return line(`log(${quote(stmt.id ?? "")}, ${quote(stmt.text)}${args.join("")});`);
      }
      case "mark":
        return line(
          `mark(${quote(stmt.name)}${stmt.from === undefined ? "" : `, ${this.long(stmt.from)}`});`,
        );
      case "measure":
      case "gauge":
        return line(`${stmt.op}(${quote(stmt.name)}, ${this.long(stmt.value)});`);
      case "count":
        return line(`count(${quote(stmt.name)}${stmt.by === undefined ? "" : `, ${this.long(stmt.by)}`});`);
      case "now":
        return line(`${this.declaration(stmt, stmt.bind, "", NATURAL)}now();`);
      case "draw":
        return line(
          `${this.declaration(stmt, stmt.bind, "", NATURAL)}draw(${quote(stmt.stream)}, ${distribution(stmt.from, stmt.unit)});`,
        );
      case "choose": {
        const n = this.long(stmt.n);
        const most = clamped(rangeOf(stmt.n, this.context))[1];
        return line(`${this.declaration(stmt, stmt.bind, "", [0, Math.max(0, most - 1)])}choose(${n});`);
      }
      default:
        stmt satisfies never;
    }
  }

  /** What a statement binds is not in sight in its own operands. */
  private bindAfter(stmt: Stmt & { readonly bind?: string }, call: () => string): string {
    const text = call();
    return `${this.bound(stmt, stmt.bind)}${text}`;
  }

  private cell(name: string, index: Expr | undefined): string {
    const java = this.program.cells.get(name)!;
    return index === undefined ? java : `${java}[${this.int(index)}]`;
  }

  private if(stmt: Statement<"if">): void {
    const { out } = this;
    this.braced(`if (${condition(stmt.cond, this.context)})`, stmt.then, stmt.id);
    let rest = stmt.else;
    while (rest !== undefined) {
      const [only] = rest;
      if (rest.length === 1 && only?.op === "if") {
        this.braced(`} else if (${condition(only.cond, this.context)})`, only.then, only.id);
        rest = only.else;
      } else {
        this.braced("} else", rest);
        rest = undefined;
      }
    }
    out.line("}");
  }

  /** A loop whose head is made with its locals in sight. */
  private loop(
    stmt: Statement<"while" | "repeat" | "forEach" | "range">,
    open: () => { readonly head: string; readonly first?: (() => void) | undefined },
  ): void {
    const { loops } = this;
    this.scoped(() => {
      const java = needsLabel(stmt.body, stmt.label, isSwitch) ? this.fresh(stmt.label ?? "loop") : undefined;
      const { head, first } = open();
      this.loops = [...loops, { label: stmt.label, java }];
      if (java !== undefined) this.out.line(`${java}:`);
      this.braced(head, stmt.body, stmt.id, first);
      this.out.line("}");
    });
    this.loops = loops;
  }

  /** A loop over a map as it is now. */
  private entries(stmt: Statement<"forEach">, key: string): void {
    const kind = typeOf(stmt.list, this.context).type.kind ?? "intMap";
    const copied =
      "map" in stmt.list
        ? typedMap(stmt.list, this.context)
        : `new TreeMap<>(${as(kind, stmt.list, this.context, 0)})`;
    this.loop(stmt, () => {
      const entry = this.fresh("entry");
      return {
        head: `for (var ${entry} : ${copied}.entrySet())`,
        first: () => {
          this.out.line(`${this.declaration(stmt, key, "body")}${entry}.getKey();`);
          this.out.line(`${this.declaration(stmt, stmt.bind, "body")}${entry}.getValue();`);
        },
      };
    });
  }

  private while(stmt: Statement<"while">): void {
    const { out } = this;
    const { bound } = stmt;
    const turns = bound === undefined ? "" : this.fresh("turns");
    this.loop(stmt, () => {
      const head = `while (${condition(stmt.cond, this.context)})`;
      if (bound === undefined) return { head };
      out.line(`long ${turns} = 0;`, stmt.id);
      const message = `loop at ${stmt.id} went beyond its bound`;
      return {
        head,
        first: () => out.line(`check(++${turns} <= ${this.long(bound, 5)}, ${quote(message)});`),
      };
    });
  }

  private repeat(stmt: Statement<"repeat">): void {
    const { out } = this;
    const most = clamped(rangeOf(stmt.count, this.context))[1];
    const once = isConstant(stmt.count) || ("var" in stmt.count && isStable(stmt.count, this.context));
    const count = this.long(stmt.count, once ? 5 : 0);
    this.loop(stmt, () => {
      const { bind } = stmt;
      const kept = bind === undefined ? undefined : this.shared.get(bind);
      const range: Range = [0, Math.max(0, most - 1)];
      const local = bind === undefined ? undefined : this.bind(stmt, bind, "body", range, false);
      const i = local === undefined || kept !== undefined ? this.fresh("i") : local.java;
      const first = kept === undefined ? undefined : () => out.line(`${kept.java} = ${i};`);
      if (once) return { head: `for (long ${i} = 0; ${i} < ${count}; ${i}++)`, first };
      const n = this.fresh("n");
      return { head: `for (long ${i} = 0, ${n} = ${count}; ${i} < ${n}; ${i}++)`, first };
    });
  }

  private match(stmt: Statement<"match">): void {
    const { out } = this;
    if (isSwitch(stmt) && !typeOf(stmt.value, this.context).nullable) {
      out.line(`switch (${as("str", stmt.value, this.context, 0)}) {`, stmt.id);
      out.indented(() => {
        for (const { tag, body } of stmt.cases) {
          this.braced(`case ${quote(tag as string)} ->`, body);
          out.line("}");
        }
        this.braced("default ->", stmt.otherwise ?? []);
        out.line("}");
      });
      return out.line("}");
    }
    if (stmt.cases.length === 0) {
      this.braced("", stmt.otherwise ?? [], stmt.id);
      return out.line("}");
    }
    const slot = typeOf(stmt.value, this.context);
    const matched = this.fresh("matched");
    out.line(`${javaType(slot)} ${matched} = ${value(stmt.value, this.context, slot)};`, stmt.id);
    const local: Local = { java: matched, slot, final: true, range: ANY };
    stmt.cases.forEach(({ tag, body }, index) => {
      const context = { ...this.context, locals: new Map([...this.locals, [" matched", local]]) };
      const test = condition({ binary: "==", left: { var: " matched" }, right: { lit: tag } }, context);
      this.braced(`${index === 0 ? "" : "} else "}if (${test})`, body);
    });
    if (stmt.otherwise !== undefined) this.braced("} else", stmt.otherwise);
    out.line("}");
  }

  private return(stmt: Statement<"return">): void {
    const result = this.result;
    const text = stmt.value === undefined ? "" : ` ${this.value(stmt.value, result)}`;
    this.out.line(`return${text};`, stmt.id);
  }

  private get result(): Slot {
    const [id] = (this.body[0]?.id ?? "main/0").split("/");
    return id === "main" ? Slot.of("void") : this.program.types.resultOf(id!);
  }

  private args(stmt: Statement<"call">): readonly string[] {
    const slots = this.program.types.argsOf(stmt.proc);
    return stmt.args.map((arg, index) => value(arg, this.context, slots[index]!));
  }

  private spawn(stmt: Statement<"spawn" | "detach">): void {
    const { out } = this;
    out.begins(stmt.id);
    const call = `${stmt.op}(${quote(stmt.proc)}, () -> ${this.later(stmt)});`;
    out.line(`${stmt.op === "spawn" ? this.bound(stmt, stmt.bind) : ""}${call}`);
  }

  private refArgs(stmt: Statement<"callRef" | "spawnRef">): readonly { text: string; slot: Slot }[] {
    const slots = this.program.types.references.argsOf(stmt.type);
    return stmt.args.map((arg, index) => ({
      text: value(arg, this.context, slots[index]!),
      slot: slots[index]!,
    }));
  }

  private refBody(stmt: Statement<"callRef" | "spawnRef">): string {
    const ref = this.on(`proc:${stmt.type}`, stmt.ref);
    return this.program.types.references.isSpawned(stmt.type) ? `${ref}.body()` : ref;
  }

  /** The reference and the arguments are evaluated here, the task gets them. */
  private spawnRef(stmt: Statement<"spawnRef">): void {
    const { out } = this;
    out.begins(stmt.id);
    let ref = this.on(`proc:${stmt.type}`, stmt.ref);
    if (!isStable(stmt.ref, this.context)) {
      const java = this.fresh("ref");
      out.line(`${boxed(Slot.of(`proc:${stmt.type}`).type)} ${java} = ${ref};`);
      ref = java;
    }
    const { args } = this.program.types.program.procTypes![stmt.type]!;
    const given = this.refArgs(stmt).map(({ text, slot }, index) => {
      if (isStable(stmt.args[index]!, this.context)) return text;
      const java = this.fresh(args[index]!.name);
      out.line(`${javaType(slot)} ${java} = ${text};`);
      return java;
    });
    const call = `spawn(${ref}.procedure(), () -> ${ref}.body().call(${given.join(", ")}));`;
    out.line(`${this.bound(stmt, stmt.bind)}${call}`);
  }

  /**
   * A call that somebody else makes, later. Its arguments are evaluated here: those that a lambda cannot see get a local of their own.
   * `last` are what the lambda itself is given.
   */
  private later(
    stmt: { readonly proc: string; readonly args: readonly Expr[] },
    ...last: readonly string[]
  ): string {
    const { out, program } = this;
    const { types } = program;
    const slots = types.argsOf(stmt.proc);
    const names = (types.program.procs[stmt.proc]?.args ?? []).map(({ name }) => name);
    const args = stmt.args.map((arg, index) => {
      const text = value(arg, this.context, slots[index]!);
      if (isStable(arg, this.context)) return text;
      const java = this.fresh(names[index] ?? "argument");
      out.line(`${javaType(slots[index]!)} ${java} = ${text};`);
      return java;
    });
    return `${program.procs.get(stmt.proc)}(${[...args, ...last].join(", ")})`;
  }

  private onResolve(stmt: Statement<"onResolve">): void {
    const { out } = this;
    const { nullable, type } = this.program.types.resultOf(stmt.proc);
    const { kind } = type;
    out.begins(stmt.id);
    const promise = this.on("promise", stmt.promise);
    const given = this.fresh("value");
    const method = kind === "void" ? "thenAccept" : kind === "promise" ? "thenCompose" : "thenApply";
    const wrapper = kind === "void" ? "acceptor" : kind === "promise" && nullable ? "composer" : "handler";
    const handler = `${wrapper}(${quote(stmt.proc)}, ${given} -> ${this.later(stmt, given)})`;
    out.line(`${this.bound(stmt, stmt.bind)}${promise}.${method}(${handler});`);
  }

  /** The monitors of one program have one form: that of the one kind that it has, or one for all. */
  private enter(stmt: Statement<"enter">): void {
    const { out, program } = this;
    const monitor = this.on("monitor", stmt.monitor);
    const { monitors } = program;
    const [only] = monitors.size === 1 ? monitors : [];
    if (only === "synchronized") {
      this.braced(`synchronized (${monitor})`, stmt.body, stmt.id);
      return out.line("}");
    }
    let name = monitor;
    if (!("var" in stmt.monitor) || this.assigned.has(stmt.monitor.var)) {
      name = this.fresh("monitor");
      out.line(`Monitor ${name} = ${monitor};`, stmt.id);
    }
    out.line(`${name}.enter();`, stmt.id);
    this.wrapped(() => {
      if (only === "juc") return this.block(stmt.body);
      this.braced(`synchronized (${name}${monitors.has("juc") ? ".guard()" : ""})`, stmt.body);
      out.line("}");
    }, `${name}.exit();`);
  }

  /** A block that is cancelled by itself. */
  private region(stmt: Statement<"deadline" | "withToken">): void {
    const { out } = this;
    const region = this.fresh("region");
    const made =
      stmt.op === "deadline"
        ? `deadline(${this.long(stmt.dur)})`
        : `under(${as("token", stmt.token, this.context, 0)})`;
    out.line(`Region ${region} = Region.${made};`, stmt.id);
    out.line("try {");
    out.indented(() => this.block(stmt.body));
    if (stmt.op === "deadline" && this.program.interruptions.inBlock(stmt.body))
      this.names.scoped(() => {
        const cancelled = this.fresh("cancelled");
        out.line(`} catch (InterruptedException ${cancelled}) {`);
        out.indented(() => out.line(`throw ${region}.cancelled(${cancelled});`));
      });
    out.line("} finally {");
    out.indented(() => out.line(`${region}.close();`));
    out.line("}");
  }

  private scope(stmt: Statement<"scope" | "scopeRace">): void {
    const { out } = this;
    const scope = this.fresh(stmt.op === "scope" ? "scope" : "race");
    const factory =
      stmt.op === "scope" ? stmt.onError : stmt.leaveLosers === true ? "raceLeavingLosers" : "race";
    out.line(`Scope ${scope} = Scope.${factory}();`, stmt.id);
    out.line("try {");
    out.indented(() => this.block(stmt.body));
    this.names.scoped(() => {
      const error = this.fresh("error");
      out.line(`} catch (Throwable ${error}) {`);
      out.indented(() => {
        out.line(`${scope}.failed(${error});`);
        out.line(`throw ${error};`);
      });
    });
    out.line("} finally {");
    out.indented(() => out.line(`${scope}.close();`));
    out.line("}");
    if (stmt.op === "scopeRace" && stmt.bind !== undefined && completes(stmt.body))
      out.line(`${this.declaration(stmt, stmt.bind)}${scope}.winner();`);
  }

  private try(stmt: Statement<"try">): void {
    const { out } = this;
    const interrupted = this.program.interruptions.inBlock(stmt.body);
    const clauses = catchable(stmt, interrupted);
    if (clauses.length === 0 && stmt.finally === undefined) {
      this.braced("", stmt.body, stmt.id);
      return out.line("}");
    }
    this.braced("try", stmt.body, stmt.id);
    if (clauses.length > 0) this.names.scoped(() => this.catches(clauses, interrupted));
    if (stmt.finally !== undefined) this.braced("} finally", stmt.finally);
    out.line("}");
  }

  private catches(clauses: readonly Clause[], interrupted: boolean): void {
    const { out } = this;
    const error = this.fresh("error");
    const kinds = clauses.flatMap((clause) => clause.kinds);
    const all = kinds.includes("*");
    const cancelled = interrupted && (all || kinds.includes("Cancelled"));
    const onlyCancelled = kinds.every((kind) => kind === "Cancelled");
    const others = all || kinds.some((kind) => runtimeKinds.includes(kind)) ? "RuntimeException" : "Fault";
    const types = [...(cancelled ? ["InterruptedException"] : []), ...(onlyCancelled ? [] : [others])];
    // What is left over is no InterruptedException, which Java cannot know.
    const rest = cancelled ? `(${others}) ${error}` : error;
    const [only] = clauses;
    const head = `} catch (${types.join(" | ")} ${error})`;
    if (clauses.length === 1 && only !== undefined) {
      const test = `if (!isOneOf(${[error, ...only.kinds.map(quote)].join(", ")})) throw ${rest};`;
      this.braced(head, only.body, undefined, all || onlyCancelled ? undefined : () => out.line(test));
      return;
    }
    out.line(`${head} {`);
    out.indented(() => {
      out.line(`switch (kindOf(${error})) {`);
      out.indented(() => {
        for (const clause of clauses) {
          const labels = clause.kinds.includes("*")
            ? "default"
            : `case ${clause.kinds.map(quote).join(", ")}`;
          this.braced(`${labels} ->`, clause.body);
          out.line("}");
        }
        if (!all) out.line(`default -> throw ${rest};`);
      });
      out.line("}");
    });
  }

  private receive(stmt: Statement<"recvOk" | "tryRecv">): void {
    const { out } = this;
    const call = `${this.channel(stmt.chan)}.${stmt.op === "recvOk" ? "receive" : "tryRecv"}()`;
    if (stmt.bind === undefined) return out.line(`${this.declaration(stmt, stmt.ok)}${call}.ok();`, stmt.id);
    const held = typeOf(stmt.chan, this.context).type.item;
    const received = this.fresh("received");
    out.line(`Received<${held === null ? "Object" : boxed(held.type)}> ${received} = ${call};`, stmt.id);
    out.line(`${this.declaration(stmt, stmt.bind)}${received}.orNone();`);
    out.line(`${this.declaration(stmt, stmt.ok)}${received}.ok();`);
  }

  private select(stmt: Statement<"select">): void {
    const { out } = this;
    const select = this.fresh("select");
    const arms = stmt.cases.map((each) => {
      const source = as("chan" in each ? "chan" : each.dir, sourceOf(each), this.context, 0);
      switch (each.dir) {
        case "recv":
          return `.recv(${source})`;
        case "send":
          return `.send(${source}, ${this.item(each.value, each.chan)})`;
        case "promise":
          return `.settled(${source})`;
        case "token":
          return `.cancelled(${source})`;
        case "event":
          return `.set(${source})`;
      }
    });
    out.line(`Select ${select} = new Select()${arms.join("")};`, stmt.id);
    const otherwise = stmt.otherwise ?? stmt.timeout?.body;
    const how =
      stmt.otherwise !== undefined
        ? "poll()"
        : `await(${stmt.timeout === undefined ? "" : this.duration(stmt.timeout.dur)})`;
    out.line(`switch (${select}.${how}) {`);
    out.indented(() => {
      stmt.cases.forEach((each, index) => {
        const isLast = otherwise === undefined && index === stmt.cases.length - 1;
        this.braced(isLast ? "default ->" : `case ${index} ->`, each.body, undefined, () => {
          if (each.dir !== "recv" && each.dir !== "promise") return;
          const within = `case${index}`;
          if (each.bind !== undefined)
            out.line(`${this.declaration(stmt, each.bind, within)}${select}.value();`);
          if (each.dir === "recv" && each.ok !== undefined)
            out.line(`${this.declaration(stmt, each.ok, within)}${select}.ok();`);
        });
        out.line("}");
      });
      if (otherwise === undefined) return;
      this.braced("default ->", otherwise);
      out.line("}");
    });
    out.line("}");
  }
}

interface Clause {
  readonly kinds: readonly string[];
  readonly body: Block;
}

/** Kinds that Java's own exceptions stand for. */
const runtimeKinds = ["NoneDeref", "Overflow", "*"];

/** The catches that can take something, each with the kinds that no earlier one takes. */
function catchable(stmt: Statement<"try">, interrupted: boolean): readonly Clause[] {
  const seen = new Set<string>();
  const clauses: Clause[] = [];
  for (const { kinds, body } of stmt.catches) {
    if (seen.has("*")) break;
    const own = kinds.filter((kind) => !seen.has(kind) && (interrupted || kind !== "Cancelled"));
    for (const kind of kinds) seen.add(kind);
    if (own.length > 0) clauses.push({ kinds: own.includes("*") ? ["*"] : [...new Set(own)], body });
  }
  return clauses;
}

/** Statements that become a Java switch. */
function isSwitch(stmt: Stmt): boolean {
  if (stmt.op === "select") return true;
  if (stmt.op === "match")
    return stmt.cases.length > 0 && stmt.cases.every(({ tag }) => typeof tag === "string");
  return stmt.op === "try" && stmt.catches.length > 1;
}

/** A distribution of draws. */
export function distribution(from: Distribution, unit: "ns" | undefined): string {
  const n = (value: number): string => (unit === "ns" ? durationLiteral(value).text : `${value}L`);
  switch (from.dist) {
    case "constant":
      return `constant(${n(from.value)})`;
    case "uniform":
      return `uniform(${n(from.low)}, ${n(from.high)})`;
    case "exponential":
      return `exponential(${n(from.mean)})`;
    case "erlang":
      return `erlang(${from.k}, ${n(from.mean)})`;
    case "lognormal":
      return `lognormal(${n(from.median)}, ${from.sigmaPerMille})`;
    case "pareto":
      return `pareto(${n(from.scale)}, ${from.shapePerMille})`;
    case "twoPoint":
      return `twoPoint(${n(from.fast)}, ${n(from.slow)}, ${from.slowPerMillion})`;
    case "table":
      return `table(${from.values.map(n).join(", ")})`;
  }
}
