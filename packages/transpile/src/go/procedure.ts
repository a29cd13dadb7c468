/** One procedure as a function. Each statement of the language is one statement of Go, with what its error does, or a block. */
import {
  bindsOf,
  type Block,
  type Distribution,
  type Expr,
  nestedIn,
  operandsOf,
  type SelectCase,
  sourceOf,
  type Stmt,
  walk,
  walkExpr,
} from "@orrery/program";
import { Emitter } from "../emitter.ts";
import { completes, isForEver, isLoop, reachable, statementCompletes } from "../java/exits.ts";
import {
  as,
  condition,
  type Context,
  duration,
  durationLiteral,
  heldIn,
  int,
  isStable,
  items,
  keyOf,
  type Local,
  mapOf,
  PRIMARY,
  receiver,
  typeOf,
  value,
} from "./expressions.ts";
import { ANY, clamped, NATURAL, type Range, rangeOf } from "../ranges.ts";
import { defersInFunction, type Failures } from "./failures.ts";
import type { ProgramTypes } from "../infer-types.ts";
import { Names, quote } from "./names.ts";
import { Slot } from "../types.ts";
import { condType, goSlot, isAny, mutexType, type Style, zeroOf } from "./types.ts";

/** What the procedures of a program share. */
export interface ProgramNames {
  readonly types: ProgramTypes;
  readonly style: Style;
  readonly failures: Failures;
  readonly recursive: ReadonlySet<string>;
  /** True if selects leave the choice to Go. */
  readonly nativeSelect: boolean;
  readonly procs: ReadonlyMap<string, string>;
  readonly params: Context["params"];
  readonly cells: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

export interface Signature {
  /** Key in the program; main for main. */
  readonly proc: string;
  readonly go: string;
  readonly args: readonly { readonly name: string; readonly slot: Slot }[];
  /** Null without a result. */
  readonly result: Slot | null;
  readonly fails: boolean;
  readonly body: Block;
}

type Statement<Op extends Stmt["op"]> = Extract<Stmt, { readonly op: Op }>;
type LoopStatement = Statement<"while" | "repeat" | "forEach" | "range">;
type Jump = "break" | "continue";

interface Loop {
  readonly id: string;
  readonly label: string | undefined;
  /** Go's label. */
  readonly go: string;
  /** How many functions and switches of Go the loop is inside. */
  readonly regions: number;
  readonly switches: number;
  /** Names of the flags that a function inside sets to leave the loop. */
  readonly flags: Map<Jump, string>;
}

/** A function literal inside the procedure: the body of a try or a scope. */
interface Region {
  /** Whether it returns an error. */
  readonly fails: boolean;
  /** How control leaves through it. */
  readonly jumps: { readonly loop: Loop; readonly jump: Jump }[];
  returns: boolean;
}

/** What Go wants to know of a procedure before it is written: found by writing it until nothing new turns up. */
interface Facts {
  readonly read: Set<string>;
  readonly labels: Set<string>;
  readonly flags: Set<string>;
  returns: boolean;
}

interface Target {
  readonly name: string | undefined;
  readonly range?: Range;
}

const UNIT = "\t";

const CATCH_UP = { drop: "Drop", burst: "Burst", drift: "Drift" } as const;

export function writeProcedure(out: Emitter, program: ProgramNames, signature: Signature): void {
  const facts: Facts = { read: new Set(), labels: new Set(), flags: new Set(), returns: false };
  for (let before = -1; before < sizeOf(facts); ) {
    before = sizeOf(facts);
    new ProcedureWriter(new Emitter(UNIT), program, signature, facts).write();
  }
  new ProcedureWriter(out, program, signature, facts).write();
}

const sizeOf = ({ read, labels, flags, returns }: Facts): number =>
  read.size + labels.size + flags.size + (returns ? 1 : 0);

class ProcedureWriter {
  private readonly out: Emitter;
  private readonly program: ProgramNames;
  private readonly signature: Signature;
  private readonly facts: Facts;
  private readonly names: Names;
  private readonly assigned = new Set<string>();
  /** Locals that deferred blocks of a loop read late: one variable each, as in the language. */
  private readonly shared = new Map<string, Local>();
  /** Where deferred blocks are kept when some are deferred inside a function literal. */
  private deferred = "";
  private locals = new Map<string, Local>();
  private loops: readonly Loop[] = [];
  private regions: readonly Region[] = [];
  private switches = 0;
  private returned = "";
  private result = "";

  constructor(out: Emitter, program: ProgramNames, signature: Signature, facts: Facts) {
    this.out = out;
    this.program = program;
    this.signature = signature;
    this.facts = facts;
    this.names = new Names(namesIn(signature.body, program));
    walk(signature.body, (stmt) => {
      if (stmt.op === "assign") this.assigned.add(stmt.name);
    });
  }

  write(): void {
    const { out, program, facts } = this;
    const { style } = program;
    const { proc, go, args, result, fails, body } = this.signature;
    const declared = args.map(({ name, slot }) => {
      const local: Local = {
        key: `${proc}/${name}`,
        go: this.names.fresh(name),
        slot,
        final: !this.assigned.has(name),
        range: ANY,
      };
      this.locals.set(name, local);
      return `${local.go} ${goSlot(slot, style)}`;
    });
    const defers = defersOf(body);
    out.line(`func ${go}(${["t *orrery.Task", ...declared].join(", ")})${this.results(defers.any)} {`);
    out.indented(() => {
      if (program.recursive.has(proc)) {
        out.line("t.Enter()");
        out.line("defer t.Leave()");
      }
      if (defers.inLoop) this.shareLocals();
      if (defersInFunction(body)) {
        this.deferred = this.names.fresh("deferred");
        out.line(`var ${this.deferred} orrery.Deferred`);
        out.line(`defer ${this.deferred}.Run(&err)`);
      }
      if (facts.returns) {
        this.returned = this.names.fresh("returned");
        out.line(`${this.returned} := false`);
        if (result !== null) {
          this.result = this.names.fresh("result");
          out.line(`var ${this.result} ${goSlot(result, style)}`);
        }
      }
      this.open(body);
      if (terminates(body)) return;
      if (result === null) {
        if (fails) out.line("return nil");
      } else if (facts.returns) out.line(`return ${this.result}${fails ? ", nil" : ""}`);
      else out.line('panic("not reached")');
    });
    out.line("}");
  }

  /** The results of the function; deferred blocks may set the error, so it has a name then. */
  private results(defers: boolean): string {
    const { result, fails } = this.signature;
    const named = fails && defers;
    const all = [
      ...(result === null ? [] : [`${named ? "_ " : ""}${goSlot(result, this.program.style)}`]),
      ...(fails ? [named ? "err error" : "error"] : []),
    ];
    if (all.length === 0) return "";
    return all.length === 1 && !named ? ` ${all[0]}` : ` (${all.join(", ")})`;
  }

  /** A deferred block in a loop sees the last value of a local, which a variable of each turn would not show it. */
  private shareLocals(): void {
    const used = new Set<string>();
    walk(this.signature.body, (stmt) => {
      if (stmt.op === "defer") for (const name of readIn(stmt.body)) used.add(name);
    });
    const { types } = this.program;
    const share = (stmt: Stmt, name: string, within = ""): void => {
      if (!used.delete(name)) return;
      const slot = types.local(stmt, name, within);
      const local: Local = { key: ` ${name}`, go: this.names.fresh(name), slot, final: false, range: ANY };
      this.shared.set(name, local);
      if (this.facts.read.has(local.key)) this.out.line(`var ${local.go} ${this.go(slot)}`);
    };
    walk(this.signature.body, (stmt) => {
      for (const { name } of bindsOf(stmt)) share(stmt, name);
      for (const nested of nestedIn(stmt))
        for (const { name } of nested.binds) share(stmt, name, nested.name);
    });
  }

  // ---- blocks

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

  /** The head and the block in braces; the caller closes them. */
  private braced(head: string, block: Block, id?: string, first?: () => void): void {
    this.out.line(head === "" ? "{" : `${head} {`, id);
    this.out.indented(() =>
      this.scoped(() => {
        first?.();
        this.open(block);
      }),
    );
  }

  private inSwitch(within: () => void): void {
    this.switches++;
    within();
    this.switches--;
  }

  /** A case of a switch or a select. */
  private clause(head: string, body: Block, first?: () => void): void {
    this.out.line(`${head}:`);
    this.out.indented(() =>
      this.scoped(() => {
        first?.();
        this.open(body);
      }),
    );
  }

