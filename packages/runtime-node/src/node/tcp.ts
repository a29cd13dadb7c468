/**
 * Node 24 lib/net.js over libuv's streams: servers and their sockets within one process, by the loopback. `listening` and the
 * server's `close` are ticks; `connection`, `connect` and `data` come inside of the poll; `close` of a socket in the closing phase.
 * Left out: addresses, time limits, pausing on connect.
 */
import { FAILED, Listener, Socket as KernelSocket } from "@orrery/simulator";
import type { Run } from "../libuv/handle.ts";
import { TcpServer, TcpStream } from "../libuv/stream.ts";
import { closeCallbackScope, makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";
import { EventEmitter } from "./events.ts";
import { StreamError } from "./streams/state.ts";
import { Duplex } from "./streams/streams.ts";

const BACKLOG = 511; // lib/net.js: listen

interface NetOptions {
  readonly allowHalfOpen?: boolean;
}

type Done = (error?: Error | null) => void;

export class Server extends EventEmitter {
  /** Of the sockets that are not destroyed. */
  connections = 0;
  private handle: TcpServer | null = null;
  private listener: Listener | null = null;
  private readonly env: Env;
  private readonly options: NetOptions;

  constructor(env: Env, options: NetOptions, onConnection: (socket: Socket) => void) {
    super();
    this.env = env;
    this.options = options;
    this.on("connection", onConnection);
  }

  /** On an address that needs no look-up, which takes a tick all the same; `listening` is one more. */
  listen(onListening?: () => void): this {
    const { taskQueues, loop, machine, costs } = this.env;
    if (onListening !== undefined) this.once("listening", onListening);
    taskQueues.nextTick(() => {
      const listener = new Listener(machine, "tcp server", BACKLOG);
      this.listener = listener;
      this.handle = new TcpServer(loop, listener, (socket) => {
        machine.charge(costs.socketRead);
        return makeCallback(this.env, () => this.onconnection(socket));
      });
      taskQueues.nextTick(() => {
        if (this.handle !== null) this.emit("listening");
      });
    });
    return this;
  }

  /** The kernel's side, for those who connect to it. */
  get address(): Listener {
    if (this.listener === null) throw new Error("the server does not listen");
    return this.listener;
  }

  close(callback?: () => void): this {
    if (callback !== undefined) this.once("close", callback);
    this.handle?.close(() => closeCallbackScope(this.env));
    this.handle = null;
    this.emitCloseIfDrained();
    return this;
  }

  emitCloseIfDrained(): void {
    if (this.handle === null && this.connections === 0)
      this.env.taskQueues.nextTick(() => void this.emit("close"));
  }

  private onconnection(kernel: KernelSocket): void {
    const socket = new Socket(this.env, this.options, this);
    socket.attach(new TcpStream(this.env.loop, kernel));
    this.connections++;
    this.emit("connection", socket);
  }
}

export class Socket extends Duplex {
  private connecting = false;
  private handle: TcpStream | null = null;
  private readonly server: Server | null;

  constructor(env: Env, { allowHalfOpen = false }: NetOptions, server: Server | null = null) {
    super(env, {}, allowHalfOpen);
    this.server = server;
    this._readableState.sync = false;
  }

  /** `connect(2)` is called in a tick. */
  static connect(env: Env, server: Server, options: NetOptions, onConnect?: () => void): Socket {
    const socket = new Socket(env, options);
    if (onConnect !== undefined) socket.once("connect", onConnect);
    socket.connecting = true;
    env.taskQueues.nextTick(() => {
      if (!socket.connecting) return;
      env.machine.charge(env.costs.socketWrite);
      const handle = new TcpStream(env.loop, KernelSocket.connect(env.machine, "tcp", server.address));
      socket.handle = handle;
      handle.connect(() => makeCallback(env, () => socket.afterConnect()));
    });
    return socket;
  }

  /** @internal Of a connection that was accepted: reading begins at once. */
  attach(handle: TcpStream): void {
    this.handle = handle;
    this._readableState.read(0);
  }

  private afterConnect(): void {
    this.connecting = false;
    if (this.handle!.failed) {
      this.destroy(new StreamError("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1"));
      return;
    }
    this.emit("connect");
    this.emit("ready");
    if (!this.destroyed && this._readableState.flowing !== false) this._readableState.read(0);
  }

  _read(): void {
    if (this.connecting) this.once("connect", () => this._read());
    else
      this.handle?.readStart((bytes, text) => {
        const { machine, costs } = this.env;
        machine.charge(costs.socketRead);
        return makeCallback(this.env, () => this.onStreamRead(bytes, text));
      });
  }

  private onStreamRead(bytes: number, text: string): void {
    if (bytes === FAILED) this.destroy(new StreamError("ECONNRESET", "read ECONNRESET"));
    else if (bytes === 0) {
      this.push(null);
      this._readableState.read(0);
    } else if (!this.push(text)) this.handle?.readStop();
  }

  _write(chunk: unknown, callback: Done): void {
    if (this.connecting) {
      this.once("connect", () => this._write(chunk, callback));
      return;
    }
    const { env, handle } = this;
    env.machine.charge(env.costs.socketWrite);
    const text = String(chunk);
    const done = (): Run<unknown> => makeCallback(env, () => callback());
    if (handle === null || handle.write(text.length, text, done)) callback();
  }

  override _final(callback: Done): void {
    if (this.connecting) this.once("connect", () => this._final(callback));
    else if (this.handle === null) callback();
    else this.handle.shutdown(() => makeCallback(this.env, () => callback()));
  }

  protected override readonly emitClose = false;

  protected override _destroy(error: Error | null, callback: Done): void {
    const { handle, server } = this;
    this.connecting = false;
    this.handle = null;
    callback(error);
    if (handle === null) this.tick(() => void this.emit("close"));
    else handle.close(() => makeCallback(this.env, () => void this.emit("close")));
    if (server === null) return;
    server.connections--;
    server.emitCloseIfDrained();
  }
}
