/**
 * sync.Pool, after src/sync/pool.go of Go 1.26: one private value per P, and behind it a list of its own which others may
 * take from, at its other end. It never waits. Left out: the victims of a collection.
 */
import type { Go, GoLibrary } from "./library.ts";

class PoolLocal<V> {
  private: V | undefined = undefined;
  readonly shared: V[] = [];
}

export class Pool<V> {
  private readonly lib: GoLibrary;
  private readonly make: () => V;
  private readonly locals: readonly PoolLocal<V>[];

  constructor(lib: GoLibrary, make: () => V) {
    this.lib = lib;
    this.make = make;
    this.locals = lib.rt.allp.map(() => new PoolLocal<V>());
  }

  *put(value: V): Go {
    const local = yield* this.pin();
    if (local.private === undefined) local.private = value;
    else local.shared.push(value);
  }

  /** This P's own value, its newest shared one, another P's oldest, or a new one. */
  *get(): Go<V> {
    const local = yield* this.pin();
    const own = local.private ?? local.shared.pop();
    if (own !== undefined) {
      if (own === local.private) local.private = undefined;
      return own;
    }
    const { locals } = this;
    const { id } = this.lib.rt.getp();
    for (let i = 1; i < locals.length; i++) {
      const stolen = locals[(id + i) % locals.length]!.shared.shift();
      if (stolen !== undefined) return stolen;
    }
    return this.make();
  }

  private *pin(): Go<PoolLocal<V>> {
    const { lib } = this;
    lib.rt.machine.charge(lib.rt.costs.mutexOp);
    yield* lib.pay();
    return this.locals[lib.rt.getp().id]!;
  }
}
