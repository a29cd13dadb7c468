/**
 * Promises as ECMAScript specifies them (27.2, in V8's src/builtins/promise-*.tq), job by job: the number of microtask turns
 * of every operation follows. Species, and what a subclass overrides, are left out.
 */
import { isSteps, type Steps } from "@orrery/runtime";
import type { Isolate } from "./isolate.ts";
import { FULFILLED, type Job, PENDING, REJECTED, type Settled } from "./microtask-queue.ts";

type Handler = ((value: never) => unknown) | undefined;

// JSPromise::flags, as in V8: the state in two bits, then whether a handler was attached.
const STATE = 3;
const HAS_HANDLER = 4;
/** Its resolving functions were called; a pending promise may follow another one then. (V8 keeps this in their closures.) */
const RESOLVED = 8;

export class JSPromise {
  readonly isolate: Isolate;
  private flags = 0;
  /** JSPromise::reactions_or_result, as in V8: one job or several while pending, what it was settled with afterwards. */
  private reactionsOrResult: unknown = null;

  constructor(isolate: Isolate) {
    this.isolate = isolate;
    if (isolate.asyncWrap !== null) isolate.asyncWrap.promiseInit(this);
  }

  get state(): typeof PENDING | Settled {
    return (this.flags & STATE) as typeof PENDING | Settled;
  }

  /** The resolving functions (27.2.1.3): only the first call counts. */
  resolve(resolution?: unknown): void {
    if ((this.flags & RESOLVED) !== 0) return;
    this.flags |= RESOLVED;
    this.follow(resolution);
  }

  reject(reason?: unknown): void {
    if ((this.flags & RESOLVED) !== 0) return;
    this.flags |= RESOLVED;
    this.settle(REJECTED, reason);
  }

  /** A rejection is somebody's business from now on. */
  markHandled(): void {
    this.flags |= HAS_HANDLER;
  }

  /** What the resolve function does: fulfils, or follows a thenable, whose `then` is called by a job of its own. */
  follow(resolution: unknown): void {
    this.isolate.asyncWrap?.promiseResolve(this);
    if (resolution === this)
      this.settle(REJECTED, new TypeError("Chaining cycle detected for promise #<Promise>"));
    else if (resolution instanceof JSPromise || isThenable(resolution))
      this.isolate.enqueue(
        new ResolveThenableJob(this),
        FULFILLED,
        resolution,
        "NewPromiseResolveThenableJob",
      );
    else this.settle(FULFILLED, resolution);
  }

  /** FulfillPromise, RejectPromise: queues all reactions in the order of their registration. */
  settle(state: Settled, value: unknown): void {
    const { isolate } = this;
    const reactions = this.reactionsOrResult as Job | Job[] | null;
    this.flags |= state;
    this.reactionsOrResult = value;
    if (state === REJECTED && (this.flags & HAS_HANDLER) === 0)
      isolate.embedder.promiseRejectedWithNoHandler(this, value);
    if (reactions === null) return;
    if (Array.isArray(reactions))
      for (const reaction of reactions) isolate.enqueue(reaction, state, value, "PromiseReactionJob");
    else isolate.enqueue(reactions, state, value, "PromiseReactionJob");
  }

  /** PerformPromiseThen with a ready-made reaction. */
  performThen(job: Job, derived: JSPromise | null = null): void {
    const { state, isolate } = this;
    const reaction = isolate.asyncWrap === null ? job : isolate.asyncWrap.reaction(this, job, derived);
    if (state === PENDING) {
      const reactions = this.reactionsOrResult as Job | Job[] | null;
      if (reactions === null) this.reactionsOrResult = reaction;
      else if (Array.isArray(reactions)) reactions.push(reaction);
      else this.reactionsOrResult = [reactions, reaction];
    } else {
      if (state === REJECTED && (this.flags & HAS_HANDLER) === 0)
        isolate.embedder.handlerAddedAfterReject(this);
      isolate.enqueue(reaction, state, this.reactionsOrResult, "PromiseReactionJob");
    }
    this.flags |= HAS_HANDLER;
  }

  /** Tasks that await it while it is pending, in order. */
  awaiters(): number[] {
    if (this.state !== PENDING || this.reactionsOrResult === null) return [];
    const reactions = this.reactionsOrResult as Job | Job[];
    return (Array.isArray(reactions) ? reactions : [reactions]).flatMap(({ taskId }) =>
      taskId < 0 ? [] : [taskId],
    );
  }

