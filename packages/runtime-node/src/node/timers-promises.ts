/** Node 24 lib/timers/promises.js: the same lists and queues as the callback forms, with promises. */
import type { Steps } from "@orrery/runtime";
import { AsyncGenerator, give } from "../v8/async-generator.ts";
import { JSPromise, rejected } from "../v8/promise.ts";
import { AbortError, type AbortSignal } from "./abort-controller.ts";
import type { Env } from "./env.ts";

export interface TimerOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

export function setTimeoutPromise(
  env: Env,
  afterMs?: number,
  value?: unknown,
  options: TimerOptions = {},
): JSPromise {
  const { isolate, timers } = env;
  const { signal, ref = true } = options;
  if (signal?.aborted === true) return rejected(isolate, new AbortError(signal.reason));
  const promise = new JSPromise(isolate);
  env.machine.charge(env.costs.timerPromise);
  const timeout = timers.setTimeout(
    value === undefined ? promise : () => promise.resolve(value),
    afterMs ?? 1,
    ref,
  );
  return cancelledBy(signal, promise, () => {
    if (timeout._destroyed) return false;
    timers.clearTimeout(timeout);
    return true;
  });
}

export function setImmediatePromise(env: Env, value?: unknown, options: TimerOptions = {}): JSPromise {
  const { isolate, immediates } = env;
  const { signal, ref = true } = options;
  if (signal?.aborted === true) return rejected(isolate, new AbortError(signal.reason));
  const promise = new JSPromise(isolate);
  const immediate = immediates.setImmediate(value === undefined ? promise : () => promise.resolve(value));
  if (!ref) immediate.unref();
  return cancelledBy(signal, promise, () => {
    if (immediate._destroyed) return false;
    immediates.clearImmediate(immediate);
    return true;
  });
}

/** Counts the ticks that nobody has asked for yet, and gives them without waiting. */
export function setIntervalIterator(env: Env, afterMs: number, value: unknown): AsyncGenerator {
  const { isolate, timers } = env;
  let notYielded = 0;
  let waiting: JSPromise | null = null;
  return new AsyncGenerator(
    isolate,
    (function* (): Steps<unknown> {
      const interval = timers.setInterval(() => {
        notYielded++;
        waiting?.resolve();
        waiting = null;
      }, afterMs);
      try {
        for (;;) {
          if (notYielded === 0) {
            waiting = new JSPromise(isolate);
            yield waiting;
          }
          for (; notYielded > 0; notYielded--) yield give(value);
        }
      } finally {
        timers.clearTimeout(interval);
      }
    })(),
  );
}

/** With a signal, the promise is wrapped so that the listener goes when it settles: six turns instead of one. */
function cancelledBy(signal: AbortSignal | undefined, promise: JSPromise, clear: () => boolean): JSPromise {
  if (signal === undefined) return promise;
  const oncancel = (): void => {
    if (clear()) promise.reject(new AbortError(signal.reason));
  };
  signal.addEventListener("abort", oncancel);
  return safePromisePrototypeFinally(promise, () => signal.removeEventListener("abort", oncancel));
}

/** lib/internal/per_context/primordials.js: SafePromisePrototypeFinally, a `finally` that user code cannot reach into. */
function safePromisePrototypeFinally(promise: JSPromise, onFinally: () => void): JSPromise {
  const outer = new JSPromise(promise.isolate);
  const inner = new JSPromise(promise.isolate);
  promise.then(
    (value: unknown) => inner.resolve(value),
    (reason: unknown) => inner.reject(reason),
  );
  inner.finally(onFinally).then(
    (value: unknown) => outer.resolve(value),
    (reason: unknown) => outer.reject(reason),
  );
  return outer;
}
