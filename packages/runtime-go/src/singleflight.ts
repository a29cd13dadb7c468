/** golang.org/x/sync/singleflight v0.19: calls for the same key share one answer. */
import type { Go, GoLibrary } from "./library.ts";
import type { Mutex, WaitGroup } from "./library-sync.ts";

class Call<V> {
  value!: V;
  duplicates = 0;
  readonly wg: WaitGroup;

  constructor(wg: WaitGroup) {
    this.wg = wg;
  }
}

export class Singleflight<V> {
  private readonly lib: GoLibrary;
  private readonly mu: Mutex;
  private readonly calls = new Map<string, Call<V>>();

  constructor(lib: GoLibrary) {
    this.lib = lib;
    this.mu = lib.mutex();
  }

  /** The value of `f`, and whether others got it too. Who comes while another's `f` runs waits for that one. */
  *do(key: string, f: () => Go<V>): Go<readonly [V, boolean]> {
    yield* this.mu.lock();
    const running = this.calls.get(key);
    if (running !== undefined) {
      running.duplicates++;
      yield* this.mu.unlock();
      yield* running.wg.wait();
      return [running.value, true];
    }
    const call = new Call<V>(this.lib.waitGroup());
    yield* call.wg.add(1);
    this.calls.set(key, call);
    yield* this.mu.unlock();
    call.value = yield* f();
    yield* this.mu.lock();
    yield* call.wg.done();
    if (this.calls.get(key) === call) this.calls.delete(key);
    yield* this.mu.unlock();
    return [call.value, call.duplicates > 0];
  }

  /** The next call for the key does not join one that runs. */
  *forget(key: string): Go {
    yield* this.mu.lock();
    this.calls.delete(key);
    yield* this.mu.unlock();
  }
}
