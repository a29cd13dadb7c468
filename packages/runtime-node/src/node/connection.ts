/**
 * TCP sockets and servers (Node 24 lib/net.js and the streams below it, over libuv's streams) behind a class with
 * promises: who reads gets what the stream has buffered, or waits for its 'readable'; who writes waits for the write's callback.
 * A socket reads on by itself until its buffer is full. Left out: corking, half-open sockets, ends that are seen
 * before all is read.
 */
import type { Steps } from "@orrery/runtime";
import { FAILED, Kind, type Listener, type Socket } from "@orrery/simulator";
import type { Run } from "../libuv/handle.ts";
import { TcpServer, TcpStream } from "../libuv/stream.ts";
import { JSPromise } from "../v8/promise.ts";
import { closeCallbackScope, makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

/** getDefaultHighWaterMark(): bytes. */
const HIGH_WATER_MARK = 65_536;

/** Promises of those who wait for something to happen. */
class Waiting {
  private readonly env: Env;
  private readonly promises = new Set<JSPromise>();

  constructor(env: Env) {
    this.env = env;
  }

  next(): JSPromise {
    const promise = new JSPromise(this.env.isolate);
    this.promises.add(promise);
    return promise;
  }

  wake(): void {
    for (const promise of this.promises) promise.resolve();
    this.promises.clear();
  }

  /** What one of them alone has waited for. */
  settle(promise: JSPromise): void {
    this.promises.delete(promise);
    promise.resolve();
  }
}

/** A promise that `process.nextTick` resolves. */
export function tick(env: Env): JSPromise {
  const promise = new JSPromise(env.isolate);
  env.taskQueues.nextTick(() => promise.resolve());
  return promise;
}

/** What an operation awaits: it can be cancelled there. */
export type Awaits = (promise: JSPromise) => JSPromise;

export class Connection {
  private readonly env: Env;
  private readonly socket: Socket;
  private readonly handle: TcpStream;
  private readonly readable: Waiting;
  private readonly writable: Waiting;
  private buffered = 0;
  private ended = false;
  private endEmitted = false;
  private failed = false;

  constructor(env: Env, socket: Socket) {
    this.env = env;
    this.socket = socket;
    this.readable = new Waiting(env);
    this.writable = new Waiting(env);
    this.handle = new TcpStream(env.loop, socket);
  }

  /** afterConnect, once connecting has ended: false if it was refused or given up. */
  *connected(awaits: Awaits): Steps<boolean> {
    const { env, socket, writable } = this;
    const promise = writable.next();
    this.handle.connect(() => makeCallback(env, () => writable.wake()));
    yield awaits(promise);
    if (socket.connected && !socket.closed) this.readStart();
    else this.destroy();
    return !socket.closed;
  }

  /** `read(0)` of a new socket. */
  readStart(): void {
    if (this.ended || this.failed || this.buffered >= HIGH_WATER_MARK) return;
    this.handle.readStart((bytes) => this.onStreamRead(bytes));
  }

  private onStreamRead(bytes: number): Run<unknown> {
    const { env } = this;
    env.machine.charge(env.costs.streamRead);
    env.machine.emit(Kind.callback, 0, -1, "uv__stream_io");
    if (bytes > 0) this.buffered += bytes;
    else if (bytes === 0) this.ended = true;
    else this.failed = true;
    if (this.buffered >= HIGH_WATER_MARK) this.handle.readStop();
    return makeCallback(env, () => env.taskQueues.nextTick(() => this.readable.wake()));
  }

  /** `socket.read(n)`, after 'readable' or 'end' if there is nothing: how many bytes, 0 at the end, FAILED. */
  *read(bytes: number, awaits: Awaits): Steps<number> {
    this.env.machine.charge(this.env.costs.streamTake);
    for (;;) {
      if (this.socket.closed) return FAILED;
      if (this.buffered > 0) {
        const taken = Math.min(bytes, this.buffered);
        this.buffered -= taken;
        this.readStart();
        return taken;
      }
      if (this.failed) return FAILED;
      if (this.endEmitted) return 0;
      if (this.ended) {
        yield awaits(tick(this.env));
        this.endEmitted = true;
      } else yield awaits(this.readable.next());
    }
  }

  /** `socket.write(data, callback)`: tried at once; the callback comes in a tick, or once the rest is written. */
  *write(bytes: number, awaits: Awaits): Steps<boolean> {
    const { env, socket, handle, writable } = this;
    env.machine.charge(env.costs.streamWrite);
    if (socket.closed || socket.failed) {
      yield awaits(tick(env));
      return false;
    }
    const promise = writable.next();
    let broken = false;
    const taken = handle.write(bytes, "", (failed) => {
      broken = failed;
      return makeCallback(env, () => writable.settle(promise));
    });
    if (taken) env.taskQueues.nextTick(() => writable.settle(promise));
    yield awaits(promise);
    return !broken && !socket.closed;
  }

  /** `socket.destroy()` */
  destroy(): void {
    const { env, handle } = this;
    if (handle.closing) return;
    env.machine.charge(env.costs.closeSocket);
    handle.close(() => closeCallbackScope(env));
    this.readable.wake();
    this.writable.wake();
  }
}

export class Server {
  private readonly env: Env;
  private readonly listener: Listener;
  private readonly handle: TcpServer;
  private readonly connection: Waiting;
  private readonly accepted: { readonly socket: Socket; readonly connection: Connection }[] = [];

  constructor(env: Env, listener: Listener) {
    this.env = env;
    this.listener = listener;
    this.connection = new Waiting(env);
    this.handle = new TcpServer(env.loop, listener, (socket) => this.onconnection(socket));
  }

  private onconnection(socket: Socket): Run<unknown> {
    const { env } = this;
    const connection = new Connection(env, socket);
    env.machine.charge(env.costs.accept);
    env.machine.emit(Kind.callback, 0, -1, "uv__server_io");
    connection.readStart();
    this.accepted.push({ socket, connection });
    return makeCallback(env, () => this.connection.wake());
  }

  /** The next connection of those that came; null if it is closed. */
  *accept(awaits: Awaits): Steps<{ readonly socket: Socket; readonly connection: Connection } | null> {
    for (;;) {
      if (this.listener.closed) return null;
      const next = this.accepted.shift();
      if (next !== undefined) return next;
      yield awaits(this.connection.next());
    }
  }

  /** `server.close()`, and what nobody has taken is destroyed. */
  close(): void {
    const { env, handle } = this;
    if (handle.closing) return;
    env.machine.charge(env.costs.closeSocket);
    handle.close(() => closeCallbackScope(env));
    for (const { connection } of this.accepted.splice(0)) connection.destroy();
    this.connection.wake();
  }
}
