/**
 * Web Locks (Node >= 24.5, lib/internal/locks.js and src/node_locks.cc): first come, first served for each name; shared requests
 * are granted together. A request that can be granted at once calls its callback at once, any other a turn after
 * the promise of the one before it is settled. A lock that is held does not keep the process alive. Left out: `steal`, signals.
 */
import type { Steps } from "@orrery/runtime";
import type { Isolate } from "../v8/isolate.ts";
import { JSPromise, promiseResolve } from "../v8/promise.ts";

export interface LockOptions {
  /** "exclusive" where it is left out. */
  readonly mode?: "exclusive" | "shared";
  /** Calls back with null instead of waiting. */
  readonly ifAvailable?: boolean;
}

interface Lock {
  readonly name: string;
  readonly mode: "exclusive" | "shared";
}

/** Called with the lock; an async function, or one that returns a promise. */
export type LockCallback = (lock: Lock | null) => Steps<JSPromise>;

interface Request extends Lock {
  readonly callback: LockCallback;
  readonly released: JSPromise;
}

export class LockManager {
  private readonly isolate: Isolate;
  private readonly held: Lock[] = [];
  private readonly pending: Request[] = [];

  constructor(isolate: Isolate) {
    this.isolate = isolate;
  }

  /** The promise that `request` returns settles as the callback's does, after the lock was given back. */
  *request(name: string, options: LockOptions, callback: LockCallback): Steps<JSPromise> {
    const { mode = "exclusive", ifAvailable = false } = options;
    const request = { name, mode, callback, released: new JSPromise(this.isolate) };
    if (ifAvailable && !this.grantable(request, this.pending))
      request.released.resolve(yield* callback(null));
    else {
      this.pending.push(request);
      yield* this.processQueue();
    }
    const outer = new JSPromise(this.isolate); // of LockManager.request, an async function
    outer.resolve(request.released);
    return outer;
  }

  /** What is held, and what waits for it before `request`, must share the lock. */
  private grantable({ name, mode }: Lock, before: readonly Lock[]): boolean {
    const others = [...this.held, ...before].filter((lock) => lock.name === name);
    return others.length === 0 || (mode === "shared" && others.every((lock) => lock.mode === "shared"));
  }

  private *processQueue(): Steps {
    for (let i = 0; i < this.pending.length; ) {
      const request = this.pending[i]!;
      if (!this.grantable(request, this.pending.slice(0, i))) {
        i++;
        continue;
      }
      this.pending.splice(i, 1);
      const lock = { name: request.name, mode: request.mode };
      this.held.push(lock);
      const promise = promiseResolve(this.isolate, yield* request.callback(lock));
      promise.then(
        (value) => this.release(lock, () => request.released.resolve(value)),
        (reason) => this.release(lock, () => request.released.reject(reason)),
      );
    }
  }

  private *release(lock: Lock, settle: () => void): Steps {
    this.held.splice(this.held.indexOf(lock), 1);
    settle();
    yield* this.processQueue();
  }
}
