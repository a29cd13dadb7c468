/** asyncio/streams.py, 3.11.7: StreamReader, StreamWriter and the protocol between them and a transport. */
import type { BaseEventLoop } from "./base_events.ts";
import {
  ConnectionResetError,
  IncompleteReadError,
  LimitOverrunError,
  RuntimeError,
  ValueError,
} from "./exceptions.ts";
import type { Future } from "./futures.ts";
import { isGenerator } from "./python.ts";
import type { Bytes } from "./sockets.ts";
import type { Coroutine, Task } from "./task.ts";
import type { Protocol, SocketTransport } from "./transports.ts";

/** streams._DEFAULT_LIMIT */
export const DEFAULT_LIMIT_BYTES = 64 * 1024;

export class StreamReader {
  _buffer: Bytes = "";
  private readonly _limit: number;
  private readonly _loop: BaseEventLoop;
  private _eof = false;
  private _waiter: Future<null> | null = null;
  private _exception: Error | null = null;
  private _transport: SocketTransport | null = null;
  private _paused = false;

  constructor(loop: BaseEventLoop, limit: number = DEFAULT_LIMIT_BYTES) {
    if (limit <= 0) throw new ValueError("Limit cannot be <= 0");
    this._loop = loop;
    this._limit = limit;
  }

  exception(): Error | null {
    return this._exception;
  }

  set_exception(error: Error): void {
    this._exception = error;
    const waiter = this._waiter;
    this._waiter = null;
    if (waiter !== null && !waiter.cancelled()) waiter.set_exception(error);
  }

  set_transport(transport: SocketTransport): void {
    this._transport = transport;
  }

  feed_eof(): void {
    this._eof = true;
    this._wakeup_waiter();
  }

  at_eof(): boolean {
    return this._eof && this._buffer === "";
  }

  /** Above twice the limit the transport is paused. */
  feed_data(data: Bytes): void {
    if (data === "") return;
    this._buffer += data;
    this._wakeup_waiter();
    if (this._transport === null || this._paused || this._buffer.length <= 2 * this._limit) return;
    this._transport.pause_reading();
    this._paused = true;
  }

  /** Up to and with the end of a line; what is left if there is none. */
  *readline(): Coroutine<Bytes> {
    try {
      return yield* this.readuntil("\n");
    } catch (error) {
      if (error instanceof IncompleteReadError) return error.partial;
      if (!(error instanceof LimitOverrunError)) throw error;
      if (this._buffer.startsWith("\n", error.consumed))
        this._buffer = this._buffer.slice(error.consumed + 1);
      else this._buffer = "";
      this._maybe_resume_transport();
      throw new ValueError(error.message);
    }
  }

  *readuntil(separator: Bytes): Coroutine<Bytes> {
    if (this._exception !== null) throw this._exception;
    let offset = 0;
    let place: number;
    for (;;) {
      place = this._buffer.length - offset >= separator.length ? this._buffer.indexOf(separator, offset) : -1;
      if (place >= 0) break;
      offset = Math.max(offset, this._buffer.length + 1 - separator.length);
      if (offset > this._limit)
        throw new LimitOverrunError("Separator is not found, and chunk exceed the limit", offset);
      if (this._eof) throw new IncompleteReadError(this._take(this._buffer.length), null);
      yield* this._wait_for_data("readuntil");
    }
    if (place > this._limit)
      throw new LimitOverrunError("Separator is found, but chunk is longer than limit", place);
    const data = this._take(place + separator.length);
    this._maybe_resume_transport();
    return data;
  }

  /** At most `size` bytes, as soon as there are any; -1: all until the end. */
  *read(size = -1): Coroutine<Bytes> {
    if (this._exception !== null) throw this._exception;
    if (size === 0) return "";
    if (size < 0) {
      let all = "";
      for (;;) {
        const block = yield* this.read(this._limit);
        if (block === "") return all;
        all += block;
      }
    }
    if (this._buffer === "" && !this._eof) yield* this._wait_for_data("read");
    const data = this._take(size);
    this._maybe_resume_transport();
    return data;
  }

  *readexactly(size: number): Coroutine<Bytes> {
    if (size < 0) throw new ValueError("readexactly size can not be less than zero");
    if (this._exception !== null) throw this._exception;
    while (this._buffer.length < size) {
      if (this._eof) throw new IncompleteReadError(this._take(this._buffer.length), size);
      yield* this._wait_for_data("readexactly");
    }
    const data = this._take(size);
    this._maybe_resume_transport();
    return data;
  }

  private _take(size: number): Bytes {
    const data = this._buffer.slice(0, size);
    this._buffer = this._buffer.slice(size);
    return data;
  }

  private *_wait_for_data(method: string): Coroutine<void> {
    if (this._waiter !== null)
      throw new RuntimeError(
        `${method}() called while another coroutine is already waiting for incoming data`,
      );
    if (this._paused) {
      this._paused = false;
      this._transport!.resume_reading();
    }
    this._waiter = this._loop.create_future(`StreamReader.${method}`);
    try {
      yield* this._waiter;
    } finally {
      this._waiter = null;
    }
  }

