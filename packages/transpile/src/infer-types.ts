/** Finds the type of every local, argument, cell and result of a checked program. */
import {
  bindsOf,
  type Expr,
  isMap,
  nestedIn,
  type Program,
  type Stmt,
  type TypeName,
  walk,
} from "@orrery/program";
import { References } from "./references.ts";
import { type Kind, Slot, Type } from "./types.ts";

/** Durations are ints to every target. */
const kindOf = (type: TypeName): Kind => (type === "dur" ? "int" : type);

export type Scope = ReadonlyMap<string, Slot>;

export class ProgramTypes {
  readonly program: Program;
  private readonly locals = new Map<string, Slot>();
  private readonly args = new Map<string, readonly Slot[]>();
  private readonly results = new Map<string, Slot>();
  private readonly cells = new Map<string, Slot>();
  /** Fields of records: `Order.quantity`. */
  private readonly fields = new Map<string, Slot>();
  /** What references of each type take and give. */
  readonly references: References;
  /** True if some channel can be closed, so that a receive can give none. */
  private readonly closes: boolean;

  constructor(program: Program) {
    this.program = program;
    let closes = false;
    const procs = Object.entries(program.procs);
    for (const { name, type, init } of program.shared) {
      const slot = Slot.of(kindOf(type));
      if (init === null && !isMap(type)) slot.setNullable();
      this.cells.set(name, slot);
    }
    for (const [record, fields] of Object.entries(program.records ?? {}))
      for (const [field, type] of Object.entries(fields))
        this.fields.set(`${record}.${field}`, Slot.of(kindOf(type)));
    for (const [name, proc] of procs) {
      this.args.set(
        name,
        proc.args.map(({ type }) => Slot.of(kindOf(type))),
      );
      const result = Slot.of(proc.returns === undefined ? "void" : kindOf(proc.returns));
      if (proc.returns === undefined) result.setNullable();
      this.results.set(name, result);
    }
    const visit = (stmt: Stmt): void => {
      if (stmt.op === "close") closes = true;
      for (const { block } of nestedIn(stmt)) block.forEach(visit);
    };
    program.main.forEach(visit);
    for (const [, proc] of procs) proc.body.forEach(visit);
    this.closes = closes;
    this.references = new References(program, (name) => [...this.argsOf(name), this.resultOf(name)]);
    this.block(program.main, new Map(), new Slot());
    for (const [name, proc] of procs) {
      const scope = new Map(proc.args.map((arg, index) => [arg.name, this.args.get(name)![index]!]));
      this.block(proc.body, scope, this.results.get(name)!);
    }
  }

  argsOf(proc: string): readonly Slot[] {
    return this.args.get(proc)!;
  }

  resultOf(proc: string): Slot {
    return this.results.get(proc)!;
  }

  field(record: string, name: string): Slot {
    return this.fields.get(`${record}.${name}`)!;
  }

  cell(name: string): Slot {
    return this.cells.get(name)!;
  }

  /** The local that a statement binds; `within` names the block for which it does. */
  local(stmt: Stmt, name: string, within = ""): Slot {
    const key = `${stmt.id}/${within}/${name}`;
    let slot = this.locals.get(key);
    if (slot === undefined) this.locals.set(key, (slot = new Slot()));
    return slot;
  }

  /** The type of an expression; `scope` holds the locals in sight. */
  typeOf(expr: Expr, scope: Scope): Slot {
    if ("lit" in expr) {
      if (expr.lit === null) return new Slot(new Type(), true);
      return Slot.of(typeof expr.lit === "number" ? "int" : typeof expr.lit === "boolean" ? "bool" : "str");
    }
    if ("var" in expr) return scope.get(expr.var) ?? new Slot();
    if ("param" in expr) {
      const param = this.program.params.find(({ name }) => name === expr.param)!;
      return Slot.of(param.type === "enum" ? "str" : kindOf(param.type));
    }
    if ("self" in expr) return Slot.of("int");
    if ("list" in expr) {
      const held = new Slot();
      for (const item of expr.list) this.typeOf(item, scope).flowsInto(held);
      return Slot.of("list", held);
    }
    if ("at" in expr) return this.found(this.itemOf(expr.at, "list", scope), expr.otherwise, scope);
    if ("of" in expr) {
      this.typeOf(expr.of, scope).type.unify(Type.of(`record:${expr.record}`));
      return this.field(expr.record, expr.field);
    }
    if ("procRef" in expr) {
      this.pass({ proc: expr.procRef, args: expr.args }, scope);
      return Slot.of(`proc:${expr.type}`);
    }
    if ("record" in expr) {
      for (const [field, value] of Object.entries(expr.fields))
        this.typeOf(value, scope).flowsInto(this.field(expr.record, field));
      return Slot.of(`record:${expr.record}`);
    }
    if ("map" in expr) {
      const held = new Slot();
      for (const [, value] of expr.map) this.typeOf(value, scope).flowsInto(held);
      return Slot.of(expr.keys === "int" ? "intMap" : "strMap", held);
    }
    if ("get" in expr) return this.found(this.entryOf(expr.get, expr.key, scope), expr.otherwise, scope);
    if ("has" in expr) return Slot.of("bool");
    if ("unary" in expr) return Slot.of(expr.unary === "len" || expr.unary === "neg" ? "int" : "bool");
    switch (expr.binary) {
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
      case "min":
      case "max":
        return Slot.of("int");
      default:
        return Slot.of("bool");
    }
  }

