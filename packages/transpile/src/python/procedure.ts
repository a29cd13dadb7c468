/** One procedure as a coroutine function. Each statement of the language is one statement of Python, or a block. */
import {
  bindsOf,
  type Block,
  type Distribution,
  type ErrKind,
  type Expr,
  nestedIn,
  sourceOf,
  type Stmt,
  type TypeName,
  walk,
} from "@orrery/program";
import type { Emitter } from "../emitter.ts";
import { type CertainArgs, certainLocals } from "./channels.ts";
import { hasInnerDefer, jumpsOut } from "./exits.ts";
import {
  condition,
  type Context,
  digits,
  durationLiteral,
  isSome,
  key,
  keyKind,
  type Kind,
  kindOf,
  type Local,
  receiver,
  value,
} from "./expressions.ts";
import { ANY, clamped, NATURAL, type Range, rangeOf } from "../ranges.ts";
import { Names, quote } from "./names.ts";

/** What the procedures of a program share. */
export interface ProgramNames {
  /** Mutexes go to whoever comes to lock them. */
  readonly bargingMutexes: boolean;
  /** Every name of the module. */
  readonly module: Names;
  readonly recursive: ReadonlySet<string>;
  readonly certain: CertainArgs;
  readonly procs: ReadonlyMap<string, string>;
  readonly params: Context["params"];
  readonly records: Context["records"];
  readonly cells: ReadonlyMap<string, string>;
  /** Which of the cells hold maps, and of which kind. */
  readonly maps: ReadonlyMap<string, "intMap" | "strMap">;
  readonly services: ReadonlyMap<string, string>;
  /** Classes of the program's own errors, by kind. */
  readonly errors: ReadonlyMap<string, string>;
}

type Statement<Op extends Stmt["op"]> = Extract<Stmt, { readonly op: Op }>;

interface Loop {
  readonly label: string | undefined;
}

const kinds: Partial<Record<TypeName | "any", Kind>> = {
  int: "int",
  dur: "int",
  bool: "bool",
  str: "str",
  list: "list",
  intMap: "intMap",
  strMap: "strMap",
  chan: "chan",
};

/** The cases of a select beside channels. */
const signals = { promise: "is_settled", token: "is_token_cancelled", event: "is_set" } as const;

export class ProcedureWriter {
  private readonly out: Emitter;
  private readonly program: ProgramNames;
  private readonly body: Block;
  private readonly names: Names;
  /** Python's names: a name means one variable throughout a procedure, in the language as in Python. */
  private readonly variables = new Map<string, string>();
  private readonly assigned = new Set<string>();
  private readonly certain: ReadonlySet<string>;
  private readonly locals = new Map<string, Local>();
  private readonly flags = new Map<string, string>();
  private loops: readonly Loop[] = [];
  private stack = "";

  constructor(out: Emitter, program: ProgramNames, body: Block) {
    this.out = out;
    this.program = program;
    this.body = body;
    this.names = new Names(program.module.all);
    this.certain = certainLocals(body);
    walk(body, (stmt) => {
      if (stmt.op === "assign") this.assigned.add(stmt.name);
    });
  }

  write(
    python: string,
    args: readonly { readonly name: string; readonly type: TypeName }[],
    proc: string,
  ): void {
    const { out, program } = this;
    const declared = args.map(({ name, type }, index) => {
      const some = program.certain.has(`${proc} ${index}`);
      return this.bind(name, kinds[type] ?? null, { some }).python;
    });
    out.line(`async def ${python}(${declared.join(", ")}):`);
    out.indented(() => {
      this.globals(this.body);
      if (program.recursive.has(proc)) this.block("with nested_call():", () => this.outermost());
      else this.outermost();
    });
  }

  /** Shared cells that the body stores into. */
  private globals(body: Block): void {
    const stored = new Set<string>();
    walk(body, (stmt) => {
      if (stmt.op === "store" && stmt.index === undefined) stored.add(this.program.cells.get(stmt.cell)!);
    });
    if (stored.size > 0) this.out.line(`global ${[...stored].join(", ")}`);
  }

