/**
 * uv_handle_t (libuv 1.52, src/uv-common.h): a handle that is active and referenced keeps its loop alive.
 */
import type { Loop } from "./loop.ts";

/** A part of the loop thread's body: yields as a `ThreadBody` does, CPU time in ns or BLOCK. */
export type Run<V = void> = Generator<number, V, number>;

/** JavaScript called from the loop. One that burns CPU is a generator function: its steps are run in place. */
export type Callback<A extends unknown[] = []> = (...args: A) => unknown;

export class Handle {
  readonly loop: Loop;
  readonly type: string;
  active = false;
  refed = true;
  closing = false;
  closeCallback: (() => Run<unknown>) | null = null;
  /** Next handle down the stack of closing ones. */
  nextClosing: Handle | null = null;

  constructor(loop: Loop, type: string) {
    this.loop = loop;
    this.type = type;
  }

  /** uv__handle_start */
  start(): void {
    if (this.active) return;
    this.active = true;
    if (this.refed) this.loop.activeHandles++;
  }

  /** uv__handle_stop */
  stop(): void {
    if (!this.active) return;
    this.active = false;
    if (this.refed) this.loop.activeHandles--;
  }

  ref(): void {
    if (this.refed) return;
    this.refed = true;
    if (this.active) this.loop.activeHandles++;
  }

  unref(): void {
    if (!this.refed) return;
    this.refed = false;
    if (this.active) this.loop.activeHandles--;
  }
}
