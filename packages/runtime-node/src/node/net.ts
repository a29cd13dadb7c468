/**
 * Sockets (Node 24 lib/net.js, libuv's src/unix/stream.c and pipe.c) as far as a client needs them: a request over one that is
 * connected already is written at once, as uv_try_write does, and answered in the poll phase, where the reader's callback
 * runs in its own callback scope. Left out: servers, connecting over TCP, streams with their buffers.
 */
import { Kind, type Request } from "@orrery/simulator";
import { type Callback, Handle } from "../libuv/handle.ts";
import { uv__io_feed } from "../libuv/loop.ts";
import { type IoWatcher, uv__io_close } from "../libuv/poll.ts";
import { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

export class Socket extends Handle implements IoWatcher {
  readonly descriptor: Request["reply"];
  /** Resolved with whether the service answered well. */
  readonly promise: JSPromise;
  private readonly env: Env;
  private readonly request: Request;

  /** Sends by `send` and waits for the reply. The caller pays for the write. */
  constructor(env: Env, send: () => Request) {
    super(env.loop, "tcp");
    this.env = env;
    this.promise = new JSPromise(env.isolate);
    this.request = send();
    this.descriptor = this.request.reply;
    this.descriptor.owner = this;
    env.loop.epoll.add(this.descriptor); // in the kernel's set since it was connected
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

export class ConnectError extends Error {
  readonly code = "ENOENT";
}

/** Connects to a pipe that does not exist: the error is known at once, and is told in the pending phase. */
export function connectMissingPipe(env: Env, onError: Callback<[ConnectError]>): void {
  env.loop.activeReqs++;
  uv__io_feed(env.loop, () => {
    env.loop.activeReqs--;
    return makeCallback(env, onError, new ConnectError("connect ENOENT"));
  });
}