  /** The body of a function literal; gives how control leaves through it. */
  private region(fails: boolean, body: Block, first?: () => void): Region {
    const region: Region = { fails, jumps: [], returns: false };
    const { regions } = this;
    this.regions = [...regions, region];
    this.out.indented(() =>
      this.scoped(() => {
        first?.();
        this.open(body);
        if (fails && !terminates(body)) this.out.line("return nil");
      }),
    );
    this.regions = regions;
    return region;
  }

  /** After a function literal: goes on with the jump that ended it. */
  private goOn(region: Region): void {
    const { out } = this;
    if (region.returns) {
      out.line(`if ${this.returned} {`);
      out.indented(() => this.returnResult(undefined));
      out.line("}");
    }
    for (const { loop, jump } of region.jumps) {
      out.line(`if ${loop.flags.get(jump) ?? jump} {`);
      out.indented(() => this.jump(jump, loop));
      out.line("}");
    }
  }

  private get context(): Context {
    const { types, style, params, procs, failures } = this.program;
    const read = ({ key }: Local): void => void this.facts.read.add(key);
    const fails = (proc: string): boolean => failures.inProc(proc);
    return { types, style, params, procs, fails, hoist: this.hoist, locals: this.locals, read };
  }

  private readonly hoist: Context["hoist"] = (name, expr, slot, text) => {
    const go = this.names.fresh(name);
    const isTyped = "list" in expr || this.go(typeOf(expr, this.context)) === this.go(slot);
    this.out.line(isTyped ? `${go} := ${text}` : `var ${go} ${this.go(slot)} = ${text}`);
    return go;
  };

  // ---- errors and jumps

  /** What an error does here. */
  private fail(error: string): string {
    const region = this.regions.at(-1);
    const { fails, result } = this.signature;
    if (!(region?.fails ?? fails)) return `panic(${error})`;
    if (region !== undefined || result === null) return `return ${error}`;
    return `return ${zeroOf(result)}, ${error}`;
  }

  private ifError(error: string, head = `if ${error} != nil {`): void {
    this.out.line(head);
    this.out.indented(() => this.out.line(this.fail(error)));
    this.out.line("}");
  }

  private leaveRegion(): void {
    this.out.line(this.regions.at(-1)!.fails ? "return nil" : "return");
  }

  private returnResult(text: string | undefined, id?: string): void {
    const { out, facts } = this;
    const { result, fails } = this.signature;
    const region = this.regions.at(-1);
    if (region === undefined) {
      const given = [...(result === null ? [] : [text ?? this.result]), ...(fails ? ["nil"] : [])];
      return out.line(`return${given.length === 0 ? "" : ` ${given.join(", ")}`}`, id);
    }
    facts.returns = true;
    region.returns = true;
    if (text !== undefined) out.line(`${this.result} = ${text}`, id);
    if (id !== undefined) out.line(`${this.returned} = true`, id);
    this.leaveRegion();
  }

  private jump(jump: Jump, loop: Loop, id?: string): void {
    const { out, facts } = this;
    if (this.regions.length === loop.regions) {
      const isInner = this.loops.at(-1) === loop;
      const labelled = !isInner || (jump === "break" && this.switches > loop.switches);
      if (labelled) facts.labels.add(loop.id);
      return out.line(`${jump}${labelled ? ` ${loop.go}` : ""}`, id);
    }
    facts.flags.add(`${loop.id} ${jump}`);
    const { jumps } = this.regions.at(-1)!;
    if (!jumps.some((each) => each.loop === loop && each.jump === jump)) jumps.push({ loop, jump });
    if (id !== undefined) out.line(`${loop.flags.get(jump) ?? jump} = true`, id);
    this.leaveRegion();
  }

  // ---- expressions

  private int(expr: Expr, least = 0): string {
    return int(expr, this.context, least);
  }

  private on(kind: Parameters<typeof receiver>[0], expr: Expr): string {
    return receiver(kind, expr, this.context);
  }

  private dur(expr: Expr): string {
    return duration(expr, this.context);
  }

  private channel(expr: Expr): string {
    if ("lit" in expr) return "(chan any)(nil)";
    return as("chan", expr, this.context, PRIMARY);
  }

  private item(expr: Expr, container: Expr): string {
    return value(expr, this.context, heldIn(container, this.context) ?? Slot.of("any"));
  }

  private go(slot: Slot | null): string {
    return slot === null ? "any" : goSlot(slot, this.program.style);
  }

  private tasks(expr: Expr): string {
    const held = heldIn(expr, this.context);
    const text = items(expr, this.context);
    return held?.type.kind === "task" ? text : `orrery.Tasks(${text})`;
  }

  // ---- locals

  private isRead(stmt: Stmt, name: string, within = ""): boolean {
    return this.facts.read.has(this.shared.get(name)?.key ?? `${stmt.id}/${within}/${name}`);
  }

  /** The local that a statement binds; null if nobody reads it. */
  private bind(stmt: Stmt, name: string, within = "", range: Range = ANY): Local | null {
    const isRead = this.isRead(stmt, name, within);
    const local: Local = this.shared.get(name) ?? {
      key: `${stmt.id}/${within}/${name}`,
      go: isRead ? this.names.fresh(name) : "_",
      slot: this.program.types.local(stmt, name, within),
      final: !this.assigned.has(name),
      range: this.assigned.has(name) ? ANY : clamped(range),
    };
    this.locals.set(name, isRead ? local : { ...local, go: "_" });
    return isRead ? local : null;
  }

  private bindOptional(stmt: Stmt, name: string | undefined, within: string): Local | null {
    return name === undefined ? null : this.bind(stmt, name, within);
  }

  private bindAll(stmt: Stmt, targets: readonly Target[]): readonly (Local | null)[] {
    return targets.map(({ name, range = ANY }) =>
      name === undefined ? null : this.bind(stmt, name, "", range),
    );
  }

  private isShared(local: Local): boolean {
    return this.shared.get(local.key.slice(1)) === local;
  }

  /** Binds what a call gives; `bare` if Go allows the call as a statement. */
  private bound(stmt: Stmt, call: string, targets: readonly Target[], bare = true): void {
    this.give(this.bindAll(stmt, targets), call, bare, stmt.id);
  }

  private give(locals: readonly (Local | null)[], call: string, bare: boolean, id?: string): void {
    const { out } = this;
    if (locals.every((local) => local === null)) {
      const blanks = locals.map(() => "_").join(", ");
      return out.line(bare ? call : `${blanks} = ${call}`, id);
    }
    const left = locals.map((local) => local?.go ?? "_").join(", ");
    const own = locals.filter((local) => local !== null && !this.isShared(local));
    if (own.length === locals.filter((local) => local !== null).length)
      return out.line(`${left} := ${call}`, id);
    for (const local of own) out.line(`var ${local!.go} ${this.go(local!.slot)}`, id);
    out.line(`${left} = ${call}`, id);
  }

  /** A call that gives an error beside what the targets take. */
  private failing(stmt: Stmt, call: string, targets: readonly Target[]): void {
    this.failingInto(this.bindAll(stmt, targets), call, stmt.id);
  }

  private failingInto(locals: readonly (Local | null)[], call: string, id?: string): void {
    const { out } = this;
    if (locals.every((local) => local === null)) {
      if (id !== undefined) out.begins(id);
      return this.ifError("err", `if ${locals.map(() => "_, ").join("")}err := ${call}; err != nil {`);
    }
    const temporaries = locals.map((local) => {
      if (local === null) return "_";
      return this.isShared(local) ? this.names.fresh(`${local.go}Now`) : local.go;
    });
    out.line(`${temporaries.join(", ")}, err := ${call}`, id);
    this.ifError("err");
    locals.forEach((local, index) => {
      if (local !== null && this.isShared(local)) out.line(`${local.go} = ${temporaries[index]}`);
    });
  }

  private called(stmt: Stmt, call: string, fails: boolean, targets: readonly Target[]): void {
    if (fails) this.failing(stmt, call, targets);
    else this.bound(stmt, call, targets);
  }

  /** Binds a value whose own type is `natural`. */
  private bindAs(stmt: Stmt, name: string, text: string, natural: string, range: Range = ANY): void {
    const { out } = this;
    const local = this.bind(stmt, name, "", range);
    if (local === null) return out.line(`_ = ${text === "nil" ? "any(nil)" : text}`, stmt.id);
    const go = this.go(local.slot);
    if (this.shared.has(name)) out.line(`${local.go} = ${text}`, stmt.id);
    else if (text === "nil") out.line(`var ${local.go} ${go}`, stmt.id);
    else if (go === natural) out.line(`${local.go} := ${text}`, stmt.id);
    else out.line(`var ${local.go} ${go} = ${text}`, stmt.id);
  }

  // ---- statements

