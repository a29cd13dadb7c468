/** Package sync for programs written straight against the model. */
import { NotifyList } from "./cond.ts";
import { NEGATIVE_ADD, NEGATIVE_DONE, WAITGROUP_GO, WAITGROUP_REPANIC } from "./frames.ts";
import type { Go, GoFunc, GoLibrary } from "./library.ts";
import { HANDED_OVER, lock, Mutex as MutexState, NOT_LOCKED } from "./mutex.ts";
import { GoPanic } from "./panic.ts";
import { Leave } from "./runtime2.ts";
import { RWMutex as RWMutexState } from "./rwmutex.ts";
import { REUSED, WaitGroup as WaitGroupState } from "./waitgroup.ts";

export class Mutex {
  private readonly lib: GoLibrary;
  private readonly state = new MutexState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *lock(): Go {
    yield* this.lib.pay();
    const { rt } = this.lib;
    rt.machine.charge(rt.costs.mutexOp);
    yield* lock(rt, this.lib.g, this.state);
  }

  *tryLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryLock();
  }

  *unlock(): Go {
    yield* this.lib.pay();
    const { rt } = this.lib;
    rt.machine.charge(rt.costs.mutexOp);
    const outcome = this.state.unlock(rt);
    if (outcome === HANDED_OVER) yield Leave.goyield;
    else if (outcome === NOT_LOCKED) yield* this.lib.fatal("sync: unlock of unlocked mutex");
  }
}

export class RWMutex {
  private readonly lib: GoLibrary;
  private readonly state = new RWMutexState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *rlock(): Go {
    yield* this.lib.pay();
    yield* this.state.rlock(this.lib.rt, this.lib.g);
  }

  *tryRLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryRLock();
  }

  *runlock(): Go {
    yield* this.lib.pay();
    if (!this.state.runlock(this.lib.rt)) yield* this.lib.fatal("sync: RUnlock of unlocked RWMutex");
  }

  *lock(): Go {
    yield* this.lib.pay();
    yield* this.state.lock(this.lib.rt, this.lib.g);
  }

  *tryLock(): Go<boolean> {
    yield* this.lib.pay();
    return this.state.tryLock(this.lib.rt);
  }

  *unlock(): Go {
    yield* this.lib.pay();
    const outcome = this.state.unlock(this.lib.rt);
    if (outcome === HANDED_OVER) yield Leave.goyield;
    else if (outcome === NOT_LOCKED) yield* this.lib.fatal("sync: Unlock of unlocked RWMutex");
  }
}

export class WaitGroup {
  private readonly lib: GoLibrary;
  private readonly state = new WaitGroupState();

  constructor(lib: GoLibrary) {
    this.lib = lib;
  }

  *add(delta: number): Go {
    yield* this.lib.pay();
    this.state.add(this.lib.rt, delta, NEGATIVE_ADD);
  }

  *done(): Go {
    yield* this.lib.pay();
    this.state.add(this.lib.rt, -1, NEGATIVE_DONE);
  }

  *wait(): Go {
    yield* this.lib.pay();
    const { state } = this;
    const waits = state.count > 0;
    yield* state.wait(this.lib.rt, this.lib.g);
    if (waits && state.reused) throw new GoPanic(REUSED);
  }

  /** WaitGroup.Go (1.25): a panic of `f` ends the process before Done. */
  *go(f: GoFunc): Go {
    yield* this.add(1);
    const { lib } = this;
    const run = (): Go => this.run(f);
    yield* lib.pay();
    lib.start(run, f).starter = WAITGROUP_GO;
  }

  private *run(f: GoFunc): Go {
    try {
      yield* f();
    } catch (error) {
      if (error instanceof GoPanic) {
        error.repanicked = true;
        error.frames = [...WAITGROUP_REPANIC, ...error.frames];
      }
      throw error;
    }
    yield* this.done();
  }
}

export class Cond {
  private readonly lib: GoLibrary;
  private readonly mu: Mutex;
  private readonly notify = new NotifyList();

  constructor(lib: GoLibrary, mu: Mutex) {
    this.lib = lib;
    this.mu = mu;
  }

  *wait(): Go {
    yield* this.lib.pay();
    const { rt, g } = this.lib;
    this.notify.add(rt, g);
    yield* this.mu.unlock();
    yield* this.notify.wait(rt, g);
    yield* this.mu.lock();
  }

  *signal(): Go {
    yield* this.lib.pay();
    this.notify.notifyOne(this.lib.rt);
  }

  *broadcast(): Go {
    yield* this.lib.pay();
    this.notify.notifyAll(this.lib.rt);
  }
}

export class Once {
  private readonly m: Mutex;
  private finished = false;

  constructor(lib: GoLibrary) {
    this.m = lib.mutex();
  }

  /** The mutex is held while `f` runs: others wait for its end. A panic counts as done. */
  *do(f: GoFunc): Go {
    if (this.finished) return;
    yield* this.m.lock();
    try {
      if (!this.finished) {
        try {
          yield* f();
        } finally {
          this.finished = true;
        }
      }
    } finally {
      yield* this.m.unlock();
    }
  }
}
