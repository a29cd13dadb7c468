/** Types of what is done with records. */
import { demand, infer, type Inferred, type Names } from "./infer.ts";
import { printExpr } from "./print-expression.ts";
import { partsOf } from "./shape.ts";
import type { Expr, RecordType } from "./tree.ts";
import { unknownName } from "./unknown-name.ts";

export function inferRecord(expr: Extract<Expr, { readonly record: string }>, names: Names): Inferred {
  const type: RecordType = `record:${expr.record}`;
  const fields = names.record(expr.record);
  if (fields === undefined) {
    for (const part of partsOf(expr)) infer(part, names);
    return "any";
  }
  if ("of" in expr) demand(expr.of, type, `the field ${expr.field}`, names);
  if ("with" in expr) demand(expr.with, type, "a copy", names);
  const known = Object.keys(fields);
  const unknown = (field: string): void => {
    const { message, suggestion } = unknownName(`field of ${expr.record}`, field, known);
    names.report(message, suggestion);
  };
  if ("of" in expr) {
    const found = Object.hasOwn(fields, expr.field) ? fields[expr.field] : undefined;
    if (found === undefined) unknown(expr.field);
    return found ?? "any";
  }
  const given = Object.entries(expr.fields);
  for (const [field, value] of given) {
    if (!Object.hasOwn(fields, field)) unknown(field);
    else demand(value, fields[field]!, `the field ${field} of ${expr.record}`, names);
  }
  if (!("with" in expr)) {
    const missing = known.filter((field) => !Object.hasOwn(expr.fields, field));
    if (missing.length === 0 && known.some((field, index) => given[index]?.[0] !== field))
      names.report(`the fields of ${expr.record} have the order ${known.join(", ")}`);
    if (missing.length > 0)
      names.report(
        `${printExpr(expr)} lacks ${missing.map((field) => `${field}: ${fields[field]}`).join(", ")}`,
      );
  } else if (given.length === 0 || given.length >= known.length)
    names.report(
      `${printExpr(expr)} changes ${given.length === 0 ? "no field: take the record itself" : "every field: write a new record"}`,
    );
  return type;
}
