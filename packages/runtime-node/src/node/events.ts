/**
 * Node 24 lib/events.js: listeners are called at once, in the order in which they were added, and what one throws goes through
 * emit(). Left out: `newListener`, and listeners that are prepended.
 */
import type { Isolate } from "../v8/isolate.ts";
import { JSPromise, promiseResolve } from "../v8/promise.ts";

type Listener = (...args: never[]) => unknown;

/** What the wrappers of once() stand for. */
const wrapped = new WeakMap<Listener, Listener>();

export class EventEmitter<E extends string = string> {
  private readonly events = new Map<E, readonly Listener[]>();

  /** Listeners run to their end at once: they must not burn CPU. */
  on(type: E, listener: Listener): this {
    this.events.set(type, [...this.listeners(type), listener]);
    return this;
  }

  /** Listens to the next event only. */
  once(type: E, listener: Listener): this {
    const wrapper: Listener = (...args) => {
      this.off(type, wrapper);
      listener(...args);
    };
    wrapped.set(wrapper, listener);
    return this.on(type, wrapper);
  }

  /** Takes away the newest such listener. An emit in progress still calls it. */
  off(type: E, listener: Listener): this {
    const listeners = this.listeners(type);
    const index = listeners.findLastIndex((each) => each === listener || wrapped.get(each) === listener);
    if (index >= 0) this.events.set(type, listeners.toSpliced(index, 1));
    return this;
  }

  removeAllListeners(type: E): this {
    this.events.delete(type);
    return this;
  }

  /** True if somebody listens. An `error` that nobody listens to is thrown. */
  emit(type: E, ...args: unknown[]): boolean {
    const listeners = this.listeners(type);
    if (type === "error" && listeners.length === 0) throw asError(args[0]);
    for (const listener of listeners) listener(...(args as never[]));
    return listeners.length > 0;
  }

  listenerCount(type: E): number {
    return this.listeners(type).length;
  }

  private listeners(type: E): readonly Listener[] {
    return this.events.get(type) ?? [];
  }
}

/** ERR_UNHANDLED_ERROR wraps what is no Error. */
function asError(value: unknown): Error {
  if (value instanceof Error) return value;
  const text = typeof value === "string" ? `'${value}'` : String(value);
  const error = new Error(`Unhandled error. (${text})`) as Error & { code: string; context: unknown };
  error.code = "ERR_UNHANDLED_ERROR";
  error.context = value;
  return error;
}

/** events.once: an async function that returns a promise of the event, so that it takes two turns more. `error` rejects it. */
export function once(isolate: Isolate, emitter: EventEmitter, type: string): JSPromise {
  const event = new JSPromise(isolate);
  const resolver = (...args: unknown[]): void => {
    emitter.off("error", errorListener);
    event.resolve(args);
  };
  const errorListener = (error: unknown): void => {
    emitter.off(type, resolver);
    event.reject(error);
  };
  emitter.once(type, resolver);
  if (type !== "error") emitter.once("error", errorListener);
  const result = new JSPromise(isolate);
  result.resolve(event);
  return result;
}

/** What events.on gives: an asynchronous iterator over the events, which keeps those that nobody has asked for yet. */
export class EventIterator {
  private readonly isolate: Isolate;
  private readonly unconsumedEvents: unknown[][] = [];
  private readonly unconsumedPromises: JSPromise[] = [];
  private readonly stopListening: () => void;
  private finished = false;

  constructor(isolate: Isolate, emitter: EventEmitter, type: string) {
    const eventHandler = (...args: unknown[]): void => {
      const promise = this.unconsumedPromises.shift();
      if (promise === undefined) this.unconsumedEvents.push(args);
      else promise.resolve({ value: args, done: false });
    };
    this.isolate = isolate;
    this.stopListening = () => void emitter.off(type, eventHandler);
    emitter.on(type, eventHandler);
  }

  next(): JSPromise {
    const value = this.unconsumedEvents.shift();
    if (value !== undefined) return promiseResolve(this.isolate, { value, done: false });
    if (this.finished) return this.return();
    const promise = new JSPromise(this.isolate);
    this.unconsumedPromises.push(promise);
    return promise;
  }

  /** closeHandler */
  return(): JSPromise {
    this.stopListening();
    this.finished = true;
    const result = { value: undefined, done: true };
    for (const promise of this.unconsumedPromises.splice(0)) promise.resolve(result);
    return promiseResolve(this.isolate, result);
  }
}
