/**
 * java.util.concurrent.Exchanger (JDK 25), its slot: the first to come leaves its item and waits, the second takes it and goes on.
 * Left out: the arena of more slots under contention.
 */
import type { Steps } from "@orrery/runtime";
import { type JavaThread, UNTIMED } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { TimeoutException } from "./cyclic-barrier.ts";

/** `Exchanger.SPINS`: looks before parking, unless the carrier knows of queued work. */
const SPINS = 1 << 10;
/** Looks that the model takes at a time. */
const SPINS_A_TURN = 128;

interface Offer<V> {
  readonly item: V;
  readonly thread: JavaThread;
  match: { readonly item: V } | null;
}

export class Exchanger<V> {
  private readonly jvm: Jvm;
  private slot: Offer<V> | null = null;

  constructor(jvm: Jvm) {
    this.jvm = jvm;
  }

  /** What the other one brought. `nanos` Infinity: no timeout. */
  *exchange(item: V, nanos = Infinity): Steps<V> {
    const { machine, costs, pool } = this.jvm;
    const thread = this.jvm.currentThread();
    if (thread.getAndClearInterrupt()) throw this.jvm.interruptedException();
    const deadline = nanos === Infinity ? Infinity : machine.threadNow + nanos;
    machine.charge(costs.transfer);
    const first = this.slot;
    if (first !== null) {
      this.slot = null;
      first.match = { item };
      first.thread.unpark();
      return first.item;
    }
    const mine: Offer<V> = { item, thread, match: null };
    this.slot = mine;
    if (machine.cores.length > 1 && !pool.hasKnownQueuedWork())
      for (let i = 0; i < SPINS && mine.match === null; i += SPINS_A_TURN)
        yield SPINS_A_TURN * costs.onSpinWait;
    while (mine.match === null) {
      if (thread.interrupted || deadline <= machine.now) {
        this.slot = null;
        throw thread.getAndClearInterrupt() ? this.jvm.interruptedException() : new TimeoutException();
      }
      yield* thread.park(deadline === Infinity ? UNTIMED : deadline - machine.now);
    }
    return (mine.match as { readonly item: V }).item;
  }
}
