/** A mutex whose fairness the program chose, as a support file has it: one permit of a semaphore of that fairness. */
import { Barging } from "./barging.ts";
import { CANCELLABLE, type Wait } from "./limit.ts";
import { type Lock, UNLOCKED } from "./mutex.ts";
import type { G, Runtime } from "./runtime2.ts";
import { Weighted } from "./weighted.ts";

export class PermitMutex implements Lock {
  private readonly semaphore: Weighted | Barging;
  private readonly rt: Runtime;

  constructor(rt: Runtime, fairness: "fifo" | "barging") {
    this.rt = rt;
    this.semaphore = new (fairness === "fifo" ? Weighted : Barging)(1);
  }

  lockFast(): boolean {
    this.rt.machine.charge(this.rt.costs.mutexOp); // of the semaphore's own mutex
    return this.semaphore.tryAcquire(1);
  }

  lockSlow(rt: Runtime, gp: G, wait: Wait = CANCELLABLE): Generator<number, boolean, unknown> {
    const { semaphore } = this;
    if (semaphore instanceof Weighted) return semaphore.acquire(rt, gp, 1, wait);
    return semaphore.acquire(rt, gp, 1, () => wait.limit, wait.cancellable);
  }

  tryLock(): boolean {
    return this.lockFast();
  }

  unlock(rt: Runtime): number {
    rt.machine.charge(rt.costs.mutexOp);
    this.semaphore.release(rt, 1);
    return UNLOCKED;
  }
}
