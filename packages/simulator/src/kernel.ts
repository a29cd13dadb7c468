/**
 * The kernel's side of waiting: descriptors that become readable, epoll sets over them, and sleeping.
 * Order as Linux's (fs/eventpoll.c): the ready list is FIFO by the moment a descriptor became ready; a level-triggered
 * one that was reported goes to the list's end and is dropped by the next look that finds it not readable any more.
 */
import type { Machine } from "./machine.ts";
import { BLOCK, TIMED_OUT, type Thread, type ThreadBody } from "./thread.ts";

/** A descriptor: a socket's reply, an eventfd, a self-pipe. */
export class Descriptor {
  readonly name: string;
  readable = false;
  /** What the owner needs to find its way back: a parked goroutine, a reader handle, a watcher. */
  owner: unknown = null;
  /** @internal */
  epoll: Epoll | null = null;
  /** @internal */
  queued = false;
  edgeTriggered = false;
  private reader: Thread | null = null;
  private readonly machine: Machine;

  constructor(machine: Machine, name: string) {
    this.machine = machine;
    this.name = name;
  }

  /** Makes it readable: wakes whoever waits for it. Callable from any thread and from the machine. */
  signal(): void {
    this.readable = true;
    this.epoll?.becameReady(this);
    if (this.reader !== null) {
      const thread = this.reader;
      this.reader = null;
      this.machine.wake(thread);
    }
  }

  /** Reads it empty. */
  drain(): void {
    this.readable = false;
  }

  /** Blocks the thread in read(2) until it is readable, then drains it. */
  *read(thread: Thread): ThreadBody {
    while (!this.readable) {
      this.reader = thread;
      thread.waitingFor = `read ${this.name}`;
      yield BLOCK;
    }
    thread.waitingFor = "";
    this.drain();
  }
}

export class Epoll {
  private ready: Descriptor[] = [];
  private waiter: Thread | null = null;
  private readonly machine: Machine;
  /** Descriptors in the set. */
  size = 0;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  add(descriptor: Descriptor, edgeTriggered = false): void {
    descriptor.epoll = this;
    descriptor.edgeTriggered = edgeTriggered;
    this.size++;
    if (descriptor.readable) this.becameReady(descriptor);
  }

  remove(descriptor: Descriptor): void {
    if (descriptor.epoll !== this) return;
    descriptor.epoll = null;
    this.size--;
  }

  /** @internal */
  becameReady(descriptor: Descriptor): void {
    if (!descriptor.queued) {
      descriptor.queued = true;
      this.ready.push(descriptor);
    }
    if (this.waiter !== null) {
      const thread = this.waiter;
      this.waiter = null;
      this.machine.wake(thread);
    }
  }

  /** epoll_wait with timeout 0: what is ready now, at most `max`, in the kernel's order. */
  poll(max = 1024): Descriptor[] {
    const events: Descriptor[] = [];
    const rest: Descriptor[] = [];
    for (const descriptor of this.ready) {
      if (descriptor.epoll !== this || !descriptor.readable) {
        descriptor.queued = false;
        continue;
      }
      if (events.length === max) {
        rest.push(descriptor);
        continue;
      }
      events.push(descriptor);
      if (descriptor.edgeTriggered) descriptor.queued = false;
    }
    for (const descriptor of events) if (!descriptor.edgeTriggered) rest.push(descriptor);
    this.ready = rest;
    return events;
  }

  /** Wakes `thread` at the next readiness: for threads that wait for other things too. */
  watch(thread: Thread): void {
    this.waiter = thread;
  }

  /** True if `poll` would return something. */
  get hasReady(): boolean {
    return this.ready.some((d) => d.epoll === this && d.readable);
  }

  /**
   * epoll_wait: blocks the thread until something is ready or virtual time `deadlineNs` (`Infinity`: for ever).
   * Returns with the events by `poll`, possibly none.
   */
  *wait(thread: Thread, deadlineNs: number, max = 1024): Generator<number, Descriptor[], number> {
    while (!this.hasReady) {
      if (this.machine.now >= deadlineNs) return [];
      this.waiter = thread;
      thread.waitingFor = "epoll_wait";
      if (deadlineNs !== Infinity) this.machine.timeout(deadlineNs);
      const outcome = yield BLOCK;
      this.waiter = null;
      if (outcome === TIMED_OUT) break;
    }
    thread.waitingFor = "";
    return this.poll(max);
  }
}

/** Sleeps the acting thread in the kernel for `ns`; wakes of other kinds do not shorten it. */
export function* nanosleep(machine: Machine, thread: Thread, ns: number): ThreadBody {
  const until = machine.now + ns;
  thread.waitingFor = "nanosleep";
  while (machine.now < until) {
    machine.timeout(until);
    yield BLOCK;
  }
  thread.waitingFor = "";
}
