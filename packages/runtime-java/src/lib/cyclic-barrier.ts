/** java.util.concurrent.CyclicBarrier (JDK 25): a lock and a condition; the last to arrive goes on without switching. */
import type { Steps } from "@orrery/runtime";
import { InterruptedException, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { ConditionObject } from "./abstract-queued-synchronizer.ts";
import { ReentrantLock } from "./reentrant-lock.ts";

export class BrokenBarrierException extends Throwable {
  constructor() {
    super("java.util.concurrent.BrokenBarrierException");
  }
}

export class TimeoutException extends Throwable {
  constructor() {
    super("java.util.concurrent.TimeoutException");
  }
}

export class CyclicBarrier {
  private readonly jvm: Jvm;
  private readonly parties: number;
  private readonly action: (() => void) | null;
  private readonly lock: ReentrantLock;
  private readonly trip: ConditionObject;
  private generation = { broken: false };
  /** Parties still to arrive. */
  private count: number;

  constructor(jvm: Jvm, parties: number, action: (() => void) | null = null) {
    this.jvm = jvm;
    this.parties = parties;
    this.action = action;
    this.lock = new ReentrantLock(jvm);
    this.trip = this.lock.newCondition();
    this.count = parties;
  }

  get isBroken(): boolean {
    return this.generation.broken;
  }

  /** Index of arrival: parties - 1 for the first, 0 for the last. `nanos` Infinity: no timeout. */
  *await(nanos = Infinity): Steps<number> {
    yield* this.lock.lock();
    try {
      return yield* this.doWait(nanos);
    } finally {
      this.lock.unlock();
    }
  }

  private *doWait(nanos: number): Steps<number> {
    const { machine } = this.jvm;
    const current = this.jvm.currentThread();
    const { generation } = this;
    if (generation.broken) throw new BrokenBarrierException();
    if (current.getAndClearInterrupt()) {
      this.breakBarrier();
      throw this.jvm.interruptedException();
    }
    const index = --this.count;
    if (index === 0) {
      this.tripped();
      return 0;
    }
    const deadline = machine.threadNow + nanos;
    for (;;) {
      try {
        if (nanos === Infinity) yield* this.trip.await();
        else yield* this.trip.awaitNanos(deadline - machine.now);
      } catch (error) {
        if (!(error instanceof InterruptedException)) throw error;
        if (generation === this.generation && !generation.broken) {
          this.breakBarrier();
          throw error;
        }
        current.interrupt();
      }
      if (generation.broken) throw new BrokenBarrierException();
      if (generation !== this.generation) return index;
      if (machine.now >= deadline) {
        this.breakBarrier();
        throw new TimeoutException();
      }
    }
  }

  /** The last one is here: runs the action in its own thread, then lets the others go. */
  private tripped(): void {
    let ran = false;
    try {
      this.action?.();
      ran = true;
    } finally {
      if (!ran) this.breakBarrier();
    }
    this.trip.signalAll();
    this.count = this.parties;
    this.generation = { broken: false };
  }

  private breakBarrier(): void {
    this.generation.broken = true;
    this.count = this.parties;
    this.trip.signalAll();
  }
}
