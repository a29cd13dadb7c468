import type { Machine } from "./machine.ts";

/**
 * An OS thread's body: a generator that yields where the thread can be taken off its core.
 *
 * - `yield n` with n >= 0: burn n ns of CPU. The value sent back is what was left of it when `Machine.interrupt` cut it
 *   short, 0 otherwise.
 * - `yield BLOCK`: sleep in the kernel until `Machine.wake`, or until the time set with `Machine.timeout`. The value sent
 *   back is `TIMED_OUT` or 0. A wake that came before the thread blocked is kept (one permit, as a futex word would):
 *   like real threads, bodies re-check what they waited for.
 */
export type ThreadBody = Generator<number, void, number>;

export const BLOCK = -1;
export const TIMED_OUT = 1;

export type ThreadState = "new" | "runnable" | "running" | "blocked" | "done";

export class Thread {
  readonly id: number;
  readonly name: string;
  state: ThreadState = "new";
  /** The core it runs on, -1 while it does not run. */
  core = -1;
  lastCore = -1;
  /** CPU time used, ns. */
  cpuNs = 0;
  /** What it waits for in the kernel, for people: "epoll_wait", "futex", ... */
  waitingFor = "";

  /** @internal Everything below belongs to the machine. */
  body!: ThreadBody;
  private readonly machine: Machine;
  permit = false;
  sent = 0;
  remainingNs = 0;
  burnEnd = 0;
  burnStart = 0;
  /** Handle of its pending burn-end or wake-up event, -1 for none. */
  event = -1;
  wantsInterrupt = false;
  blocksNext = false;
  timeoutAt = -1;
  timeoutDaemon = false;
  /** CPU time used as the OS scheduler counts it, and how far the others were ahead when it went to sleep. */
  vruntime = 0;
  lagNs = 0;

  constructor(machine: Machine, id: number, name: string) {
    this.machine = machine;
    this.id = id;
    this.name = name;
  }

  /** The event queue's call: a burn ended, or a timed wait ran out. */
  fire(): void {
    this.machine.threadEvent(this);
  }
}
