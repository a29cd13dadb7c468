/**
 * Node 24 src/node_platform.cc (PerIsolatePlatformData): tasks that V8 posts to the main thread. Its async handle, which does
 * not hold the loop, is older than any of the program's; each task runs in a callback scope of its own. A delayed one is
 * an unreferenced uv timer.
 */
import { Fifo } from "@orrery/runtime";
import { Async, uv_async_send } from "../libuv/async.ts";
import type { Callback, Run } from "../libuv/handle.ts";
import type { Loop } from "../libuv/loop.ts";
import { Timer, uv_timer_start } from "../libuv/timer.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

export class Platform {
  private readonly env: Env;
  private readonly loop: Loop;
  private readonly foregroundTasks = new Fifo<Callback>();
  private readonly flushTasks: Async;

  constructor(env: Env, loop: Loop) {
    this.env = env;
    this.loop = loop;
    this.flushTasks = new Async(loop, () => this.flushForegroundTasks());
    this.flushTasks.unref();
  }

  postTask(task: Callback): void {
    this.foregroundTasks.push(task);
    uv_async_send(this.flushTasks);
  }

  /** PostDelayedTask: the timer is started by the next flush. */
  postDelayedTask(task: Callback, delayMs: number): void {
    this.postTask(() => {
      const timer = new Timer(this.loop);
      timer.unref();
      uv_timer_start(timer, () => makeCallback(this.env, task), delayMs);
    });
  }

  /** FlushForegroundTasksInternal: of the handle, and of NodePlatform::DrainTasks once the loop has come to its end. */
  *flushForegroundTasks(): Run {
    for (let task = this.foregroundTasks.shift(); task !== undefined; task = this.foregroundTasks.shift())
      yield* makeCallback(this.env, task);
  }
}
