/**
 * Which statements Java takes to complete normally, and which can throw InterruptedException: what follows the former's
 * opposite and a catch without the latter do not compile.
 */
import {
  type Block,
  calledBy,
  type MonitorVia,
  isCancellationPoint,
  nestedIn,
  type Program,
  references,
  type References,
  type Stmt,
  walk,
} from "@orrery/program";

/** Whether the end of the block can be reached. */
export function completes(block: Block): boolean {
  return block.every(statementCompletes);
}

/** The statements of a block that can be reached. */
export function reachable(block: Block): Block {
  const last = block.findIndex((stmt) => !statementCompletes(stmt));
  return last < 0 ? block : block.slice(0, last + 1);
}

export function statementCompletes(stmt: Stmt): boolean {
  switch (stmt.op) {
    case "return":
    case "throw":
    case "break":
    case "continue":
      return false;
    case "if":
      return stmt.else === undefined || completes(stmt.then) || completes(stmt.else);
    case "match":
      return (
        stmt.otherwise === undefined ||
        completes(stmt.otherwise) ||
        stmt.cases.some(({ body }) => completes(body))
      );
    case "select":
      return nestedIn(stmt).some(({ block }) => completes(block));
    case "while":
      return !isForEver(stmt) || breaks(stmt.body, stmt.label);
    case "scope":
    case "scopeRace":
    case "deadline":
    case "withToken":
    case "shield":
    case "enter":
      return completes(stmt.body);
    case "try":
      return (
        (completes(stmt.body) || stmt.catches.some(({ body }) => completes(body))) &&
        (stmt.finally === undefined || completes(stmt.finally))
      );
    default:
      return true;
  }
}

export function isForEver(stmt: Extract<Stmt, { readonly op: "while" }>): boolean {
  return "lit" in stmt.cond && stmt.cond.lit === true;
}

export function isLoop(
  stmt: Stmt,
): stmt is Extract<Stmt, { readonly op: "while" | "repeat" | "forEach" | "range" }> {
  return stmt.op === "while" || stmt.op === "repeat" || stmt.op === "forEach" || stmt.op === "range";
}

/** Whether a break that can be reached leaves the loop with this body. */
function breaks(body: Block, label: string | undefined, direct = true): boolean {
  return reachable(body).some((stmt) => {
    if (stmt.op === "break") return stmt.label === undefined ? direct : stmt.label === label;
    return nestedIn(stmt).some(({ block }) => breaks(block, label, direct && !isLoop(stmt)));
  });
}

/** Whether Java makes a switch of the statement, in which a plain `break` would mean the switch. */
export type IsSwitch = (stmt: Stmt) => boolean;

/** Whether the loop needs a label: for a jump from a loop inside, or a break from a switch inside. */
export function needsLabel(body: Block, label: string | undefined, isSwitch: IsSwitch): boolean {
  const search = (block: Block, inLoop: boolean, inSwitch: boolean): boolean =>
    reachable(block).some((stmt) => {
      if (stmt.op === "break" || stmt.op === "continue") {
        const isOurs = stmt.label === undefined ? !inLoop : stmt.label === label;
        return isOurs && (inLoop || (stmt.op === "break" && inSwitch));
      }
      if (stmt.op === "defer") return false;
      return nestedIn(stmt).some(({ name, block }) => {
        const switches = isSwitch(stmt) && (stmt.op !== "try" || name.startsWith("catch"));
        return search(block, inLoop || isLoop(stmt), inSwitch || switches);
      });
    });
  return search(body, false, false);
}

/** What else can throw InterruptedException: waits of the library that no cancellation is meant for. */
const interruptibleElse: ReadonlySet<Stmt["op"]> = new Set<Stmt["op"]>([
  "onceDo",
  "offload",
  "scope",
  "scopeRace",
]);

/** Procedures, and blocks, that can throw InterruptedException. */
export class Interruptions {
  private readonly procs = new Set<string>();

  private readonly refs: References;

  constructor(program: Program) {
    this.refs = references(program);
    for (let before = -1; before < this.procs.size; ) {
      before = this.procs.size;
      for (const [name, { body }] of Object.entries(program.procs))
        if (this.inBlock(body) || hasInnerDefer(body)) this.procs.add(name);
    }
  }

  inProc(name: string): boolean {
    return this.procs.has(name);
  }

  inType(type: string): boolean {
    return [...(this.refs.get(type) ?? [])].some((name) => this.procs.has(name));
  }

  inBlock(block: Block): boolean {
    return reachable(block).some((stmt) => this.inStatement(stmt));
  }

  private inStatement(stmt: Stmt): boolean {
    if (isCancellationPoint(stmt.op) || interruptibleElse.has(stmt.op)) return true;
    if (stmt.op === "call" || stmt.op === "callRef")
      return calledBy(stmt, this.refs).some((name) => this.procs.has(name));
    if (stmt.op === "throw") return stmt.kind === "Cancelled";
    if (stmt.op === "try") {
      const { body, catches } = stmt;
      const caught = catches.some(({ kinds }) => kinds.includes("Cancelled") || kinds.includes("*"));
      return (
        (this.inBlock(body) && !caught) ||
        catches.some((each) => this.inBlock(each.body)) ||
        (stmt.finally !== undefined && this.inBlock(stmt.finally))
      );
    }
    return nestedIn(stmt).some(({ block }) => this.inBlock(block));
  }
}

/** Whether the procedure defers a block elsewhere than at its top level. */
export function hasInnerDefer(body: Block): boolean {
  const top = new Set(body);
  let found = false;
  walk(body, (stmt) => {
    if (stmt.op === "defer" && !top.has(stmt)) found = true;
  });
  return found;
}

/** What kinds of monitor the program makes: one kind has a shorter form than several. */
export function monitorsOf(program: Program): ReadonlySet<MonitorVia> {
  const kinds = new Set<MonitorVia>();
  for (const body of [program.main, ...Object.values(program.procs).map((proc) => proc.body)])
    walk(body, (stmt) => {
      if (stmt.op === "monitor") kinds.add(stmt.via ?? "synchronized");
    });
  return kinds;
}

/** Procedures that can come to call themselves. */
export function recursive(program: Program): ReadonlySet<string> {
  const refs = references(program);
  const calls = new Map<string, Set<string>>();
  for (const [name, { body }] of Object.entries(program.procs)) {
    const called = new Set<string>();
    walk(body, (stmt) => {
      for (const proc of calledBy(stmt, refs)) called.add(proc);
    });
    calls.set(name, called);
  }
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    [...(calls.get(from) ?? [])].some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return new Set([...calls.keys()].filter((name) => reaches(name, name, new Set())));
}
