/**
 * The prelude of the conformance programs. Each program and its expected line ran on CPython 3.11.7 (25 times, identical),
 * written in Python; here the same program runs on the model.
 */
import { expect, test } from "vitest";
import type { Asyncio } from "../src/asyncio.ts";
import type { BaseEventLoop } from "../src/base_events.ts";
import { typeName } from "../src/exceptions.ts";
import type { Future } from "../src/futures.ts";
import { type RunAsyncioOptions, runAsyncio } from "../src/run_asyncio.ts";
import type { Awaitable, Coroutine, Task } from "../src/task.ts";

export interface Prelude {
  readonly asyncio: Asyncio;
  readonly p: (...values: unknown[]) => void;
  readonly T: <V>(coro: Coroutine<V>, name?: string) => Task<V>;
  readonly Z: (delay: number) => Coroutine<unknown>;
  readonly G: () => BaseEventLoop;
  /** Iterations begun so far. */
  readonly n: () => number;
}

export function* nop<V = null>(value: V = null as V): Coroutine<V> {
  return value;
}

export function* wrap<V>(awaitable: Awaitable<V>): Coroutine<V> {
  return yield* awaitable;
}

/** Value, or name of the exception; adds no iteration. */
export function* ex(awaitable: Awaitable): Coroutine<unknown> {
  try {
    return yield* awaitable;
  } catch (error) {
    return typeName(error);
  }
}

/** The same for plain calls. */
export function sx<V>(call: () => V): V | string {
  try {
    return call();
  } catch (error) {
    return typeName(error);
  }
}

/** `repr` of a list of futures' names, sorted. */
export const names = (futures: readonly Future[]): string =>
  `[${futures
    .map((future) => `'${(future as Task).get_name()}'`)
    .toSorted()
    .join(", ")}]`;

export function conforms(
  name: string,
  expected: string,
  main: (prelude: Prelude) => Coroutine<unknown>,
  options: RunAsyncioOptions = {},
): void {
  test(name, () => {
    const run = runAsyncio(({ asyncio, print }) => main(prelude(asyncio, print)), options);
    const output = run.raised === null ? run.output : [...run.output, `raised ${run.raised.split("(")[0]}`];
    expect(output.join(" | ")).toBe(expected);
  });
}

export function prelude(asyncio: Asyncio, print: (...values: unknown[]) => void): Prelude {
  const G = (): BaseEventLoop => asyncio.get_running_loop();
  return {
    asyncio,
    p: print,
    T: (coro, name) => asyncio.create_task(coro, name ?? null),
    Z: (delay) => asyncio.sleep(delay),
    G,
    n: () => G().iterations,
  };
}
