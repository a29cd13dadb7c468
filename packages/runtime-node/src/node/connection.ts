/**
 * TCP sockets and servers (Node 24 lib/net.js and the streams below it, libuv's src/unix/tcp.c and stream.c) behind a class with
 * promises: who reads gets what the stream has buffered, or waits for its 'readable'; who writes waits for the write's callback.
 * A socket reads on by itself until its buffer is full. Left out: corking, half-open sockets, ends that are seen
 * before all is read.
 */
import type { Steps } from "@orrery/runtime";
import { type Descriptor, FAILED, Kind, type Listener, type Socket, WOULD_BLOCK } from "@orrery/simulator";
import { type Callback, Handle, type Run } from "../libuv/handle.ts";
import { type IoWatcher, uv__io_close, uv__io_start } from "../libuv/poll.ts";
import { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

/** getDefaultHighWaterMark(), and what uv__read asks for at a time: bytes. */
const HIGH_WATER_MARK = 65_536;

/** One direction of a descriptor, watched while it is started. */
class Watcher extends Handle implements IoWatcher {
  readonly descriptor: Descriptor;
  readonly callback: () => Run<unknown>;

  constructor(env: Env, descriptor: Descriptor, callback: () => Run<unknown>) {
    super(env.loop, "tcp");
    this.descriptor = descriptor;
    this.callback = callback;
  }

  watch(): void {
    if (this.active) return;
    this.start();
    uv__io_start(this.loop, this);
  }

  unwatch(): void {
    this.stop();
    uv__io_close(this.loop, this);
  }
}

/** Promises of those who wait for something to happen. */
class Waiting {
  private readonly env: Env;
  private promises: JSPromise[] = [];

  constructor(env: Env) {
    this.env = env;
  }

  next(): JSPromise {
    const promise = new JSPromise(this.env.isolate);
    this.promises.push(promise);
    return promise;
  }

  wake(): void {
    for (const promise of this.promises.splice(0)) promise.resolve();
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
  private readonly reads: Watcher;
  private readonly writes: Watcher;
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
    this.reads = new Watcher(env, socket.input, () => this.onStreamRead());
    this.writes = new Watcher(env, socket.output, () => this.onWritable());
  }

  /** `net.connect(...)`: the call itself is made in a tick. False if it was refused. */
  static *connect(env: Env, dial: () => Socket, awaits: Awaits): Steps<Connection | null> {
    yield awaits(tick(env));
    env.machine.charge(env.costs.connect);
    const connection = new Connection(env, dial());
    connection.writes.watch();
    yield awaits(connection.writable.next());
    const { connected, closed } = connection.socket;
    if (!connected || closed) return null;
    connection.readStart();
    return connection;
  }

  /** `read(0)` of a new socket. */
  readStart(): void {
    if (!this.ended && !this.failed && this.buffered < HIGH_WATER_MARK) this.reads.watch();
  }

  private onStreamRead(): Run<unknown> {
    const { env } = this;
    env.machine.charge(env.costs.streamRead);
    env.machine.emit(Kind.callback, 0, -1, "uv__stream_io");
    const read = this.socket.read(HIGH_WATER_MARK);
    if (read > 0) this.buffered += read;
    else if (read === 0) this.ended = true;
    else if (read === FAILED) this.failed = true;
    if (read <= 0 || this.buffered >= HIGH_WATER_MARK) if (read !== WOULD_BLOCK) this.reads.unwatch();
    return this.called(() => env.taskQueues.nextTick(() => this.readable.wake()));
  }

  /** Connecting has ended, or a write can go on. */
  private onWritable(): Run<unknown> {
    this.writes.unwatch();
    return this.called(() => this.writable.wake());
  }

  private called(callback: Callback): Run<unknown> {
    return makeCallback(this.env, callback);
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
    const { env, socket } = this;
    for (let left = bytes; ; ) {
      env.machine.charge(env.costs.streamWrite);
      const written = socket.write(left);
      if (written > 0) left -= written;
      if (left > 0 && written !== FAILED) {
        this.writes.watch();
        yield awaits(this.writable.next());
        continue;
      }
      if (left === bytes || written === bytes) yield awaits(tick(env));
      return written !== FAILED;
    }
  }

  /** `socket.destroy()` */
  destroy(): void {
    this.env.machine.charge(this.env.costs.closeSocket);
    this.socket.close();
    this.reads.unwatch();
    this.writes.unwatch();
    this.readable.wake();
    this.writable.wake();
  }
}

export class Server {
  private readonly env: Env;
  private readonly listener: Listener;
  private readonly watcher: Watcher;
  private readonly connection: Waiting;
  private readonly accepted: { readonly socket: Socket; readonly connection: Connection }[] = [];

  constructor(env: Env, listener: Listener) {
    this.env = env;
    this.listener = listener;
    this.connection = new Waiting(env);
    this.watcher = new Watcher(env, listener.incoming, () => this.onIncoming());
    this.watcher.watch();
  }

  /** uv__server_io: accepts all there are; each makes a 'connection' event. */
  private *onIncoming(): Run {
    const { env } = this;
    for (let socket = this.listener.accept(); socket !== null; socket = this.listener.accept()) {
      const connection = new Connection(env, socket);
      env.machine.charge(env.costs.accept);
      env.machine.emit(Kind.callback, 0, -1, "uv__server_io");
      connection.readStart();
      this.accepted.push({ socket, connection });
      yield* makeCallback(env, () => this.connection.wake());
    }
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
    this.env.machine.charge(this.env.costs.closeSocket);
    this.listener.close();
    this.watcher.unwatch();
    for (const { connection } of this.accepted.splice(0)) connection.destroy();
    this.connection.wake();
  }
}
