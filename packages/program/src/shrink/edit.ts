/** Programs with some of their statements replaced. */
import { mapBodies, mapInner, numbered } from "./blocks.ts";
import type { Block, Program, Stmt } from "../tree.ts";

/** Each statement, outer before inner, replaced by the statements that `edit` gives for it. */
export function editStatements(program: Program, edit: (statement: Stmt) => Block): Program {
  const edited = (block: Block): Block =>
    block.flatMap((statement) => edit(statement).map((each) => mapInner(each, edited)));
  return mapBodies(program, edited);
}

/** The program without the statements of these ids. */
export const without = (program: Program, ids: ReadonlySet<string>): Program =>
  editStatements(numbered(program), (statement) => (ids.has(statement.id ?? "") ? [] : [statement]));
