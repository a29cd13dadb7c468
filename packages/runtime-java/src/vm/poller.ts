/**
 * sun.nio.ch.Poller and EPollPoller (JDK 25), default mode on Linux (VTHREAD_POLLERS): SubPollers are virtual threads with
 * an epoll set each; a platform thread, the MasterPoller, waits for the sets that have something. So readiness needs a free
 * carrier, and the SubPoller to be scheduled on it. Left out: timeouts.
 */
import { Descriptor, Epoll, Kind, type Machine } from "@orrery/simulator";
import type { Steps } from "@orrery/runtime";
import { type JavaThread, PlatformThread, UNTIMED } from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";
import { VirtualThread } from "./virtual-thread.ts";

/** `EPollPoller`: events a MasterPoller and a SubPoller take at a time. */
const MASTER_EVENTS = 512;
const SUB_EVENTS = 64;
/** `EPollPollerProvider.defaultReadPollers`: at most 32. */
const MAX_READ_POLLERS = 32;

/** An epoll set that can itself be polled: its descriptor is readable while the set has something. */
class NestedEpoll extends Epoll {
  readonly descriptor: Descriptor;

  constructor(machine: Machine, name: string) {
    super(machine);
    this.descriptor = new Descriptor(machine, name);
  }

  override becameReady(ready: Descriptor): void {
    super.becameReady(ready);
    this.descriptor.signal();
  }
}

export class Poller {
  readonly name: string;
  /** The thread of its loop. */
  protected owner: JavaThread | null = null;
  protected readonly jvm: Jvm;
  private readonly epoll: Epoll;
  registered = 0;

  constructor(jvm: Jvm, name: string, epoll: Epoll) {
    this.jvm = jvm;
    this.name = name;
    this.epoll = epoll;
  }

  /** `Poller.poll`: registers the descriptor (one shot), parks the current thread, for so long at most, deregisters it. */
  *poll(fd: Descriptor, nanos = UNTIMED): Steps {
    const { machine, costs } = this.jvm;
    const thread = this.jvm.currentThread();
    fd.owner = thread;
    machine.charge(costs.syscall); // epoll_ctl
    this.registered++;
    this.epoll.add(fd);
    yield* thread.park(nanos);
    if (fd.owner === null) return; // polled
    fd.owner = null;
    this.registered--;
    this.epoll.remove(fd);
    machine.charge(costs.syscall);
  }

  /** `Poller.stopPoll`: unparks who waits for the descriptor, which is being closed. */
  stopPoll(fd: Descriptor): void {
    (fd.owner as JavaThread | null)?.unpark();
  }

  /** Unparks those whose descriptors were reported, in the kernel's order. */
  protected wakeUp(events: readonly Descriptor[]): void {
    for (const fd of events) {
      this.epoll.remove(fd); // EPOLLONESHOT
      const thread = fd.owner as JavaThread | null;
      fd.owner = null;
      this.registered--;
      thread?.unpark();
    }
  }

  toString(): string {
    const hash = this.jvm.identityHashCode(this).toString(16);
    return `sun.nio.ch.EPollPoller@${hash} [registered = ${this.registered}, owner = ${this.owner}]`;
  }
}

class MasterPoller extends Poller {
  private readonly set: Epoll;

  constructor(jvm: Jvm) {
    const set = new Epoll(jvm.machine);
    super(jvm, "MasterPoller", set);
    this.set = set;
    const thread = new PlatformThread(jvm, "MasterPoller", true);
    this.owner = thread;
    thread.start(() => this.pollerLoop(thread));
  }

  private *pollerLoop(thread: PlatformThread): Steps {
    const { machine, costs } = this.jvm;
    for (;;) {
      const events: Descriptor[] = yield* this.set.wait(thread.os, Infinity, MASTER_EVENTS);
      machine.charge(costs.epollWait);
      machine.emit(Kind.poll, -1, -1, "MasterPoller: epoll_wait", events.length);
      this.wakeUp(events);
      if (!machine.settle()) yield 0;
    }
  }
}

class SubPoller extends Poller {
  private readonly set: NestedEpoll;
  private readonly master: Poller;

  constructor(jvm: Jvm, index: number, master: Poller) {
    const set = new NestedEpoll(jvm.machine, `SubPoller-${index}`);
    super(jvm, `SubPoller-${index}`, set);
    this.set = set;
    this.master = master;
    const thread = new VirtualThread(jvm, this.name, this.subPollerLoop(), -1, null);
    this.owner = thread;
    thread.start();
  }

  private *subPollerLoop(): Steps {
    const { machine, costs } = this.jvm;
    let polled = 0;
    for (;;) {
      if (polled === 0) yield* this.master.poll(this.set.descriptor);
      else yield* (this.jvm.currentThread() as VirtualThread).tryYield();
      this.set.descriptor.drain();
      const events = this.set.poll(SUB_EVENTS);
      machine.charge(costs.epollWait);
      machine.emit(
        Kind.poll,
        this.jvm.currentCarrier()!.processor,
        -1,
        `${this.name}: epoll_wait(0)`,
        events.length,
      );
      polled = events.length;
      this.wakeUp(events);
      if (!machine.settle()) yield 0;
    }
  }
}

/** `Poller.Pollers`: made on first use. */
export class Pollers {
  readonly master: Poller;
  readonly read: readonly Poller[];
  /** `EPollPollerProvider.defaultWritePollers`: one. */
  readonly write: Poller;

  constructor(jvm: Jvm, cpus: number) {
    this.master = new MasterPoller(jvm);
    const count = Math.min(1 << (31 - Math.clz32(cpus)), MAX_READ_POLLERS);
    this.read = Array.from({ length: count }, (_, index) => new SubPoller(jvm, index, this.master));
    this.write = new SubPoller(jvm, count, this.master);
  }

  toString(): string {
    const read = this.read.map((poller, i) => `[${i}] ${poller}`);
    return ["Master I/O poller:", String(this.master), "", "Read I/O pollers:", ...read].join("\n");
  }

  readPoller(fd: number): Poller {
    return this.read[fd & (this.read.length - 1)]!;
  }
}
