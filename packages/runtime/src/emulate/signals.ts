import type { Signal } from "../values.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

interface Parked<T> {
  readonly waiter: Waiter<T>;
  readonly arm: number;
}

/** The selects that wait for promises, tokens and events: what a support class of each would keep with it. */
export class Signals<T> {
  private readonly parked = new Map<Signal, Parked<T>[]>(); // only looked up
  private readonly wake: Wake<T>;

  constructor(wake: Wake<T>) {
    this.wake = wake;
  }

  park(signal: Signal, waiter: Waiter<T>, arm: number): void {
    const queue = this.parked.get(signal);
    if (queue === undefined) this.parked.set(signal, [{ waiter, arm }]);
    else queue.push({ waiter, arm });
  }

  /** It has happened: wakes who waits for it, oldest first. */
  raise(signal: Signal): void {
    const queue = this.parked.get(signal);
    if (queue === undefined) return;
    this.parked.delete(signal);
    for (const { waiter, arm } of queue) complete(waiter, this.wake, arm, null, true);
  }

  /** A waiter gave up, or another arm won. */
  forget(signal: Signal, waiter: Waiter<T>): void {
    const left = this.parked.get(signal)?.filter((parked) => parked.waiter !== waiter);
    if (left === undefined) return;
    if (left.length === 0) this.parked.delete(signal);
    else this.parked.set(signal, left);
  }
}