  /** What the container that `expr` stands for holds. */
  private itemOf(expr: Expr, kind: Kind, scope: Scope): Slot {
    const slot = this.typeOf(expr, scope);
    const container = Type.of(kind);
    slot.type.unify(container);
    return slot.type.item ?? Slot.of("any");
  }

  /** What a look-up gives that may find nothing. */
  private found(held: Slot, otherwise: Expr | undefined, scope: Scope): Slot {
    const result = new Slot(held.type);
    if (otherwise === undefined) result.setNullable();
    else {
      held.flowsInto(result);
      this.typeOf(otherwise, scope).flowsInto(result);
    }
    return result;
  }

  /** What the map holds; its key tells which kind of map it is where nothing else has told yet. */
  private entryOf(map: Expr, key: Expr, scope: Scope): Slot {
    return this.itemOf(map, this.mapKind(map, scope, this.typeOf(key, scope).type.kind), scope);
  }

  /** Which kind of map the expression is. */
  mapKind(map: Expr, scope: Scope, key: Kind | null = null): "intMap" | "strMap" {
    const { kind } = this.typeOf(map, scope).type;
    if (isMap(kind)) return kind;
    return key === "str" ? "strMap" : "intMap";
  }

  private tasksItem(expr: Expr, scope: Scope): Slot {
    const task = this.itemOf(expr, "list", scope);
    task.type.unify(Type.of("task"));
    return task.type.item ?? Slot.of("any");
  }

  private received(chan: Expr, scope: Scope): Slot {
    const held = this.itemOf(chan, "chan", scope);
    const slot = new Slot(held.type);
    held.flowsInto(slot);
    return slot;
  }

  /** What the tasks that a race's block spawns give. */
  private winner(body: readonly Stmt[]): Slot {
    const slot = new Slot(new Type(), true);
    walk(body, (stmt) => {
      if (stmt.op === "spawn") this.resultOf(stmt.proc).copy().flowsInto(slot);
      if (stmt.op === "spawnRef") this.references.resultOf(stmt.type).copy().flowsInto(slot);
    });
    return slot;
  }

  private block(block: readonly Stmt[], outer: Scope, result: Slot): void {
    const scope = new Map(outer);
    for (const stmt of block) {
      for (const [name, slot] of this.statement(stmt, scope, result)) {
        const local = this.local(stmt, name);
        slot.flowsInto(local);
        scope.set(name, local);
      }
      for (const nested of nestedIn(stmt)) {
        const inner = new Map(scope);
        nested.binds.forEach(({ name, gives }) => {
          const local = this.local(stmt, name, nested.name);
          this.boundIn(stmt, nested.name, name, gives, scope).flowsInto(local);
          inner.set(name, local);
        });
        this.block(nested.block, inner, result);
      }
      // What a scope binds is in sight after it only.
      if (stmt.op === "scopeRace" && stmt.bind !== undefined)
        scope.set(stmt.bind, this.local(stmt, stmt.bind));
    }
  }

  /** The value that a nested block starts with in one of its locals. */
  private boundIn(stmt: Stmt, block: string, name: string, gives: TypeName | "any", scope: Scope): Slot {
    switch (stmt.op) {
      case "forEach": {
        if (stmt.key === undefined) return this.itemOf(stmt.list, "list", scope);
        const kind = this.mapKind(stmt.list, scope);
        if (name === stmt.key) return Slot.of(kind === "intMap" ? "int" : "str");
        return this.itemOf(stmt.list, kind, scope);
      }
      case "range":
        return this.received(stmt.chan, scope);
      case "select": {
        const arm = stmt.cases[Number(block.slice("case".length))]!;
        if (arm.dir === "promise") return this.itemOf(arm.promise, "promise", scope);
        if (arm.dir === "recv" && arm.bind === name) {
          const slot = this.received(arm.chan, scope);
          return this.closes ? slot.orNone() : slot;
        }
        return Slot.of("bool");
      }
      default:
        return gives === "any" ? new Slot() : Slot.of(kindOf(gives));
    }
  }

  /** The arguments of a call come to be those of the procedure. */
  private pass(stmt: { readonly proc: string; readonly args: readonly Expr[] }, scope: Scope): void {
    const args = this.argsOf(stmt.proc);
    stmt.args.forEach((arg, index) => this.typeOf(arg, scope).flowsInto(args[index]!));
  }

