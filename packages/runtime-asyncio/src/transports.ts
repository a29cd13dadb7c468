/**
 * asyncio/selector_events.py _SelectorSocketTransport with transports.py _FlowControlMixin, 3.11.7. Reading: one recv per
 * iteration. Writing: sent at once if nothing waits, else buffered; above the high mark the protocol is paused, at the low one
 * it resumes. 3.12 keeps a deque of chunks instead of one buffer, which sends the same bytes.
 */
import type { BaseEventLoop } from "./base_events.ts";
import { BlockingIOError, OSError, RuntimeError, ValueError } from "./exceptions.ts";
import { _set_result_unless_cancelled, type Future } from "./futures.ts";
import type { Bytes, Socket } from "./sockets.ts";

/** What a transport tells (protocols.py Protocol). */
export interface Protocol {
  connection_made(transport: SocketTransport): void;
  data_received(data: Bytes): void;
  /** True: the transport stays open for writing. */
  eof_received(): boolean;
  pause_writing(): void;
  resume_writing(): void;
  connection_lost(error: Error | null): void;
}

/** Who counts the connections (base_events.py Server). */
interface Connections {
  _attach(): void;
  _detach(): void;
}

/** _SelectorTransport.max_size */
const MAX_SIZE_BYTES = 256 * 1024;
/** constants.LOG_THRESHOLD_FOR_CONNLOST_WRITES */
const LOG_THRESHOLD_FOR_CONNLOST_WRITES = 5;
/** _FlowControlMixin._set_write_buffer_limits */
const DEFAULT_HIGH_WATER_BYTES = 64 * 1024;

export class SocketTransport {
  readonly _sock: Socket;
  private readonly _loop: BaseEventLoop;
  private readonly _protocol: Protocol;
  private readonly _server: Connections | null;
  private _buffer: Bytes = "";
  private _conn_lost = 0;
  private _closing = false;
  private _paused = false;
  private _eof = false;
  private _protocol_paused = false;
  private _high_water = DEFAULT_HIGH_WATER_BYTES;
  private _low_water = DEFAULT_HIGH_WATER_BYTES / 4;

  /** `waiter` is resolved after the protocol has been told of the connection. */
  constructor(
    loop: BaseEventLoop,
    sock: Socket,
    protocol: Protocol,
    waiter: Future | null,
    server: Connections | null = null,
  ) {
    this._loop = loop;
    this._sock = sock;
    this._protocol = protocol;
    this._server = server;
    server?._attach();
    const connection_made = (): void => protocol.connection_made(this);
    loop.call_soon(connection_made);
    loop.call_soon(this._add_reader);
    if (waiter !== null) loop.call_soon(_set_result_unless_cancelled, waiter, null);
  }

  repr(): string {
    const state = this._closing ? " closing" : "";
    const { fds } = this._loop._selector;
    const read = fds.includes(this._sock.reading) ? "polling" : "idle";
    const write = fds.includes(this._sock.writing) ? "polling" : "idle";
    return `<_SelectorSocketTransport${state} fd=${this._sock.fd} read=${read} write=<${write}, bufsize=${this._buffer.length}>>`;
  }

  // ---- reading --------------------------------------------------------------------------------------------------

  is_reading(): boolean {
    return !this._closing && !this._paused;
  }

  pause_reading(): void {
    if (!this.is_reading()) return;
    this._paused = true;
    this._loop._remove_reader(this._sock.reading);
  }

  resume_reading(): void {
    if (this._closing || !this._paused) return;
    this._paused = false;
    this._add_reader();
  }

  private readonly _add_reader = (): void => {
    if (this.is_reading()) this._loop._add_reader(this._sock.reading, this._read_ready);
  };

  private readonly _read_ready = (): void => {
    if (this._conn_lost > 0) return;
    let data: Bytes;
    try {
      data = this._sock.recv(MAX_SIZE_BYTES);
    } catch (error) {
      if (error instanceof BlockingIOError) return;
      this._fatal_error(error as Error, "Fatal read error on socket transport");
      return;
    }
    if (data !== "") this._protocol.data_received(data);
    else if (this._protocol.eof_received()) this._loop._remove_reader(this._sock.reading);
    else this.close();
  };