  private outermost(): void {
    if (!hasInnerDefer(this.body)) return this.topLevel(this.body);
    this.stack = this.names.fresh("deferred");
    this.block(`async with AsyncExitStack() as ${this.stack}:`, () => this.statements(this.body));
  }

  /** A block deferred at the top level runs when what follows it is over. */
  private topLevel(block: Block): void {
    const at = block.findIndex(({ op }) => op === "defer");
    if (at < 0) return this.statements(block);
    const { out } = this;
    for (const stmt of block.slice(0, at)) this.statement(stmt);
    const defer = block[at] as Statement<"defer">;
    const rest = block.slice(at + 1);
    out.begins(defer.id);
    if (rest.length === 0) return this.statements(defer.body);
    this.block("try:", () => this.topLevel(rest));
    this.block("finally:", () => this.statements(defer.body));
  }

  // ---- blocks

  private statements(block: Block): void {
    if (block.length === 0) this.out.line("pass");
    for (const stmt of block) this.statement(stmt);
  }

  private block(head: string, body: () => void, id?: string): void {
    this.out.line(head, id);
    this.out.indented(body);
  }

  // ---- expressions and locals

  private get context(): Context {
    return {
      locals: this.locals,
      params: this.program.params,
      records: this.program.records,
      procs: this.program.procs,
    };
  }

  private value(expr: Expr): string {
    return value(expr, this.context);
  }

  private on(expr: Expr): string {
    return receiver(expr, this.context);
  }

  private condition(expr: Expr): string {
    return condition(expr, this.context);
  }

  /** A channel to call a method on. */
  private channel(expr: Expr): string {
    if (kindOf(expr, this.context) === "chan" && isSome(expr, this.context)) return this.on(expr);
    return `channel(${this.value(expr)})`;
  }

  private variable(name: string): string {
    let python = this.variables.get(name);
    if (python === undefined) {
      python = this.names.fresh(name);
      this.variables.set(name, python);
    }
    return python;
  }

  private bind(
    name: string,
    kind: Kind,
    { range = ANY, some = false }: { readonly range?: Range; readonly some?: boolean } = {},
  ): Local {
    const changes = this.assigned.has(name);
    const local = {
      python: this.variable(name),
      kind,
      some: !changes && (some || (kind === "chan" && this.certain.has(name))),
      range: changes ? ANY : clamped(range),
    };
    this.locals.set(name, local);
    return local;
  }

  /** `x = ` if the statement binds its result. */
  private bound(name: string | undefined, kind: Kind = null, range: Range = ANY): string {
    return name === undefined ? "" : `${this.bind(name, kind, { range }).python} = `;
  }

  // ---- statements