  /** Takes back a reaction of a pending promise. */
  withdraw(reaction: Job): void {
    const reactions = this.reactionsOrResult as Job | Job[] | null;
    if (Array.isArray(reactions)) this.reactionsOrResult = reactions.filter((other) => other !== reaction);
    else if (reactions === reaction) this.reactionsOrResult = null;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is what a promise is; the simulator never awaits one
  then(onFulfilled?: Handler, onRejected?: Handler): JSPromise {
    const { asyncWrap } = this.isolate;
    if (asyncWrap !== null) asyncWrap.parent = this;
    const derived = new JSPromise(this.isolate);
    if (asyncWrap !== null) asyncWrap.parent = null;
    this.performThen(new ThenReaction(derived, onFulfilled, onRejected), derived);
    return derived;
  }

  catch(onRejected: Handler): JSPromise {
    return this.then(undefined, onRejected);
  }

  /** 27.2.5.3: waits for what `onFinally` returns, then passes on the outcome. */
  finally(onFinally: () => unknown): JSPromise {
    const { isolate } = this;
    const after = (pass: (promise: JSPromise) => JSPromise) => (result: unknown) =>
      pass(promiseResolve(isolate, result));
    const thenFinally = (value: unknown) =>
      mapOp(
        onFinally(),
        after((promise) => promise.then(() => value)),
      );
    const catchFinally = (reason: unknown) =>
      mapOp(
        onFinally(),
        after((promise) =>
          promise.then(() => {
            throw reason;
          }),
        ),
      );
    return this.then(thenFinally, catchFinally);
  }
}

/** Applies `f` to the result of a callback, which is a generator when it burns CPU. */
function mapOp(op: unknown, f: (result: unknown) => unknown): unknown {
  if (!isSteps(op)) return f(op);
  return (function* (): Steps<unknown> {
    return f(yield* op);
  })();
}

/** What resolves a promise, as a callback. */
export const called = (callback: (() => unknown) | JSPromise): (() => unknown) =>
  callback instanceof JSPromise ? () => callback.resolve() : callback;

const isThenable = (x: unknown): x is { then: (resolve: unknown, reject: unknown) => unknown } =>
  typeof x === "object" && x !== null && "then" in x && typeof x.then === "function";

/** Whether its constructor is Promise itself. */
export const isPromise = (x: unknown): x is JSPromise =>
  x instanceof JSPromise && x.constructor === JSPromise;

/** PromiseResolve: a promise as it is, anything else in a new one, a promise of a subclass too. */
export function promiseResolve(isolate: Isolate, value: unknown): JSPromise {
  if (isPromise(value)) return value;
  const promise = new JSPromise(isolate);
  promise.resolve(value);
  return promise;
}

export function rejected(isolate: Isolate, reason: unknown): JSPromise {
  const promise = new JSPromise(isolate);
  promise.reject(reason);
  return promise;
}

class ThenReaction implements Job {
  readonly taskId = -1;
  private readonly derived: JSPromise;
  private readonly onFulfilled: Handler;
  private readonly onRejected: Handler;

  constructor(derived: JSPromise, onFulfilled: Handler, onRejected: Handler) {
    this.derived = derived;
    this.onFulfilled = onFulfilled;
    this.onRejected = onRejected;
  }

  react(state: Settled, value: unknown): Steps | undefined {
    const { derived } = this;
    derived.isolate.machine.charge(derived.isolate.costs.reaction);
    const handler = state === FULFILLED ? this.onFulfilled : this.onRejected;
    if (handler === undefined) {
      if (state === FULFILLED) derived.resolve(value);
      else derived.reject(value);
      return undefined;
    }
    try {
      const result = handler(value as never);
      if (isSteps(result)) return finishLater(derived, result);
      derived.resolve(result);
    } catch (error) {
      derived.isolate.embedder.rethrowExit(error);
      derived.reject(error);
    }
    return undefined;
  }
}

function* finishLater(derived: JSPromise, steps: Steps<unknown>): Steps {
  try {
    derived.resolve(yield* steps);
  } catch (error) {
    derived.isolate.embedder.rethrowExit(error);
    derived.reject(error);
  }
}

/** Settles another promise alike. */
class ForwardReaction implements Job {
  readonly taskId = -1;
  private readonly to: JSPromise;

  constructor(to: JSPromise) {
    this.to = to;
  }

