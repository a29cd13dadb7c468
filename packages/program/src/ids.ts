/**
 * Stable path ids of statements: `main/0`, `worker/2.then.0`, `main/1.case0.3`. An id is the procedure, then the
 * position in its body, then for each nested block the block's name and the position in it.
 */
import type { Block, Program, Stmt } from "./tree.ts";

/** The program with the id of every statement set. Idempotent; ids already there are replaced. */
export function withIds(program: Program): Program {
  return {
    ...program,
    procs: Object.fromEntries(
      Object.entries(program.procs).map(([name, proc]) => [
        name,
        { ...proc, body: number(proc.body, `${name}/`) },
      ]),
    ),
    main: number(program.main, "main/"),
  };
}

function number(block: Block, prefix: string): Block {
  return block.map((statement, index) => {
    const id = `${prefix}${index}`;
    return { id, ...mapBlocks({ ...statement, id }, (nested, name) => number(nested, `${id}.${name}.`)) };
  });
}

/** The statement with each of its nested blocks replaced; `name` is the block's part of an id. */
export function mapBlocks(statement: Stmt, map: (block: Block, name: string) => Block): Stmt {
  switch (statement.op) {
    case "if":
      return {
        ...statement,
        // oxlint-disable-next-line unicorn/no-thenable -- a field of the tree, never awaited
        then: map(statement.then, "then"),
        ...(statement.else === undefined ? {} : { else: map(statement.else, "else") }),
      };
    case "while":
    case "repeat":
    case "forEach":
    case "range":
    case "defer":
    case "scope":
    case "scopeRace":
    case "deadline":
    case "shield":
    case "withToken":
    case "enter":
      return { ...statement, body: map(statement.body, "body") };
    case "match":
      return {
        ...statement,
        cases: statement.cases.map((each, index) => ({ ...each, body: map(each.body, `case${index}`) })),
        ...(statement.otherwise === undefined ? {} : { otherwise: map(statement.otherwise, "otherwise") }),
      };
    case "try":
      return {
        ...statement,
        body: map(statement.body, "body"),
        catches: statement.catches.map((each, index) => ({ ...each, body: map(each.body, `catch${index}`) })),
        ...(statement.finally === undefined ? {} : { finally: map(statement.finally, "finally") }),
      };
    case "select":
      return {
        ...statement,
        cases: statement.cases.map((each, index) => ({ ...each, body: map(each.body, `case${index}`) })),
        ...(statement.otherwise === undefined ? {} : { otherwise: map(statement.otherwise, "otherwise") }),
        ...(statement.timeout === undefined
          ? {}
          : { timeout: { ...statement.timeout, body: map(statement.timeout.body, "timeout") } }),
      };
    default:
      return statement;
  }
}
