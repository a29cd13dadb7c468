/** selectors.py EpollSelector (3.11) on the machine's epoll, with the rounding of Modules/selectmodule.c. */
import { type Descriptor, Epoll, Kind, type Thread } from "@orrery/simulator";
import type { Python } from "./python.ts";

const NS_PER_MS = 1e6;

/**
 * What a positive timeout in seconds becomes: whole milliseconds, rounded up three times over. The float error of the
 * second step makes 9 ms 10 (and 13, 18, 26, 36 ... one more each).
 */
export function timeout_ms(seconds: number): number {
  const rounded = Math.ceil(seconds * 1e3) * 1e-3; // EpollSelector.select
  return Math.ceil(Math.ceil(rounded * 1e9) / NS_PER_MS); // _PyTime_ROUND_CEILING, to ns and then to ms
}

export class EpollSelector {
  private readonly epoll: Epoll;
  private readonly python: Python;
  private readonly processor: number;
  /** Polls that could block. */
  waits = 0;
  private readonly registered = new Set<Descriptor>();

  /** `processor`: the loop's number, for the trace. */
  constructor(python: Python, processor: number) {
    this.python = python;
    this.processor = processor;
    this.epoll = new Epoll(python.machine);
  }

  register(descriptor: Descriptor): void {
    this.registered.add(descriptor);
    this.epoll.add(descriptor);
  }

  unregister(descriptor: Descriptor): void {
    if (this.registered.delete(descriptor)) this.epoll.remove(descriptor);
  }

  get fds(): readonly Descriptor[] {
    return [...this.registered];
  }

  /** epoll_wait for whole ms, null: for ever. Descriptors in the kernel's order. The GIL is released meanwhile. */
  *select(thread: Thread, timeout: number | null): Generator<number, readonly Descriptor[], number> {
    const { machine, gil, costs } = this.python;
    if (!gil.drop_gil()) yield* gil.force_switch(thread);
    machine.charge(costs.poll);
    if (!machine.settle()) machine.charge(yield 0);
    const most = Math.max(this.registered.size, 1);
    let events: readonly Descriptor[];
    if (timeout !== null && timeout <= 0) events = this.epoll.hasReady ? this.epoll.poll(most) : NONE;
    else {
      this.waits++;
      const deadline = timeout === null ? Infinity : machine.now + timeout * NS_PER_MS;
      machine.emit(Kind.threadBlock, this.processor, -1, "select");
      events = yield* this.epoll.wait(thread, deadline, most);
    }
    if (!gil.try_take(thread)) yield* gil.take_gil(thread);
    return events;
  }
}

const NONE: readonly Descriptor[] = [];