  private _wakeup_waiter(): void {
    const waiter = this._waiter;
    this._waiter = null;
    if (waiter !== null && !waiter.cancelled()) waiter.set_result(null);
  }

  private _maybe_resume_transport(): void {
    if (!this._paused || this._buffer.length > this._limit) return;
    this._paused = false;
    this._transport!.resume_reading();
  }
}

export class StreamWriter {
  readonly transport: SocketTransport;
  private readonly _protocol: StreamReaderProtocol;
  private readonly _reader: StreamReader;

  constructor(transport: SocketTransport, protocol: StreamReaderProtocol, reader: StreamReader) {
    this.transport = transport;
    this._protocol = protocol;
    this._reader = reader;
  }

  write(data: Bytes): void {
    this.transport.write(data);
  }

  writelines(chunks: readonly Bytes[]): void {
    this.transport.writelines(chunks);
  }

  write_eof(): void {
    this.transport.write_eof();
  }

  close(): void {
    this.transport.close();
  }

  is_closing(): boolean {
    return this.transport.is_closing();
  }

  *wait_closed(): Coroutine<void> {
    yield* this._protocol._closed;
  }

  /** No flush: it waits only while the transport is paused, until it is down to its low mark. */
  *drain(): Coroutine<void> {
    const error = this._reader.exception();
    if (error !== null) throw error;
    if (this.transport.is_closing()) yield; // connection_lost may be due
    yield* this._protocol._drain_helper();
  }
}

/** A handler of connections: a plain function, or a coroutine function, which becomes a task. */
export type ClientConnected = (reader: StreamReader, writer: StreamWriter) => unknown;

export class StreamReaderProtocol implements Protocol {
  readonly _closed: Future<null>;
  private readonly _loop: BaseEventLoop;
  private readonly _stream_reader: StreamReader;
  private readonly _client_connected_cb: ClientConnected | null;
  private _paused = false;
  private _connection_lost = false;
  private readonly _drain_waiters = new Set<Future<null>>();

  constructor(loop: BaseEventLoop, reader: StreamReader, client_connected_cb: ClientConnected | null = null) {
    this._loop = loop;
    this._stream_reader = reader;
    this._client_connected_cb = client_connected_cb;
    this._closed = loop.create_future("StreamWriter.wait_closed");
  }

  connection_made(transport: SocketTransport): void {
    this._stream_reader.set_transport(transport);
    if (this._client_connected_cb === null) return;
    const reader = this._stream_reader;
    const result = this._client_connected_cb(reader, new StreamWriter(transport, this, reader));
    if (isGenerator(result)) this.watch(transport, this._loop.create_task(result as Coroutine));
  }

  /** The handler's error is told. So is its cancellation before 3.13, as an error of the callback that asks for it. */
  private watch(transport: SocketTransport, handler: Task): void {
    const callback = (task: Task): void => {
      if (task.cancelled() && this._loop.python.minor >= 13) {
        transport.close();
        return;
      }
      const exception = task.exception();
      if (exception === null) return;
      this._loop.call_exception_handler({
        message: "Unhandled exception in client_connected_cb",
        exception,
        transport,
      });
      transport.close();
    };
    Object.defineProperty(callback, "name", {
      value: "StreamReaderProtocol.connection_made.<locals>.callback",
    });
    handler.add_done_callback(callback);
  }

  data_received(data: Bytes): void {
    this._stream_reader.feed_data(data);
  }

  eof_received(): boolean {
    this._stream_reader.feed_eof();
    return true;
  }

  connection_lost(error: Error | null): void {
    if (error === null) this._stream_reader.feed_eof();
    else this._stream_reader.set_exception(error);
    if (!this._closed.done())
      if (error === null) this._closed.set_result(null);
      else {
        this._closed.set_exception(error);
        this._closed._log_traceback = false; // StreamReaderProtocol.__del__
      }
    this._connection_lost = true;
    if (!this._paused) return;
    for (const waiter of this._drain_waiters)
      if (!waiter.done())
        if (error === null) waiter.set_result(null);
        else waiter.set_exception(error);
  }

  pause_writing(): void {
    this._paused = true;
  }

  resume_writing(): void {
    this._paused = false;
    for (const waiter of this._drain_waiters) if (!waiter.done()) waiter.set_result(null);
  }

  *_drain_helper(): Coroutine<void> {
    if (this._connection_lost) throw new ConnectionResetError("Connection lost");
    if (!this._paused) return;
    const waiter = this._loop.create_future<null>("StreamWriter.drain");
    this._drain_waiters.add(waiter);
    try {
      yield* waiter;
    } finally {
      this._drain_waiters.delete(waiter);
    }
  }
}
