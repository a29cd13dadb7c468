/** Checks the statements of one procedure: names, types, and what its control flow needs. */
import { overflowing } from "./check-resources.ts";
import { constantNumber } from "./constant.ts";
import { formatDuration } from "./duration.ts";
import { canJump, exitsOf, exitsOfStatement } from "./exits.ts";
import { comparable, demand, demandKey, infer, keysOf, settled, spoken } from "./infer.ts";
import type { Inferred, Names } from "./infer.ts";
import type { ParamValues } from "./params.ts";
import { useProblems } from "./check-references.ts";
import { printExpr, printLiteral } from "./print-expression.ts";
import type { Problem } from "./problem.ts";
import { asyncProcs } from "./async-procs.ts";
import { bindsOf, nestedIn, operandsOf, walk, walkExpr } from "./shape.ts";
import type { Bind, Operand } from "./shape.ts";
import {
  type Block,
  type Expr,
  isRefType,
  type Literal,
  type Program,
  type Stmt,
  type TypeName,
} from "./tree.ts";
import { boundElsewhere, unknownName } from "./unknown-name.ts";
import { canCancel, firstWait, isTimed } from "./waiting.ts";

/** A local in sight. */
interface Known {
  readonly kind: TypeName | "any";
  /** Id of the statement that bound it; the name of the procedure for an argument. */
  readonly at: string;
  readonly role: "argument" | "loop" | "local";
}

type Statement<Op extends Stmt["op"]> = Extract<Stmt, { readonly op: Op }>;

const nanosecondsPerMillisecond = 1_000_000;

/** Names that generated source can carry. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The problems of `main`, or of the procedure `name`. The program has its ids. */
export function bodyProblems(name: string, program: Program, params: ParamValues): readonly Problem[] {
  return new BodyChecker(name, program, params).check();
}

class BodyChecker {
  readonly #name: string;
  readonly #program: Program;
  readonly #params: ParamValues;
  readonly #returns: TypeName | undefined;
  readonly #body: Block;
  readonly #problems: Problem[] = [];
  readonly #known = new Map<string, Known>();
  /** Where each name is bound anywhere in the procedure. */
  readonly #bound = new Map<string, string>();
  #loops: readonly (string | undefined)[] = [];
  /** The kind of block that `return` cannot leave, when inside one. */
  #closed: "defer" | "finally" | undefined;
  #at: string;

  constructor(name: string, program: Program, params: ParamValues) {
    const proc = name === "main" ? undefined : program.procs[name];
    this.#name = name;
    this.#program = program;
    this.#params = params;
    this.#returns = proc?.returns;
    this.#body = proc?.body ?? program.main;
    this.#at = name;
    for (const arg of proc?.args ?? [])
      this.#known.set(arg.name, { kind: arg.type, at: name, role: "argument" });
  }

  check(): readonly Problem[] {
    walk(this.#body, (s) => {
      for (const bind of [...bindsOf(s), ...nestedIn(s).flatMap((nested) => nested.binds)]) {
        if (!this.#bound.has(bind.name)) this.#bound.set(bind.name, s.id ?? "");
      }
    });
    this.#block(this.#body);
    if (this.#returns !== undefined && exitsOf(this.#body).next) {
      this.#at = `procs.${this.#name}`;
      this.#error(`${this.#name} can reach its end without returning ${spoken(this.#returns)}`);
    }
    return this.#problems;
  }

  #block(block: Block): void {
    const bound: string[] = [];
    let open = true;
    for (const statement of block) {
      this.#at = statement.id ?? "";
      if (!open) {
        this.#warn("this statement is never reached");
        open = true;
      }
      this.#statement(statement);
      for (const bind of bindsOf(statement)) {
        if (this.#bind({ ...bind, gives: this.#kindOf(statement, bind) }, "local")) bound.push(bind.name);
      }
      if (!exitsOfStatement(statement).next) open = false;
    }
    for (const name of bound) this.#known.delete(name);
  }

