/**
 * What is left of a program after something was taken out of it, made whole: uses of names that are no longer bound go,
 * or a literal takes their place, and with them what exists for nothing else: procedures, arguments, declarations.
 */
import { reachable } from "../calls.ts";
import { mapBlocks } from "../ids.ts";
import { referredProcs } from "../references.ts";
import { bindsOf, nestedIn, operandsOf, sourceOf, walk, walkExpr } from "../shape.ts";
import type { Wanted } from "../shape.ts";
import type { Block, Expr, Proc, Program, Stmt } from "../tree.ts";
import { mapBodies } from "./edit.ts";
import { mapOperands } from "./operands.ts";
import { placeholder } from "./simpler.ts";

/** Positions of arguments, by procedure. */
type Positions = Map<string, Set<number>>;

export function repair(program: Program): Program {
  let whole = program;
  for (;;) {
    const lost: Positions = new Map();
    const resolved = mapBodies(whole, (body, name) =>
      new Resolver(whole, lost).body(body, whole.procs[name]),
    );
    const handlers = handlersOf(resolved);
    const referred = referredProcs(resolved);
    for (const [name, proc] of Object.entries(resolved.procs))
      for (const [index, arg] of proc.args.entries()) {
        const isValue = handlers.has(name) && index === proc.args.length - 1;
        if (!isValue && !referred.has(name) && !mentionsName(proc.body, arg.name)) addTo(lost, name, index);
      }
    const tidy = withoutUnused(withoutArguments(resolved, lost));
    if (JSON.stringify(tidy) === JSON.stringify(whole)) return tidy;
    whole = tidy;
  }
}

/** Names of the procedures that handle a promise; the last argument of each is its value. */
export function handlersOf(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (s) => {
      if (s.op === "onResolve") found.add(s.proc);
    });
  return found;
}

/** Takes out of one procedure what names something that is not there. */
class Resolver {
  readonly #program: Program;
  readonly #lost: Positions;
  /** Procedures that are referred to: they keep their arguments. */
  readonly #referred: ReadonlySet<string>;
  #loops: readonly (string | undefined)[] = [];

  constructor(program: Program, lost: Positions) {
    this.#program = program;
    this.#lost = lost;
    this.#referred = referredProcs(program);
  }

  body(body: Block, proc: Proc | undefined): Block {
    return this.#block(body, new Set(proc?.args.map(({ name }) => name)));
  }

  #block(block: Block, outer: ReadonlySet<string>): Block {
    const known = new Set(outer);
    const kept: Stmt[] = [];
    for (const statement of block) {
      const whole = this.#statement(statement, known);
      if (whole === undefined) continue;
      kept.push(whole);
      for (const { name } of bindsOf(whole)) known.add(name);
    }
    return kept;
  }

  #statement(s: Stmt, known: ReadonlySet<string>): Stmt | undefined {
    if (!this.#stands(s, known)) return undefined;
    const whole = this.#operands(s, known);
    if (whole === undefined) return undefined;
    const loops = this.#loops;
    if (s.op === "while" || s.op === "repeat" || s.op === "forEach" || s.op === "range")
      this.#loops = [...loops, s.label];
    const binds = new Map(nestedIn(whole).map((nested) => [nested.name, nested.binds]));
    const result = mapBlocks(whole, (block, name) =>
      this.#block(block, new Set([...known, ...(binds.get(name) ?? []).map((bind) => bind.name)])),
    );
    this.#loops = loops;
    return result;
  }

  /** Whether what the statement names besides its operands is there. */
  #stands(s: Stmt, known: ReadonlySet<string>): boolean {
    switch (s.op) {
      case "assign":
        return known.has(s.name);
      case "break":
      case "continue":
        return s.label === undefined ? this.#loops.length > 0 : this.#loops.includes(s.label);
      case "call":
      case "spawn":
      case "detach":
      case "afterFunc":
      case "onceDo":
      case "onResolve":
      case "callback":
        return Object.hasOwn(this.#program.procs, s.proc);
      case "load":
      case "store":
        return this.#program.shared.some(({ name }) => name === s.cell);
      case "callService":
        return this.#program.services.some(({ name }) => name === s.service);
      default:
        return true;
    }
  }

  #operands(s: Stmt, known: ReadonlySet<string>): Stmt | undefined {
    if (s.op === "select") {
      const cases = s.cases.filter((each) => resolved(sourceOf(each), known) !== undefined);
      if (cases.length === 0) return undefined;
      if (cases.length < s.cases.length) return this.#operands({ ...s, cases }, known);
    }
    let missing = false;
    const start = "proc" in s ? s.proc : undefined;
    const own = "proc" in s ? operandsOf(s).length - s.args.length : Infinity; // before the arguments
    const whole = mapOperands(s, ({ expr, wants }, index) => {
      const there = resolved(expr, known);
      if (there !== undefined) return there;
      const isArgument = start !== undefined && index >= own;
      const type: Wanted = isArgument
        ? (this.#program.procs[start]?.args[index - own]?.type ?? "any")
        : wants;
      const literal = placeholder(type);
      if (literal !== undefined) return literal;
      if (isArgument && !this.#referred.has(start)) addTo(this.#lost, start, index - own);
      else missing = true;
      return expr;
    });
    return missing ? undefined : whole;
  }
}