  private statement(stmt: Stmt): void {
    const { out, program } = this;
    const line = (text: string): void => out.line(text, stmt.id);
    /** What a statement binds is not in sight in its own operands. */
    const result = (name: string | undefined, text: string, kind: Kind = null, range: Range = ANY): void =>
      line(`${this.bound(name, kind, range)}${text}`);
    switch (stmt.op) {
      case "let": {
        const [kind, range] = [kindOf(stmt.value, this.context), rangeOf(stmt.value, this.context)];
        return result(stmt.bind, this.value(stmt.value), kind, range);
      }
      case "assign":
        return line(`${this.variable(stmt.name)} = ${this.value(stmt.value)}`);
      case "push":
        return line(`${this.on(stmt.list)}.append(${this.value(stmt.value)})`);
      case "setAt":
        return line(`set_at(${[stmt.list, stmt.index, stmt.value].map((e) => this.value(e)).join(", ")})`);
      case "put": {
        const [map, at] = [this.on(stmt.map), key(stmt.key, this.context)];
        const text = `${map}[${at}] = ${this.value(stmt.value)}`;
        if (stmt.max === undefined) return line(text);
        const room = `${at} in ${map} or len(${map}) < ${receiver(stmt.max, this.context)}`;
        line(`check(${room}, ${quote(`map at ${stmt.id} went beyond its max`)})`);
        return out.line(text);
      }
      case "delete":
        return line(`${this.on(stmt.map)}.pop(${key(stmt.key, this.context)}, None)`);
      case "if":
        return this.if(stmt);
      case "while":
        return this.while(stmt);
      case "repeat": {
        const [count, most] = [this.value(stmt.count), clamped(rangeOf(stmt.count, this.context))[1]];
        const range: Range = [0, Math.max(0, most - 1)];
        const i = stmt.bind === undefined ? "_" : this.bind(stmt.bind, "int", { range }).python;
        return this.loop(stmt, `for ${i} in range(${count}):`);
      }
      case "forEach": {
        const items = this.value(stmt.list);
        if (stmt.key !== undefined) {
          const names = [this.bind(stmt.key, keyKind(stmt.list, this.context)), this.bind(stmt.bind, null)];
          const targets = names.map(({ python }) => python).join(", ");
          return this.loop(stmt, `for ${targets} in sorted(${this.on(stmt.list)}.items()):`);
        }
        return this.loop(stmt, `for ${this.bind(stmt.bind, null).python} in ${items}:`);
      }
      case "range": {
        const items = this.channel(stmt.chan);
        return this.loop(stmt, `async for ${this.bind(stmt.bind, null).python} in ${items}:`);
      }
      case "match":
        return this.match(stmt);
      case "break":
      case "continue": {
        if (stmt.label === undefined || this.loops.at(-1)?.label === stmt.label) return line(stmt.op);
        line(`${this.flag(stmt.op, stmt.label)} = True`);
        return out.line("break");
      }
      case "return":
        return line(stmt.value === undefined ? "return" : `return ${this.value(stmt.value)}`);
      case "call":
        return result(stmt.bind, `await ${program.procs.get(stmt.proc)}(${this.list(stmt.args)})`);
      case "callRef":
        return result(stmt.bind, `await ${this.on(stmt.ref)}(${this.list(stmt.args)})`);
      case "spawnRef":
        return result(stmt.bind, `spawn(${[this.on(stmt.ref), ...this.values(stmt.args)].join(", ")})`);
      case "defer":
        return this.defer(stmt);
      case "try":
        return this.try(stmt);
      case "throw": {
        const message = stmt.message === undefined ? "" : quote(stmt.message);
        return line(`raise ${stmt.kind === "Cancelled" ? "cancelled" : this.error(stmt.kind)}(${message})`);
      }
      case "assert":
        return line(`check(${this.condition(stmt.cond)}, ${quote(stmt.message)})`);
      case "expect":
        return line(`expect(${this.condition(stmt.cond)}, ${quote(stmt.message)})`);
      case "spawn":
        return result(stmt.bind, this.later("spawn", stmt));
      case "detach":
        return line(this.later("detach", stmt));
      case "join":
        return result(stmt.bind, `await ${this.on(stmt.task)}`);
      case "joinAny": {
        const helper = stmt.firstSuccess === true ? "join_first_success" : "join_any";
        return result(stmt.bind, `await ${helper}(${this.value(stmt.tasks)})`);
      }
      case "joinAll":
        return result(stmt.bind, `await join_all(${this.value(stmt.tasks)})`, "list");
      case "settleAll":
        return result(stmt.bind, `await settle_all(${this.value(stmt.tasks)})`, "list");
      case "scope": {
        const how = stmt.onError === "cancelSiblings" ? "cancel_siblings=True" : "";
        return this.block(`async with Scope(${how}):`, () => this.statements(stmt.body), stmt.id);
      }
      case "scopeRace": {
        const race = stmt.bind === undefined ? undefined : this.names.fresh("race");
        const how = stmt.leaveLosers === true ? "leave_losers=True" : "";
        const as = race === undefined ? "" : ` as ${race}`;
        this.block(`async with Race(${how})${as}:`, () => this.statements(stmt.body), stmt.id);
        if (race !== undefined) out.line(`${this.bound(stmt.bind)}${race}.winner`);
        return;
      }
      case "yield":
      case "yieldMicro":
        return line("await asyncio.sleep(0)");
      case "sleep":
        return line(`await sleep(${this.value(stmt.dur)})`);
      case "cpu":
      case "block":
        return line(`${stmt.op}(${this.value(stmt.dur)})`);
      case "offload": {
        const workers = stmt.workers === undefined ? "" : `, workers=${this.value(stmt.workers)}`;
        return line(`await offload(${this.value(stmt.dur)}${workers})`);
      }
      case "chan":
        return result(stmt.bind, `Channel(${this.value(stmt.cap)})`, "chan");
      case "send":
        return line(`await ${this.channel(stmt.chan)}.send(${this.value(stmt.value)})`);
      case "recv":
        return result(stmt.bind, `await ${this.channel(stmt.chan)}.recv()`);
      case "recvOk":
        return this.receive(stmt, `await ${this.channel(stmt.chan)}.receive()`);
      case "tryRecv":
        return this.receive(stmt, `${this.channel(stmt.chan)}.try_recv()`);
      case "close":
        return line(`${this.channel(stmt.chan)}.close()`);
      case "trySend":
        return result(stmt.ok, `${this.channel(stmt.chan)}.try_send(${this.value(stmt.value)})`, "bool");
      case "chanLen":
        return result(stmt.bind, `len(${this.value(stmt.chan)})`, "int", NATURAL);
      case "chanCap":
        return result(stmt.bind, `${this.on(stmt.chan)}.capacity`, "int", NATURAL);
      case "select":
        return this.select(stmt);
      case "mutex":
        return result(stmt.bind, this.program.bargingMutexes ? "BargingMutex()" : "Mutex()", "handle");
      case "lock":
        return line(`await ${this.on(stmt.mutex)}.acquire()`);
      case "unlock":
        return line(`${this.on(stmt.mutex)}.release()`);
      case "tryLock":
        return result(stmt.ok, `${this.on(stmt.mutex)}.try_acquire()`, "bool");
      case "sem":
        return result(
          stmt.bind,
          `${stmt.fairness === "barging" ? "BargingSemaphore" : "Semaphore"}(${this.value(stmt.permits)})`,
          "handle",
        );
      case "acquire":
        return line(`await ${this.on(stmt.sem)}.acquire(${this.optional(stmt.count)})`);
      case "release":
        return line(`${this.on(stmt.sem)}.release(${this.optional(stmt.count)})`);
      case "lockFor":
        return result(stmt.ok, `await ${this.on(stmt.mutex)}.acquire_for(${this.value(stmt.dur)})`, "bool");
      case "acquireFor": {
        const [dur, count] = [this.value(stmt.dur), stmt.count === undefined ? [] : [this.value(stmt.count)]];
        return result(
          stmt.ok,
          `await ${this.on(stmt.sem)}.acquire_for(${[dur, ...count].join(", ")})`,
          "bool",
        );
      }
      case "group":
        return result(stmt.bind, "Group()", "handle");
      case "groupAdd":
        return line(`${this.on(stmt.group)}.add(${this.value(stmt.count)})`);
      case "groupDone":
        return line(`${this.on(stmt.group)}.done()`);
      case "groupWait":
        return line(`await ${this.on(stmt.group)}.wait()`);
      case "rwlock":
        return result(stmt.bind, "RwLock()", "handle");
      case "rlock":
        return line(`await ${this.on(stmt.rwlock)}.acquire_read()`);
      case "runlock":
        return line(`${this.on(stmt.rwlock)}.release_read()`);
      case "wlock":
        return line(`await ${this.on(stmt.rwlock)}.acquire_write()`);
      case "wunlock":
        return line(`${this.on(stmt.rwlock)}.release_write()`);
      case "cond":
        return result(stmt.bind, `Condition(${this.value(stmt.mutex)})`, "handle");
      case "condWait":
        return line(`await ${this.on(stmt.cond)}.wait()`);
      case "condWaitFor":
        return result(stmt.ok, `await ${this.on(stmt.cond)}.wait(${this.value(stmt.dur)})`, "bool");
      case "signal":
        return line(`${this.on(stmt.cond)}.notify()`);
      case "broadcast":
        return line(`${this.on(stmt.cond)}.notify_all()`);
      case "monitor":
        return result(stmt.bind, "Monitor()", "handle");
      case "enter":
        return this.block(`async with ${this.on(stmt.monitor)}:`, () => this.statements(stmt.body), stmt.id);
      case "monitorWait":
        return line(`await ${this.on(stmt.monitor)}.wait()`);
      case "monitorWaitFor":
        return result(stmt.ok, `await ${this.on(stmt.monitor)}.wait(${this.value(stmt.dur)})`, "bool");
      case "notify":
        return line(`${this.on(stmt.monitor)}.${stmt.all === true ? "notify_all" : "notify"}()`);
      case "once":
        return result(stmt.bind, "Once()", "handle");
      case "onceDo":
        return line(
          `await ${this.on(stmt.once)}.do(${[program.procs.get(stmt.proc), ...this.values(stmt.args)].join(", ")})`,
        );
      case "event":
        return result(stmt.bind, "Event()", "handle");
      case "eventSet":
        return line(`${this.on(stmt.event)}.set()`);
      case "eventWait":
        return line(`await ${this.on(stmt.event)}.wait()`);
      case "barrier":
        return result(stmt.bind, `Barrier(${this.value(stmt.parties)})`, "handle");
      case "barrierWait":
        return line(`await ${this.on(stmt.barrier)}.wait()`);
      case "after":
        return result(stmt.bind, `after(${this.value(stmt.dur)})`, "chan");
      case "timer":
        return this.timer(stmt, `start_timer(${this.value(stmt.dur)})`);
      case "ticker": {
        const catchUp = stmt.catchUp === undefined ? "" : `, catch_up=${quote(stmt.catchUp)}`;
        return this.timer(stmt, `start_ticker(${this.value(stmt.dur)}${catchUp})`);
      }
      case "afterFunc":
        return result(stmt.bind, this.later("run_after", stmt, [stmt.dur]), "handle");
      case "stopTimer":
        return result(stmt.ok, `${this.on(stmt.timer)}.stop()`, "bool");
      case "resetTimer":
        return result(stmt.ok, `${this.on(stmt.timer)}.reset(${this.value(stmt.dur)})`, "bool");
      case "deadline":
        return this.block(
          `async with deadline(${this.value(stmt.dur)}):`,
          () => this.statements(stmt.body),
          stmt.id,
        );
      case "cancel":
        return line(`cancel(${this.value(stmt.task)})`);
      case "isCancelled":
        return result(stmt.bind, "is_cancelled()", "bool");
      case "check":
        return line("check_cancelled()");
      case "shield":
        return this.block("with shield:", () => this.statements(stmt.body), stmt.id);
      case "token":
        return result(stmt.bind, "Token()", "handle");
      case "cancelToken":
        return line(`${this.on(stmt.token)}.cancel()`);
      case "withToken":
        return this.block(
          `async with under(${this.value(stmt.token)}):`,
          () => this.statements(stmt.body),
          stmt.id,
        );
      case "load":
        return result(stmt.bind, this.cell(stmt.cell, stmt.index), program.maps.get(stmt.cell) ?? null);
      case "store": {
        const cell = this.cell(stmt.cell, stmt.index);
        return line(`${cell} = ${this.value(stmt.value)}`);
      }
      case "atomic":
        return result(stmt.bind, `Atomic(${this.value(stmt.init)})`, "handle");
      case "atomicLoad":
        return result(stmt.bind, `${this.on(stmt.atomic)}.value`, "int");
      case "atomicStore":
        return line(`${this.on(stmt.atomic)}.value = ${this.value(stmt.value)}`);
      case "atomicAdd":
        return result(stmt.bind, `${this.on(stmt.atomic)}.add(${this.value(stmt.value)})`, "int");
      case "atomicCas": {
        const swap = `compare_and_set(${this.list([stmt.expect, stmt.value])})`;
        return result(stmt.ok, `${this.on(stmt.atomic)}.${swap}`, "bool");
      }
      case "promise":
        return result(stmt.bind, "Promise()", "handle");
      case "resolve":
        return line(`${this.on(stmt.promise)}.resolve(${this.value(stmt.value)})`);
      case "reject":
        return line(`${this.on(stmt.promise)}.reject(${this.error(stmt.kind)})`);
      case "await":
        return result(stmt.bind, `await ${this.on(stmt.promise)}`);
      case "onResolve":
        return result(stmt.bind, this.later(`${this.on(stmt.promise)}.on_resolve`, stmt), "handle");
      case "callback":
        return line(
          stmt.queue === "timer"
            ? this.later("call_later", stmt, [{ lit: 0 }])
            : this.later("call_soon", stmt),
        );
      case "callService":
        return line(`await ${program.services.get(stmt.service)}.call()`);
      case "listen":
        return result(stmt.bind, `Listener(${this.value(stmt.backlog)})`, "handle");
      case "accept":
      case "connect":
        return result(stmt.bind, `await ${this.on(stmt.listener)}.${stmt.op}()`, "handle");
      case "read":
        return result(
          stmt.bind,
          `await ${this.on(stmt.conn)}.read(${this.value(stmt.bytes)})`,
          "int",
          NATURAL,
        );
      case "write":
        return line(`await ${this.on(stmt.conn)}.write(${this.value(stmt.bytes)})`);
      case "closeConn":
        return line(`${this.on(stmt.conn)}.close()`);
      case "closeListener":
        return line(`${this.on(stmt.listener)}.close()`);
      case "fileRead": {
        const stall = stmt.stall === undefined ? "" : `, stall=${this.value(stmt.stall)}`;
        return line(`await read_file(${this.value(stmt.bytes)}${stall})`);
      }
      case "fileStat":
        return line("await stat_file()");
      case "log": {
        const args = (stmt.args ?? []).map((arg) => `, ${this.value(arg)}`);
        return line(`log(${quote(stmt.id ?? "")}, ${quote(stmt.text)}${args.join("")})`);
      }
      case "mark":
        return line(
          `mark(${quote(stmt.name)}${stmt.from === undefined ? "" : `, ${this.value(stmt.from)}`})`,
        );
      case "measure":
      case "gauge":
        return line(`${stmt.op}(${quote(stmt.name)}, ${this.value(stmt.value)})`);
      case "count":
        return line(`count(${quote(stmt.name)}${stmt.by === undefined ? "" : `, ${this.value(stmt.by)}`})`);
      case "now":
        return result(stmt.bind, "now()", "int", NATURAL);
      case "draw":
        return result(
          stmt.bind,
          `draw(${quote(stmt.stream)}, ${distribution(stmt.from, stmt.unit)})`,
          "int",
          NATURAL,
        );
      case "choose": {
        const most = clamped(rangeOf(stmt.n, this.context))[1];
        return result(stmt.bind, `choose(${this.value(stmt.n)})`, "int", [0, Math.max(0, most - 1)]);
      }
      default:
        stmt satisfies never;
    }
  }

