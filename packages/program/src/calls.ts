/** Who starts whom: which procedures a program can reach, which reach themselves, and which do so without a condition. */
import { exitsOfStatement } from "./exits.ts";
import { referredIn, references } from "./references.ts";
import { walk } from "./shape.ts";
import type { Block, Program, Stmt } from "./tree.ts";

type Start = Extract<
  Stmt,
  { readonly op: "call" | "spawn" | "detach" | "afterFunc" | "onceDo" | "onResolve" | "callback" }
>;
/** Names of procedures, by the one that starts them. */
type Edges = Map<string, string[]>;

/** Names of the procedures that main calls or spawns, directly or not. */
export function reachable(program: Program): ReadonlySet<string> {
  const edges = named(starts(program, anywhere));
  for (const [name, body] of bodiesOf(program)) edges.get(name)!.push(...referredTo(body));
  return reach(edges.get("main")!, edges);
}

/** Whether some procedure can start itself again, directly or not. */
export function isRecursive(program: Program): boolean {
  const edges = named(starts(program, anywhere));
  const refs = references(program);
  for (const [name, body] of bodiesOf(program))
    walk(body, (s) => {
      if (s.op === "callRef" || s.op === "spawnRef") edges.get(name)!.push(...(refs.get(s.type) ?? []));
    });
  return [...edges.keys()].some((name) => reach(edges.get(name) ?? [], edges).has(name));
}

/** Statements that start, on every path, a procedure that on every path comes back to them. */
export function endlessStarts(program: Program): readonly Start[] {
  const starting = starts(program, always);
  const edges = named(starting);
  return [...starting].flatMap(([name, outgoing]) =>
    outgoing.filter((start) => start.proc === name || reach(edges.get(start.proc) ?? [], edges).has(name)),
  );
}

function bodiesOf(program: Program): readonly (readonly [string, Block])[] {
  return [
    ["main", program.main],
    ...Object.entries(program.procs).map(([name, proc]) => [name, proc.body] as const),
  ];
}

function starts(
  program: Program,
  find: (body: Block) => readonly Start[],
): ReadonlyMap<string, readonly Start[]> {
  return new Map(bodiesOf(program).map(([name, body]) => [name, find(body)]));
}

function named(starts: ReadonlyMap<string, readonly Start[]>): Edges {
  return new Map([...starts].map(([name, outgoing]) => [name, outgoing.map(({ proc }) => proc)]));
}

function reach(from: readonly string[], edges: Edges): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(edges.get(name) ?? []));
  }
  return seen;
}

/** Procedures that the body makes references to. */
function referredTo(body: Block): readonly string[] {
  const found: string[] = [];
  walk(body, (s) => found.push(...referredIn(s).map(({ procRef }) => procRef)));
  return found;
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
