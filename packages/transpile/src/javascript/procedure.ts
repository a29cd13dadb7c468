/** One procedure as a function. Each statement of the language is one statement of JavaScript, or a block. */
import {
  type Block,
  bindsOf,
  type CallbackQueue,
  type Distribution,
  type Expr,
  nestedIn,
  operandsOf,
  sourceOf,
  type Stmt,
  walk,
  walkExpr,
} from "@orrery/program";
import type { Emitter } from "../emitter.ts";
import { completes, hasInnerDefer, needsLabel, reachable, statementCompletes } from "../java/exits.ts";
import type { ProgramTypes } from "../infer-types.ts";
import {
  condition,
  type Context,
  isConstant,
  isKnown,
  keyOf,
  type Local,
  number,
  numeral,
  PRODUCT,
  receiver,
  SUM,
  typeOf,
  value,
} from "./expressions.ts";
import { ANY, clamped, NATURAL, type Range, rangeOf } from "../ranges.ts";
import { Names, quote } from "./names.ts";
import type { ProcUses } from "./procs.ts";

/** What the procedures of a program share. */
export interface ProgramNames {
  /** Mutexes go to whoever comes to lock them. */
  readonly bargingMutexes: boolean;
  readonly types: ProgramTypes;
  readonly uses: ProcUses;
  /** A task is known by an object of its own, not by its function's promise. */
  readonly handles: boolean;
  readonly procs: ReadonlyMap<string, string>;
  /** The async functions around plain ones that tasks run. */
  readonly tasks: ReadonlyMap<string, string>;
  readonly params: Context["params"];
  readonly cells: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
  /** Every name at the top of the file. */
  readonly top: readonly string[];
}

type Statement<Op extends Stmt["op"]> = Extract<Stmt, { readonly op: Op }>;

interface Loop {
  readonly label: string | undefined;
  readonly js: string | undefined;
}

const NS_PER_MS = 1e6;

export class ProcedureWriter {
  /** Set when a task is stored, sent or shown: a promise would be followed, and has no name. */
  passesTasks = false;
  private readonly out: Emitter;
  private readonly program: ProgramNames;
  private readonly body: Block;
  private readonly names: Names;
  private readonly assigned = new Set<string>();
  /** Locals that deferred blocks inside of other blocks see: declared at the top of the function. */
  private readonly hoisted = new Map<string, Local>();
  private readonly innerDefers: boolean;
  private locals = new Map<string, Local>();
  private loops: readonly Loop[] = [];
  private deferred = "";
  private keepsResult = false;

  constructor(out: Emitter, program: ProgramNames, body: Block) {
    this.out = out;
    this.program = program;
    this.body = body;
    this.names = new Names(program.top);
    this.innerDefers = hasInnerDefer(body);
    walk(body, (stmt) => {
      if (stmt.op === "assign") this.assigned.add(stmt.name);
    });
  }

  main(): void {
    this.out.line("async function main(self) {");
    this.out.indented(() => this.asTask());
    this.out.line("}");
  }

  procedure(proc: string, args: readonly string[]): void {
    const { out, program } = this;
    const { uses } = program;
    const slots = program.types.argsOf(proc);
    const declared = args.map((name, index) => {
      const js = this.names.fresh(name);
      const final = !this.assigned.has(name);
      this.locals.set(name, { js, slot: slots[index]!, final, range: ANY });
      return js;
    });
    const list = ["self", ...declared].join(", ");
    const js = program.procs.get(proc)!;
    const isTask = uses.isSpawned(proc) && !uses.needsTask(proc);
    this.keepsResult = isTask && this.mustKeepResult(proc);
    out.line(`${uses.isAsync(proc) ? "async " : ""}function ${js}(${list}) {`);
    out.indented(() => {
      if (isTask || uses.isRecursive(proc)) this.asTask();
      else this.outermost();
    });
    out.line("}");
    if (js !== proc) this.rename(js, proc);
    if (uses.needsTask(proc)) this.taskAround(proc, js, list);
  }

  /** The async function of tasks that run a plain one. */
  private taskAround(proc: string, js: string, list: string): void {
    const { out, program } = this;
    const around = program.tasks.get(proc)!;
    const call = `${js}(${list.replace(/^self/, this.calleeTask(proc))})`;
    out.line();
    out.line(`async function ${around}(${list}) {`);
    out.indented(() =>
      this.reported(() => out.line(`return ${this.mustKeepResult(proc) ? `self.returns(${call})` : call};`)),
    );
    out.line("}");
    this.rename(around, proc);
  }

  /** Its result is asked of the task and not of its function's promise. */
  private mustKeepResult(proc: string): boolean {
    return this.program.handles || this.program.uses.beginsLater(proc);
  }

  /** Tasks are known by their procedure's name in the program. */
  private rename(js: string, proc: string): void {
    this.out.line(`Object.defineProperty(${js}, 'name', { value: ${quote(proc)} });`);
  }

  private asTask(): void {
    this.reported(() => this.outermost());
  }

  /** The task learns how it ended as soon as it has. */
  private reported(body: () => void): void {
    const { out } = this;
    out.line("try {");
    out.indented(body);
    this.names.scoped(() => {
      const error = this.names.fresh("error");
      out.line(`} catch (${error}) {`);
      out.indented(() => out.line(`throw self.failed(${error});`));
    });
    out.line("} finally {");
    out.indented(() => out.line("self.ended();"));
    out.line("}");
  }

