/** The blocks inside a statement, and ids in them: those of `deadline`, `shield`, `withToken` and `enter` too, which `ids.ts` leaves. */
import { mapBlocks } from "../ids.ts";
import type { Block, Program, Stmt } from "../tree.ts";

/** The statement with each of its nested blocks replaced; `name` is the block's part of an id. */
export function mapInner(statement: Stmt, map: (block: Block, name: string) => Block): Stmt {
  switch (statement.op) {
    case "deadline":
    case "shield":
    case "withToken":
    case "enter":
      return { ...statement, body: map(statement.body, "body") };
    default:
      return mapBlocks(statement, map);
  }
}

/** The program with the id of every statement set. */
export function numbered(program: Program): Program {
  return mapBodies(program, (body, proc) => number(body, `${proc}/`));
}

function number(block: Block, prefix: string): Block {
  return block.map((statement, index) => {
    const id = `${prefix}${index}`;
    return { id, ...mapInner({ ...statement, id }, (nested, name) => number(nested, `${id}.${name}.`)) };
  });
}

export function mapBodies(program: Program, map: (body: Block, proc: string) => Block): Program {
  return {
    ...program,
    procs: Object.fromEntries(
      Object.entries(program.procs).map(([name, proc]) => [name, { ...proc, body: map(proc.body, name) }]),
    ),
    main: map(program.main, "main"),
  };
}
