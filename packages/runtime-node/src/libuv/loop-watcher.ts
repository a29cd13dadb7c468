/**
 * libuv 1.52 src/unix/loop-watcher.c: idle and check handles. A started one goes to the head of its queue; a run takes
 * them in order. Prepare handles are left out: Node starts one for its profiler only.
 */
import { Handle, type Run } from "./handle.ts";
import type { Loop } from "./loop.ts";

export class LoopWatcher extends Handle {
  /** null: started for its effect on the loop alone. */
  readonly callback: (() => Run<unknown> | undefined) | null;
  private readonly queue: LoopWatcher[];

  constructor(loop: Loop, type: "idle" | "check", callback: (() => Run<unknown> | undefined) | null) {
    super(loop, type);
    this.callback = callback;
    this.queue = type === "idle" ? loop.idleHandles : loop.checkHandles;
  }

  override start(): void {
    if (this.active) return;
    this.queue.unshift(this);
    super.start();
  }

  override stop(): void {
    if (!this.active) return;
    this.queue.splice(this.queue.indexOf(this), 1);
    super.stop();
  }
}

/** uv__run_check. Node has a single check handle, and idle handles without a callback, so nothing changes on the way. */
export function* uv__run_check(loop: Loop): Run {
  for (const watcher of loop.checkHandles) {
    const steps = watcher.callback?.();
    if (steps !== undefined) yield* steps;
  }
}