  private outermost(): void {
    if (!this.innerDefers) return this.topLevel(this.body);
    const { out } = this;
    this.hoistLocals();
    this.deferred = this.names.fresh("deferred");
    out.line(`const ${this.deferred} = new Deferred();`);
    out.line("try {");
    out.indented(() => this.block(this.body));
    out.line("} finally {");
    out.indented(() =>
      out.line(this.defersAwait ? `await ${this.deferred}.runInTurn();` : `${this.deferred}.run();`),
    );
    out.line("}");
  }

  private get defersAwait(): boolean {
    let found = false;
    walk(this.body, (stmt) => {
      if (stmt.op === "defer" && this.program.uses.awaits(stmt.body)) found = true;
    });
    return found;
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

  /** A deferred block sees the last values of its locals, not those of the turn of the loop that deferred it. */
  private hoistLocals(): void {
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
    for (const name of this.locals.keys()) used.delete(name);
    const { types } = this.program;
    const hoist = (name: string, stmt: Stmt, within?: string): void => {
      if (!used.delete(name)) return;
      const js = this.names.fresh(name);
      this.hoisted.set(name, {
        js,
        slot: types.local(stmt, name, within).orNone(),
        final: false,
        range: ANY,
      });
    };
    walk(this.body, (stmt) => {
      for (const { name } of bindsOf(stmt)) hoist(name, stmt);
      for (const nested of nestedIn(stmt))
        for (const { name } of nested.binds) hoist(name, stmt, nested.name);
    });
    if (this.hoisted.size > 0)
      this.out.line(`let ${[...this.hoisted.values()].map(({ js }) => js).join(", ")};`);
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

  /** `head {` and the block; the caller closes it. */
  private braced(head: string, block: Block, id?: string, first?: () => void): void {
    this.out.line(`${head}${head === "" ? "" : " "}{`, id);
    this.out.indented(() =>
      this.scoped(() => {
        first?.();
        this.block(block);
      }),
    );
  }

  private get context(): Context {
    const { types, params, procs, tasks } = this.program;
    const hoist: Context["hoist"] = (name, text) => {
      const js = this.names.fresh(name);
      this.out.line(`const ${js} = ${text};`);
      return js;
    };
    return { types, params, procs, tasks, hoist, locals: this.locals };
  }

  // ---- expressions

  private value(expr: Expr, least?: number): string {
    return value(expr, this.context, least);
  }

  private number(expr: Expr, least?: number): string {
    return number(expr, this.context, least);
  }

  private on(expr: Expr): string {
    return receiver(expr, this.context);
  }

  /** A value that goes where an await would follow it, were it a promise. */
  private passed(expr: Expr): string {
    if (typeOf(expr, this.context).type.kind === "task") this.passesTasks = true;
    return this.value(expr);
  }

  private channel(expr: Expr): string {
    const isNone = typeOf(expr, this.context).nullable;
    return isNone ? `Channel.orNone(${this.value(expr)})` : this.on(expr);
  }

  private task(expr: Expr): string {
    return isKnown("task", expr, this.context) ? this.value(expr) : `some(${this.value(expr)})`;
  }

  /** Whole milliseconds are Node's unit. */
  private milliseconds(expr: Expr): string {
    if ("lit" in expr && typeof expr.lit === "number") return String(Math.max(0, expr.lit) / NS_PER_MS);
    const [low] = rangeOf(expr, this.context);
    return low >= 0 ? `${this.number(expr, PRODUCT)} / MS` : `Math.max(0, ${this.number(expr)}) / MS`;
  }

  /** Arguments of a call of the support file that a cancellation may end. */
  private cancellable(...args: readonly string[]): string {
    return [...args, ...(this.program.uses.cancels ? ["self"] : [])].join(", ");
  }

  /** The text of a log line, with what stands for values in it. */
  private text(template: string, args: readonly Expr[]): string {
    if (args.length === 0) return quote(template);
    let isPlain = true;
    const pieces = template.split(/\{(\d+)\}/).map((piece, index) => {
      const arg = index % 2 === 1 ? args[Number(piece)] : undefined;
      if (arg !== undefined) {
        isPlain = false;
        return `\${${this.shown(arg)}}`;
      }
      return (index % 2 === 1 ? `{${piece}}` : piece)
        .replace(/[`\\]|\$(?=\{)/g, "\\$&")
        .replaceAll("\n", "\\n");
    });
    return isPlain ? quote(template) : `\`${pieces.join("")}\``;
  }

  private shown(expr: Expr): string {
    const { type } = typeOf(expr, this.context);
    const held = type.item?.type.kind ?? type.kind;
    if (type.kind === "task" || (type.kind === "list" && (held === "task" || held === null)))
      this.passesTasks = true;
    const plain = (["int", "bool", "str"] as const).some((kind) => isKnown(kind, expr, this.context));
    return plain ? this.value(expr) : `show(${this.value(expr)})`;
  }

  // ---- locals

  /** A fresh local that a statement binds. */
  private bind(stmt: Stmt, name: string, within = "", range: Range = ANY): Local {
    const slot = this.program.types.local(stmt, name, within);
    const final = !this.assigned.has(name);
    const local =
      this.hoisted.get(name) ??
      ({ js: this.names.fresh(name), slot, final, range: final ? clamped(range) : ANY } satisfies Local);
    this.locals.set(name, local);
    return local;
  }

  private keyword(name: string): string {
    return this.assigned.has(name) ? "let" : "const";
  }

  /** The declaration of a local, or the assignment to a hoisted one, up to its value. */
  private declaration(stmt: Stmt, name: string, within = "", range: Range = ANY): string {
    const { js } = this.bind(stmt, name, within, range);
    return this.hoisted.has(name) ? `${js} = ` : `${this.keyword(name)} ${js} = `;
  }

  /** What a statement binds is not in sight in its own operands. */
  private bound(stmt: Stmt, name: string | undefined, text: string, range: Range = ANY): string {
    return `${name === undefined ? "" : this.declaration(stmt, name, "", range)}${text};`;
  }

  private fresh(name: string): string {
    return this.names.fresh(name);
  }

  // ---- statements

  private statement(stmt: Stmt): void {
    const { out, program } = this;
    const { uses, handles } = program;
    const line = (text: string): void => out.line(text, stmt.id);
    switch (stmt.op) {
      case "let": {
        const range = rangeOf(stmt.value, this.context);
        return line(this.bound(stmt, stmt.bind, this.value(stmt.value), range));
      }
      case "assign":
        return line(`${this.locals.get(stmt.name)!.js} = ${this.value(stmt.value)};`);
      case "push":
        return line(`${this.on(stmt.list)}.push(${this.value(stmt.value)});`);
      case "setAt":
        return line(`set(${this.value(stmt.list)}, ${this.value(stmt.index)}, ${this.value(stmt.value)});`);
      case "put": {
        const [map, key] = [this.on(stmt.map), keyOf(stmt.map, stmt.key, this.context)];
        const text = `${map}.set(${key}, ${this.passed(stmt.value)});`;
        if (stmt.max === undefined) return line(text);
        const room = `${map}.has(${key}) || ${map}.size < ${this.number(stmt.max, SUM)}`;
        line(`check(${room}, ${quote(`map at ${stmt.id} went beyond its max`)});`);
        return out.line(text);
      }
      case "delete":
        return line(`${this.on(stmt.map)}.delete(${keyOf(stmt.map, stmt.key, this.context)});`);
      case "if":
        return this.if(stmt);
      case "while":
        return this.while(stmt);
      case "repeat":
        return this.repeat(stmt);
      case "forEach":
        if (stmt.key !== undefined) return this.entries(stmt, stmt.key);
        return this.each(stmt, "for", this.value(stmt.list));
      case "range": {
        const channel = this.channel(stmt.chan);
        return this.each(stmt, "for await", uses.cancels ? `${channel}.items(self)` : channel);
      }
      case "match":
        return this.match(stmt);
      case "break":
      case "continue": {
        const loop = this.loops.findLast(({ label }) => stmt.label === undefined || label === stmt.label)!;
        const isInner = loop !== this.loops.at(-1);
        const labelled = loop.js !== undefined && (stmt.op === "break" || isInner);
        return line(`${stmt.op}${labelled ? ` ${loop.js}` : ""};`);
      }
      case "return": {
        if (stmt.value === undefined) return line("return;");
        const text = this.passed(stmt.value);
        return line(`return ${this.keepsResult ? `self.returns(${text})` : text};`);
      }
      case "call": {
        const call = this.call(stmt);
        return line(this.bound(stmt, stmt.bind, uses.isAsync(stmt.proc) ? `await ${call}` : call));
      }
      case "callRef": {
        const task = uses.isCountedType(stmt.type) ? "self.calls()" : "self";
        const call = `${this.on(stmt.ref)}(${[task, ...this.values(stmt.args)].join(", ")})`;
        return line(this.bound(stmt, stmt.bind, uses.isAsyncType(stmt.type) ? `await ${call}` : call));
      }
      case "spawnRef": {
        const call = `(${[this.on(stmt.ref), ...this.values(stmt.args)].join(", ")})`;
        return line(this.bound(stmt, stmt.bind, `self.${handles ? "start" : "spawn"}${call}`));
      }
      case "defer":
        this.braced(
          `${this.deferred}.add(${uses.awaits(stmt.body) ? "async " : ""}() =>`,
          stmt.body,
          stmt.id,
        );
        return out.line("});");
      case "try":
        return this.try(stmt);
      case "throw": {
        if (stmt.kind === "Cancelled" && uses.cancels) return line("throw self.cancelled();");
        const args = [stmt.kind, ...(stmt.message === undefined ? [] : [stmt.message])];
        return line(`throw new Fault(${args.map(quote).join(", ")});`);
      }
      case "assert":
        return line(`check(${condition(stmt.cond, this.context)}, ${quote(stmt.message)});`);
      case "expect":
        return line(`self.expect(${condition(stmt.cond, this.context)}, ${quote(stmt.message)});`);
      case "spawn":
      case "detach": {
        const call = `(${[this.taskBody(stmt.proc), ...this.values(stmt.args)].join(", ")})`;
        if (stmt.op === "detach") return line(`self.detach${call};`);
        const method = `${handles ? "start" : "spawn"}${stmt.deferred === true ? "Later" : ""}`;
        return line(this.bound(stmt, stmt.bind, `self.${method}${call}`));
      }
      case "join": {
        const text = this.task(stmt.task);
        return line(this.bound(stmt, stmt.bind, `await ${handles ? `self.join(${text})` : text}`));
      }
      case "joinAny": {
        const first = stmt.firstSuccess === true;
        const method = handles
          ? `self.${first ? "joinFirstSuccess" : "joinAny"}`
          : `Promise.${first ? "any" : "race"}`;
        return line(this.bound(stmt, stmt.bind, `await ${method}(${this.tasks(stmt.tasks)})`));
      }
      case "joinAll": {
        const method = handles ? "self.joinAll" : "Promise.all";
        return line(this.bound(stmt, stmt.bind, `await ${method}(${this.tasks(stmt.tasks)})`));
      }
      case "settleAll": {
        const tasks = this.tasks(stmt.tasks);
        if (handles) return line(this.bound(stmt, stmt.bind, `await self.settleAll(${tasks})`));
        const settled = `await Promise.allSettled(${tasks})`;
        return line(
          this.bound(stmt, stmt.bind, stmt.bind === undefined ? settled : `(${settled}).map(resultOf)`),
        );
      }
      case "scope":
      case "scopeRace":
        return this.scope(stmt);
      case "yield":
        return line("await setImmediate();");
      case "yieldMicro":
        return line("await null;");
      case "sleep":
        if (uses.cancels) return line(`await self.sleep(${this.number(stmt.dur)});`);
        return line(`await setTimeout(${this.milliseconds(stmt.dur)});`);
      case "cpu":
      case "block":
        return line(`${stmt.op}(${this.number(stmt.dur)});`);
      case "offload": {
        const workers = stmt.workers === undefined ? "" : `, ${this.number(stmt.workers)}`;
        return line(`await offload(${this.number(stmt.dur)}${workers});`);
      }
      case "chan":
        return line(this.bound(stmt, stmt.bind, `new Channel(${this.number(stmt.cap)})`));
      case "send": {
        const args = this.cancellable(this.passed(stmt.value));
        return line(`await ${this.channel(stmt.chan)}.send(${args});`);
      }
      case "recv":
        return line(
          this.bound(stmt, stmt.bind, `await ${this.channel(stmt.chan)}.recv(${this.cancellable()})`),
        );
      case "recvOk":
        return line(this.received(stmt, `await ${this.channel(stmt.chan)}.receive(${this.cancellable()})`));
      case "tryRecv":
        return line(this.received(stmt, `${this.channel(stmt.chan)}.tryRecv()`));
      case "close":
        return line(`${this.channel(stmt.chan)}.close();`);
      case "trySend":
        return line(
          this.bound(stmt, stmt.ok, `${this.channel(stmt.chan)}.trySend(${this.passed(stmt.value)})`),
        );
      case "chanLen":
        return line(this.bound(stmt, stmt.bind, `${this.on(stmt.chan)}.length`, NATURAL));
      case "chanCap":
        return line(this.bound(stmt, stmt.bind, `${this.on(stmt.chan)}.capacity`, NATURAL));
      case "select":
        return this.select(stmt);
      case "mutex":
        return line(
          this.bound(
            stmt,
            stmt.bind,
            `new Mutex(${this.program.bargingMutexes ? "new BargingSemaphore(1)" : ""})`,
          ),
        );
      case "lock":
        return line(`await ${this.on(stmt.mutex)}.lock(${this.cancellable()});`);
      case "unlock":
        return line(`${this.on(stmt.mutex)}.unlock();`);
      case "tryLock":
        return line(this.bound(stmt, stmt.ok, `${this.on(stmt.mutex)}.tryLock()`));
      case "lockFor": {
        const args = this.cancellable(this.number(stmt.dur));
        return line(this.bound(stmt, stmt.ok, `await ${this.on(stmt.mutex)}.lockFor(${args})`));
      }
      case "sem":
        return line(
          this.bound(
            stmt,
            stmt.bind,
            `new ${stmt.fairness === "barging" ? "BargingSemaphore" : "Semaphore"}(${this.number(stmt.permits)})`,
          ),
        );
      case "acquire":
        return line(`await ${this.on(stmt.sem)}.acquire(${this.cancellable(...this.permits(stmt))});`);
      case "acquireFor": {
        const args = this.cancellable(this.number(stmt.dur), ...this.permits(stmt));
        return line(this.bound(stmt, stmt.ok, `await ${this.on(stmt.sem)}.acquireFor(${args})`));
      }
      case "release": {
        const count = stmt.count === undefined ? "" : this.number(stmt.count);
        return line(`${this.on(stmt.sem)}.release(${count});`);
      }
      case "group":
        return line(this.bound(stmt, stmt.bind, "new Group()"));
      case "groupAdd":
        return line(`${this.on(stmt.group)}.add(${this.number(stmt.count)});`);
      case "groupDone":
        return line(`${this.on(stmt.group)}.done();`);
      case "groupWait":
        return line(`await ${this.on(stmt.group)}.wait(${this.cancellable()});`);
      case "rwlock":
        return line(this.bound(stmt, stmt.bind, "new RwLock()"));
      case "rlock":
      case "wlock":
        return line(`await ${this.on(stmt.rwlock)}.${stmt.op}(${this.cancellable()});`);
      case "runlock":
      case "wunlock":
        return line(`${this.on(stmt.rwlock)}.${stmt.op}();`);
      case "cond":
        return line(this.bound(stmt, stmt.bind, `new Condition(${this.value(stmt.mutex)})`));
      case "condWait":
        return line(`await ${this.on(stmt.cond)}.wait(${this.cancellable()});`);
      case "condWaitFor": {
        const args = this.cancellable(this.number(stmt.dur));
        return line(this.bound(stmt, stmt.ok, `await ${this.on(stmt.cond)}.waitFor(${args})`));
      }
      case "signal":
      case "broadcast":
        return line(`${this.on(stmt.cond)}.${stmt.op}();`);
      case "monitor":
        return line(this.bound(stmt, stmt.bind, "new Monitor()"));
      case "enter":
        return this.enter(stmt);
      case "monitorWait":
        return line(`await ${this.on(stmt.monitor)}.wait(self);`);
      case "monitorWaitFor": {
        const wait = `await ${this.on(stmt.monitor)}.waitFor(${this.number(stmt.dur)}, self)`;
        return line(this.bound(stmt, stmt.ok, wait));
      }
      case "notify":
        return line(`${this.on(stmt.monitor)}.${stmt.all === true ? "notifyAll" : "notify"}(self);`);
      case "once":
        return line(this.bound(stmt, stmt.bind, "new Once()"));
      case "onceDo":
        return line(`await ${this.on(stmt.once)}.do(() => ${this.call(stmt)});`);
      case "event":
        return line(this.bound(stmt, stmt.bind, this.newPromise));
      case "eventSet":
        return line(`${this.on(stmt.event)}.resolve();`);
      case "eventWait":
        return line(`await ${this.settled(stmt.event)};`);
      case "barrier":
        return line(this.bound(stmt, stmt.bind, `new Barrier(${this.number(stmt.parties)})`));
      case "barrierWait":
        return line(`await ${this.on(stmt.barrier)}.wait(${this.cancellable()});`);
      case "after":
        return line(this.bound(stmt, stmt.bind, `after(${this.number(stmt.dur)})`));
      case "timer":
      case "ticker": {
        const args = [this.number(stmt.dur)];
        if (stmt.op === "ticker" && stmt.catchUp !== undefined) args.push(quote(stmt.catchUp));
        const name = stmt.op === "timer" ? "Timer" : "Ticker";
        line(this.bound(stmt, stmt.bind, `new ${name}(${args.join(", ")})`));
        return out.line(this.bound(stmt, stmt.channel, `${this.locals.get(stmt.bind)!.js}.channel`));
      }
      case "afterFunc": {
        const args = [this.number(stmt.dur), this.taskBody(stmt.proc), ...this.values(stmt.args)];
        return line(this.bound(stmt, stmt.bind, `self.afterFunc(${args.join(", ")})`));
      }
      case "stopTimer":
        return line(this.bound(stmt, stmt.ok, `${this.on(stmt.timer)}.stop()`));
      case "resetTimer": {
        const reset = `${this.on(stmt.timer)}.reset(${this.number(stmt.dur)})`;
        return line(this.bound(stmt, stmt.ok, reset));
      }
      case "deadline":
        return this.region(stmt, "deadline", `self.deadline(${this.number(stmt.dur)})`);
      case "withToken":
        return this.region(stmt, "region", `self.under(${this.value(stmt.token)})`);
      case "shield":
        line("self.shield();");
        return this.finally(stmt.body, "self.unshield();");
      case "cancel":
        return line(`${this.on(stmt.task)}.cancel();`);
      case "isCancelled":
        return line(this.bound(stmt, stmt.bind, "self.cancelRequested"));
      case "check":
        return line("self.point();");
      case "token":
        return line(this.bound(stmt, stmt.bind, "new Token()"));
      case "cancelToken":
        return line(`${this.on(stmt.token)}.cancel();`);
      case "load":
        return line(this.bound(stmt, stmt.bind, this.cell(stmt.cell, stmt.index)));
      case "store": {
        const text = this.value(stmt.value);
        const js = program.cells.get(stmt.cell)!;
        if (stmt.index === undefined) return line(`${js} = ${text};`);
        return line(`set(${js}, ${this.value(stmt.index)}, ${text});`);
      }
      case "atomic":
        return line(this.bound(stmt, stmt.bind, `{ value: ${this.number(stmt.init)} }`));
      case "atomicLoad":
        return line(this.bound(stmt, stmt.bind, `${this.on(stmt.atomic)}.value`));
      case "atomicStore":
        return line(`${this.on(stmt.atomic)}.value = ${this.number(stmt.value)};`);
      case "atomicAdd":
        return this.atomicAdd(stmt);
      case "atomicCas": {
        const atomic = this.on(stmt.atomic);
        const [expected, next] = [this.number(stmt.expect, SUM), this.number(stmt.value)];
        line(this.bound(stmt, stmt.ok, `${atomic}.value === ${expected}`));
        return out.line(`if (${this.locals.get(stmt.ok)!.js}) ${atomic}.value = ${next};`);
      }
      case "promise":
        return line(this.bound(stmt, stmt.bind, this.newPromise));
      case "resolve":
        return line(`${this.on(stmt.promise)}.resolve(${this.passed(stmt.value)});`);
      case "reject":
        return line(`${this.on(stmt.promise)}.reject(new Fault(${quote(stmt.kind)}));`);
      case "await":
        return line(this.bound(stmt, stmt.bind, `await ${this.settled(stmt.promise)}`));
      case "onResolve": {
        const args = [this.value(stmt.promise), program.procs.get(stmt.proc)!, ...this.values(stmt.args)];
        return line(this.bound(stmt, stmt.bind, `self.onResolve(${args.join(", ")})`));
      }
      case "callback": {
        const args = [program.procs.get(stmt.proc)!, ...this.values(stmt.args)];
        return line(queued(stmt.queue, `self.callback(${args.join(", ")})`));
      }
      case "callService":
        return line(`await ${program.services.get(stmt.service)}.call(self);`);
      case "listen":
        return line(this.bound(stmt, stmt.bind, `await Listener.listen(${this.number(stmt.backlog)})`));
      case "accept":
      case "connect":
        return line(this.bound(stmt, stmt.bind, `await ${this.on(stmt.listener)}.${stmt.op}(self)`));
      case "read": {
        const call = `await ${this.on(stmt.conn)}.read(${this.number(stmt.bytes)}, self)`;
        return line(this.bound(stmt, stmt.bind, call));
      }
      case "write":
        return line(`await ${this.on(stmt.conn)}.write(${this.number(stmt.bytes)}, self);`);
      case "closeConn":
        return line(`${this.on(stmt.conn)}.close();`);
      case "closeListener":
        return line(`${this.on(stmt.listener)}.close();`);
      case "fileRead": {
        const stall = stmt.stall === undefined ? "" : `, ${this.number(stmt.stall)}`;
        return line(`await readFile(file(${this.number(stmt.bytes)})${stall});`);
      }
      case "fileStat":
        return line("await stat('.');");
      case "log":
        return line(`self.log(${quote(stmt.id ?? "")}, ${this.text(stmt.text, stmt.args ?? [])});`);
      case "mark": {
        const from = stmt.from === undefined ? "" : `, ${this.number(stmt.from)}`;
        return line(`self.mark(${quote(stmt.name)}${from});`);
      }
      case "measure":
      case "gauge":
        return line(`self.${stmt.op}(${quote(stmt.name)}, ${this.number(stmt.value)});`);
      case "count": {
        const by = stmt.by === undefined ? "" : `, ${this.number(stmt.by)}`;
        return line(`self.count(${quote(stmt.name)}${by});`);
      }
      case "now":
        return line(this.bound(stmt, stmt.bind, "self.now()", NATURAL));
      case "draw": {
        const call = `self.draw(${quote(stmt.stream)}, ${distribution(stmt.from, stmt.unit)})`;
        return line(this.bound(stmt, stmt.bind, call, NATURAL));
      }
      case "choose": {
        const [, most] = clamped(rangeOf(stmt.n, this.context));
        return line(
          this.bound(stmt, stmt.bind, `self.choose(${this.number(stmt.n)})`, [0, Math.max(0, most - 1)]),
        );
      }
      default:
        stmt satisfies never;
    }
  }

  private values(exprs: readonly Expr[]): readonly string[] {
    return exprs.map((expr) => this.value(expr));
  }

  private call({ proc, args }: Statement<"call" | "onceDo">): string {
    return `${this.program.procs.get(proc)}(${[this.calleeTask(proc), ...this.values(args)].join(", ")})`;
  }

  /** The function that tasks run. */
  private taskBody(proc: string): string {
    return this.program.tasks.get(proc) ?? this.program.procs.get(proc)!;
  }

  private get newPromise(): string {
    return this.program.handles ? "new Future()" : "Promise.withResolvers()";
  }

  /** What an await of a promise or an event waits for. */
  private settled(promise: Expr): string {
    return `${this.on(promise)}.${this.program.handles ? "wait(self)" : "promise"}`;
  }

  /** Where cancellation follows, the count stands before the task. */
  private permits({ count }: Statement<"acquire" | "acquireFor">): readonly string[] {
    return count === undefined && !this.program.uses.cancels ? [] : [this.number(count ?? { lit: 1 })];
  }

  /** A call that may nest without end is counted. */
  private calleeTask(proc: string): string {
    return this.program.uses.isCounted(proc) ? "self.calls()" : "self";
  }

  private tasks(expr: Expr): string {
    const held = typeOf(expr, this.context).type.item;
    const known = held !== null && held.type.kind === "task" && !held.nullable;
    return this.program.handles || known ? this.value(expr) : `${this.on(expr)}.map(some)`;
  }

  private cell(name: string, index: Expr | undefined): string {
    const js = this.program.cells.get(name)!;
    return index === undefined ? js : `get(${js}, ${this.value(index)})`;
  }

  private atomicAdd(stmt: Statement<"atomicAdd">): void {
    const { out } = this;
    const atomic = this.on(stmt.atomic);
    const sum = `${atomic}.value = add(${atomic}.value, ${this.value(stmt.value)})`;
    out.line(this.bound(stmt, stmt.bind, stmt.bind === undefined ? sum : `(${sum})`), stmt.id);
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
      const js = needsLabel(stmt.body, stmt.label, isSwitch) ? this.fresh(stmt.label ?? "loop") : undefined;
      const { head, first } = open();
      this.loops = [...loops, { label: stmt.label, js }];
      if (js !== undefined) this.out.line(`${js}:`);
      this.braced(head, stmt.body, stmt.id, first);
      this.out.line("}");
    });
    this.loops = loops;
  }

  private each(stmt: Statement<"forEach" | "range">, keyword: string, items: string): void {
    this.loop(stmt, () => {
      const { js } = this.bind(stmt, stmt.bind, "body");
      const declared = this.hoisted.has(stmt.bind) ? js : `${this.keyword(stmt.bind)} ${js}`;
      return { head: `${keyword} (${declared} of ${items})` };
    });
  }

  /** A loop over a map. */
  private entries(stmt: Statement<"forEach">, key: string): void {
    const map = this.value(stmt.list);
    this.loop(stmt, () => {
      const late: string[] = [];
      const names = [key, stmt.bind].map((name) => {
        const { js } = this.bind(stmt, name, "body");
        if (!this.hoisted.has(name)) return js;
        const each = this.fresh(name);
        late.push(`${js} = ${each};`);
        return each;
      });
      return {
        head: `for (const [${names.join(", ")}] of entries(${map}))`,
        first: () => late.forEach((text) => this.out.line(text)),
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
      out.line(`let ${turns} = 0;`, stmt.id);
      const message = `loop at ${stmt.id} went beyond its bound`;
      return {
        head,
        first: () => out.line(`check(++${turns} <= ${this.number(bound, SUM)}, ${quote(message)});`),
      };
    });
  }

  private repeat(stmt: Statement<"repeat">): void {
    const { out } = this;
    const [, most] = clamped(rangeOf(stmt.count, this.context));
    const { count: counted, bind } = stmt;
    const isStable = "var" in counted && (this.locals.get(counted.var)?.final ?? false);
    const once = isConstant(counted) || isStable;
    const count = this.number(counted, once ? SUM : undefined);
    this.loop(stmt, () => {
      const range: Range = [0, Math.max(0, most - 1)];
      const local = bind === undefined ? undefined : this.bind(stmt, bind, "body", range);
      const own = local !== undefined && local.final;
      const i = own ? local.js : this.fresh("i");
      const kept = local === undefined || own ? undefined : local.js;
      const declared = bind !== undefined && this.hoisted.has(bind) ? "" : "let ";
      const first = kept === undefined ? undefined : () => out.line(`${declared}${kept} = ${i};`);
      if (once) return { head: `for (let ${i} = 0; ${i} < ${count}; ${i}++)`, first };
      const n = this.fresh("n");
      return { head: `for (let ${i} = 0, ${n} = ${count}; ${i} < ${n}; ${i}++)`, first };
    });
  }

  private match(stmt: Statement<"match">): void {
    const { out } = this;
    out.line(`switch (${this.value(stmt.value)}) {`, stmt.id);
    out.indented(() => {
      for (const { tag, body } of stmt.cases)
        this.case(`case ${typeof tag === "string" ? quote(tag) : tag}:`, body);
      if (stmt.otherwise !== undefined) this.case("default:", stmt.otherwise);
    });
    out.line("}");
  }

  /** A case of a switch, which a plain `break` ends. */
  private case(head: string, body: Block, first?: () => void): void {
    const { out } = this;
    this.braced(head, body, undefined, first);
    if (completes(body)) out.indented(() => out.line("break;"));
    out.line("}");
  }

  private enter({ id, monitor, body }: Statement<"enter">): void {
    const { out } = this;
    let js = this.on(monitor);
    if (!("var" in monitor && this.locals.get(monitor.var)?.final)) {
      const entered = this.fresh("monitor");
      out.line(`const ${entered} = ${js};`);
      js = entered;
    }
    out.line(`await ${js}.enter(self);`, id);
    this.finally(body, `${js}.exit();`);
  }

  private finally(body: Block, end: string): void {
    const { out } = this;
    this.braced("try", body);
    out.line("} finally {");
    out.indented(() => out.line(end));
    out.line("}");
  }

  /** A block whose end replaces what was thrown in it. */
  private region(stmt: Statement<"deadline" | "withToken">, name: string, text: string): void {
    const region = this.fresh(name);
    this.out.line(`const ${region} = ${text};`, stmt.id);
    this.guarded(stmt.body, region, `${region}.close();`);
  }

  private guarded(body: Block, region: string, end: string): void {
    const { out } = this;
    this.braced("try", body);
    this.names.scoped(() => {
      const error = this.fresh("error");
      out.line(`} catch (${error}) {`);
      out.indented(() => out.line(`throw ${region}.failed(${error});`));
    });
    out.line("} finally {");
    out.indented(() => out.line(end));
    out.line("}");
  }

  private scope(stmt: Statement<"scope" | "scopeRace">): void {
    const { out } = this;
    const isRace = stmt.op === "scopeRace";
    const scope = this.fresh(isRace ? "race" : "scope");
    const kind =
      stmt.op === "scope" ? stmt.onError : stmt.leaveLosers === true ? "raceLeavingLosers" : "race";
    out.line(`const ${scope} = self.scope(${quote(kind)});`, stmt.id);
    this.guarded(stmt.body, scope, `await ${scope}.close();`);
    if (isRace && stmt.bind !== undefined && completes(stmt.body))
      out.line(this.bound(stmt, stmt.bind, `${scope}.winner`));
  }

  private try(stmt: Statement<"try">): void {
    const { out } = this;
    if (stmt.catches.length === 0 && stmt.finally === undefined) {
      this.braced("", stmt.body, stmt.id);
      return out.line("}");
    }
    this.braced("try", stmt.body, stmt.id);
    if (stmt.catches.length > 0) this.names.scoped(() => this.catches(stmt.catches));
    if (stmt.finally !== undefined) this.braced("} finally", stmt.finally);
    out.line("}");
  }

  private catches(clauses: Statement<"try">["catches"]): void {
    const { out } = this;
    const error = this.fresh("error");
    const [first] = clauses;
    const all = clauses.findIndex(({ kinds }) => kinds.includes("*"));
    if (all === 0) return this.braced("} catch", first!.body);
    const taken = all < 0 ? clauses : clauses.slice(0, all);
    const test = (kinds: readonly string[]): string => `isOneOf(${[error, ...kinds.map(quote)].join(", ")})`;
    if (clauses.length === 1) {
      const otherwise = (): void => out.line(`if (!${test(first!.kinds)}) throw ${error};`);
      return this.braced(`} catch (${error})`, first!.body, undefined, otherwise);
    }
    out.line(`} catch (${error}) {`);
    out.indented(() => {
      taken.forEach(({ kinds, body }, index) =>
        this.braced(`${index === 0 ? "" : "} else "}if (${test(kinds)})`, body),
      );
      if (all >= 0) this.braced("} else", clauses[all]!.body);
      else {
        out.line("} else {");
        out.indented(() => out.line(`throw ${error};`));
      }
      out.line("}");
    });
  }

  /** `const { value: x, ok } = ...` */
  private received(stmt: Statement<"recvOk" | "tryRecv">, call: string): string {
    const parts = [["value", stmt.bind] as const, ["ok", stmt.ok] as const].flatMap(([field, name]) => {
      if (name === undefined) return [];
      const { js } = this.bind(stmt, name);
      return [{ name, text: js === field ? field : `${field}: ${js}` }];
    });
    const pattern = `{ ${parts.map(({ text }) => text).join(", ")} }`;
    if (!parts.some(({ name }) => this.hoisted.has(name))) {
      const keyword = parts.some(({ name }) => this.assigned.has(name)) ? "let" : "const";
      return `${keyword} ${pattern} = ${call};`;
    }
    const fresh = parts
      .filter(({ name }) => !this.hoisted.has(name))
      .map(({ name }) => this.locals.get(name)!.js);
    return `${fresh.length === 0 ? "" : `let ${fresh.join(", ")}; `}(${pattern} = ${call});`;
  }

  private select(stmt: Statement<"select">): void {
    const { out } = this;
    const chosen = this.fresh("chosen");
    const arms = stmt.cases.map((each) => {
      if (each.dir === "send") return `${this.channel(each.chan)}.sending(${this.passed(each.value)})`;
      return `${each.dir === "recv" ? this.channel(each.chan) : this.on(sourceOf(each))}.receiving()`;
    });
    const otherwise = stmt.otherwise ?? stmt.timeout?.body;
    const timed = stmt.otherwise === undefined && stmt.timeout !== undefined;
    const timeout = timed ? `, ${this.number(stmt.timeout.dur)}` : "";
    const method = stmt.otherwise === undefined ? "select" : "trySelect";
    out.line(`const ${chosen} = await self.${method}([${arms.join(", ")}]${timeout});`, stmt.id);
    out.line(`switch (${chosen}.arm()) {`);
    out.indented(() => {
      stmt.cases.forEach((each, index) =>
        this.case(`case ${index}:`, each.body, () => {
          if (each.dir !== "recv" && each.dir !== "promise") return;
          const within = `case${index}`;
          if (each.bind !== undefined)
            out.line(`${this.declaration(stmt, each.bind, within)}${chosen}.value;`);
          if (each.dir === "recv" && each.ok !== undefined)
            out.line(`${this.declaration(stmt, each.ok, within)}${chosen}.ok;`);
        }),
      );
      if (otherwise !== undefined) this.case("default:", otherwise);
    });
    out.line("}");
  }
}

/** Node's own queues; what the module knows as setTimeout and setImmediate gives promises. */
function queued(queue: CallbackQueue, callback: string): string {
  switch (queue) {
    case "micro":
      return `queueMicrotask(${callback});`;
    case "next":
      return `process.nextTick(${callback});`;
    case "timer":
      return `globalThis.setTimeout(${callback}, 0);`;
    case "immediate":
      return `globalThis.setImmediate(${callback});`;
  }
}

/** Statements that become a switch. */
function isSwitch(stmt: Stmt): boolean {
  return stmt.op === "select" || stmt.op === "match";
}

/** A distribution of draws. */
export function distribution(from: Distribution, unit: "ns" | undefined): string {
  const n = (given: number): string => numeral(given, unit);
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
