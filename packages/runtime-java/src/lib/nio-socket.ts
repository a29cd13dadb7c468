/**
 * sun.nio.ch.NioSocketImpl (JDK 25), the reading half, for sockets and for listeners: try without blocking, park on a Poller, try
 * again. A timeout and a close by another thread end the wait; an interrupt of a virtual thread closes the socket and keeps the flag.
 */
import type { Steps } from "@orrery/runtime";
import { Descriptor } from "@orrery/simulator";
import { Throwable, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export class NioSocket<T> {
  isClosed = false;
  /** `setSoTimeout`, ns; 0 for none. */
  soTimeoutNs = 0;
  private readonly jvm: Jvm;
  private readonly fd: number;
  private readonly descriptor: Descriptor;
  private readonly received: T[] = [];

  constructor(jvm: Jvm, name: string) {
    this.jvm = jvm;
    this.fd = jvm.newFd();
    this.descriptor = new Descriptor(jvm.machine, name);
  }

  /** The other end sends. */
  deliver(item: T): void {
    this.jvm.machine.charge(this.jvm.costs.syscall);
    this.received.push(item);
    this.descriptor.signal();
  }

  /** Throws SocketException if it is or becomes closed, SocketTimeoutException after `soTimeoutNs`. */
  *read(): Steps<T> {
    const { machine, costs } = this.jvm;
    const poller = this.jvm.networkPollers.readPoller(this.fd);
    const deadline = this.soTimeoutNs === 0 ? Infinity : machine.threadNow + this.soTimeoutNs;
    for (;;) {
      machine.charge(costs.syscall);
      if (!machine.settle()) yield 0;
      if (this.isClosed) throw new Throwable("java.net.SocketException", "Socket closed");
      const item = this.received.shift();
      if (item !== undefined) {
        if (this.received.length === 0) this.descriptor.drain();
        return item;
      }
      if (this.jvm.currentThread().isVirtual && this.jvm.currentThread().interrupted) {
        this.close();
        throw new Throwable("java.net.SocketException", "Closed by interrupt");
      }
      const remaining = deadline === Infinity ? UNTIMED : deadline - machine.now;
      if (deadline <= machine.now) throw new Throwable("java.net.SocketTimeoutException", "Read timed out");
      yield* poller.poll(this.descriptor, remaining);
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.jvm.machine.charge(this.jvm.costs.closeSocket);
    this.jvm.networkPollers.readPoller(this.fd).stopPoll(this.descriptor);
  }
}
