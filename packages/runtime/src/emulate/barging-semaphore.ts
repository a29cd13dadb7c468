import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

/** A place in the queue, kept until its owner has the permits or gives up. */
export interface Place<T> {
  waiter: Waiter<T>;
}

/**
 * A counting semaphore whose permits go to whoever comes to take them. A release wakes who waits longest, one at a time, to try
 * again from its place in the queue; somebody else may have been quicker.
 */
export class BargingSemaphore<T> {
  permits: number;
  private readonly queue = new Fifo<Place<T>>();
  private readonly wake: Wake<T>;

  constructor(permits: number, wake: Wake<T>) {
    this.permits = permits;
    this.wake = wake;
  }

  tryAcquire(count: number): boolean {
    if (this.permits < count) return false;
    this.permits -= count;
    return true;
  }

  park(place: Place<T>): void {
    this.queue.push(place);
  }

  release(count: number): void {
    this.permits += count;
    this.wakeFirst();
  }

  /** It has its permits, or gave up: the next may try. */
  leave(place: Place<T>): void {
    this.queue.removeWhere((each) => each === place);
    this.wakeFirst();
  }

  private wakeFirst(): void {
    const first = this.queue.peek();
    if (first !== undefined && this.permits > 0) complete(first.waiter, this.wake, 0, null, true);
  }
}
