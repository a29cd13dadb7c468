import type { Value } from "../values.ts";
import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

/** Tasks that wait for a signal, oldest first: the queue of a condition, an event, a barrier, a once. */
export class Waiters<T> {
  private readonly queue = new Fifo<Waiter<T>>();
  private readonly wake: Wake<T>;

  constructor(wake: Wake<T>) {
    this.wake = wake;
  }

  get length(): number {
    return this.queue.length;
  }

  park(waiter: Waiter<T>): void {
    this.queue.push(waiter);
  }

  /** Wakes who waits longest; false if nobody does. */
  signal(value: Value = null): boolean {
    for (let waiter = this.queue.shift(); waiter !== undefined; waiter = this.queue.shift())
      if (complete(waiter, this.wake, 0, value, true)) return true;
    return false;
  }

  broadcast(): void {
    for (let left = this.queue.length; left > 0; left--) if (!this.signal()) return;
  }

  /** A waiter gave up. */
  forget(waiter: Waiter<T>): void {
    this.queue.removeWhere((parked) => parked === waiter);
  }
}
