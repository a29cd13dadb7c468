/**
 * How control can leave a block, from its text alone: every branch may be taken, every loop may turn any number of
 * times, and of errors only `throw` statements count.
 */
import type { Block, Stmt } from "./tree.ts";

export interface Exits {
  /** It can reach its end. */
  readonly next: boolean;
  readonly returns: boolean;
  readonly throws: boolean;
  /** Labels of the loops that a break (or continue) inside can address; "" is the innermost one. */
  readonly breaks: readonly string[];
  readonly continues: readonly string[];
}

const onward: Exits = { next: true, returns: false, throws: false, breaks: [], continues: [] };
const nowhere: Exits = { ...onward, next: false };

export function exitsOf(block: Block): Exits {
  let exits = onward;
  for (const statement of block) {
    if (!exits.next) break;
    exits = either({ ...exits, next: false }, exitsOfStatement(statement));
  }
  return exits;
}

/** Whether control can leave the block other than by reaching its end or by an error. */
export function canJump(exits: Exits): boolean {
  return exits.returns || exits.breaks.length > 0 || exits.continues.length > 0;
}

export function exitsOfStatement(s: Stmt): Exits {
  switch (s.op) {
    case "return":
      return { ...nowhere, returns: true };
    case "throw":
      return { ...nowhere, throws: true };
    case "break":
      return { ...nowhere, breaks: [s.label ?? ""] };
    case "continue":
      return { ...nowhere, continues: [s.label ?? ""] };
    case "if":
      return either(exitsOf(s.then), s.else === undefined ? onward : exitsOf(s.else));
    case "match":
      return [
        ...s.cases.map((each) => exitsOf(each.body)),
        s.otherwise === undefined ? onward : exitsOf(s.otherwise),
      ].reduce(either);
    case "select":
      return [...s.cases.map((each) => each.body), s.otherwise, s.timeout?.body]
        .filter((block) => block !== undefined)
        .map(exitsOf)
        .reduce(either, nowhere);
    case "while":
      return loop(s.label, exitsOf(s.body), !("lit" in s.cond && s.cond.lit === true));
    case "repeat":
    case "forEach":
    case "range":
      return loop(s.label, exitsOf(s.body), true);
    case "scope":
    case "scopeRace":
    case "deadline":
    case "shield":
    case "withToken":
    case "enter":
      return exitsOf(s.body);
    case "try": {
      const body = exitsOf(s.body);
      const caught = s.catches.some((each) => each.kinds.includes("*"));
      const handled = [
        { ...body, throws: body.throws && !caught },
        ...s.catches.map((each) => exitsOf(each.body)),
      ].reduce(either);
      if (s.finally === undefined) return handled;
      const last = exitsOf(s.finally);
      return last.next ? either(handled, { ...last, next: false }) : last;
    }
    default:
      return onward;
  }
}

function either(a: Exits, b: Exits): Exits {
  return {
    next: a.next || b.next,
    returns: a.returns || b.returns,
    throws: a.throws || b.throws,
    breaks: [...a.breaks, ...b.breaks],
    continues: [...a.continues, ...b.continues],
  };
}

function loop(label: string | undefined, body: Exits, ends: boolean): Exits {
  const others = (labels: readonly string[]) => labels.filter((each) => each !== "" && each !== label);
  const broken = body.breaks.some((each) => each === "" || each === label);
  return { ...body, next: ends || broken, breaks: others(body.breaks), continues: others(body.continues) };
}
