import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

/** A counter that tasks wait on until it is zero (Go's WaitGroup): reaching zero wakes all, in order of arrival. */
export class Group<T> {
  count = 0;
  readonly queue = new Fifo<Waiter<T>>();
  private readonly wake: Wake<T>;

  constructor(wake: Wake<T>) {
    this.wake = wake;
  }

  add(count: number): void {
    this.count += count;
    if (this.count > 0) return;
    for (let waiter = this.queue.shift(); waiter !== undefined; waiter = this.queue.shift())
      complete(waiter, this.wake, 0, null, true);
  }

  park(waiter: Waiter<T>): void {
    this.queue.push(waiter);
  }

  forget(waiter: Waiter<T>): void {
    this.queue.removeWhere((parked) => parked === waiter);
  }
}
