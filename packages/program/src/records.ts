/** Records: declared with their fields, written, read and copied as expressions; nobody can change one. */
import { handle, lift } from "./expressions.ts";
import type { E, In } from "./expressions.ts";
import type { Expr, RecordType, TypeName } from "./tree.ts";

export type Fields = Readonly<Record<string, TypeName>>;
type Given<F extends Fields> = { readonly [N in keyof F]: In<F[N]> };

/** A handle on a declared record, whose values have the type `record:` and its name. */
export class RecordRef<N extends string = string, F extends Fields = Fields> {
  readonly #name: N;
  readonly #fields: F;

  constructor(name: N, fields: F) {
    this.#name = name;
    this.#fields = fields;
  }

  /** A new record. Throws an Error when a field is missing. */
  of(values: Given<F>): E<`record:${N}`> {
    for (const field of Object.keys(this.#fields))
      if (values[field] === undefined) throw new Error(`${this.#name} needs the field ${field}`);
    return this.#handle({ record: this.#name, fields: this.#lifted(values) });
  }

  get<K extends keyof F & string>(record: In<`record:${N}`>, field: K): E<F[K]> {
    return handle(this.#fields[field]!, {
      field,
      of: (record as E).expr,
      record: this.#name,
    }) as E<F[K]>;
  }

  /** A copy with other values in some of the fields. */
  with(record: In<`record:${N}`>, values: Partial<Given<F>>): E<`record:${N}`> {
    return this.#handle({ with: (record as E).expr, fields: this.#lifted(values), record: this.#name });
  }

  #handle(expr: Expr): E<`record:${N}`> {
    return handle(`record:${this.#name}` as RecordType, expr) as E<`record:${N}`>;
  }

  #lifted(values: Partial<Given<F>>): Readonly<Record<string, Expr>> {
    return Object.fromEntries(
      Object.entries(this.#fields).flatMap(([field, type]) => {
        const value = values[field];
        return value === undefined ? [] : [[field, lift(value, type)]];
      }),
    );
  }
}