  /** Notes what the statement says about types; gives what it binds. */
  private statement(stmt: Stmt, scope: Scope, result: Slot): readonly (readonly [string, Slot])[] {
    const typeOf = (expr: Expr): Slot => this.typeOf(expr, scope);
    const bound = (name: string | undefined, slot: Slot): readonly (readonly [string, Slot])[] =>
      name === undefined ? [] : [[name, slot]];
    switch (stmt.op) {
      case "let":
        return [[stmt.bind, typeOf(stmt.value)]];
      case "assign": {
        const local = scope.get(stmt.name);
        if (local !== undefined) typeOf(stmt.value).flowsInto(local);
        return [];
      }
      case "push":
      case "setAt":
        typeOf(stmt.value).flowsInto(this.itemOf(stmt.list, "list", scope));
        return [];
      case "put":
        typeOf(stmt.value).flowsInto(this.entryOf(stmt.map, stmt.key, scope));
        return [];
      case "delete":
        this.entryOf(stmt.map, stmt.key, scope);
        return [];
      case "forEach":
        this.itemOf(stmt.list, stmt.key === undefined ? "list" : this.mapKind(stmt.list, scope), scope);
        return [];
      case "return":
        if (stmt.value !== undefined) typeOf(stmt.value).flowsInto(result);
        return [];
      case "afterFunc":
        this.pass(stmt, scope);
        return bound(stmt.bind, Slot.of("timer"));
      case "onceDo":
      case "callback":
      case "detach":
        this.pass(stmt, scope);
        return [];
      case "onResolve": {
        this.pass(stmt, scope);
        this.itemOf(stmt.promise, "promise", scope).flowsInto(this.argsOf(stmt.proc).at(-1)!);
        const given = this.resultOf(stmt.proc);
        const item = given.type.kind === "promise" ? (given.type.item ?? new Slot()) : given.copy();
        return bound(stmt.bind, Slot.of("promise", item));
      }
      case "call":
      case "spawn": {
        this.pass(stmt, scope);
        const given = this.resultOf(stmt.proc).copy();
        if (stmt.op === "call") return bound(stmt.bind, given);
        return bound(stmt.bind, Slot.of("task", given));
      }
      case "callRef":
      case "spawnRef": {
        typeOf(stmt.ref).type.unify(Type.of(`proc:${stmt.type}`));
        const args = this.references.argsOf(stmt.type);
        stmt.args.forEach((arg, index) => typeOf(arg).flowsInto(args[index]!));
        const given = this.references.resultOf(stmt.type).copy();
        return bound(stmt.bind, stmt.op === "callRef" ? given : Slot.of("task", given));
      }
      case "join":
        return bound(stmt.bind, this.itemOf(stmt.task, "task", scope));
      case "joinAny":
        return bound(stmt.bind, this.tasksItem(stmt.tasks, scope));
      case "joinAll":
        return bound(stmt.bind, Slot.of("list", this.tasksItem(stmt.tasks, scope)));
      case "settleAll":
        return bound(stmt.bind, Slot.of("list", Slot.of("result", this.tasksItem(stmt.tasks, scope))));
      case "scopeRace":
        return bound(stmt.bind, this.winner(stmt.body));
      case "send":
      case "trySend":
        typeOf(stmt.value).flowsInto(this.itemOf(stmt.chan, "chan", scope));
        return stmt.op === "send" ? [] : [[stmt.ok, Slot.of("bool")]];
      case "recv": {
        const slot = this.received(stmt.chan, scope);
        return bound(stmt.bind, this.closes ? slot.orNone() : slot);
      }
      case "recvOk":
      case "tryRecv":
        return [...bound(stmt.bind, this.received(stmt.chan, scope).orNone()), [stmt.ok, Slot.of("bool")]];
      case "select":
        for (const arm of stmt.cases)
          if (arm.dir === "send") typeOf(arm.value).flowsInto(this.itemOf(arm.chan, "chan", scope));
          else if (arm.dir === "recv") this.itemOf(arm.chan, "chan", scope);
          else if (arm.dir === "promise") this.itemOf(arm.promise, "promise", scope);
        return [];
      case "after":
        return [[stmt.bind, Slot.of("chan", Slot.of("int"))]];
      case "timer":
      case "ticker":
        return [
          [stmt.bind, Slot.of("timer")],
          [stmt.channel, Slot.of("chan", Slot.of("int"))],
        ];
      case "resolve":
        typeOf(stmt.value).flowsInto(this.itemOf(stmt.promise, "promise", scope));
        return [];
      case "reject":
        this.itemOf(stmt.promise, "promise", scope);
        return [];
      case "await":
        return bound(stmt.bind, this.itemOf(stmt.promise, "promise", scope));
      case "load":
        return [[stmt.bind, this.cell(stmt.cell)]];
      case "store":
        typeOf(stmt.value).flowsInto(this.cell(stmt.cell));
        return [];
      default:
        return bindsOf(stmt).map(({ name, gives }) => [
          name,
          gives === "any" ? new Slot() : Slot.of(kindOf(gives)),
        ]);
    }
  }
}