  react(state: Settled, value: unknown): undefined {
    const { machine, costs } = this.to.isolate;
    machine.charge(costs.reaction);
    if (state === FULFILLED) this.to.resolve(value);
    else this.to.reject(value);
  }
}

/** Fresh resolving functions for a promise whose own were used up when it began to follow another: called once. */
class FollowReaction implements Job {
  readonly taskId = -1;
  private readonly promise: JSPromise;
  private called = false;

  constructor(promise: JSPromise) {
    this.promise = promise;
  }

  react(state: Settled, value: unknown): undefined {
    if (this.called) return;
    this.called = true;
    if (state === FULFILLED) this.promise.follow(value);
    else this.promise.settle(REJECTED, value);
  }
}

/** NewPromiseResolveThenableJob (27.2.2.2): calls `then` of what the promise follows. */
class ResolveThenableJob implements Job {
  readonly taskId = -1;
  private readonly promise: JSPromise;

  constructor(promise: JSPromise) {
    this.promise = promise;
  }

  react(_state: Settled, thenable: unknown): Steps | undefined {
    const functions = new FollowReaction(this.promise);
    if (thenable instanceof JSPromise) {
      thenable.performThen(functions);
      return undefined;
    }
    try {
      const op = (thenable as { then: (resolve: unknown, reject: unknown) => unknown }).then(
        (value: unknown) => functions.react(FULFILLED, value),
        (reason: unknown) => functions.react(REJECTED, reason),
      );
      return isSteps(op) ? (op as Steps) : undefined;
    } catch (error) {
      this.promise.isolate.embedder.rethrowExit(error);
      functions.react(REJECTED, error);
      return undefined;
    }
  }
}

// ---- combinators (27.2.4): they never cancel what lost ---------------------------------------------------------------

class ElementReaction implements Job {
  readonly taskId = -1;
  private readonly isolate: Isolate;
  private readonly index: number;
  private readonly call: (index: number, state: Settled, value: unknown) => void;

  constructor(
    isolate: Isolate,
    index: number,
    call: (index: number, state: Settled, value: unknown) => void,
  ) {
    this.isolate = isolate;
    this.index = index;
    this.call = call;
  }

  react(state: Settled, value: unknown): undefined {
    this.isolate.machine.charge(this.isolate.costs.reaction);
    this.call(this.index, state, value);
  }
}

function combine(
  isolate: Isolate,
  items: readonly unknown[],
  element: (index: number, state: Settled, value: unknown) => void,
): void {
  items.forEach((item, index) =>
    promiseResolve(isolate, item).performThen(new ElementReaction(isolate, index, element)),
  );
}

export function promiseAll(isolate: Isolate, items: readonly unknown[]): JSPromise {
  const result = new JSPromise(isolate);
  const values = new Array<unknown>(items.length);
  let remaining = items.length;
  combine(isolate, items, (index, state, value) => {
    if (state === REJECTED) return result.reject(value);
    values[index] = value;
    if (--remaining === 0) result.resolve(values);
  });
  if (remaining === 0) result.resolve(values);
  return result;
}

export type SettledResult =
  | { readonly status: "fulfilled"; readonly value: unknown }
  | { readonly status: "rejected"; readonly reason: unknown };

export function promiseAllSettled(isolate: Isolate, items: readonly unknown[]): JSPromise {
  const result = new JSPromise(isolate);
  const values = new Array<SettledResult>(items.length);
  let remaining = items.length;
  combine(isolate, items, (index, state, value) => {
    values[index] =
      state === FULFILLED ? { status: "fulfilled", value } : { status: "rejected", reason: value };
    if (--remaining === 0) result.resolve(values);
  });
  if (remaining === 0) result.resolve(values);
  return result;
}

export function promiseRace(isolate: Isolate, items: readonly unknown[]): JSPromise {
  const result = new JSPromise(isolate);
  for (const item of items) promiseResolve(isolate, item).performThen(new ForwardReaction(result));
  return result;
}

export function promiseAny(isolate: Isolate, items: readonly unknown[]): JSPromise {
  const result = new JSPromise(isolate);
  const errors = new Array<unknown>(items.length);
  let remaining = items.length;
  combine(isolate, items, (index, state, value) => {
    if (state === FULFILLED) return result.resolve(value);
    errors[index] = value;
    if (--remaining === 0) result.reject(new AggregateError(errors, "All promises were rejected"));
  });
  if (remaining === 0) result.reject(new AggregateError(errors, "All promises were rejected"));
  return result;
}