  private values(exprs: readonly Expr[]): readonly string[] {
    return exprs.map((expr) => this.value(expr));
  }

  private list(exprs: readonly Expr[]): string {
    return this.values(exprs).join(", ");
  }

  private optional(expr: Expr | undefined): string {
    return expr === undefined ? "" : this.value(expr);
  }

  private cell(name: string, index: Expr | undefined): string {
    const python = this.program.cells.get(name)!;
    return index === undefined ? python : `${python}[${this.value(index)}]`;
  }

  private error(kind: ErrKind): string {
    return kind === "Cancelled" ? "CancelledError" : (this.program.errors.get(kind) ?? kind);
  }

  /**
   * A call of `op` with the procedure and its arguments. Tasks are known by the program's name of their procedure: it is told
   * where Python's name differs.
   */
  private later(
    op: string,
    stmt: Statement<"spawn" | "detach" | "afterFunc" | "onResolve" | "callback">,
    first: readonly Expr[] = [],
  ): string {
    const python = this.program.procs.get(stmt.proc)!;
    const name = python === stmt.proc ? [] : [`name=${quote(stmt.proc)}`];
    const args = [...this.values(first), python, ...this.values(stmt.args), ...name];
    return `${op}(${args.join(", ")})`;
  }

  private timer(stmt: Statement<"timer" | "ticker">, call: string): void {
    const timer = this.bind(stmt.bind, "handle").python;
    this.out.line(`${timer}, ${this.bind(stmt.channel, "chan").python} = ${call}`, stmt.id);
  }