  // ---- writing --------------------------------------------------------------------------------------------------

  write(data: Bytes): void {
    if (this._eof) throw new RuntimeError("Cannot call write() after write_eof()");
    if (data === "") return;
    if (this._conn_lost > 0) {
      if (this._conn_lost >= LOG_THRESHOLD_FOR_CONNLOST_WRITES)
        this._loop.python.world.diagnose("warning", "socket.send() raised exception.");
      this._conn_lost++;
      return;
    }
    let rest = data;
    if (this._buffer === "") {
      const sent = this._send(data);
      if (sent === null) return;
      rest = data.slice(sent);
      if (rest === "") return;
      this._loop._add_reader(this._sock.writing, this._write_ready);
    }
    this._buffer += rest;
    if (this._buffer.length <= this._high_water || this._protocol_paused) return;
    this._protocol_paused = true;
    this._protocol.pause_writing();
  }

  writelines(chunks: readonly Bytes[]): void {
    this.write(chunks.join(""));
  }

  write_eof(): void {
    if (this._closing || this._eof) return;
    this._eof = true;
    if (this._buffer === "") this._sock.shutdown_write();
  }

  get_write_buffer_size(): number {
    return this._buffer.length;
  }

  /** Low and high mark, bytes. */
  get_write_buffer_limits(): readonly [number, number] {
    return [this._low_water, this._high_water];
  }

  set_write_buffer_limits(high: number = DEFAULT_HIGH_WATER_BYTES, low: number = Math.floor(high / 4)): void {
    if (!(high >= low && low >= 0))
      throw new ValueError(`high (${high}) must be >= low (${low}) must be >= 0`);
    this._high_water = high;
    this._low_water = low;
  }

  private readonly _write_ready = (): void => {
    if (this._conn_lost > 0) return;
    const sent = this._send(this._buffer);
    if (sent === null) return;
    this._buffer = this._buffer.slice(sent);
    if (this._protocol_paused && this._buffer.length <= this._low_water) {
      this._protocol_paused = false;
      this._protocol.resume_writing();
    }
    if (this._buffer !== "") return;
    this._loop._remove_reader(this._sock.writing);
    if (this._closing) this._call_connection_lost(null);
    else if (this._eof) this._sock.shutdown_write();
  };

  /** Bytes sent, 0 if there is no room; null: the connection is broken. */
  private _send(data: Bytes): number | null {
    try {
      return this._sock.send(data);
    } catch (error) {
      if (error instanceof BlockingIOError) return 0;
      this._fatal_error(error as Error, "Fatal write error on socket transport");
      return null;
    }
  }

  // ---- the end --------------------------------------------------------------------------------------------------

  is_closing(): boolean {
    return this._closing;
  }

  /** Stops reading, flushes, and then tells the protocol. */
  close(): void {
    if (this._closing) return;
    this._closing = true;
    this._loop._remove_reader(this._sock.reading);
    if (this._buffer !== "") return;
    this._conn_lost++;
    this._loop._remove_reader(this._sock.writing);
    this._loop.call_soon(this._call_connection_lost, null);
  }

  abort(): void {
    this._force_close(null);
  }

  private _fatal_error(exception: Error, message: string): void {
    if (!(exception instanceof OSError))
      this._loop.call_exception_handler({ message, exception, transport: this });
    this._force_close(exception);
  }

  private _force_close(error: Error | null): void {
    if (this._conn_lost > 0) return;
    if (this._buffer !== "") {
      this._buffer = "";
      this._loop._remove_reader(this._sock.writing);
    }
    if (!this._closing) {
      this._closing = true;
      this._loop._remove_reader(this._sock.reading);
    }
    this._conn_lost++;
    this._loop.call_soon(this._call_connection_lost, error);
  }

  private readonly _call_connection_lost = (error: Error | null): void => {
    try {
      this._protocol.connection_lost(error ?? null);
    } finally {
      this._sock.close();
      this._server?._detach();
    }
  };
}
