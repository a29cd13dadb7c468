/**
 * Locks that some path leaves locked. A conservative reading of one procedure: mutexes are told apart by the text of
 * their expressions, both sides of every branch are taken, and errors other than `throw` do not happen. A mutex that
 * the procedure never unlocks is left alone when the program unlocks anything elsewhere: it may be handed over.
 */
import { printExpr } from "./print-expression.ts";
import { walk } from "./shape.ts";
import type { Block, Program, Stmt } from "./tree.ts";

export interface LeftLocked {
  /** Id of the lock statement. */
  readonly at: string;
  readonly mutex: string;
}

/** Mutexes that may be locked, with the ids of the statements that locked them, and those a defer will unlock. */
interface Held {
  readonly locked: ReadonlyMap<string, string>;
  readonly deferred: ReadonlySet<string>;
}

/** What is held where control can leave a block. */
interface Ends {
  readonly next: Held | undefined;
  readonly leaves: readonly {
    readonly by: "return" | "throw" | "break" | "continue";
    readonly label: string;
    readonly held: Held;
  }[];
}

const nothing: Held = { locked: new Map(), deferred: new Set() };

/** Lock statements of the body whose mutex can still be locked when the procedure ends. The program has its ids. */
export function leftLocked(body: Block, program: Program): readonly LeftLocked[] {
  const here = unlockedIn(body);
  const somewhere = [program.main, ...Object.values(program.procs).map((proc) => proc.body)].some(
    (each) => unlockedIn(each).size > 0,
  );
  const { next, leaves } = run(body, nothing);
  const found = new Map<string, string>();
  for (const held of [...(next === undefined ? [] : [next]), ...leaves.map((each) => each.held)]) {
    for (const [mutex, at] of held.locked) {
      if (!held.deferred.has(mutex) && (here.has(mutex) || !somewhere)) found.set(at, mutex);
    }
  }
  return [...found].map(([at, mutex]) => ({ at, mutex }));
}

function unlockedIn(body: Block): ReadonlySet<string> {
  const keys = new Set<string>();
  walk(body, (statement) => {
    if (statement.op === "unlock") keys.add(printExpr(statement.mutex));
  });
  return keys;
}

function run(block: Block, start: Held): Ends {
  let held: Held | undefined = start;
  const leaves: Ends["leaves"][number][] = [];
  for (const statement of block) {
    if (held === undefined) break;
    const ends: Ends = step(statement, held);
    held = ends.next;
    leaves.push(...ends.leaves);
  }
  return { next: held, leaves };
}

function step(s: Stmt, held: Held): Ends {
  switch (s.op) {
    case "lock":
      return onward({ ...held, locked: new Map(held.locked).set(printExpr(s.mutex), s.id ?? "") });
    case "unlock": {
      const locked = new Map(held.locked);
      locked.delete(printExpr(s.mutex));
      return onward({ ...held, locked });
    }
    case "defer":
      return onward({ ...held, deferred: new Set([...held.deferred, ...unlockedIn(s.body)]) });
    case "return":
    case "throw":
      return { next: undefined, leaves: [{ by: s.op, label: "", held }] };
    case "break":
    case "continue":
      return { next: undefined, leaves: [{ by: s.op, label: s.label ?? "", held }] };
    case "if":
      return either([run(s.then, held), s.else === undefined ? onward(held) : run(s.else, held)]);
    case "match":
      return either([
        ...s.cases.map((each) => run(each.body, held)),
        s.otherwise === undefined ? onward(held) : run(s.otherwise, held),
      ]);
    case "select":
      return either(
        [...s.cases.map((each) => each.body), s.otherwise ?? [], s.timeout?.body ?? []].map((block) =>
          run(block, held),
        ),
      );
    case "while":
    case "repeat":
    case "forEach":
    case "range":
      return loop(s.label, s.body, held);
    case "scope":
    case "scopeRace":
    case "deadline":
    case "shield":
    case "withToken":
    case "enter":
      return run(s.body, held);
    case "try":
      return tried(s, held);
    default:
      return onward(held);
  }
}

function tried(s: Extract<Stmt, { readonly op: "try" }>, held: Held): Ends {
  const body = run(s.body, held);
  // An error may come before or after anything the body locks or unlocks.
  const failing = body.leaves.filter((each) => each.by === "throw");
  const atError = join([held, body.next, ...failing.map((each) => each.held)]) ?? held;
  const handled = s.catches.map((each) =>
    run(each.body, failing.length > 0 ? (join(failing.map((each) => each.held)) ?? held) : atError),
  );
  const kept = s.catches.length === 0 ? body.leaves : body.leaves.filter((each) => each.by !== "throw");
  const all = either([{ next: body.next, leaves: kept }, ...handled]);
  const { finally: last } = s;
  if (last === undefined) return all;
  const after = (before: Held) => run(last, before).next ?? before;
  return {
    next: all.next === undefined ? undefined : after(all.next),
    leaves: all.leaves.map(({ by, label, held }) => ({ by, label, held: after(held) })),
  };
}

/** No turn, one turn, and a turn that starts where the first one ended. */
function loop(label: string | undefined, body: Block, held: Held): Ends {
  const first = run(body, held);
  const second = run(body, join([held, first.next]) ?? held);
  const leaves = [...first.leaves, ...second.leaves];
  const own = (each: Ends["leaves"][number]) =>
    (each.by === "break" || each.by === "continue") && (each.label === "" || each.label === label);
  return {
    next: join([held, first.next, second.next, ...leaves.filter(own).map((each) => each.held)]),
    leaves: leaves.filter((each) => !own(each)),
  };
}

function onward(held: Held): Ends {
  return { next: held, leaves: [] };
}

function either(ends: readonly Ends[]): Ends {
  return { next: join(ends.map((each) => each.next)), leaves: ends.flatMap((each) => each.leaves) };
}

/** What may be held after one of several ways here; undefined when no way leads here. */
function join(ways: readonly (Held | undefined)[]): Held | undefined {
  const real = ways.filter((way) => way !== undefined);
  if (real.length === 0) return undefined;
  const locked = new Map<string, string>();
  const deferred = new Set<string>();
  for (const way of real) {
    for (const [mutex, at] of way.locked) locked.set(mutex, at);
    for (const mutex of way.deferred) deferred.add(mutex);
  }
  return { locked, deferred };
}