  private if(stmt: Statement<"if">): void {
    this.block(`if ${this.condition(stmt.cond)}:`, () => this.statements(stmt.then), stmt.id);
    let rest = stmt.else;
    while (rest !== undefined) {
      const block: Block = rest;
      const [only] = block;
      if (block.length !== 1 || only?.op !== "if") {
        this.block("else:", () => this.statements(block));
        return;
      }
      this.block(`elif ${this.condition(only.cond)}:`, () => this.statements(only.then), only.id);
      rest = only.else;
    }
  }

  // ---- loops

  /** A loop; after it the jumps that go further out than itself are carried on. */
  private loop(
    stmt: Statement<"while" | "repeat" | "forEach" | "range">,
    head: string,
    first?: () => void,
  ): void {
    const { out, loops } = this;
    const jumps = jumpsOut(stmt.body, stmt.label);
    const around = loops.at(-1)?.label;
    out.begins(stmt.id);
    for (const { op, label } of jumps) if (label === around) out.line(`${this.flag(op, label)} = False`);
    this.loops = [...loops, { label: stmt.label }];
    this.block(head, () => {
      first?.();
      if (first === undefined || stmt.body.length > 0) this.statements(stmt.body);
    });
    this.loops = loops;
    for (const { op, label } of jumps)
      this.block(`if ${this.flag(op, label)}:`, () => out.line(label === around ? op : "break"));
  }

