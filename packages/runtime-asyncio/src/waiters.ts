import type { BaseEventLoop } from "./base_events.ts";
import type { Future } from "./futures.ts";

/** A deque of waiting futures; a cancelled waiter leaves from the middle. */
export class Waiters {
  private items: Future<boolean>[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  /** A new waiter at the end. */
  append(loop: BaseEventLoop, label: string): Future<boolean> {
    loop.python.machine.charge(loop.python.costs.waiter);
    const waiter = loop.create_future<boolean>(label);
    this.items.push(waiter);
    return waiter;
  }

  push(waiter: Future<boolean>): void {
    this.items.push(waiter);
  }

  first(): Future<boolean> | undefined {
    return this.items[this.head];
  }

  /** Takes it out if it is there. */
  remove(waiter: Future<boolean>): void {
    if (this.items[this.head] !== waiter) {
      const place = this.items.indexOf(waiter, this.head);
      if (place >= 0) this.items.splice(place, 1);
      return;
    }
    this.head++;
    if (this.head >= 32 && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }

  /** True if every waiter was cancelled; none is no live one. */
  all_cancelled(): boolean {
    for (let i = this.head; i < this.items.length; i++) if (!this.items[i]!.cancelled()) return false;
    return true;
  }

  first_not_done(): Future<boolean> | undefined {
    for (let i = this.head; i < this.items.length; i++) if (!this.items[i]!.done()) return this.items[i];
    return undefined;
  }

  not_done(): Future<boolean>[] {
    return this.items.slice(this.head).filter((waiter) => !waiter.done());
  }
}
