/**
 * libuv 1.52 src/unix/stream.c and tcp.c: a listening socket, and one end of a connection. Reading goes on while it fills the
 * buffer, so the end of a stream mostly takes a poll of its own. A write is tried at once; what the kernel does not take waits until it
 * is writable. Requests that are done, and a shutdown, are told in the pending phase. What is written is bytes that are counted only,
 * or text of one byte a character.
 */
import { FAILED, type Listener, type Socket, WOULD_BLOCK } from "@orrery/simulator";
import { uv_close } from "./closing.ts";
import { Handle, type Run } from "./handle.ts";
import { type Loop, uv__io_feed } from "./loop.ts";
import { type IoWatcher, uv__io_close, uv__io_start } from "./poll.ts";

const READ_BYTES = 64 * 1024; // what Node's allocation callback offers
const READS_PER_EVENT = 32; // uv__read: count

/** Text on its way to a socket, as the kernel counts it in bytes. */
const inbound = new WeakMap<Socket, string>();

/** `bytes` as read(2) gives them: 0 at the end, FAILED after a reset. `text` is empty where bytes are counted only. */
type ReadCallback = (bytes: number, text: string) => Run<unknown>;
type Done = () => Run<unknown>;
/** `failed`: the connection was broken off before all was taken. */
type WriteDone = (failed: boolean) => Run<unknown>;

export class TcpServer extends Handle {
  private readonly listener: Listener;
  private readonly watcher: IoWatcher;

  /** uv_listen: `onConnection` is called once for each readable event. */
  constructor(loop: Loop, listener: Listener, onConnection: (socket: Socket) => Run<unknown>) {
    super(loop, "tcp");
    this.listener = listener;
    this.watcher = { descriptor: listener.incoming, callback: () => this.uv__server_io(onConnection) };
    uv__io_start(loop, this.watcher);
    this.start();
    loop.tcpHandles.add(this);
  }

  private *uv__server_io(onConnection: (socket: Socket) => Run<unknown>): Run {
    const socket = this.listener.accept();
    if (socket !== null) yield* onConnection(socket);
  }

  close(callback: Done): void {
    uv__io_close(this.loop, this.watcher);
    this.listener.close();
    this.loop.tcpHandles.delete(this);
    uv_close(this, callback);
  }
}

interface WriteRequest {
  bytes: number;
  text: string;
  failed: boolean;
  readonly done: WriteDone;
}

export class TcpStream extends Handle {
  private readonly socket: Socket;
  private readCallback: ReadCallback | null = null;
  private watchesInput = false;
  private connectDone: Done | null = null;
  private readonly writeQueue: WriteRequest[] = [];
  private shutdownDone: Done | null = null;
  private readonly input: IoWatcher;
  private readonly output: IoWatcher;

  constructor(loop: Loop, socket: Socket) {
    super(loop, "tcp");
    this.socket = socket;
    loop.tcpHandles.add(this);
    this.input = { descriptor: socket.input, callback: () => this.uv__read() };
    this.output = { descriptor: socket.output, callback: () => this.writable() };
  }

  get failed(): boolean {
    return this.socket.failed;
  }

  /** uv_tcp_connect: the result comes through the poll. */
  connect(done: Done): void {
    this.loop.activeReqs++;
    this.connectDone = done;
    uv__io_start(this.loop, this.output);
  }

  readStart(callback: ReadCallback): void {
    this.readCallback = callback;
    this.start();
    if (!this.watchesInput) uv__io_start(this.loop, this.input);
    this.watchesInput = true;
  }

  readStop(): void {
    this.readCallback = null;
    if (this.watchesInput) uv__io_close(this.loop, this.input);
    this.watchesInput = false;
    this.stop();
  }

  /** Node's uv_try_write, and uv_write for the rest. True if all was taken: `done` is not called then. */
  write(bytes: number, text: string, done: WriteDone): boolean {
    const request = { bytes, text, failed: false, done };
    if (this.writeQueue.length === 0) this.tryWrite(request);
    if (request.bytes === 0) return true;
    this.loop.activeReqs++;
    this.writeQueue.push(request);
    if (this.writeQueue.length === 1) uv__io_start(this.loop, this.output);
    return false;
  }

  /** uv_shutdown: after what is written. */
  shutdown(done: Done): void {
    this.loop.activeReqs++;
    this.shutdownDone = done;
    if (this.writeQueue.length === 0) uv__io_feed(this.loop, () => this.uv__drain());
  }

  close(callback: Done): void {
    this.readStop();
    uv__io_close(this.loop, this.output);
    this.loop.activeReqs -= this.writeQueue.splice(0).length + (this.connectDone === null ? 0 : 1);
    this.connectDone = null;
    this.socket.close();
    this.loop.tcpHandles.delete(this);
    uv_close(this, callback);
  }

  /** Leaves what the kernel did not take. */
  private tryWrite(request: WriteRequest): void {
    const { socket } = this;
    const taken = socket.write(request.bytes);
    request.failed = taken === FAILED;
    if (taken === WOULD_BLOCK) return;
    const bytes = request.failed ? request.bytes : taken;
    const sent = request.text.slice(0, bytes);
    if (sent !== "" && !request.failed) inbound.set(socket.peer!, (inbound.get(socket.peer!) ?? "") + sent);
    request.bytes -= bytes;
    request.text = request.text.slice(bytes);
  }

  private *uv__read(): Run {
    const { socket } = this;
    for (let count = READS_PER_EVENT; this.readCallback !== null && count > 0; count--) {
      const bytes = socket.read(READ_BYTES);
      if (bytes === WOULD_BLOCK) return;
      if (bytes === 0 || bytes === FAILED) {
        const callback = this.readCallback;
        this.readStop();
        yield* callback(bytes, "");
        return;
      }
      const text = inbound.get(socket) ?? "";
      if (text !== "") inbound.set(socket, text.slice(bytes));
      yield* this.readCallback(bytes, text.slice(0, bytes));
      if (bytes < READ_BYTES) return;
    }
  }

  private *writable(): Run {
    const { connectDone, writeQueue } = this;
    if (connectDone !== null) {
      this.connectDone = null;
      this.loop.activeReqs--;
      uv__io_close(this.loop, this.output);
      yield* connectDone();
      return;
    }
    while (writeQueue.length > 0) {
      const request = writeQueue[0]!;
      this.tryWrite(request);
      if (request.bytes > 0) return;
      writeQueue.shift();
      uv__io_feed(this.loop, () => this.wrote(request));
    }
    uv__io_close(this.loop, this.output);
    if (this.shutdownDone !== null) uv__io_feed(this.loop, () => this.uv__drain());
  }

  private *wrote({ done, failed }: WriteRequest): Run {
    this.loop.activeReqs--;
    yield* done(failed);
  }

  private *uv__drain(): Run {
    const { shutdownDone } = this;
    this.shutdownDone = null;
    this.loop.activeReqs--;
    if (!this.closing) this.socket.shutdown();
    yield* shutdownDone!();
  }
}