  /** The variable that tells a loop's end to go on jumping. */
  private flag(op: "break" | "continue", label: string): string {
    const key = `${op} ${label}`;
    let flag = this.flags.get(key);
    if (flag === undefined) {
      flag = this.names.fresh(op === "break" ? `leave_${label}` : `next_${label}`);
      this.flags.set(key, flag);
    }
    return flag;
  }

  private while(stmt: Statement<"while">): void {
    const { bound } = stmt;
    const head = `while ${this.condition(stmt.cond)}:`;
    if (bound === undefined) return this.loop(stmt, head);
    const { out } = this;
    const turns = this.names.fresh("turns");
    out.line(`${turns} = 0`, stmt.id);
    this.loop(stmt, head, () => {
      out.line(`${turns} += 1`);
      out.line(
        `check(${turns} <= ${receiver(bound, this.context)}, ${quote(`loop at ${stmt.id} went beyond its bound`)})`,
      );
    });
  }

  // ---- choices

  private match(stmt: Statement<"match">): void {
    const { out } = this;
    if (stmt.cases.length === 0) {
      out.begins(stmt.id);
      this.statements(stmt.otherwise ?? []);
      return;
    }
    this.block(
      `match ${this.value(stmt.value)}:`,
      () => {
        for (const { tag, body } of stmt.cases)
          this.block(`case ${value({ lit: tag }, this.context)}:`, () => this.statements(body));
        const { otherwise } = stmt;
        if (otherwise !== undefined) this.block("case _:", () => this.statements(otherwise));
      },
      stmt.id,
    );
  }

