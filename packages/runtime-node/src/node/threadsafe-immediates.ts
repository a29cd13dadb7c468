/**
 * Node 24 src/env.cc: Environment::SetImmediateThreadsafe, for what another thread wants done here. Its async handle does not hold the
 * loop, and is older than any of the program's.
 */
import { Fifo } from "@orrery/runtime";
import { Async, uv_async_send } from "../libuv/async.ts";
import type { Callback, Run } from "../libuv/handle.ts";
import type { Loop } from "../libuv/loop.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

export class ThreadsafeImmediates {
  private readonly env: Env;
  private readonly queue = new Fifo<Callback>();
  private readonly handle: Async;

  constructor(env: Env, loop: Loop) {
    this.env = env;
    this.handle = new Async(loop, () => this.run());
    this.handle.unref();
  }

  push(callback: Callback): void {
    this.queue.push(callback);
    uv_async_send(this.handle);
  }

  private *run(): Run {
    for (let callback = this.queue.shift(); callback !== undefined; callback = this.queue.shift())
      yield* makeCallback(this.env, callback);
  }
}
