import type { Waiter, Wake } from "./waiter.ts";
import { Waiters } from "./waiters.ts";

/** Lets its waiters go, oldest first, when `parties` have come; then it begins anew. */
export class Barrier<T> {
  private readonly parties: number;
  private readonly waiting: Waiters<T>;

  constructor(parties: number, wake: Wake<T>) {
    this.parties = parties;
    this.waiting = new Waiters(wake);
  }

  /** True if the caller is the last to come: it goes on, and so do all who wait. Else it parks. */
  arrive(): boolean {
    if (this.waiting.length + 1 < this.parties) return false;
    this.waiting.broadcast();
    return true;
  }

  park(waiter: Waiter<T>): void {
    this.waiting.park(waiter);
  }

  /** A waiter gave up: it has not come. */
  forget(waiter: Waiter<T>): void {
    this.waiting.forget(waiter);
  }
}
