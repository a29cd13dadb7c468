/**
 * Node 24 src/api/callback.cc: InternalCallbackScope, around every entry from C++ into JavaScript. Closing the outermost one
 * drains ticks and microtasks, unless the callback threw: then nothing is drained, and the next scope that closes takes
 * what was left.
 */
import { isSteps } from "@orrery/runtime";
import type { Callback, Run } from "../libuv/handle.ts";
import type { Env } from "./env.ts";

/** InternalCallbackScope::Close. False if it failed: something that it drained threw. */
export function* closeCallbackScope(env: Env): Run<boolean> {
  if (!env.taskQueues.pending) return true;
  try {
    yield* env.taskQueues.drain("InternalCallbackScope::Close");
    return true;
  } catch (error) {
    env.process.fatalException(error, "uncaughtException");
    return false;
  }
}

/** InternalMakeCallback. A callback that burns CPU is a generator function. False if it or its drain threw. */
export function* makeCallback<A extends unknown[]>(
  env: Env,
  callback: Callback<A>,
  ...args: A
): Run<boolean> {
  try {
    const steps = callback(...args);
    if (isSteps(steps)) yield* steps;
  } catch (error) {
    env.process.fatalException(error, "uncaughtException");
    return false;
  }
  return yield* closeCallbackScope(env);
}