  private statement(stmt: Stmt): void {
    const { out, program } = this;
    const { cancels } = program.style;
    const orCancel = cancels ? "OrCancel" : "";
    const cancellable = cancels ? "OrCancel(t)" : "()";
    const line = (text: string): void => out.line(text, stmt.id);
    switch (stmt.op) {
      case "let": {
        const { context } = this;
        const target = this.shared.get(stmt.bind)?.slot ?? program.types.local(stmt, stmt.bind);
        const text = value(stmt.value, context, target);
        const natural =
          "list" in stmt.value || "map" in stmt.value
            ? this.go(target)
            : this.go(typeOf(stmt.value, context));
        return this.bindAs(stmt, stmt.bind, text, natural, rangeOf(stmt.value, context));
      }
      case "assign": {
        const { go, slot } = this.locals.get(stmt.name)!;
        const text = value(stmt.value, this.context, slot);
        return line(`${go} = ${go === "_" && text === "nil" ? "any(nil)" : text}`);
      }
      case "push": {
        const list = items(stmt.list, this.context);
        return line(`${list} = append(${list}, ${this.item(stmt.value, stmt.list)})`);
      }
      case "setAt": {
        const place = `${items(stmt.list, this.context)}[${this.int(stmt.index)}]`;
        return line(`${place} = ${this.item(stmt.value, stmt.list)}`);
      }
      case "put": {
        const [map, key] = [mapOf(stmt.map, stmt.key, this.context), keyOf(stmt.map, stmt.key, this.context)];
        const text = `${map}[${key}] = ${this.item(stmt.value, stmt.map)}`;
        if (stmt.max === undefined) return line(text);
        line(`if !orrery.Has(${map}, ${key}) && len(${map}) >= ${this.int(stmt.max, PRIMARY)} {`);
        const fault = `orrery.Fail("AssertFailed", ${quote(`map at ${stmt.id} went beyond its max`)})`;
        out.indented(() => out.line(this.fail(fault)));
        out.line("}");
        return out.line(text);
      }
      case "delete":
        return line(
          `delete(${mapOf(stmt.map, stmt.key, this.context)}, ${keyOf(stmt.map, stmt.key, this.context)})`,
        );
      case "if":
        return this.if(stmt);
      case "while":
        return this.while(stmt);
      case "repeat":
        return this.repeat(stmt);
      case "forEach":
        return this.forEach(stmt);
      case "range":
        return this.range(stmt);
      case "match":
        return this.match(stmt);
      case "break":
      case "continue": {
        const loop = this.loops.findLast(({ label }) => stmt.label === undefined || label === stmt.label)!;
        return this.jump(stmt.op, loop, stmt.id);
      }
      case "return": {
        const { result } = this.signature;
        const text = stmt.value === undefined ? undefined : value(stmt.value, this.context, result!);
        return this.returnResult(text, stmt.id);
      }
      case "call": {
        const call = `${program.procs.get(stmt.proc)}(${["t", ...this.args(stmt)].join(", ")})`;
        const targets = this.isValued(stmt.proc) ? [{ name: stmt.bind }] : [];
        return this.called(stmt, call, program.failures.inProc(stmt.proc), targets);
      }
      case "callRef": {
        const { references } = program.types;
        const ref = this.on(`proc:${stmt.type}`, stmt.ref);
        const call = `${ref}${references.isSpawned(stmt.type) ? ".Func" : ""}(${["t", ...this.refArgs(stmt)].join(", ")})`;
        const isValued = references.resultOf(stmt.type).type.kind !== "void";
        return this.called(
          stmt,
          call,
          program.failures.inType(stmt.type),
          isValued ? [{ name: stmt.bind }] : [],
        );
      }
      case "spawnRef":
        return this.spawnRef(stmt);
      case "defer":
        return this.defer(stmt);
      case "try":
        return this.try(stmt);
      case "throw": {
        const args = [stmt.kind, ...(stmt.message === undefined ? [] : [stmt.message])].map(quote).join(", ");
        return line(this.fail(stmt.kind === "Cancelled" ? "t.Cancelled()" : `orrery.Fail(${args})`));
      }
      case "assert":
        line(`if !${condition(stmt.cond, this.context, PRIMARY)} {`);
        out.indented(() => out.line(this.fail(`orrery.Fail("AssertFailed", ${quote(stmt.message)})`)));
        return out.line("}");
      case "expect":
        return line(`t.Expect(${condition(stmt.cond, this.context)}, ${quote(stmt.message)})`);
      case "spawn":
      case "detach":
        return this.spawn(stmt);
      case "join":
        return this.join(stmt);
      case "joinAny": {
        const helper = stmt.firstSuccess === true ? "JoinFirstSuccess" : "JoinAny";
        const call = `orrery.${helper}[${this.given(stmt, stmt.bind)}](t, ${this.tasks(stmt.tasks)})`;
        return this.failing(stmt, call, [{ name: stmt.bind }]);
      }
      case "joinAll":
      case "settleAll":
        return this.joinAll(stmt);
      case "scope":
      case "scopeRace":
        return this.scope(stmt);
      case "yield":
      case "yieldMicro":
        return line("runtime.Gosched()");
      case "sleep":
        if (cancels) return this.failing(stmt, `t.Sleep(${this.dur(stmt.dur)})`, []);
        return line(`time.Sleep(${this.dur(stmt.dur)})`);
      case "cpu":
        return line(`t.CPU(${this.dur(stmt.dur)})`);
      case "block":
        return line(`t.Block(${this.dur(stmt.dur)})`);
      case "offload": {
        if (stmt.workers === undefined) return line(`t.Offload(${this.dur(stmt.dur)})`);
        const args = `${this.int(stmt.workers)}, ${this.dur(stmt.dur)}`;
        return this.called(stmt, `t.Offload${cancels ? "OrCancel" : "To"}(${args})`, cancels, []);
      }
      case "chan": {
        const slot = program.types.local(stmt, stmt.bind);
        const cap = this.int(stmt.cap);
        const isSize = rangeOf(stmt.cap, this.context)[0] >= 0;
        const size = cap === "0" ? "" : isSize ? `, ${cap}` : `, orrery.Capacity(${cap})`;
        const type = `chan ${this.go(slot.type.item)}`;
        return this.bindAs(stmt, stmt.bind, `make(${type}${size})`, type);
      }
      case "send": {
        const channel = this.channel(stmt.chan);
        const item = this.item(stmt.value, stmt.chan);
        if (!cancels) return line(`${channel} <- ${item}`);
        const type = this.go(heldIn(stmt.chan, this.context));
        return this.failing(stmt, `orrery.Send[${type}](t, ${channel}, ${item})`, []);
      }
      case "recv":
        return this.recv(stmt);
      case "recvOk":
      case "tryRecv":
        return this.recvOk(stmt);
      case "close":
        return line(`close(${this.channel(stmt.chan)})`);
      case "trySend": {
        const type = this.go(heldIn(stmt.chan, this.context));
        const args = `${this.channel(stmt.chan)}, ${this.item(stmt.value, stmt.chan)}`;
        return this.bound(stmt, `orrery.TrySend[${type}](${args})`, [{ name: stmt.ok }]);
      }
      case "chanLen":
      case "chanCap": {
        const channel = this.channel(stmt.chan);
        const present = typeOf(stmt.chan, this.context).nullable ? `orrery.Present(${channel})` : channel;
        const call = `${stmt.op === "chanLen" ? "len" : "cap"}(${present})`;
        return this.bound(stmt, call, [{ name: stmt.bind, range: NATURAL }], false);
      }
      case "select":
        return this.select(stmt);
      case "mutex": {
        const { lockFairness } = program.style;
        const type = mutexType(program.style);
        const semaphore = `orrery.New${lockFairness === "barging" ? "Barging" : ""}Semaphore(1)`;
        const made = lockFairness === "native" ? `&orrery.${type}{}` : `orrery.New${type}(${semaphore})`;
        return this.bindAs(stmt, stmt.bind, made, `*orrery.${type}`);
      }
      case "group": {
        const type = `${cancels ? "Cancel" : ""}Group`;
        return this.bindAs(stmt, stmt.bind, `&orrery.${type}{}`, `*orrery.${type}`);
      }
      case "lock":
        if (cancels) return this.failing(stmt, `${this.on("mutex", stmt.mutex)}.Lock(t)`, []);
        return line(`${this.on("mutex", stmt.mutex)}.Lock()`);
      case "unlock":
        return line(`${this.on("mutex", stmt.mutex)}.Unlock()`);
      case "tryLock":
        return this.bound(stmt, `${this.on("mutex", stmt.mutex)}.TryLock()`, [{ name: stmt.ok }]);
      case "sem": {
        const how = stmt.fairness === "barging" ? "NewBargingSemaphore" : "NewSemaphore";
        const call = `orrery.${how}(${this.int(stmt.permits)})`;
        return this.bindAs(stmt, stmt.bind, call, "*orrery.Semaphore");
      }
      case "lockFor": {
        const call = `${this.on("mutex", stmt.mutex)}.LockFor(t, ${this.dur(stmt.dur)})`;
        return this.called(stmt, call, cancels, [{ name: stmt.ok }]);
      }
      case "acquireFor": {
        const count = stmt.count === undefined ? "1" : this.int(stmt.count);
        const call = `${this.on("sem", stmt.sem)}.AcquireFor${orCancel}(t, ${count}, ${this.dur(stmt.dur)})`;
        return this.called(stmt, call, cancels, [{ name: stmt.ok }]);
      }
      case "acquire": {
        const count = stmt.count === undefined ? "1" : this.int(stmt.count);
        const sem = this.on("sem", stmt.sem);
        if (cancels) return this.failing(stmt, `${sem}.AcquireOrCancel(t, ${count})`, []);
        return line(`${sem}.Acquire(${count})`);
      }
      case "release": {
        const count = stmt.count === undefined ? "1" : this.int(stmt.count);
        return line(`${this.on("sem", stmt.sem)}.Release(${count})`);
      }
      case "groupAdd":
        return line(`${this.on("group", stmt.group)}.Add(${this.int(stmt.count)})`);
      case "groupDone":
        return line(`${this.on("group", stmt.group)}.Done()`);
      case "groupWait":
        if (cancels) return this.failing(stmt, `${this.on("group", stmt.group)}.Wait(t)`, []);
        return line(`${this.on("group", stmt.group)}.Wait()`);
      case "rwlock": {
        const type = `${cancels ? "Cancel" : ""}RWMutex`;
        return this.bindAs(stmt, stmt.bind, `&orrery.${type}{}`, `*orrery.${type}`);
      }
      case "rlock":
      case "wlock": {
        const call = `${this.on("rwlock", stmt.rwlock)}.${stmt.op === "rlock" ? "R" : ""}Lock`;
        return this.called(stmt, `${call}(${cancels ? "t" : ""})`, cancels, []);
      }
      case "runlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.RUnlock()`);
      case "wunlock":
        return line(`${this.on("rwlock", stmt.rwlock)}.Unlock()`);
      case "cond": {
        const type = condType(program.style);
        const call = `orrery.New${type}(${this.on("mutex", stmt.mutex)})`;
        return this.bindAs(stmt, stmt.bind, call, `*orrery.${type}`);
      }
      case "condWait": {
        const call = `${this.on("cond", stmt.cond)}.Wait${orCancel}(${cancels ? "t" : ""})`;
        return this.called(stmt, call, cancels, []);
      }
      case "condWaitFor": {
        const call = `${this.on("cond", stmt.cond)}.WaitFor${orCancel}(t, ${this.dur(stmt.dur)})`;
        return this.called(stmt, call, cancels, [{ name: stmt.ok }]);
      }
      case "signal":
        return line(`${this.on("cond", stmt.cond)}.Signal()`);
      case "broadcast":
        return line(`${this.on("cond", stmt.cond)}.Broadcast()`);
      case "monitor":
        return this.bindAs(stmt, stmt.bind, "&orrery.Monitor{}", "*orrery.Monitor");
      case "enter":
        return this.inFunction(stmt, `${this.on("monitor", stmt.monitor)}.Within`, "t, ");
      case "monitorWait":
        return this.called(stmt, `${this.on("monitor", stmt.monitor)}.Wait${orCancel}(t)`, cancels, []);
      case "monitorWaitFor": {
        const call = `${this.on("monitor", stmt.monitor)}.WaitFor${orCancel}(t, ${this.dur(stmt.dur)})`;
        return this.called(stmt, call, cancels, [{ name: stmt.ok }]);
      }
      case "notify":
        return line(`${this.on("monitor", stmt.monitor)}.Notify${stmt.all === true ? "All" : ""}(t)`);
      case "once":
        return this.bindAs(stmt, stmt.bind, "&orrery.Once{}", "*orrery.Once");
      case "onceDo":
        return this.onceDo(stmt);
      case "event":
        return this.bindAs(stmt, stmt.bind, "orrery.NewEvent()", "*orrery.Event");
      case "eventSet":
        return line(`${this.on("event", stmt.event)}.Set()`);
      case "eventWait":
        return this.called(stmt, `${this.on("event", stmt.event)}.Wait${cancellable}`, cancels, []);
      case "barrier": {
        const call = `orrery.NewBarrier(${this.int(stmt.parties)})`;
        return this.bindAs(stmt, stmt.bind, call, "*orrery.Barrier");
      }
      case "barrierWait":
        return this.called(stmt, `${this.on("barrier", stmt.barrier)}.Wait${cancellable}`, cancels, []);
      case "after": {
        const held = this.go(program.types.local(stmt, stmt.bind).type.item);
        const call = `orrery.Alarm[${held}](t, ${this.dur(stmt.dur)})`;
        return this.bindAs(stmt, stmt.bind, call, `chan ${held}`);
      }
      case "timer":
      case "ticker": {
        const held = this.go(program.types.local(stmt, stmt.channel).type.item);
        const how = stmt.op === "timer" ? "" : `, orrery.${CATCH_UP[stmt.catchUp ?? "drop"]}`;
        const call = `orrery.New${stmt.op === "timer" ? "Timer" : "Ticker"}[${held}](t, ${this.dur(stmt.dur)}${how})`;
        return this.bound(stmt, call, [{ name: stmt.bind }, { name: stmt.channel }]);
      }
      case "afterFunc":
      case "callback":
        return this.callLater(stmt);
      case "stopTimer":
        return this.bound(stmt, `${this.on("timer", stmt.timer)}.Stop()`, [{ name: stmt.ok }]);
      case "resetTimer": {
        const call = `${this.on("timer", stmt.timer)}.Reset(${this.dur(stmt.dur)})`;
        return this.bound(stmt, call, [{ name: stmt.ok }]);
      }
      case "deadline":
        return this.inFunction(stmt, "t.Deadline", `${this.dur(stmt.dur)}, `, "");
      case "cancel":
        return line(`${this.on("task", stmt.task)}.Cancel()`);
      case "isCancelled":
        return this.bound(stmt, "t.IsCancelled()", [{ name: stmt.bind }]);
      case "check":
        return cancels ? this.failing(stmt, "t.Check()", []) : line("t.Check()");
      case "shield":
        return this.inFunction(stmt, "t.Shield", "");
      case "token":
        return this.bindAs(stmt, stmt.bind, "&orrery.Token{}", "*orrery.Token");
      case "cancelToken":
        return line(`${this.on("token", stmt.token)}.Cancel()`);
      case "withToken": {
        const token = this.on("token", stmt.token);
        if (program.failures.inStatement(stmt)) return this.inFunction(stmt, "t.Under", `${token}, `, "");
        line(`_ = ${token}`);
        this.braced("", stmt.body);
        return out.line("}");
      }
      case "onResolve":
        return this.onResolve(stmt);
      case "load": {
        const natural = this.go(program.types.cell(stmt.cell));
        return this.bindAs(stmt, stmt.bind, this.cell(stmt.cell, stmt.index), natural);
      }
      case "store": {
        const target = program.types.cell(stmt.cell);
        return line(`${this.cell(stmt.cell, stmt.index)} = ${value(stmt.value, this.context, target)}`);
      }
      case "atomic":
        return this.bindAs(stmt, stmt.bind, `orrery.NewAtomic(${this.int(stmt.init)})`, "*orrery.Atomic");
      case "atomicLoad":
        return this.bound(stmt, `${this.on("atomic", stmt.atomic)}.Load()`, [{ name: stmt.bind }]);
      case "atomicStore":
        return line(`${this.on("atomic", stmt.atomic)}.Store(${this.int(stmt.value)})`);
      case "atomicAdd": {
        const call = `${this.on("atomic", stmt.atomic)}.Add(${this.int(stmt.value)})`;
        return this.bound(stmt, call, [{ name: stmt.bind }]);
      }
      case "atomicCas": {
        const args = `${this.int(stmt.expect)}, ${this.int(stmt.value)}`;
        const call = `${this.on("atomic", stmt.atomic)}.CompareAndSwap(${args})`;
        return this.bound(stmt, call, [{ name: stmt.ok }]);
      }
      case "promise": {
        const held = this.go(program.types.local(stmt, stmt.bind).type.item);
        return this.bindAs(stmt, stmt.bind, `orrery.NewPromise[${held}]()`, `*orrery.Promise[${held}]`);
      }
      case "resolve":
        return line(`${this.on("promise", stmt.promise)}.Resolve(${this.item(stmt.value, stmt.promise)})`);
      case "reject":
        return line(`${this.on("promise", stmt.promise)}.Reject(${quote(stmt.kind)})`);
      case "await": {
        const fails = program.failures.inStatement(stmt);
        const call = `${this.on("promise", stmt.promise)}.Await${fails ? "Err(t)" : "()"}`;
        return this.called(stmt, call, fails, [{ name: stmt.bind }]);
      }
      case "callService":
        return this.failing(stmt, `${program.services.get(stmt.service)}.Call(t)`, []);
      case "listen": {
        const call = `orrery.Listen(${this.int(stmt.backlog)})`;
        return this.bindAs(stmt, stmt.bind, call, "*orrery.Listener");
      }
      case "accept":
        return this.failing(stmt, `${this.on("listener", stmt.listener)}.Accept(t)`, [{ name: stmt.bind }]);
      case "connect":
        return this.failing(stmt, `${this.on("listener", stmt.listener)}.Dial(t)`, [{ name: stmt.bind }]);
      case "read": {
        const call = `${this.on("conn", stmt.conn)}.Read(t, ${this.int(stmt.bytes)})`;
        return this.failing(stmt, call, [{ name: stmt.bind, range: NATURAL }]);
      }
      case "write":
        return this.failing(stmt, `${this.on("conn", stmt.conn)}.Write(t, ${this.int(stmt.bytes)})`, []);
      case "closeConn":
        return line(`${this.on("conn", stmt.conn)}.Close()`);
      case "closeListener":
        return line(`${this.on("listener", stmt.listener)}.Close()`);
      case "fileRead":
        if (stmt.stall === undefined) return line(`t.ReadFile(${this.int(stmt.bytes)})`);
        return line(`t.ReadSlowFile(${this.int(stmt.bytes)}, ${this.dur(stmt.stall)})`);
      case "fileStat":
        return line("t.StatFile()");
      case "log": {
        const args = (stmt.args ?? []).map((arg) => `, ${value(arg, this.context, Slot.of("any"))}`);
        return line(`t.Log(${quote(stmt.id ?? "")}, ${quote(stmt.text)}${args.join("")})`);
      }
      case "mark":
        if (stmt.from === undefined) return line(`t.Mark(${quote(stmt.name)})`);
        return line(`t.MarkSince(${quote(stmt.name)}, ${this.int(stmt.from)})`);
      case "measure":
        return line(`t.Measure(${quote(stmt.name)}, ${this.int(stmt.value)})`);
      case "gauge":
        return line(`t.Gauge(${quote(stmt.name)}, ${this.int(stmt.value)})`);
      case "count":
        return line(`t.Count(${quote(stmt.name)}, ${stmt.by === undefined ? "1" : this.int(stmt.by)})`);
      case "now":
        return this.bound(stmt, "t.Now()", [{ name: stmt.bind, range: NATURAL }]);
      case "draw": {
        const call = `t.Draw(${quote(stmt.stream)}, ${distribution(stmt.from, stmt.unit)})`;
        return this.bound(stmt, call, [{ name: stmt.bind, range: NATURAL }]);
      }
      case "choose": {
        const most = clamped(rangeOf(stmt.n, this.context))[1];
        const range: Range = [0, Math.max(0, most - 1)];
        return this.bound(stmt, `t.Choose(${this.int(stmt.n)})`, [{ name: stmt.bind, range }]);
      }
      default:
        stmt satisfies never;
    }
  }