/** The expression if its locals are all known; a list leaves out the items that are not. */
function resolved(expr: Expr, known: ReadonlySet<string>): Expr | undefined {
  if ("list" in expr) {
    const items = expr.list.map((item) => resolved(item, known)).filter((item) => item !== undefined);
    return items.length === expr.list.length ? expr : { list: items };
  }
  let all = true;
  walkExpr(expr, (inner) => {
    if ("var" in inner && !known.has(inner.var)) all = false;
  });
  return all ? expr : undefined;
}

function addTo(positions: Positions, proc: string, index: number): void {
  positions.set(proc, (positions.get(proc) ?? new Set()).add(index));
}

function withoutArguments(program: Program, lost: Positions): Program {
  if (lost.size === 0) return program;
  const kept = <T>(items: readonly T[], proc: string): readonly T[] =>
    items.filter((_, index) => lost.get(proc)?.has(index) !== true);
  const starts = (block: Block): Block =>
    block.map((s) => {
      const whole = mapBlocks(s, starts);
      return "proc" in whole ? { ...whole, args: kept(whole.args, whole.proc) } : whole;
    });
  const edited = mapBodies(program, starts);
  return {
    ...edited,
    procs: Object.fromEntries(
      Object.entries(edited.procs).map(([name, proc]) => [name, { ...proc, args: kept(proc.args, name) }]),
    ),
  };
}

function withoutUnused(program: Program): Program {
  const started = reachable(program);
  const procs = Object.fromEntries(Object.entries(program.procs).filter(([name]) => started.has(name)));
  const used = { params: new Set<string>(), services: new Set<string>(), cells: new Set<string>() };
  for (const body of [program.main, ...Object.values(procs).map((proc) => proc.body)])
    walk(body, (s) => {
      if (s.op === "load" || s.op === "store") used.cells.add(s.cell);
      if (s.op === "callService") used.services.add(s.service);
      for (const { expr } of operandsOf(s))
        walkExpr(expr, (inner) => {
          if ("param" in inner) used.params.add(inner.param);
        });
    });
  const services = program.services.filter(({ name }) => used.services.has(name));
  const shared = program.shared.filter(({ name }) => used.cells.has(name));
  const declared = JSON.stringify([services, shared]);
  const { records, procTypes, ...rest } = program;
  const types = Object.entries(procTypes ?? {}).filter(([name]) =>
    JSON.stringify([procs, program.main]).includes(`"type":"${name}"`),
  );
  const written = JSON.stringify([shared, procs, program.main, Object.values(records ?? {}), types]);
  const kept = Object.entries(records ?? {}).filter(
    ([name]) => written.includes(`"record":"${name}"`) || written.includes(`"record:${name}"`),
  );
  return {
    ...rest,
    ...(kept.length === 0 ? {} : { records: Object.fromEntries(kept) }),
    ...(types.length === 0 ? {} : { procTypes: Object.fromEntries(types) }),
    params: program.params.filter(
      ({ name }) => used.params.has(name) || declared.includes(JSON.stringify({ param: name })),
    ),
    services,
    shared,
    procs,
  };
}

function mentionsName(body: Block, name: string): boolean {
  let found = false;
  walk(body, (s) => {
    if (s.op === "assign" && s.name === name) found = true;
    for (const { expr } of operandsOf(s))
      walkExpr(expr, (inner) => {
        if ("var" in inner && inner.var === name) found = true;
      });
  });
  return found;
}
