/** References to procedures: made by their declared type, called and spawned through it. */
import type { Args, Body, ProcRef, Returns } from "./body.ts";
import { type E, handle, type In, lift, type Local, local, type Value } from "./expressions.ts";
import type { Expr, ProcType, TypeName } from "./tree.ts";

/** What references of a type still take, and what their procedures return. */
export interface Signature {
  readonly args: Args;
  readonly returns?: TypeName;
}
type Given<A extends Args> = { readonly [N in keyof A]: In<A[N]> };
type Result<T extends Signature> = T["returns"] extends TypeName ? T["returns"] : undefined;

/** A handle on a declared type of references, whose values have the type `proc:` and its name. */
export class ProcTypeRef<N extends string = string, T extends Signature = Signature> {
  readonly #name: N;
  readonly #signature: T;

  constructor(name: N, signature: T) {
    this.#name = name;
    this.#signature = signature;
  }

  /** A reference to the procedure with its first arguments. Throws an Error when one is left out before another. */
  to<A extends Args>(proc: ProcRef<A, Result<T>>, bound: Partial<Given<A>> = {}): E<`proc:${N}`> {
    const names = Object.keys(proc.args);
    const given = names.filter((name) => bound[name] !== undefined);
    if (given.some((name, index) => names[index] !== name))
      throw new Error(`${proc.proc}: the first arguments are bound first: ${names.join(", ")}`);
    const args = given.map((name) => lift(bound[name] as Value, proc.args[name]!));
    return handle(`proc:${this.#name}`, { procRef: proc.proc, type: this.#name, args });
  }

  /** Calls what the reference is to; binds its result. */
  call(
    b: Body<Returns>,
    bind: string,
    ref: In<`proc:${N}`>,
    args: Given<T["args"]>,
  ): Local<NonNullable<T["returns"]>>;
  call(b: Body<Returns>, ref: In<`proc:${N}`>, args: Given<T["args"]>): void;
  call(b: Body<Returns>, ...given: readonly unknown[]): Local | void {
    return this.#use("callRef", this.#signature.returns ?? "any", b, given);
  }

  /** Spawns what the reference is to. */
  spawn(b: Body<Returns>, bind: string, ref: In<`proc:${N}`>, args: Given<T["args"]>): Local<"task">;
  spawn(b: Body<Returns>, ref: In<`proc:${N}`>, args: Given<T["args"]>): void;
  spawn(b: Body<Returns>, ...given: readonly unknown[]): Local | void {
    return this.#use("spawnRef", "task", b, given);
  }

  #use(
    op: "callRef" | "spawnRef",
    gives: TypeName | "any",
    b: Body<Returns>,
    given: readonly unknown[],
  ): Local | void {
    const bind = typeof given[0] === "string" ? given[0] : undefined;
    const [ref, args] = (bind === undefined ? given : given.slice(1)) as [E, Readonly<Record<string, Value>>];
    b.add({
      op,
      ref: ref.expr,
      type: this.#name,
      args: this.#ordered(args),
      ...(bind === undefined ? {} : { bind }),
    });
    if (bind !== undefined) return local(gives, bind);
  }

  #ordered(given: Readonly<Record<string, Value>>): readonly Expr[] {
    return Object.entries(this.#signature.args).map(([name, type]) => {
      const value = given[name];
      if (value === undefined) throw new Error(`${this.#name} needs the argument ${name}`);
      return lift(value, type);
    });
  }
}

/** The type as it stands in the tree. */
export function declaredType({ args, returns }: Signature): ProcType {
  return {
    args: Object.entries(args).map(([name, type]) => ({ name, type })),
    ...(returns === undefined ? {} : { returns }),
  };
}
