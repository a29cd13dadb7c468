/**
 * Node 24 lib/internal/async_hooks.js and async_context_frame.js: who follows work across the queues. A context is kept with what is
 * scheduled and stands again while that runs, so an await keeps its own, whoever resolves. Hooks hear of every resource with an id;
 * `destroy` comes in the next check phase. Left out: resources from C++, and what is cleared before it runs.
 */
import { isSteps, type Steps } from "@orrery/runtime";
import type { Callback } from "../libuv/handle.ts";
import type { AsyncInstrument } from "../v8/isolate.ts";
import type { Job, Settled } from "../v8/microtask-queue.ts";
import type { JSPromise } from "../v8/promise.ts";
import type { Env } from "./env.ts";

export interface HookCallbacks {
  init?(asyncId: number, type: string, triggerAsyncId: number): void;
  before?(asyncId: number): void;
  after?(asyncId: number): void;
  destroy?(asyncId: number): void;
  promiseResolve?(asyncId: number): void;
}

/** Stores by their AsyncLocalStorage. */
type Frame = ReadonlyMap<AsyncLocalStorage, unknown>;

const NOBODY: Frame = new Map();
const MAIN_SCRIPT_ID = 1;

export class AsyncWrap implements AsyncInstrument {
  frame: Frame = NOBODY;
  parent: JSPromise | null = null;
  private readonly env: Env;
  private hooks: HookCallbacks | null = null;
  private lastId = MAIN_SCRIPT_ID;
  private executionAsyncId = MAIN_SCRIPT_ID;
  private readonly promiseIds = new WeakMap<JSPromise, number>();
  private readonly destroyed: number[] = [];

  constructor(env: Env) {
    this.env = env;
  }

  /** The one of an environment, made when it is first asked for: without it nothing is followed. */
  static of(env: Env): AsyncWrap {
    env.isolate.directAwait = false;
    return (env.isolate.asyncWrap ??= new AsyncWrap(env)) as AsyncWrap;
  }

  setHooks(hooks: HookCallbacks | null): void {
    this.hooks = hooks;
  }

  scheduled<A extends unknown[]>(type: string, callback: Callback<A>): Callback<A> {
    const id = this.init(type, this.executionAsyncId);
    const { frame } = this;
    return (...args) =>
      this.run(
        frame,
        id,
        () => callback(...args),
        () => {
          if (id > 0) this.emitDestroy(id);
        },
      );
  }

  promiseInit(promise: JSPromise): void {
    if (this.hooks === null) return;
    const trigger = this.parent === null ? undefined : this.promiseIds.get(this.parent);
    this.promiseIds.set(promise, this.init("PROMISE", trigger ?? this.executionAsyncId));
  }

  promiseResolve(promise: JSPromise): void {
    const id = this.promiseIds.get(promise);
    if (id !== undefined) this.hooks?.promiseResolve?.(id);
  }

  reaction(promise: JSPromise, reaction: Job, derived: JSPromise | null): Job {
    const id =
      derived === null
        ? this.init("PROMISE", this.promiseIds.get(promise) ?? this.executionAsyncId)
        : (this.promiseIds.get(derived) ?? 0);
    const { frame } = this;
    return {
      taskId: reaction.taskId,
      react: (state: Settled, value: unknown) =>
        this.run(
          frame,
          id,
          () => reaction.react(state, value),
          () => {
            if (derived === null && id > 0) this.hooks?.promiseResolve?.(id);
          },
        ) as Steps | undefined,
    };
  }

  /** Id of a new resource; 0 while nobody hears of it. */
  private init(type: string, trigger: number): number {
    if (this.hooks === null) return 0;
    const id = ++this.lastId;
    this.hooks.init?.(id, type, trigger);
    return id;
  }

  /** Runs something in its frame, between `before` and `after`; `done` comes ahead of `after`. */
  private run(frame: Frame, id: number, f: () => unknown, done: () => void): unknown {
    const outer = { frame: this.frame, id: this.executionAsyncId };
    const leave = (): void => {
      done();
      if (id > 0) this.hooks?.after?.(id);
      this.frame = outer.frame;
      this.executionAsyncId = outer.id;
    };
    this.frame = frame;
    if (id > 0) this.executionAsyncId = id;
    if (id > 0) this.hooks?.before?.(id);
    let steps: unknown;
    try {
      steps = f();
    } finally {
      if (!isSteps(steps)) leave();
    }
    if (!isSteps(steps)) return steps;
    const rest = steps;
    return (function* (): Steps<unknown> {
      try {
        return yield* rest;
      } finally {
        leave();
      }
    })();
  }

  /** AsyncWrap::EmitDestroy: by an unreferenced native immediate. */
  private emitDestroy(id: number): void {
    if (this.destroyed.push(id) > 1) return;
    this.env.immediates.setNativeImmediate(() => {
      for (const each of this.destroyed.splice(0)) this.hooks?.destroy?.(each);
    });
  }
}

export class AsyncLocalStorage {
  private readonly wrap: AsyncWrap;

  constructor(env: Env) {
    this.wrap = AsyncWrap.of(env);
  }

  getStore(): unknown {
    return this.wrap.frame.get(this);
  }

  /** Calls `f` with the store; what it schedules keeps it. To be called by `yield*`, as `f` may be an async function. */
  *run(store: unknown, f: Callback): Steps<unknown> {
    const { wrap } = this;
    const outer = wrap.frame;
    wrap.frame = new Map(outer).set(this, store);
    try {
      const result = f();
      return isSteps(result) ? yield* result : result;
    } finally {
      wrap.frame = outer;
    }
  }
}
