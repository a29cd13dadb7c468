/**
 * TCP over the loopback as Linux does it (net/ipv4/tcp.c, tcp_input.c), bytes as counts: what one side does has reached the other
 * when its system call returns. No call here blocks: where a real one would, it gives WOULD_BLOCK, and one of the two descriptors
 * of a socket tells when to try again. Left out: segments, windows, resets by a shutdown.
 */
import { Descriptor } from "./kernel.ts";
import type { Machine } from "./machine.ts";

/**
 * Bytes that one direction takes in while nobody reads: the sender's and the receiver's buffer, as Linux 6 grows them
 * (measured with nobody reading: 4,243,968, every time).
 */
const BUFFER_BYTES = 4_243_968;
/** Room at which a full direction becomes writable again: sk_stream_is_writeable. Measured: after 1,374,720 bytes were read. */
const WRITABLE_BYTES = BUFFER_BYTES / 3;
/** When the kernel sends anew what a full queue has dropped: TCP_TIMEOUT_INIT, then twice as late each time. */
const FIRST_RETRY_NS = 1_000_000_000;
/** tcp_syn_retries; then the connection has failed. */
const SYN_RETRIES = 6;

/** Results of a call beside the bytes: EAGAIN; a connection that is refused, reset, or broken off. */
export const WOULD_BLOCK = -1;
export const FAILED = -2;

/** A socket that listens. */
export class Listener {
  /** Readable while a connection waits to be accepted. */
  readonly incoming: Descriptor;
  closed = false;
  private readonly backlog: number;
  private readonly queue: Socket[] = [];

  /** Connections that wait beyond `backlog` are one; the next are not heard. */
  constructor(machine: Machine, name: string, backlog: number) {
    this.incoming = new Descriptor(machine, name);
    this.backlog = backlog;
  }

  /** accept(2): null where it would block. */
  accept(): Socket | null {
    const socket = this.queue.shift();
    if (this.queue.length === 0) this.incoming.drain();
    return socket ?? null;
  }

  /** Connections that nobody has accepted are reset. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const socket of this.queue.splice(0)) socket.abort();
    this.incoming.drain();
  }

  /** @internal False if the queue is full. */
  arrive(socket: Socket): boolean {
    if (this.queue.length > this.backlog) return false;
    this.queue.push(socket);
    this.incoming.signal();
    return true;
  }
}

/** One end of a connection. */
export class Socket {
  /** Readable while there is something to read: bytes, the end, a failure. */
  readonly input: Descriptor;
  /** "Readable" while a write would be taken, and once connecting has ended. */
  readonly output: Descriptor;
  /** Connecting has ended well. */
  connected = false;
  closed = false;
  /** Reset by the other side, or refused. */
  failed = false;
  private readonly machine: Machine;
  /** The other end. */
  peer: Socket | null = null;
  /** Bytes that have arrived and are not read. */
  private available = 0;
  /** The other side has closed: after what is available comes the end. */
  private ended = false;

  private constructor(machine: Machine, name: string) {
    this.machine = machine;
    this.input = new Descriptor(machine, name);
    this.output = new Descriptor(machine, name);
  }

  /** connect(2) without blocking: `output` tells when it has ended, on the loopback at once unless the queue is full. */
  static connect(machine: Machine, name: string, listener: Listener): Socket {
    const client = new Socket(machine, name);
    const server = new Socket(machine, name);
    client.peer = server;
    server.peer = client;
    client.send(server, listener, 0);
    return client;
  }

  private send(server: Socket, listener: Listener, retry: number): void {
    if (this.closed) return;
    if (listener.closed || retry > SYN_RETRIES) this.reset();
    else if (listener.arrive(server)) {
      this.connected = true;
      server.connected = true;
      this.output.signal();
      server.output.signal();
    } else {
      const due = this.machine.now + FIRST_RETRY_NS * 2 ** retry;
      this.machine.at(due, () => this.send(server, listener, retry + 1));
    }
  }

  /** read(2) of at most `bytes` >= 1: how many, 0 at the end, WOULD_BLOCK or FAILED. */
  read(bytes: number): number {
    if (this.closed) return FAILED;
    if (this.available === 0) return this.failed ? FAILED : this.ended ? 0 : WOULD_BLOCK;
    const taken = Math.min(bytes, this.available);
    this.available -= taken;
    if (this.available === 0 && !this.ended && !this.failed) this.input.drain();
    const { peer } = this;
    if (!peer!.output.readable && BUFFER_BYTES - this.available >= WRITABLE_BYTES) peer!.output.signal();
    return taken;
  }

  /** write(2) of `bytes` >= 1: how many were taken, WOULD_BLOCK or FAILED. The first to one that has closed is lost. */
  write(bytes: number): number {
    if (this.closed || this.failed) return FAILED;
    const peer = this.peer!;
    if (peer.closed) {
      this.reset();
      return bytes;
    }
    const taken = Math.min(bytes, BUFFER_BYTES - peer.available);
    if (taken > 0) {
      peer.available += taken;
      peer.input.signal();
    }
    if (taken < bytes) this.output.drain();
    return taken > 0 ? taken : WOULD_BLOCK;
  }

  /** shutdown(2) for writing: the other side reads the end, and may go on writing. */
  shutdown(): void {
    const peer = this.peer!;
    if (peer.closed || peer.ended) return;
    peer.ended = true;
    peer.input.signal();
  }

  /** close(2): the other side reads the end, or is reset if something was left unread here. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const peer = this.peer!;
    if (!this.connected || peer.closed) return;
    if (this.available > 0) return peer.reset();
    peer.ended = true;
    peer.input.signal();
  }

  /** @internal Closes it without an end. */
  abort(): void {
    this.closed = true;
    this.peer!.reset();
  }

  /** @internal A reset arrives: both directions have something to tell. */
  reset(): void {
    this.failed = true;
    this.input.signal();
    this.output.signal();
  }
}