  #statement(s: Stmt): void {
    for (const operand of operandsOf(s)) this.#operand(s, operand);
    this.#own(s);
    const { loops, closed } = { loops: this.#loops, closed: this.#closed };
    for (const nested of nestedIn(s)) {
      this.#at = s.id ?? "";
      if (s.op === "defer" || nested.name === "finally") {
        this.#loops = [];
        this.#closed = s.op === "defer" ? "defer" : "finally";
      } else if (s.op === "while" || s.op === "repeat" || s.op === "forEach" || s.op === "range") {
        this.#loops = [...loops, s.label];
      }
      const isLoop = s.op === "repeat" || s.op === "forEach" || s.op === "range";
      const bound = nested.binds.filter((bind) =>
        this.#bind({ ...bind, gives: this.#kindInside(s, bind) }, isLoop ? "loop" : "local"),
      );
      this.#block(nested.block);
      for (const bind of bound) this.#known.delete(bind.name);
      this.#loops = loops;
      this.#closed = closed;
    }
    this.#at = s.id ?? "";
  }

  #operand(s: Stmt, { name, expr, wants, least }: Operand): void {
    demand(expr, wants, `the ${name} of ${s.op}`, this.#names);
    walkExpr(expr, (inner) => this.#inner(s, inner));
    const value = constantNumber(expr, this.#params);
    if (value === undefined) return;
    if (least !== undefined && value < least) {
      const shown = wants === "dur" ? formatDuration(value) : String(value);
      this.#error(`the ${name} of ${s.op} is ${shown}, but the least is ${least}`, String(least));
    }
    if (wants === "dur" && isTimed(s.op) && value >= 0) this.#wholeMilliseconds(s.op, value);
  }

  /** Node's timers count whole milliseconds, at least one. */
  #wholeMilliseconds(op: Stmt["op"], value: number): void {
    const onNode = Math.max(nanosecondsPerMillisecond, value - (value % nanosecondsPerMillisecond));
    if (onNode === value) return;
    const what = op === "sleep" ? "sleeps" : "waits";
    this.#warn(
      `${what} ${formatDuration(value)}, but Node rounds to whole milliseconds: ${formatDuration(onNode)} there`,
      formatDuration(onNode),
    );
  }

