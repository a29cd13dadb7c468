/**
 * A request over a socket that is connected already (lib/net.js, libuv's src/unix/stream.c): written at once, as
 * uv_try_write does, and answered in the poll phase, where the reader's callback runs in its own callback scope.
 */
import { Kind, type Request } from "@orrery/simulator";
import { Handle } from "../libuv/handle.ts";
import { type IoWatcher, uv__io_close, uv__io_start } from "../libuv/poll.ts";
import { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

export class Socket extends Handle implements IoWatcher {
  readonly descriptor: Request["reply"];
  /** Resolved with whether the service answered well. */
  readonly promise: JSPromise;
  private readonly env: Env;
  private readonly request: Request;

  /** Sends by `send` and waits for the reply. */
  constructor(env: Env, send: () => Request) {
    super(env.loop, "tcp");
    this.env = env;
    this.promise = new JSPromise(env.isolate);
    env.machine.charge(env.costs.socketWrite);
    env.machine.settle();
    this.request = send();
    this.descriptor = this.request.reply;
    uv__io_start(env.loop, this);
    this.start();
  }

  readonly callback = (): ReturnType<typeof makeCallback> => {
    const { machine, costs } = this.env;
    machine.charge(costs.socketRead);
    machine.emit(Kind.callback, 0, -1, "uv__stream_io");
    this.close();
    return makeCallback(this.env, () => this.promise.resolve(this.request.ok));
  };

  /** Gives up the reply. */
  close(): void {
    this.descriptor.drain();
    uv__io_close(this.loop, this);
    this.stop();
  }
}
