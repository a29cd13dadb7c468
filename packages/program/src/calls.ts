/** Who starts whom: which procedures a program can reach, which reach themselves, and which do so without a condition. */
import { exitsOfStatement } from "./exits.ts";
import { walk } from "./shape.ts";
import type { Block, Program, Stmt } from "./tree.ts";

type Start = Extract<
  Stmt,
  { readonly op: "call" | "spawn" | "detach" | "afterFunc" | "onceDo" | "onResolve" | "callback" }
>;
type Edges = ReadonlyMap<string, readonly Start[]>;

/** Names of the procedures that main calls or spawns, directly or not. */
export function reachable(program: Program): ReadonlySet<string> {
  return reach(starts(program, anywhere).get("main") ?? [], starts(program, anywhere));
}

/** Whether some procedure can start itself again, directly or not. */
export function isRecursive(program: Program): boolean {
  const edges = starts(program, anywhere);
  return [...edges.keys()].some((name) => reach(edges.get(name) ?? [], edges).has(name));
}

/** Statements that start, on every path, a procedure that on every path comes back to them. */
export function endlessStarts(program: Program): readonly Start[] {
  const edges = starts(program, always);
  return [...edges].flatMap(([name, outgoing]) =>
    outgoing.filter((start) => start.proc === name || reach(edges.get(start.proc) ?? [], edges).has(name)),
  );
}

function starts(program: Program, find: (body: Block) => readonly Start[]): Edges {
  const bodies: [string, Block][] = [
    ["main", program.main],
    ...Object.entries(program.procs).map(([name, proc]): [string, Block] => [name, proc.body]),
  ];
  return new Map(bodies.map(([name, body]) => [name, find(body)]));
}

function reach(from: readonly Start[], edges: Edges): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let start = waiting.pop(); start !== undefined; start = waiting.pop()) {
    if (seen.has(start.proc)) continue;
    seen.add(start.proc);
    waiting.push(...(edges.get(start.proc) ?? []));
  }
  return seen;
}

function anywhere(body: Block): readonly Start[] {
  const found: Start[] = [];
  walk(body, (statement) => {
    if (isStart(statement)) found.push(statement);
  });
  return found;
}

/** The starts that no branch or loop surrounds and that nothing before them can avoid by leaving. */
function always(body: Block): readonly Start[] {
  const found: Start[] = [];
  for (const statement of body) {
    if (isStart(statement)) found.push(statement);
    if (opensBlock(statement)) found.push(...always(statement.body));
    const exits = exitsOfStatement(statement);
    if (exits.returns || exits.throws || exits.breaks.length > 0 || exits.continues.length > 0) break;
  }
  return found;
}

const starting: ReadonlySet<Stmt["op"]> = new Set<Start["op"]>([
  "call",
  "spawn",
  "detach",
  "afterFunc",
  "onceDo",
  "onResolve",
  "callback",
]);

function isStart(statement: Stmt): statement is Start {
  return starting.has(statement.op);
}

type Opening = "scope" | "scopeRace" | "try" | "deadline" | "shield" | "withToken" | "enter";
const opening: ReadonlySet<Stmt["op"]> = new Set<Opening>([
  "scope",
  "scopeRace",
  "try",
  "deadline",
  "shield",
  "withToken",
  "enter",
]);

/** A statement whose block runs once, whatever happens. */
function opensBlock(statement: Stmt): statement is Extract<Stmt, { readonly op: Opening }> {
  return opening.has(statement.op);
}
