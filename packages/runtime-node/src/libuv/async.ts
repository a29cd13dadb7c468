/**
 * libuv 1.52 src/unix/async.c: wake-ups from other threads, over a single eventfd per loop. The event on it says only that
 * some handle is pending; the sweep visits all handles in the order of their creation, so one that becomes pending
 * during the sweep is served in it if it comes later in the order, and in the next poll otherwise.
 */
import { isSteps } from "@orrery/runtime";
import { Handle, type Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

export class Async extends Handle {
  pending = false;
  readonly callback: () => Run<unknown> | undefined;

  /** uv_async_init: active and referenced from the start. */
  constructor(loop: Loop, callback: () => Run<unknown> | undefined) {
    super(loop, "async");
    this.callback = callback;
    loop.asyncHandles.push(this);
    this.start();
  }
}

/** Callable from any thread. Only the first send until the next sweep writes the eventfd. */
export function uv_async_send(handle: Async): void {
  if (handle.pending) return;
  handle.pending = true;
  handle.loop.asyncDescriptor.signal();
}

export function* uv__async_io(loop: Loop): Run {
  loop.asyncDescriptor.drain();
  const queue = [...loop.asyncHandles];
  for (const handle of queue) {
    if (!handle.pending || handle.closing) continue;
    handle.pending = false;
    const steps = handle.callback();
    if (isSteps(steps)) yield* steps;
  }
}

/** uv__async_close */
export function uv__async_close(handle: Async): void {
  const { asyncHandles } = handle.loop;
  asyncHandles.splice(asyncHandles.indexOf(handle), 1);
  handle.stop();
}