  private cell(name: string, index: Expr | undefined): string {
    const go = this.program.cells.get(name)!;
    return index === undefined ? go : `${go}[${this.int(index)}]`;
  }

  private isValued(proc: string): boolean {
    return this.program.types.program.procs[proc]!.returns !== undefined;
  }

  private args(stmt: Statement<"call" | "spawn" | "detach" | "onceDo">): readonly string[] {
    const slots = this.program.types.argsOf(stmt.proc);
    return stmt.args.map((arg, index) => value(arg, this.context, slots[index]!));
  }

  /** Type of what a wait gives. */
  private given(stmt: Stmt, name: string | undefined): string {
    return name === undefined ? "any" : this.go(this.program.types.local(stmt, name));
  }

  private if(stmt: Statement<"if">): void {
    const { out } = this;
    this.braced(`if ${condition(stmt.cond, this.context)}`, stmt.then, stmt.id);
    let rest = stmt.else;
    while (rest !== undefined) {
      const [only] = rest;
      if (rest.length === 1 && only?.op === "if") {
        this.braced(`} else if ${condition(only.cond, this.context)}`, only.then, only.id);
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
    stmt: LoopStatement,
    open: () => { readonly head: string; readonly first?: (() => void) | undefined },
  ): void {
    const { loops, out, facts } = this;
    const id = stmt.id ?? "";
    this.scoped(() => {
      const loop: Loop = {
        id,
        label: stmt.label,
        go: facts.labels.has(id) ? this.names.fresh(stmt.label ?? "loop") : "loop",
        regions: this.regions.length,
        switches: this.switches,
        flags: new Map(),
      };
      const { head, first } = open();
      this.loops = [...loops, loop];
      if (facts.labels.has(id)) out.outdented(() => out.line(`${loop.go}:`));
      this.braced(head, stmt.body, id, () => {
        for (const jump of ["break", "continue"] as const) {
          if (!facts.flags.has(`${id} ${jump}`)) continue;
          const flag = this.names.fresh(jump === "break" ? "broken" : "skipped");
          loop.flags.set(jump, flag);
          out.line(`${flag} := false`);
        }
        first?.();
      });
      out.line("}");
    });
    this.loops = loops;
  }

  private while(stmt: Statement<"while">): void {
    const { out } = this;
    const { bound } = stmt;
    const turns = bound === undefined ? "" : this.names.fresh("turns");
    if (bound !== undefined) out.line(`${turns} := 0`, stmt.id);
    this.loop(stmt, () => {
      const head = isForEver(stmt) ? "for" : `for ${condition(stmt.cond, this.context)}`;
      if (bound === undefined) return { head };
      const message = quote(`loop at ${stmt.id} went beyond its bound`);
      const first = (): void => {
        out.line(`if ${turns}++; ${turns} > ${this.int(bound, 4)} {`);
        out.indented(() => out.line(this.fail(`orrery.Fail("AssertFailed", ${message})`)));
        out.line("}");
      };
      return { head, first };
    });
  }

  /** The loop's own variable: its local, a temporary for a local that is shared, or nothing. */
  private turn(
    stmt: Exclude<LoopStatement, { readonly op: "while" }>,
    range: Range,
  ): { readonly go: string; readonly first?: () => void } {
    if (stmt.bind === undefined) return { go: "" };
    const local = this.bind(stmt, stmt.bind, "body", range);
    if (local === null) return { go: "" };
    if (!this.shared.has(stmt.bind)) return { go: local.go };
    const go = this.names.fresh(`${local.go}Now`);
    return { go, first: () => this.out.line(`${local.go} = ${go}`) };
  }

  private repeat(stmt: Statement<"repeat">): void {
    const most = clamped(rangeOf(stmt.count, this.context))[1];
    const count = this.int(stmt.count);
    this.loop(stmt, () => {
      const { go, first } = this.turn(stmt, [0, Math.max(0, most - 1)]);
      return { head: `for ${go === "" ? "" : `${go} := `}range ${count}`, first };
    });
  }

  /** A loop over a map as it is now. */
  private entries(stmt: Statement<"forEach">, key: string): void {
    const map = as(typeOf(stmt.list, this.context).type.kind ?? "intMap", stmt.list, this.context, 0);
    this.loop(stmt, () => {
      const late: string[] = [];
      const [k, v] = [key, stmt.bind].map((name) => {
        const local = this.bind(stmt, name, "body");
        if (local === null || !this.shared.has(name)) return local?.go ?? "_";
        const now = this.names.fresh(`${local.go}Now`);
        late.push(`${local.go} = ${now}`);
        return now;
      });
      const names = v !== "_" ? `${k}, ${v} := ` : k !== "_" ? `${k} := ` : "";
      return {
        head: `for ${names}range orrery.Sorted(${map})`,
        first: () => late.forEach((text) => this.out.line(text)),
      };
    });
  }

  private forEach(stmt: Statement<"forEach">): void {
    if (stmt.key !== undefined) return this.entries(stmt, stmt.key);
    const list = items(stmt.list, this.context);
    let grows = false;
    walk(stmt.body, ({ op }) => {
      if (op === "push") grows = true;
    });
    this.loop(stmt, () => {
      const { go, first } = this.turn(stmt, ANY);
      if (!grows) return { head: `for ${go === "" ? "" : `_, ${go} := `}range ${list}`, first };
      const i = this.names.fresh("i");
      return {
        head: `for ${i} := 0; ${i} < len(${list}); ${i}++`,
        first: () => {
          if (go !== "") this.out.line(`${go} := ${list}[${i}]`);
          first?.();
        },
      };
    });
  }

  private range(stmt: Statement<"range">): void {
    const { out } = this;
    const channel = this.channel(stmt.chan);
    const type = this.go(heldIn(stmt.chan, this.context));
    this.loop(stmt, () => {
      const { go, first } = this.turn(stmt, ANY);
      if (!this.program.style.cancels)
        return { head: `for ${go === "" ? "" : `${go} := `}range ${channel}`, first };
      const ok = this.names.fresh("ok");
      return {
        head: "for",
        first: () => {
          out.line(`${go === "" ? "_" : go}, ${ok}, err := orrery.RecvOk[${type}](t, ${channel})`);
          this.ifError("err");
          out.line(`if !${ok} {`);
          out.indented(() => out.line("break"));
          out.line("}");
          first?.();
        },
      };
    });
  }

  private match(stmt: Statement<"match">): void {
    const { out } = this;
    const slot = typeOf(stmt.value, this.context);
    const hasNone = isAny(slot) || zeroOf(slot) === "nil";
    out.line(`switch ${value(stmt.value, this.context, slot)} {`, stmt.id);
    this.inSwitch(() => {
      for (const { tag, body } of stmt.cases)
        if (tag !== null || hasNone)
          this.clause(`case ${value({ lit: tag }, this.context, Slot.of("any"))}`, body);
      if (stmt.otherwise !== undefined) this.clause("default", stmt.otherwise);
    });
    out.line("}");
  }

  private defer(stmt: Statement<"defer">): void {
    const { out } = this;
    const { loops, regions, switches } = this;
    const isKept = this.deferred !== "";
    const fails = isKept || (this.signature.fails && this.program.failures.inBlock(stmt.body));
    this.loops = [];
    this.switches = 0;
    this.regions = [];
    if (isKept) out.line(`${this.deferred}.Add(func() error {`, stmt.id);
    else out.line(fails ? "defer t.Defer(&err, func() error {" : "defer func() {", stmt.id);
    this.region(fails, stmt.body);
    out.line(fails ? "})" : "}()");
    this.loops = loops;
    this.regions = regions;
    this.switches = switches;
  }

  /** A statement whose block is a function literal, the last argument of a call. */
  private inFunction(
    stmt: Statement<"enter" | "deadline" | "shield" | "withToken">,
    call: string,
    args: string,
    suffix = "Err",
  ): void {
    const { out } = this;
    out.begins(stmt.id);
    const fails = this.program.failures.inStatement(stmt);
    out.line(fails ? `if err := ${call}${suffix}(${args}func() error {` : `${call}(${args}func() {`);
    const region = this.region(fails, stmt.body);
    if (fails) this.ifError("err", "}); err != nil {");
    else out.line("})");
    this.goOn(region);
  }

  private onceDo(stmt: Statement<"onceDo">): void {
    const { out, program } = this;
    const once = this.on("once", stmt.once);
    const call = `${program.procs.get(stmt.proc)}(${["t", ...this.args(stmt)].join(", ")})`;
    if (!program.failures.inProc(stmt.proc)) return out.line(`${once}.Do(func() { ${call} })`, stmt.id);
    const body = this.isValued(stmt.proc) ? `_, err := ${call}; return err` : `return ${call}`;
    this.failing(stmt, `${once}.DoErr(func() error { ${body} })`, []);
  }

  /**
   * Arguments of a task that begins later are evaluated here, not by the task: those that may change get a local of their own.
   * Gives the call of the procedure, with what comes after them.
   */
  private callWith(
    stmt: Statement<"spawn" | "detach" | "afterFunc" | "callback" | "onResolve">,
    ...more: readonly string[]
  ): string {
    const { out, program } = this;
    const { types } = program;
    const slots = types.argsOf(stmt.proc);
    const { args } = types.program.procs[stmt.proc]!;
    out.begins(stmt.id);
    const texts = stmt.args.map((arg, index) => {
      const slot = slots[index]!;
      const text = value(arg, this.context, slot);
      if (isStable(arg, this.context)) return text;
      const go = this.names.fresh(args[index]!.name);
      const isTyped = "list" in arg || this.go(typeOf(arg, this.context)) === this.go(slot);
      out.line(isTyped ? `${go} := ${text}` : `var ${go} ${this.go(slot)} = ${text}`);
      return go;
    });
    return `${program.procs.get(stmt.proc)}(${["t", ...texts, ...more].join(", ")})`;
  }

  private spawn(stmt: Statement<"spawn" | "detach">): void {
    const call = this.callWith(stmt);
    if (stmt.op === "detach") return this.out.line(this.started(stmt, "Detach", "", call));
    if (!this.isValued(stmt.proc))
      return this.bound(stmt, this.started(stmt, "Go", "", call), [{ name: stmt.bind }]);
    const result = this.program.failures.inProc(stmt.proc) ? call : `${call}, nil`;
    const text = `t.GoValue(${quote(stmt.proc)}, func(t *orrery.Task) (any, error) { return ${result} })`;
    this.bound(stmt, text, [{ name: stmt.bind }]);
  }

  private refArgs(stmt: Statement<"callRef" | "spawnRef">): readonly string[] {
    const slots = this.program.types.references.argsOf(stmt.type);
    return stmt.args.map((arg, index) => value(arg, this.context, slots[index]!));
  }

  /** The reference and the arguments are evaluated here, the task gets them. */
  private spawnRef(stmt: Statement<"spawnRef">): void {
    const { out, program } = this;
    const { references } = program.types;
    out.begins(stmt.id);
    const slots = references.argsOf(stmt.type);
    const { args } = program.types.program.procTypes![stmt.type]!;
    const isFixed = isStable(stmt.ref, this.context);
    let ref = this.on(`proc:${stmt.type}`, stmt.ref);
    if (!isFixed) {
      const go = this.names.fresh("ref");
      out.line(`${go} := ${ref}`);
      ref = go;
    }
    const texts = this.refArgs(stmt).map((text, index) => {
      if (isStable(stmt.args[index]!, this.context)) return text;
      const go = this.names.fresh(args[index]!.name);
      out.line(`var ${go} ${this.go(slots[index]!)} = ${text}`);
      return go;
    });
    const call = `${ref}.Func(${["t", ...texts].join(", ")})`;
    const fails = program.failures.inType(stmt.type);
    const isValued = references.resultOf(stmt.type).type.kind !== "void";
    const how = isValued ? "GoValue" : fails ? "GoErr" : "Go";
    const result = isValued ? " (any, error)" : fails ? " error" : "";
    const body = isValued ? `return ${call}${fails ? "" : ", nil"}` : fails ? `return ${call}` : call;
    const text = `t.${how}(${ref}.Proc, func(t *orrery.Task)${result} { ${body} })`;
    this.bound(stmt, text, [{ name: stmt.bind }]);
  }

  private callLater(stmt: Statement<"afterFunc" | "callback">): void {
    const call = this.callWith(stmt);
    if (stmt.op === "callback") return this.out.line(this.started(stmt, "Callback", "", call));
    this.bound(stmt, this.started(stmt, "AfterFunc", `${this.dur(stmt.dur)}, `, call), [{ name: stmt.bind }]);
  }

  /** Starts a task whose result nobody wants. */
  private started(
    stmt: Statement<"spawn" | "detach" | "afterFunc" | "callback">,
    how: string,
    before: string,
    call: string,
  ): string {
    const { procs, failures } = this.program;
    const fails = failures.inProc(stmt.proc);
    const valued = this.isValued(stmt.proc);
    const head = `t.${how}${fails ? "Err" : ""}(${before}${quote(stmt.proc)}, `;
    if (stmt.args.length === 0 && !valued) return `${head}${procs.get(stmt.proc)})`;
    const body = fails ? (valued ? `_, err := ${call}; return err` : `return ${call}`) : call;
    return `${head}func(t *orrery.Task)${fails ? " error" : ""} { ${body} })`;
  }

  private onResolve(stmt: Statement<"onResolve">): void {
    const { program } = this;
    const promise = this.on("promise", stmt.promise);
    const given = this.go(heldIn(stmt.promise, this.context));
    const argument = this.names.fresh("value");
    const call = this.callWith(stmt, argument);
    const result = program.types.resultOf(stmt.proc);
    const adopts = this.isValued(stmt.proc) && !isAny(result) && result.type.kind === "promise";
    const derived = stmt.bind === undefined ? null : program.types.local(stmt, stmt.bind).type.item;
    const held = adopts ? this.go(result.type.item) : derived === null ? "any" : this.go(derived);
    const fails = program.failures.inProc(stmt.proc);
    const body = this.isValued(stmt.proc)
      ? `return ${call}${fails ? "" : ", nil"}`
      : fails
        ? `return nil, ${call}`
        : `${call}; return nil, nil`;
    const kind = adopts ? `*orrery.Promise[${held}]` : held;
    const handler = `func(t *orrery.Task, ${argument} ${given}) (${kind}, error) { ${body} }`;
    const how = `orrery.OnResolve${adopts ? "Again" : ""}`;
    this.bound(stmt, `${how}(t, ${promise}, ${quote(stmt.proc)}, ${handler})`, [{ name: stmt.bind }]);
  }

  private join(stmt: Statement<"join">): void {
    const task = this.on("task", stmt.task);
    const fails = this.program.failures.inStatement(stmt);
    if (stmt.bind === undefined) {
      if (fails) return this.failing(stmt, `t.Join(${task})`, []);
      return this.out.line(`${task}.Wait()`, stmt.id);
    }
    const type = this.given(stmt, stmt.bind);
    const call = fails ? `orrery.Join[${type}](t, ${task})` : `orrery.Value[${type}](${task})`;
    this.called(stmt, call, fails, [{ name: stmt.bind }]);
  }

  private joinAll(stmt: Statement<"joinAll" | "settleAll">): void {
    const tasks = this.tasks(stmt.tasks);
    const { bind } = stmt;
    const held = bind === undefined ? null : this.program.types.local(stmt, bind).type.item;
    const call =
      stmt.op === "joinAll" ? `orrery.JoinAll[${this.go(held)}](t, ${tasks})` : `t.SettleAll(${tasks})`;
    const isShared = this.program.style.sharedLists && bind !== undefined && this.isRead(stmt, bind);
    const wrapped = isShared ? `orrery.Listed(${call})` : call;
    if (this.program.failures.inStatement(stmt)) this.failing(stmt, wrapped, [{ name: bind }]);
    else this.bound(stmt, `orrery.Must(${wrapped})`, [{ name: bind }]);
  }

  private scope(stmt: Statement<"scope" | "scopeRace">): void {
    const { out, program } = this;
    out.begins(stmt.id);
    if (!program.failures.inStatement(stmt)) {
      out.line("t.Scope(func() {");
      const region = this.region(false, stmt.body);
      out.line("})");
      return this.goOn(region);
    }
    const bind = stmt.op === "scopeRace" && completes(stmt.body) ? stmt.bind : undefined;
    const isRead = bind !== undefined && this.isRead(stmt, bind);
    const how =
      stmt.op === "scope"
        ? `t.${stmt.onError === "waitAll" ? "ScopeErr" : "FailFast"}(`
        : `orrery.${stmt.leaveLosers === true ? "RaceAndLeave" : "Race"}[${isRead ? this.given(stmt, bind) : "any"}](t, `;
    if (!isRead) {
      out.line(`if ${stmt.op === "scope" ? "" : "_, "}err := ${how}func() error {`);
      const region = this.region(true, stmt.body);
      this.ifError("err", "}); err != nil {");
      if (bind !== undefined) this.bind(stmt, bind);
      return this.goOn(region);
    }
    const local = this.bind(stmt, bind)!;
    const winner = this.isShared(local) ? this.names.fresh("winner") : local.go;
    out.line(`${winner}, err := ${how}func() error {`);
    const region = this.region(true, stmt.body);
    out.line("})");
    this.ifError("err");
    this.goOn(region);
    if (winner !== local.go) out.line(`${local.go} = ${winner}`);
  }

  private try(stmt: Statement<"try">): void {
    const { out } = this;
    const clauses = catchable(stmt);
    if (clauses.length === 0 && stmt.finally === undefined) {
      this.braced("", stmt.body, stmt.id);
      return out.line("}");
    }
    const caught = this.names.fresh("caught");
    out.line(`${caught} := func() (err error) {`, stmt.id);
    const protect = (): void => out.line("defer orrery.Recover(&err)");
    if (stmt.finally === undefined) {
      const region = this.region(true, stmt.body, protect);
      out.line("}()");
      this.catches(caught, clauses, () => this.forget(region));
      return this.goOn(region);
    }
    const { finally: last, ...inner } = stmt;
    const region = this.region(true, clauses.length === 0 ? stmt.body : [inner], protect);
    out.line("}()");
    const outer = this.locals;
    this.locals = new Map(outer);
    this.open(last); // without braces, so its names stay taken
    this.locals = outer;
    this.ifError(caught);
    this.goOn(region);
  }

  /** An error takes the place of a jump out of the function literal. */
  private forget({ returns, jumps }: Region): void {
    if (returns) this.out.line(`${this.returned} = false`);
    for (const { loop, jump } of jumps) this.out.line(`${loop.flags.get(jump) ?? jump} = false`);
  }

  private catches(caught: string, clauses: readonly Clause[], first: () => void): void {
    const { out } = this;
    clauses.forEach(({ kinds, body }, index) => {
      const test = kinds.includes("*")
        ? `${caught} != nil`
        : `orrery.Is(${[caught, ...kinds.map(quote)].join(", ")})`;
      this.braced(`${index === 0 ? "" : "} else "}if ${test}`, body, undefined, first);
    });
    if (clauses.some(({ kinds }) => kinds.includes("*"))) return out.line("}");
    this.ifError(caught, `} else if ${caught} != nil {`);
  }

  private recv(stmt: Statement<"recv">): void {
    const channel = this.channel(stmt.chan);
    const held = heldIn(stmt.chan, this.context);
    const { cancels } = this.program.style;
    const targets = [{ name: stmt.bind }];
    if (this.mayBeNone(stmt, held)) this.received(stmt, channel, held, targets, cancels ? "RecvOk" : null);
    else if (cancels) this.failing(stmt, `orrery.Recv[${this.go(held)}](t, ${channel})`, targets);
    else this.bound(stmt, `<-${channel}`, targets);
  }

  private recvOk(stmt: Statement<"recvOk" | "tryRecv">): void {
    const channel = this.channel(stmt.chan);
    const held = heldIn(stmt.chan, this.context);
    const type = this.go(held);
    const how = stmt.op === "tryRecv" ? "TryRecv" : this.program.style.cancels ? "RecvOk" : null;
    const targets = [{ name: stmt.bind }, { name: stmt.ok }];
    if (this.mayBeNone(stmt, held)) this.received(stmt, channel, held, targets, how);
    else if (how === "RecvOk") this.failing(stmt, `orrery.RecvOk[${type}](t, ${channel})`, targets);
    else if (how === "TryRecv") this.bound(stmt, `orrery.TryRecv[${type}](${channel})`, targets);
    else this.bound(stmt, `<-${channel}`, targets, false);
  }

  /** Whether the local has to show that the channel was closed, for which the channel's type has no value. */
  private mayBeNone(stmt: Stmt & { readonly bind?: string }, held: Slot | null): held is Slot {
    const { bind } = stmt;
    if (bind === undefined || held === null || isAny(held) || !this.isRead(stmt, bind)) return false;
    return isAny(this.program.types.local(stmt, bind));
  }

  /** Receives into temporaries, of which the targets get the item or none. */
  private received(
    stmt: Stmt,
    channel: string,
    held: Slot,
    [item, ok]: readonly Target[],
    how: "RecvOk" | "TryRecv" | null,
  ): void {
    const { out } = this;
    const got = this.names.fresh("got");
    const gotOk = this.names.fresh("gotOk");
    const arg = how === "RecvOk" ? `t, ${channel}` : channel;
    const call = how === null ? `<-${channel}` : `orrery.${how}[${this.go(held)}](${arg})`;
    out.line(`${got}, ${gotOk}${how === "RecvOk" ? ", err" : ""} := ${call}`, stmt.id);
    if (how === "RecvOk") this.ifError("err");
    this.bound(stmt, `orrery.OrNone(${got}, ${gotOk})`, [item!]);
    if (ok?.name === undefined) return;
    const local = this.bind(stmt, ok.name);
    if (local !== null) this.give([local], gotOk, false);
  }

  private select(stmt: Statement<"select">): void {
    const { nativeSelect, style } = this.program;
    if (nativeSelect && !style.cancels) this.nativeSelect(stmt);
    else this.orderedSelect(stmt);
  }

  private orderedSelect(stmt: Statement<"select">): void {
    const { out } = this;
    const { cancels } = this.program.style;
    out.begins(stmt.id);
    const outer = this.locals; // the names of the cases' locals stay taken: there are no braces around them
    const inSight: Map<string, Local>[] = [];
    const cases = stmt.cases.map((each, index) => {
      if (!("chan" in each)) return `orrery.OnRecv(${this.done(each)}, nil, nil)`;
      const channel = this.channel(each.chan);
      const held = heldIn(each.chan, this.context);
      const type = this.go(held);
      if (each.dir === "send")
        return `orrery.OnSend[${type}](${channel}, ${this.item(each.value, each.chan)})`;
      this.locals = new Map(outer);
      const item = this.bindOptional(stmt, each.bind, `case${index}`);
      const ok = this.bindOptional(stmt, each.ok, `case${index}`);
      for (const local of [item, ok])
        if (local !== null && !this.isShared(local)) out.line(`var ${local.go} ${this.go(local.slot)}`);
      inSight[index] = this.locals;
      this.locals = outer;
      const orNone = item !== null && isAny(item.slot) && held !== null && !isAny(held);
      const reference = (local: Local | null): string => (local === null ? "nil" : `&${local.go}`);
      return `orrery.OnRecv${orNone ? "OrNone" : ""}[${type}](${channel}, ${reference(item)}, ${reference(ok)})`;
    });
    const timeout = stmt.timeout === undefined ? [] : [this.dur(stmt.timeout.dur)];
    const how = `${stmt.otherwise === undefined ? "Select" : "TrySelect"}${timeout.length > 0 ? "Timeout" : ""}`;
    let taken = `t.${how}${cancels ? "OrCancel" : ""}(${[...timeout, ...cases].join(", ")})`;
    if (cancels) {
      const name = this.names.fresh("taken");
      out.line(`${name}, err := ${taken}`);
      this.ifError("err");
      taken = name;
    }
    out.line(`switch ${taken} {`);
    this.inSwitch(() => {
      stmt.cases.forEach((each, index) => {
        this.clause(`case ${index}`, each.body, () => {
          this.locals = new Map(inSight[index] ?? outer);
          this.settlement(stmt, each, `case${index}`);
        });
      });
      const otherwise = stmt.otherwise ?? stmt.timeout?.body;
      if (otherwise !== undefined) this.clause("case orrery.None", otherwise);
    });
    out.line("}");
  }

  private nativeSelect(stmt: Statement<"select">): void {
    const { out } = this;
    out.line("select {", stmt.id);
    this.inSwitch(() => {
      stmt.cases.forEach((each, index) => this.scoped(() => this.nativeCase(stmt, each, `case${index}`)));
      if (stmt.otherwise !== undefined) this.clause("default", stmt.otherwise);
      if (stmt.timeout !== undefined)
        this.clause(`case <-t.After(${this.dur(stmt.timeout.dur)})`, stmt.timeout.body);
    });
    out.line("}");
  }

  /** The channel that is closed when it happens. */
  private done(each: Exclude<SelectCase, { readonly chan: Expr }>): string {
    return `${this.on(each.dir, sourceOf(each))}.Done()`;
  }

  /** Takes what a case's promise was settled with. */
  private settlement(stmt: Statement<"select">, each: SelectCase, within: string): void {
    if (each.dir !== "promise") return;
    const { failures } = this.program;
    const promise = this.on("promise", each.promise);
    const local = this.bindOptional(stmt, each.bind, within);
    if (failures.promisesFail) this.failingInto([local], `${promise}.Outcome(t)`);
    else if (local !== null) this.give([local], `${promise}.Value()`, true);
  }

  private nativeCase(
    stmt: Statement<"select">,
    each: Statement<"select">["cases"][number],
    within: string,
  ): void {
    if (!("chan" in each))
      return this.clause(`case <-${this.done(each)}`, each.body, () => this.settlement(stmt, each, within));
    const channel = this.channel(each.chan);
    if (each.dir === "send")
      return this.clause(`case ${channel} <- ${this.item(each.value, each.chan)}`, each.body);
    const held = heldIn(each.chan, this.context);
    const item = this.bindOptional(stmt, each.bind, within);
    const ok = this.bindOptional(stmt, each.ok, within);
    const orNone = item !== null && isAny(item.slot) && held !== null && !isAny(held);
    if (!orNone && [item, ok].every((local) => local === null || !this.isShared(local))) {
      const first = item?.go ?? "_";
      const left = ok === null ? (item === null ? "" : `${first} := `) : `${first}, ${ok.go} := `;
      return this.clause(`case ${left}<-${channel}`, each.body);
    }
    const [got, gotOk] = [this.names.fresh("got"), this.names.fresh("gotOk")];
    const second = orNone || ok !== null ? `, ${gotOk}` : "";
    this.clause(`case ${item === null ? "_" : got}${second} := <-${channel}`, each.body, () => {
      if (item !== null) this.give([item], orNone ? `orrery.OrNone(${got}, ${gotOk})` : got, false);
      if (ok !== null) this.give([ok], gotOk, false);
    });
  }
}

interface Clause {
  readonly kinds: readonly string[];
  readonly body: Block;
}

/** The catches, each with the kinds that no earlier one takes. */
function catchable(stmt: Statement<"try">): readonly Clause[] {
  const seen = new Set<string>();
  const clauses: Clause[] = [];
  for (const { kinds, body } of stmt.catches) {
    if (seen.has("*")) break;
    const own = kinds.filter((kind) => !seen.has(kind));
    for (const kind of kinds) seen.add(kind);
    if (own.length > 0) clauses.push({ kinds: own.includes("*") ? ["*"] : [...new Set(own)], body });
  }
  return clauses;
}

/** Whether Go sees that the end of the block is not reached. */
function terminates(block: Block): boolean {
  const last = reachable(block).at(-1);
  switch (last?.op) {
    case "return":
    case "throw":
    case "break":
    case "continue":
      return true;
    case "if":
      return last.else !== undefined && terminates(last.then) && terminates(last.else);
    case "while":
      return !statementCompletes(last);
    default:
      return false;
  }
}

/** Whether the procedure defers a block, and whether it does so in a loop. */
function defersOf(body: Block): { readonly any: boolean; readonly inLoop: boolean } {
  let [any, inLoop] = [false, false];
  const search = (block: Block, loop: boolean): void => {
    for (const stmt of block) {
      if (stmt.op === "defer") {
        any = true;
        inLoop ||= loop;
      }
      for (const nested of nestedIn(stmt)) search(nested.block, loop || isLoop(stmt));
    }
  };
  search(body, false);
  return { any, inLoop };
}

/** The package's names that the procedure refers to, which its locals must not hide. */
function namesIn(body: Block, { params, procs, services, cells }: ProgramNames): ReadonlySet<string> {
  const names = new Set<string | undefined>();
  walk(body, (stmt) => {
    if ("proc" in stmt) names.add(procs.get(stmt.proc));
    if (stmt.op === "callService") names.add(services.get(stmt.service));
    if (stmt.op === "load" || stmt.op === "store") names.add(cells.get(stmt.cell));
    for (const { expr } of operandsOf(stmt))
      walkExpr(expr, (part) => {
        if ("procRef" in part) names.add(procs.get(part.procRef));
        if ("param" in part) names.add(params.get(part.param)!.go);
      });
  });
  return new Set([...names].filter((name) => name !== undefined));
}

/** Names of locals of the procedure that the block reads or assigns. */
function readIn(body: Block): ReadonlySet<string> {
  const own = new Set<string>();
  const used = new Set<string>();
  walk(body, (stmt) => {
    for (const { name } of [...bindsOf(stmt), ...nestedIn(stmt).flatMap(({ binds }) => binds)]) own.add(name);
    for (const { expr } of operandsOf(stmt))
      walkExpr(expr, (part) => {
        if ("var" in part && !own.has(part.var)) used.add(part.var);
      });
    if (stmt.op === "assign" && !own.has(stmt.name)) used.add(stmt.name);
  });
  return used;
}

/** A distribution of draws. */
export function distribution(from: Distribution, unit: "ns" | undefined): string {
  const n = (number: number): string =>
    unit === "ns" ? durationLiteral(number, "orrery").text : String(number);
  switch (from.dist) {
    case "constant":
      return `orrery.Constant(${n(from.value)})`;
    case "uniform":
      return `orrery.Uniform(${n(from.low)}, ${n(from.high)})`;
    case "exponential":
      return `orrery.Exponential(${n(from.mean)})`;
    case "erlang":
      return `orrery.Erlang(${from.k}, ${n(from.mean)})`;
    case "lognormal":
      return `orrery.Lognormal(${n(from.median)}, ${from.sigmaPerMille})`;
    case "pareto":
      return `orrery.Pareto(${n(from.scale)}, ${from.shapePerMille})`;
    case "twoPoint":
      return `orrery.TwoPoint(${n(from.fast)}, ${n(from.slow)}, ${from.slowPerMillion})`;
    case "table":
      return `orrery.Table(${from.values.map(n).join(", ")})`;
  }
}
