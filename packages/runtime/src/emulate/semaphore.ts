import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

/**
 * A counting semaphore with strict FIFO: a request that does not fit blocks those behind it, and permits are handed over
 * by the releaser. With one permit it is the language's mutex.
 */
export class Semaphore<T> {
  permits: number;
  readonly queue = new Fifo<{ readonly waiter: Waiter<T>; readonly count: number }>();
  private readonly wake: Wake<T>;

  constructor(permits: number, wake: Wake<T>) {
    this.permits = permits;
    this.wake = wake;
  }

  tryAcquire(count: number): boolean {
    if (this.queue.length > 0 || this.permits < count) return false;
    this.permits -= count;
    return true;
  }

  park(waiter: Waiter<T>, count: number): void {
    this.queue.push({ waiter, count });
  }

  release(count: number): void {
    this.permits += count;
    this.grant();
  }

  /** A waiter gave up. Those behind it may fit now. */
  forget(waiter: Waiter<T>): void {
    this.queue.removeWhere((parked) => parked.waiter === waiter);
    this.grant();
  }

  private grant(): void {
    for (
      let first = this.queue.peek();
      first !== undefined && first.count <= this.permits;
      first = this.queue.peek()
    ) {
      this.queue.shift();
      if (complete(first.waiter, this.wake, 0, null, true)) this.permits -= first.count;
    }
  }
}
