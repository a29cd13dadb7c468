/** The operands of a statement, replaced; the blocks inside it stay. */
import { nestedIn, operandsOf } from "../shape.ts";
import type { Operand } from "../shape.ts";
import type { Expr, Stmt } from "../tree.ts";

/** The statement with each operand mapped; undefined leaves an optional operand, or one of a list of operands, out. */
export function mapOperands(
  statement: Stmt,
  map: (operand: Operand, index: number) => Expr | undefined,
): Stmt {
  const left = [...operandsOf(statement).entries()];
  const blocks = new Set<unknown>(nestedIn(statement).map(({ block }) => block));
  const visit = (value: unknown): unknown => {
    const found = left.findIndex(([, { expr }]) => expr === value);
    if (found >= 0) {
      const [[index, operand]] = left.splice(found, 1) as [[number, Operand]];
      return map(operand, index);
    }
    if (typeof value !== "object" || value === null || blocks.has(value)) return value;
    if (Array.isArray(value)) return value.map(visit).filter((each) => each !== undefined);
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, each]) => [key, visit(each)])
        .filter(([, each]) => each !== undefined),
    );
  };
  return visit(statement) as Stmt;
}
