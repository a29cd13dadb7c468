/** What a program is made of, for those who run, compare or explore it. */
import { isRecursive } from "./calls.ts";
import { operandsOf, walk, walkExpr } from "./shape.ts";
import { suspends } from "./waiting.ts";
import { type Block, type Expr, isMap, type OpName, type Program, type Stmt } from "./tree.ts";

export interface Manifest {
  /** The operations used, in alphabetical order. */
  readonly ops: readonly OpName[];
  /** A value of `now` can reach a condition, or leaves the procedure that took it. */
  readonly timeDependent: boolean;
  /** What the program does, and not only when, can depend on which task came first. */
  readonly orderSensitive: boolean;
  /** It uses what one runtime alone defines: micro-yields, or the runtime's own answer to a failed detached task. */
  readonly runtimeSpecific: boolean;
  /** It waits by turning (`spin`), so nothing bounds its steps. */
  readonly unbounded: boolean;
  /** Some procedure can start itself again. */
  readonly recursive: boolean;
  /**
   * Some latency is measured by a client that waits for each answer before it asks again, from when it came to ask: a stall
   * hides the requests that were not sent meanwhile (coordinated omission).
   */
  readonly closedLoop: boolean;
}

export function manifestOf(program: Program): Manifest {
  const bodies = [program.main, ...Object.values(program.procs).map((proc) => proc.body)];
  const statements: Stmt[] = [];
  for (const body of bodies) walk(body, (statement) => statements.push(statement));
  const stored = new Set(statements.flatMap((s) => (s.op === "store" ? [s.cell] : [])));
  const used = new Set(statements.map((s) => s.op));
  if (used.has("put") || used.has("delete"))
    for (const { name, type } of program.shared) if (isMap(type)) stored.add(name);
  return {
    ops: [...used].sort(),
    timeDependent: bodies.some(dependsOnTime),
    orderSensitive: statements.some((s) => asksWhoWasFirst(s, stored)),
    runtimeSpecific:
      used.has("yieldMicro") ||
      used.has("callback") ||
      statements.some((s) => s.op === "ticker" && s.catchUp === undefined) ||
      (used.has("detach") && program.policies.onDetachedFailure === "native"),
    unbounded: statements.some((s) => s.op === "while" && s.spin === true),
    recursive: isRecursive(program),
    closedLoop: statements.some(measuresEachTurn),
  };
}

/** A loop that reads the clock, waits, and measures from that reading, turn by turn, without a pace of its own. */
function measuresEachTurn(s: Stmt): boolean {
  if (s.op !== "repeat" && s.op !== "while" && s.op !== "forEach" && s.op !== "range") return false;
  const started = new Set<string>();
  let waits = false;
  let measured = false;
  let paced = s.op === "range";
  for (const inner of s.body) {
    if (inner.op === "now") started.add(inner.bind);
    else if (inner.op === "sleep") paced = true;
    else if (suspends(inner.op)) waits = true;
    else if ((inner.op === "mark" || inner.op === "measure") && waits) {
      const from = inner.op === "mark" ? inner.from : inner.value;
      if (from !== undefined && mentions(from, started)) measured = true;
    }
  }
  return measured && !paced;
}

function asksWhoWasFirst(s: Stmt, stored: ReadonlySet<string>): boolean {
  switch (s.op) {
    case "joinAny":
    case "scopeRace":
    case "trySend":
    case "tryRecv":
    case "tryLock":
    case "lockFor":
    case "acquireFor":
    case "condWaitFor":
    case "monitorWaitFor":
    case "isCancelled":
    case "deadline":
    case "onResolve":
    case "callback":
    case "chanLen":
    case "atomicLoad":
    case "atomicCas":
      return true;
    case "atomicAdd":
      return s.bind !== undefined;
    case "stopTimer":
    case "resetTimer":
      return s.ok !== undefined;
    case "load":
      return stored.has(s.cell);
    case "select":
      return s.cases.length > 1 || s.otherwise !== undefined || s.timeout !== undefined;
    default:
      return false;
  }
}

/** Follows values of `now` through locals; one that is passed on to anything else counts as used. */
function dependsOnTime(body: Block): boolean {
  const times = new Set<string>();
  for (let known = -1; known < times.size; ) {
    known = times.size;
    walk(body, (s) => {
      const derived = s.op === "now" || ((s.op === "let" || s.op === "assign") && mentions(s.value, times));
      if (derived) times.add(s.op === "assign" ? s.name : s.bind);
      if ((s.op === "push" || s.op === "setAt") && mentions(s.value, times) && "var" in s.list)
        times.add(s.list.var);
      if (s.op === "put" && mentions(s.value, times) && "var" in s.map) times.add(s.map.var);
      if (s.op === "forEach" && mentions(s.list, times)) times.add(s.bind);
    });
  }
  let depends = false;
  walk(body, (s) => {
    if (!observes(s) && operandsOf(s).some((operand) => mentions(operand.expr, times))) depends = true;
  });
  return depends;
}

/** Statements that may take a time without the program's course depending on it. */
function observes(s: Stmt): boolean {
  return [
    "let",
    "assign",
    "push",
    "setAt",
    "put",
    "forEach",
    "log",
    "mark",
    "measure",
    "count",
    "gauge",
    "expect",
  ].includes(s.op);
}

function mentions(expr: Expr, locals: ReadonlySet<string>): boolean {
  let found = false;
  walkExpr(expr, (inner) => {
    if ("var" in inner && locals.has(inner.var)) found = true;
  });
  return found;
}
