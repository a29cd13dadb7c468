/**
 * The kernel's sockets of one computer: pairs, and connections over its loopback interface, which cost no time of their own.
 * All are non-blocking. Bytes are a string of one character each. A socket is two descriptors here, one to read and one to
 * write; epoll has one for both, so a descriptor that becomes readable and writable at once is told in two events.
 * Sizes as measured on Linux 6 with socket.socketpair and with a connection to 127.0.0.1.
 */
import { Descriptor } from "@orrery/simulator";
import { BlockingIOError, OSError } from "./exceptions.ts";
import type { Python } from "./python.ts";

export type Bytes = string;

export type Address = readonly [host: string, port: number];

interface Buffers {
  /** Bytes that one message holds at most. */
  readonly message: number;
  /** What a message occupies beside its bytes. */
  readonly overhead: number;
  /** No message is begun above it. */
  readonly most: number;
  /** Writable again at or below it. */
  readonly writable: number;
}

/** net/unix/af_unix.c: 278 messages of a byte or 6 full ones fit; writable when a quarter is left. */
const UNIX: Buffers = { message: 36_544, overhead: 767, most: 212_992, writable: 53_248 };
/** One stream of bytes: 3.9 MB fit into the two ends' buffers, and the next is taken when 2.8 MB are left. */
const TCP: Buffers = { message: 3_919_467, overhead: 0, most: 3_919_467, writable: 2_770_566 };

export class Socket {
  /** Readable: bytes have arrived, or the other end has closed. */
  readonly reading: Descriptor;
  /** Writable: there is room. */
  readonly writing: Descriptor;
  readonly fd: number;
  private readonly python: Python;
  private readonly buffers: Buffers;
  private peer: Socket | null = null;
  private messages: Bytes[] = [];
  private occupied = 0;
  private ended = false;
  private closed = false;
  private address: Address | null = null;
  private error: OSError | null = null;

  constructor(python: Python, buffers: Buffers) {
    this.python = python;
    this.buffers = buffers;
    this.fd = python.next_fd++;
    this.reading = new Descriptor(python.machine, `socket ${this.fd}`);
    this.writing = new Descriptor(python.machine, `socket ${this.fd}`);
  }

  /** Its own end's address; null for a pair's. */
  getsockname(): Address | null {
    return this.address;
  }

  getpeername(): Address | null {
    return this.peer?.address ?? null;
  }

  /** Bytes taken, at least one. BlockingIOError: no room; BrokenPipeError: nobody reads any more. */
  send(data: Bytes): number {
    this.charge();
    const { peer, buffers } = this;
    if (peer === null || peer.closed) throw new OSError("BrokenPipeError", "[Errno 32] Broken pipe");
    let sent = 0;
    while (sent < data.length && peer.room() > 0) {
      const size = Math.min(data.length - sent, buffers.message, peer.room());
      peer.messages.push(data.slice(sent, sent + size));
      peer.occupied += size + buffers.overhead;
      sent += size;
    }
    if (peer.room() <= 0) this.writing.drain();
    if (sent === 0) throw new BlockingIOError();
    peer.reading.signal();
    return sent;
  }

  /** At most `size` bytes; none: the other end has closed. BlockingIOError: nothing is there yet. */
  recv(size: number): Bytes {
    this.charge();
    const { messages, buffers } = this;
    let data = "";
    while (messages.length > 0 && data.length < size) {
      const message = messages[0]!;
      const part = message.slice(0, size - data.length);
      data += part;
      if (part.length < message.length) messages[0] = message.slice(part.length);
      else messages.shift();
      // a message of a pair keeps its place until all of it has been read
      if (buffers.overhead === 0) this.occupied -= part.length;
    }
    if (buffers.overhead > 0)
      this.occupied = messages.reduce((sum, { length }) => sum + length + buffers.overhead, 0);
    if (data === "" && !this.ended) throw new BlockingIOError();
    if (messages.length === 0 && !this.ended) this.reading.drain();
    if (this.occupied <= buffers.writable && this.peer?.closed === false && !this.peer.writing.readable)
      this.peer.writing.signal();
    return data;
  }

  /** Nothing more is sent: the other end reads what is there, then the end. */
  shutdown_write(): void {
    this.peer?.end();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.peer?.end();
  }

  /** Non-blocking: BlockingIOError, and writable when it is decided. On the loopback interface that is at once. */
  connect([host, port]: Address): void {
    this.charge();
    const listener = this.python.listeners.get(port);
    if (listener === undefined)
      this.error = new OSError(
        "ConnectionRefusedError",
        `[Errno 111] Connect call failed ('${host}', ${port})`,
      );
    else {
      this.address = ["127.0.0.1", this.python.next_port++];
      listener.arrive(this);
    }
    this.writing.signal();
    throw new BlockingIOError("[Errno 115] Operation now in progress");
  }

  /** getsockopt(SO_ERROR), raised. */
  check_error(): void {
    const { error } = this;
    this.error = null;
    if (error !== null) throw error;
  }

  /** @internal The other end of a connection that is accepted. */
  _pair(peer: Socket, address: Address | null): void {
    this.peer = peer;
    peer.peer = this;
    if (address !== null) peer.address = address;
    this.writing.signal();
    peer.writing.signal();
  }

  private room(): number {
    const { buffers, occupied } = this;
    if (occupied >= buffers.most) return 0;
    return buffers.overhead > 0 ? buffers.message : buffers.most - occupied;
  }

  private end(): void {
    this.ended = true;
    this.reading.signal();
    this.writing.signal(); // a send that fails does not block
  }

  private charge(): void {
    this.python.machine.charge(this.python.costs.socket);
  }
}

/** socket.socketpair() */
export function socketpair(python: Python): [Socket, Socket] {
  const pair: [Socket, Socket] = [new Socket(python, UNIX), new Socket(python, UNIX)];
  pair[0]._pair(pair[1], null);
  return pair;
}

/** An unconnected stream socket of the loopback interface. */
export function tcp_socket(python: Python): Socket {
  return new Socket(python, TCP);
}

/** A socket that listens on the loopback interface: readable while connections wait to be accepted. */
export class ListeningSocket {
  readonly reading: Descriptor;
  readonly fd: number;
  private readonly address: Address;
  private readonly python: Python;
  private readonly waiting: Socket[] = [];

  /** Port 0: one that is free. */
  constructor(python: Python, port: number) {
    this.python = python;
    this.fd = python.next_fd++;
    this.reading = new Descriptor(python.machine, `listener ${this.fd}`);
    this.address = ["127.0.0.1", port === 0 ? python.next_port++ : port];
    if (python.listeners.has(this.address[1]))
      throw new OSError("OSError", `[Errno 98] error while attempting to bind on address ${port}`);
    python.listeners.set(this.address[1], this);
  }

  getsockname(): Address {
    return this.address;
  }

  /** BlockingIOError: nobody waits. */
  accept(): Socket {
    this.python.machine.charge(this.python.costs.socket);
    const socket = this.waiting.shift();
    if (this.waiting.length === 0) this.reading.drain();
    if (socket === undefined) throw new BlockingIOError();
    return socket;
  }

  close(): void {
    this.python.listeners.delete(this.address[1]);
  }

  /** @internal The handshake is over; the client may send at once. */
  arrive(client: Socket): void {
    const socket = tcp_socket(this.python);
    client._pair(socket, this.address);
    this.waiting.push(socket);
    this.reading.signal();
  }
}
