/**
 * libuv 1.52 src/unix/core.c: uv_close and the closing phase. Closing handles are a stack; the phase takes all of it and
 * finishes from the top. A handle closed by a close callback waits for the next turn of the loop.
 */
import { Async, uv__async_close } from "./async.ts";
import type { Handle, Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

export function uv_close(handle: Handle, callback: () => Run<unknown>): void {
  handle.closing = true;
  if (handle instanceof Async) uv__async_close(handle);
  else handle.stop();
  handle.closeCallback = callback;
  handle.nextClosing = handle.loop.closingHandles;
  handle.loop.closingHandles = handle;
}

/** Types of what is closing, in the order in which the phase will finish it. */
export function closingTypes({ closingHandles }: Loop): string[] {
  const types: string[] = [];
  for (let handle = closingHandles; handle !== null; handle = handle.nextClosing) types.push(handle.type);
  return types;
}

export function* uv__run_closing_handles(loop: Loop): Run {
  let handle = loop.closingHandles;
  loop.closingHandles = null;
  while (handle !== null) {
    const next: Handle | null = handle.nextClosing;
    yield* handle.closeCallback!();
    handle = next;
  }
}