  #inner(s: Stmt, expr: Expr): void {
    if ("procRef" in expr && (s.op === "select" || s.op === "while" || s.op === "if"))
      this.#error(`${printExpr(expr)} stands in ${s.op}: bind it to a local before`);
    if ("map" in expr) {
      const keys = expr.map.map(([key]) => ("lit" in key ? key.lit : constantNumber(key, this.#params)));
      const twice = expr.map.find((_, i) => keys[i] !== undefined && keys.indexOf(keys[i]) < i);
      if (twice !== undefined) this.#error(`the map has the key ${printExpr(twice[0])} twice`);
    }
    if ("at" in expr) {
      const index = constantNumber(expr.index, this.#params);
      if (index !== undefined && index < 0) this.#error(`the index ${printExpr(expr.index)} is below 0`, "0");
    }
    if (!("binary" in expr)) return;
    const { binary, left, right } = expr;
    if (overflowing(expr, this.#params) !== undefined)
      this.#error(`${printExpr(expr)} is beyond the integers of the language, -(2^53-1) to 2^53-1`);
    if ((binary === "/" || binary === "%") && constantNumber(right, this.#params) === 0) {
      this.#error(`${printExpr(expr)} divides by zero`);
    }
    if (binary === "==" || binary === "!=") {
      if ("lit" in right) this.#word(left, right.lit);
      if ("lit" in left) this.#word(right, left.lit);
    }
  }

  /** A literal that an enum parameter is compared with must be one of its values. */
  #word(expr: Expr, literal: Literal): void {
    if (!("param" in expr) || typeof literal !== "string") return;
    const param = this.#program.params.find((each) => each.name === expr.param);
    if (param?.type === "enum" && !param.values.includes(literal)) {
      const unknown = unknownName(`value of params.${param.name}`, literal, param.values);
      this.#error(unknown.message, unknown.suggestion);
    }
  }

  /** What is particular to the statement. */
  #own(s: Stmt): void {
    switch (s.op) {
      case "assign":
        return this.#assign(s);
      case "while":
        if (s.bound === undefined && s.spin === undefined) {
          this.#error("the loop has neither a bound nor the mark spin: give the greatest number of turns");
        } else if (s.bound !== undefined && s.spin !== undefined) {
          this.#error("the loop has both a bound and the mark spin: keep one");
        }
        return this.#label(s.label);
      case "put":
      case "delete":
        return demandKey(s.map, s.key, this.#quiet);
      case "joinAny":
      case "joinAll":
      case "settleAll":
        if ("list" in s.tasks)
          for (const task of s.tasks.list) demand(task, "task", `each of the tasks of ${s.op}`, this.#quiet);
        return;
      case "repeat":
      case "forEach":
      case "range":
        return this.#label(s.label);
      case "match":
        return this.#match(s);
      case "break":
      case "continue":
        return this.#jump(s);
      case "return":
        return this.#return(s);
      case "call":
      case "spawn":
      case "detach":
      case "afterFunc":
      case "onceDo":
        return this.#start(s);
      case "callRef":
      case "spawnRef":
        return useProblems(s, { ...this.#quiet, procType: this.#names.procType });
      case "onResolve":
      case "callback":
        return this.#handler(s);
      case "try":
        return this.#try(s);
      case "select":
        if (s.cases.length === 0) this.#error("the select has no case, so nothing can happen in it");
        if (s.otherwise !== undefined && s.timeout !== undefined) {
          this.#error(
            "the select never waits because of its otherwise, so its timeout cannot happen: keep one",
          );
        }
        return;
      case "load":
      case "store":
        return this.#cell(s);
      case "callService": {
        const names = this.#program.services.map((service) => service.name);
        return names.includes(s.service) ? undefined : this.#unknown("service", s.service, names);
      }
      case "log":
        return this.#log(s);
      default:
    }
  }

  #assign(s: Statement<"assign">): void {
    const target = this.#known.get(s.name);
    if (target === undefined) {
      this.#names.local(s.name);
      return;
    }
    if (target.role === "loop")
      this.#error(`${s.name} belongs to the loop at ${target.at} and cannot be assigned`);
    demand(s.value, target.kind, `the local ${s.name}`, this.#quiet);
  }

  #label(label: string | undefined): void {
    if (label !== undefined && this.#loops.includes(label))
      this.#error(`a loop around this one has the label ${label} too`);
  }

  #match(s: Statement<"match">): void {
    const kind = infer(s.value, this.#silent);
    const seen = new Set<Literal>();
    for (const { tag } of s.cases) {
      const tagKind = infer({ lit: tag }, this.#silent);
      if (!comparable(kind, tagKind))
        this.#error(
          `the case ${printLiteral(tag)} is ${spoken(tagKind)}, but ${printExpr(s.value)} is ${spoken(kind)}`,
        );
      if (seen.has(tag)) this.#error(`the case ${printLiteral(tag)} appears twice`);
      seen.add(tag);
      this.#word(s.value, tag);
    }
  }

  #jump(s: Statement<"break" | "continue">): void {
    if (this.#loops.length === 0) {
      const inside = this.#closed === undefined ? "" : ` of this ${this.#closed}`;
      return this.#error(`${s.op} is outside every loop${inside}`);
    }
    const labels = this.#loops.filter((label) => label !== undefined);
    if (s.label !== undefined && !labels.includes(s.label))
      this.#unknown("loop around this with the label", s.label, labels);
  }

  #return(s: Statement<"return">): void {
    if (this.#closed !== undefined) return this.#error(`return cannot leave a ${this.#closed} block`);
    if (s.value === undefined) {
      if (this.#returns !== undefined) this.#error(`${this.#name} must return ${spoken(this.#returns)}`);
      return;
    }
    if (this.#returns === undefined)
      return this.#error(`${this.#name} declares no result, so it cannot return ${printExpr(s.value)}`);
    demand(s.value, this.#returns, `the result of ${this.#name}`, this.#quiet);
  }

  #start(
    s: Statement<"call" | "spawn" | "detach" | "afterFunc" | "onceDo" | "onResolve" | "callback">,
  ): void {
    const proc = own(this.#program.procs, s.proc);
    if (proc === undefined) return this.#unknown("procedure", s.proc, Object.keys(this.#program.procs));
    const gives = s.args.length + (s.op === "onResolve" ? 1 : 0); // and the promise's value
    if (proc.args.length !== gives) {
      const wanted = proc.args.map((arg) => `${arg.name}: ${arg.type}`).join(", ");
      return this.#error(
        `${s.proc} takes ${count(proc.args.length, "argument")} (${wanted}), but ${s.op} gives ${gives}`,
      );
    }
    for (const [index, arg] of proc.args.entries()) {
      const given = s.args[index];
      if (given !== undefined) demand(given, arg.type, `the argument ${arg.name} of ${s.proc}`, this.#quiet);
    }
    if (s.op === "call" && s.bind !== undefined && proc.returns === undefined) {
      this.#error(`${s.proc} declares no result, so ${s.bind} cannot be bound to it`);
    }
  }

  /** A handler runs inside the runtime's own loop, where nothing can wait. */
  #handler(s: Statement<"onResolve" | "callback">): void {
    this.#start(s);
    const waits = firstWait(s.proc, this.#program);
    if (waits === undefined && asyncProcs(this.#program).has(s.proc))
      this.#error(`${s.proc} is a handler, so no reference to it can be of a type whose calls are awaited`);
    if (waits !== undefined)
      this.#error(
        `${s.proc} is a handler and cannot wait, but ${waits.id ?? waits.op} is a ${waits.op}: spawn a task`,
      );
  }

  #try(s: Statement<"try">): void {
    const caught = new Set<string>();
    const cancels = canCancel(this.#program);
    for (const [index, { kinds, body }] of s.catches.entries()) {
      const cancelledBefore = caught.has("Cancelled");
      for (const kind of kinds) {
        if (caught.has(kind) || caught.has("*"))
          this.#warn(`catch ${index} never sees ${kind}: an earlier catch takes it`);
        caught.add(kind);
      }
      const exits = exitsOf(body);
      const takesCancelled =
        kinds.includes("Cancelled") || (kinds.includes("*") && cancels && !cancelledBefore);
      if (takesCancelled && (exits.next || canJump(exits))) {
        this.#warn(`catch ${index} takes Cancelled and does not throw it again, so the cancellation is lost`);
      }
    }
    if (s.catches.length === 0 && s.finally === undefined)
      this.#warn("the try has neither a catch nor a finally");
  }

  #cell(s: Statement<"load" | "store">): void {
    const cell = this.#program.shared.find((each) => each.name === s.cell);
    if (cell === undefined)
      return this.#unknown(
        "shared cell",
        s.cell,
        this.#program.shared.map((each) => each.name),
      );
    if (cell.length === undefined && s.index !== undefined)
      this.#error(`${s.cell} is a single cell and has no index`);
    if (cell.length !== undefined && s.index === undefined)
      this.#error(`${s.cell} is a list of cells: ${s.op} needs an index`);
    if (cell.length !== undefined && s.index !== undefined) {
      const length =
        typeof cell.length === "number" ? cell.length : constantNumber(cell.length, this.#params);
      const index = constantNumber(s.index, this.#params);
      if (length !== undefined && index !== undefined && index >= length) {
        this.#error(
          `${s.cell} has ${count(length, "cell")}, so there is none at ${index}`,
          String(length - 1),
        );
      }
    }
    if (s.op === "store") demand(s.value, cell.type, `the shared cell ${s.cell}`, this.#quiet);
  }

  #log(s: Statement<"log">): void {
    const args = s.args?.length ?? 0;
    const used = new Set([...s.text.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1])));
    for (const arg of s.args ?? [])
      if (isRefType(infer(arg, this.#silent))) this.#error("a reference has nothing to show in a log");
    for (const index of used) {
      if (index >= args) this.#error(`the text has {${index}}, but the log has ${count(args, "argument")}`);
    }
    for (let index = 0; index < args; index++) {
      if (!used.has(index))
        this.#warn(`the text does not show argument ${index}: write {${index}} where it belongs`);
    }
  }

  /** The type that a statement gives to what it binds. */
  #kindOf(s: Stmt, bind: Bind): Bind["gives"] {
    if (s.op === "let") return settled(infer(s.value, this.#silent));
    if (s.op === "load") return this.#program.shared.find((each) => each.name === s.cell)?.type ?? "any";
    if (s.op === "call") return this.#program.procs[s.proc]?.returns ?? "any";
    if (s.op === "callRef") return this.#quiet.procType(s.type)?.returns ?? "any";
    return bind.gives;
  }

  /** The type of a local that a block starts with. */
  #kindInside(s: Stmt, bind: Bind): Bind["gives"] {
    return s.op === "forEach" && bind.name === s.key ? keysOf(infer(s.list, this.#silent)) : bind.gives;
  }

  /** Brings a local into sight; reports it and gives false when the name is taken. */
  #bind(bind: Bind, role: Known["role"]): boolean {
    if (!namePattern.test(bind.name))
      this.#error(`"${bind.name}" cannot be a name: letters, digits and _, beginning with a letter`);
    const known = this.#known.get(bind.name);
    if (known === undefined) {
      this.#known.set(bind.name, { kind: bind.gives, at: this.#at, role });
      return true;
    }
    const where = known.role === "argument" ? `an argument of ${known.at}` : `bound at ${known.at}`;
    this.#error(`${bind.name} is already ${where}: assign to it, or take another name`);
    return false;
  }

  #unboundLocal(name: string): void {
    const at = this.#bound.get(name);
    if (at !== undefined)
      return this.#error(
        `the local ${name} is not in sight here: it is bound at ${at}, later or inside a block`,
      );
    if (this.#program.params.some((param) => param.name === name)) {
      return this.#error(`there is no local "${name}", but a parameter of that name`, `params.${name}`);
    }
    const elsewhere = boundElsewhere(name, this.#program);
    if (elsewhere === undefined) return this.#unknown("local", name, [...this.#known.keys()]);
    this.#error(
      `there is no local "${name}" in ${this.#name}: ${elsewhere} has one, to be passed as an argument`,
    );
  }

  readonly #names: Names = {
    local: (name) => {
      const known = this.#known.get(name);
      if (known !== undefined) return known.kind;
      this.#unboundLocal(name);
      return "any";
    },
    param: (name) => {
      const kind = this.#paramKind(name);
      if (kind !== undefined) return kind;
      this.#unknown(
        "parameter",
        name,
        this.#program.params.map((param) => param.name),
      );
      return "any";
    },
    record: (name) => {
      const fields = own(this.#program.records, name);
      if (fields === undefined) this.#unknown("record", name, Object.keys(this.#program.records ?? {}));
      return fields;
    },
    procType: (name) => {
      const type = own(this.#program.procTypes, name);
      if (type === undefined)
        this.#unknown("procedure type", name, Object.keys(this.#program.procTypes ?? {}));
      return type;
    },
    proc: (name) => {
      const proc = own(this.#program.procs, name);
      if (proc === undefined) this.#unknown("procedure", name, Object.keys(this.#program.procs));
      return proc;
    },
    report: (message, suggestion) => this.#error(message, suggestion),
  };

  /** For an expression looked at before: reports how it is used, not again what is wrong inside it. */
  readonly #quiet: Names = {
    local: (name) => this.#known.get(name)?.kind ?? "any",
    param: (name) => this.#paramKind(name) ?? "any",
    record: (name) => own(this.#program.records, name),
    procType: (name) => own(this.#program.procTypes, name),
    proc: (name) => own(this.#program.procs, name),
    report: (message, suggestion) => {
      if (!this.#problems.some((problem) => problem.at === this.#at && problem.message === message))
        this.#error(message, suggestion);
    },
  };
  readonly #silent: Names = { ...this.#quiet, report: () => {} };

  #paramKind(name: string): Inferred | undefined {
    const param = this.#program.params.find((each) => each.name === name);
    return param?.type === "enum" ? "str" : param?.type;
  }

  #unknown(what: string, name: string, candidates: readonly string[]): void {
    const { message, suggestion } = unknownName(what, name, candidates);
    this.#error(message, suggestion);
  }

  #error(message: string, suggestion?: string): void {
    this.#problems.push({
      severity: "error",
      at: this.#at,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }

  #warn(message: string, suggestion?: string): void {
    this.#problems.push({
      severity: "warning",
      at: this.#at,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
}

/** What is declared under the name. */
function own<T>(declared: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return declared !== undefined && Object.hasOwn(declared, name) ? declared[name] : undefined;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