  private select(stmt: Statement<"select">): void {
    const { out } = this;
    const cases = stmt.cases.map((each) => {
      if (each.dir === "send") return `send_to(${this.value(each.chan)}, ${this.value(each.value)})`;
      if (each.dir === "recv") return `recv_from(${this.value(each.chan)})`;
      return `${signals[each.dir]}(${this.on(sourceOf(each))})`;
    });
    const timeout = stmt.timeout === undefined ? [] : [`timeout=${this.value(stmt.timeout.dur)}`];
    const call =
      stmt.otherwise === undefined
        ? `await select(${[...cases, ...timeout].join(", ")})`
        : `poll(${cases.join(", ")})`;
    const selected = this.names.fresh("selected");
    out.line(`${selected} = ${call}`, stmt.id);
    const otherwise = stmt.otherwise ?? stmt.timeout?.body;
    stmt.cases.forEach((each, index) => {
      const isLast = otherwise === undefined && index === stmt.cases.length - 1 && index > 0;
      const head = isLast ? "else:" : `${index === 0 ? "if" : "elif"} ${selected}.case == ${index}:`;
      this.block(head, () => {
        const bind = "bind" in each ? each.bind : undefined;
        const ok = "ok" in each ? each.ok : undefined;
        if (bind !== undefined) out.line(`${this.bound(bind)}${selected}.value`);
        if (ok !== undefined) out.line(`${this.bound(ok, "bool")}${selected}.ok`);
        const binds = bind !== undefined || ok !== undefined;
        if (!binds || each.body.length > 0) this.statements(each.body);
      });
    });
    if (otherwise === undefined || otherwise.length === 0) return;
    if (cases.length === 0) this.statements(otherwise);
    else this.block("else:", () => this.statements(otherwise));
  }

