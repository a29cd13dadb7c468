/**
 * The global interpreter lock: Python/ceval_gil.h of CPython 3.11 (take_gil, drop_gil, FORCE_SWITCHING on).
 *
 * 1. A free GIL is taken at once, by whoever comes: nobody queues for it by right.
 * 2. Otherwise the thread waits on `gil->cond` for the switch interval. If that runs out and the GIL has not changed
 *    hands meanwhile, it asks the holder to drop it (`gil_drop_request`) and waits again.
 * 3. The holder sees the request at its next check of the eval breaker: between handles, steps and system calls, and
 *    inside Python code that burns CPU after the time a signal takes to arrive.
 * 4. Dropping wakes one waiter. A thread that drops while a request stands waits until another thread has taken the GIL;
 *    one that drops by itself (a system call) may well be back before the woken thread is there.
 */
import { BLOCK, Kind, type Machine, type Thread, type ThreadBody, TIMED_OUT } from "@orrery/simulator";

/** Python/ceval_gil.h DEFAULT_INTERVAL: 5000 us. */
export const SWITCH_INTERVAL_NS = 5_000_000;

export class Gil {
  holder: Thread | null = null;
  last_holder: Thread | null = null;
  switch_number = 0;
  gil_drop_request = false;
  /** Threads in cond_timedwait on `gil->cond`, longest first. */
  readonly waiters: Thread[] = [];
  /** Times that a holder was made to drop it. */
  forced = 0;
  /** Thread that dropped on request and waits on `gil->switch_cond`. */
  private switching: Thread | null = null;
  private readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Takes it if it is free. */
  try_take(thread: Thread): boolean {
    if (this.holder !== null) return false;
    this.holder = thread;
    if (this.last_holder !== thread) {
      this.last_holder = thread;
      this.switch_number++;
      if (this.switching !== null) {
        const waiter = this.switching;
        this.switching = null;
        this.machine.wake(waiter);
      }
    }
    this.gil_drop_request = false;
    return true;
  }

  *take_gil(thread: Thread): ThreadBody {
    const { machine } = this;
    if (this.try_take(thread)) return;
    machine.emit(Kind.threadBlock, -1, -1, "take_gil");
    do {
      const saved = this.switch_number;
      this.waiters.push(thread);
      thread.waitingFor = "take_gil";
      machine.timeout(machine.now + SWITCH_INTERVAL_NS);
      const outcome = yield BLOCK;
      const place = this.waiters.indexOf(thread);
      if (place >= 0) this.waiters.splice(place, 1);
      if (outcome === TIMED_OUT && this.holder !== null && this.switch_number === saved) {
        this.gil_drop_request = true;
        machine.emit(Kind.note, -1, -1, "take_gil: gil_drop_request", this.holder.id);
        machine.interrupt(this.holder);
      }
    } while (!this.try_take(thread));
    thread.waitingFor = "";
    machine.emit(Kind.threadWake, -1, -1, "take_gil");
  }

  /** Drops it around a system call. False: a drop was requested, `force_switch` has to follow. */
  drop_gil(): boolean {
    this.holder = null;
    if (this.waiters.length > 0) this.cond_signal();
    return !this.gil_drop_request;
  }

  /**
   * Which waiter a signal wakes is the C library's and the kernel's affair, and is drawn. The latest comer, who asked for
   * the GIL and is still awake, has two chances: with two busy threads, real loops lose most rounds to it.
   */
  private cond_signal(): void {
    const { waiters, machine } = this;
    const latest = waiters.length - 1;
    const which =
      latest === 0 ? 0 : Math.min(latest, machine.decisions.choose("asyncio.gil.wake", latest + 2));
    machine.wake(waiters.splice(which, 1)[0]!);
  }

  /** The end of drop_gil under a request: waits until another thread has taken it. */
  *force_switch(thread: Thread): ThreadBody {
    if (this.last_holder !== thread) return;
    this.gil_drop_request = false;
    this.switching = thread;
    thread.waitingFor = "drop_gil";
    while (this.switching === thread) yield BLOCK;
    thread.waitingFor = "";
  }

  /** eval_frame_handle_pending: gives it up on request and takes it back. */
  *handle_drop_request(thread: Thread): ThreadBody {
    this.forced++;
    this.machine.emit(Kind.handoff, -1, -1, "drop_gil: gil_drop_request", this.waiters[0]?.id ?? -1);
    this.drop_gil();
    yield* this.force_switch(thread);
    yield* this.take_gil(thread);
  }
}
