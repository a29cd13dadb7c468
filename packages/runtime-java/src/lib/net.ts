/**
 * Blocking reads of sockets and pipes on a virtual thread (sun.nio.ch.NioSocketImpl and SourceChannelImpl, JDK 25): try
 * without blocking, park on a Poller, try again.
 */
import type { ConnHandle, Steps } from "@orrery/runtime";
import { type Descriptor, FAILED, type Listener, type Socket, WOULD_BLOCK } from "@orrery/simulator";
import { Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { Poller } from "../vm/poller.ts";

/** Reads the descriptor, whose number is `fd`, empty. Interrupted, it closes the socket and keeps the flag. */
export function* blockingRead(jvm: Jvm, descriptor: Descriptor, fd: number): Steps {
  const { machine, costs } = jvm;
  const thread = jvm.currentThread();
  if (!thread.isVirtual) {
    machine.charge(costs.syscall);
    yield* descriptor.read(jvm.currentCarrier()!.os); // a platform thread blocks in the kernel, and interrupts leave it there
    return;
  }
  const poller = jvm.networkPollers.readPoller(fd);
  for (;;) {
    machine.charge(costs.syscall);
    if (!machine.settle()) yield 0;
    if (descriptor.readable) break;
    if (thread.interrupted) throw new Throwable("java.net.SocketException", "Closed by interrupt");
    yield* poller.poll(descriptor);
  }
  descriptor.drain();
}

/** What a socket and a server socket have in common: a call is tried, and where it would block its thread parks on a Poller. */
class SocketImpl {
  protected readonly jvm: Jvm;
  private readonly fd: number;

  constructor(jvm: Jvm) {
    this.jvm = jvm;
    this.fd = jvm.newFd();
  }

  protected get readPoller(): Poller {
    return this.jvm.networkPollers.readPoller(this.fd);
  }

  /** Tries `attempt`, `costNs` each time, until it gives a value; interrupted, it throws and keeps the flag. */
  protected *blocking<V>(
    costNs: number,
    poller: Poller,
    descriptor: Descriptor,
    attempt: () => V | undefined,
  ): Steps<V> {
    const { machine } = this.jvm;
    for (;;) {
      machine.charge(costNs);
      if (!machine.settle()) yield 0;
      const value = attempt();
      if (value !== undefined) return value;
      if (this.jvm.currentThread().interrupted)
        throw new Throwable("java.net.SocketException", "Closed by interrupt");
      yield* poller.poll(descriptor);
    }
  }
}

export class NioSocketImpl extends SocketImpl {
  private readonly socket: Socket;

  constructor(jvm: Jvm, socket: Socket) {
    super(jvm);
    this.socket = socket;
  }

  /** The connection is in progress when connect(2) returns: its thread parks until it may write. False if it was refused. */
  static *connect(jvm: Jvm, conn: ConnHandle, dial: () => Socket): Steps<boolean> {
    const { machine, costs } = jvm;
    machine.charge(costs.connect);
    if (!machine.settle()) yield 0;
    const impl = new NioSocketImpl(jvm, dial());
    conn.native = impl;
    yield* jvm.networkPollers.write.poll(impl.socket.output);
    return yield* impl.blocking(costs.syscall, jvm.networkPollers.write, impl.socket.output, () => {
      const { connected, failed, closed } = impl.socket;
      return closed || failed ? false : connected || undefined;
    });
  }

  read(bytes: number): Steps<number> {
    return this.blocking(this.jvm.costs.socketRead, this.readPoller, this.socket.input, () => {
      const read = this.socket.read(bytes);
      return read === WOULD_BLOCK ? undefined : read;
    });
  }

  /** Until all is written; false if it failed. */
  write(bytes: number): Steps<boolean> {
    let left = bytes;
    const { write } = this.jvm.networkPollers;
    return this.blocking(this.jvm.costs.socketWrite, write, this.socket.output, () => {
      const written = this.socket.write(left);
      if (written === FAILED) return false;
      if (written > 0) left -= written;
      return left === 0 || undefined;
    });
  }

  close(): void {
    this.jvm.machine.charge(this.jvm.costs.closeSocket);
    this.socket.close();
    this.readPoller.stopPoll(this.socket.input);
    this.jvm.networkPollers.write.stopPoll(this.socket.output);
  }
}

export class ServerSocket extends SocketImpl {
  private readonly listener: Listener;

  constructor(jvm: Jvm, listener: Listener) {
    super(jvm);
    this.listener = listener;
  }

  /** False if it is closed. */
  accept(conn: ConnHandle): Steps<boolean> {
    return this.blocking(this.jvm.costs.accept, this.readPoller, this.listener.incoming, () => {
      if (this.listener.closed) return false;
      conn.socket = this.listener.accept();
      if (conn.socket === null) return undefined;
      conn.native = new NioSocketImpl(this.jvm, conn.socket);
      return true;
    });
  }

  close(): void {
    this.jvm.machine.charge(this.jvm.costs.closeSocket);
    this.listener.close();
    this.readPoller.stopPoll(this.listener.incoming);
  }
}