  private receive(stmt: Statement<"recvOk" | "tryRecv">, call: string): void {
    const item = stmt.bind === undefined ? "_" : this.bind(stmt.bind, null).python;
    this.out.line(`${item}, ${this.bind(stmt.ok, "bool").python} = ${call}`, stmt.id);
  }

  // ---- errors and deferred blocks

  private try(stmt: Statement<"try">): void {
    const { out } = this;
    out.begins(stmt.id);
    if (stmt.catches.length === 0 && stmt.finally === undefined) return this.statements(stmt.body);
    this.block("try:", () => this.statements(stmt.body));
    for (const each of stmt.catches)
      this.block(`except ${this.errors(each.kinds)}:`, () => this.statements(each.body));
    const last = stmt.finally;
    if (last !== undefined) this.block("finally:", () => this.statements(last));
  }

  private errors(kinds: readonly (ErrKind | "*")[]): string {
    if (kinds.includes("*")) return "ANY_ERROR";
    const classes = [...new Set(kinds as readonly ErrKind[])].map((kind) =>
      kind === "NoneDeref" ? "NONE_DEREF" : this.error(kind),
    );
    if (classes.length === 1) return classes[0]!;
    return `(${classes.map((name) => (name === "NONE_DEREF" ? "*NONE_DEREF" : name)).join(", ")})`;
  }

  private defer(stmt: Statement<"defer">): void {
    const { out } = this;
    const python = this.names.fresh("at_end");
    const outside = new Set(this.variables.keys());
    const changed = new Set<string>();
    walk(stmt.body, (inner) => {
      const nested = nestedIn(inner).flatMap(({ binds }) => binds);
      for (const { name } of [...bindsOf(inner), ...nested]) changed.add(name);
      if (inner.op === "assign") changed.add(inner.name);
    });
    const shared = [...changed].filter((name) => outside.has(name)).map((name) => this.variable(name));
    out.line();
    this.block(
      `async def ${python}():`,
      () => {
        this.globals(stmt.body);
        if (shared.length > 0) out.line(`nonlocal ${shared.join(", ")}`);
        this.statements(stmt.body);
      },
      stmt.id,
    );
    for (const name of this.variables.keys()) if (!outside.has(name)) this.variables.delete(name);
    out.line();
    out.line(`${this.stack}.push_async_callback(${python})`);
  }
}

/** A distribution of draws. */
export function distribution(from: Distribution, unit: "ns" | undefined): string {
  const n = (value: number): string => (unit === "ns" ? durationLiteral(value).text : digits(value));
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
      return `two_point(${n(from.fast)}, ${n(from.slow)}, ${from.slowPerMillion})`;
    case "table":
      return `table(${from.values.map(n).join(", ")})`;
  }
}
