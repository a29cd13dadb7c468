/** Programs with some of their statements replaced. */
import { mapBlocks } from "../ids.ts";
import type { Block, Program, Stmt } from "../tree.ts";

/** Each statement, outer before inner, replaced by the statements that `edit` gives for it. */
export function editStatements(program: Program, edit: (statement: Stmt) => Block): Program {
  const edited = (block: Block): Block =>
    block.flatMap((statement) => edit(statement).map((each) => mapBlocks(each, edited)));
  return mapBodies(program, edited);
}

/** The program without the statements of these ids. */
export const without = (program: Program, ids: ReadonlySet<string>): Program =>
  editStatements(program, (statement) => (ids.has(statement.id ?? "") ? [] : [statement]));

export function mapBodies(program: Program, map: (body: Block, proc: string) => Block): Program {
  return {
    ...program,
    procs: Object.fromEntries(
      Object.entries(program.procs).map(([name, proc]) => [name, { ...proc, body: map(proc.body, name) }]),
    ),
    main: map(program.main, "main"),
  };
}
