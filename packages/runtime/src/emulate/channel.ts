/**
 * Go's channel semantics for runtimes without channels (runtime/chan.go is the pattern): a send hands its value to the
 * longest-waiting receiver, else to the buffer, else parks; a receive takes the buffer's head and lets the longest-
 * waiting sender move up. Nothing here suspends: an operation that can't go on leaves a `Waiter` in the queue.
 */
import { Fault, type Value } from "../values.ts";
import { Fifo } from "./fifo.ts";
import { complete, type Waiter, type Wake } from "./waiter.ts";

interface Parked<T> {
  readonly waiter: Waiter<T>;
  readonly arm: number;
  /** What a parked sender sends. */
  readonly value: Value;
}

export class Channel<T> {
  readonly cap: number;
  closed = false;
  readonly buffer = new Fifo<Value>();
  readonly receivers = new Fifo<Parked<T>>();
  readonly senders = new Fifo<Parked<T>>();
  private readonly wake: Wake<T>;

  constructor(cap: number, wake: Wake<T>) {
    this.cap = cap;
    this.wake = wake;
  }

  get length(): number {
    return this.buffer.length;
  }

  /** True if the value was taken. Throws ChannelClosed. */
  trySend(value: Value): boolean {
    if (this.closed) throw new Fault("ChannelClosed", "send on closed channel");
    for (let parked = this.receivers.shift(); parked !== undefined; parked = this.receivers.shift())
      if (complete(parked.waiter, this.wake, parked.arm, value, true)) return true;
    if (this.buffer.length >= this.cap) return false;
    this.buffer.push(value);
    return true;
  }

  /** What was received, or null if nothing is there yet. */
  tryRecv(): { value: Value; ok: boolean } | null {
    const buffered = this.buffer.length > 0;
    let value: Value = buffered ? this.buffer.shift()! : null;
    for (let parked = this.senders.shift(); parked !== undefined; parked = this.senders.shift()) {
      if (!complete(parked.waiter, this.wake, parked.arm, null, true)) continue;
      if (buffered) this.buffer.push(parked.value);
      else value = parked.value;
      return { value, ok: true };
    }
    if (buffered) return { value, ok: true };
    return this.closed ? { value: null, ok: false } : null;
  }

  parkSender(waiter: Waiter<T>, value: Value, arm = 0): void {
    this.senders.push({ waiter, arm, value });
  }

  parkReceiver(waiter: Waiter<T>, arm = 0): void {
    this.receivers.push({ waiter, arm, value: null });
  }

  /** Wakes every waiter: receivers get `ok` false, senders too (theirs means ChannelClosed). Throws CloseOfClosed. */
  close(): void {
    if (this.closed) throw new Fault("CloseOfClosed", "close of closed channel");
    this.closed = true;
    for (let parked = this.receivers.shift(); parked !== undefined; parked = this.receivers.shift())
      complete(parked.waiter, this.wake, parked.arm, null, false);
    for (let parked = this.senders.shift(); parked !== undefined; parked = this.senders.shift())
      complete(parked.waiter, this.wake, parked.arm, null, false);
  }

  /** Takes a waiter that gave up (cancelled, timed out, another arm won) out of both queues. */
  forget(waiter: Waiter<T>): void {
    this.receivers.removeWhere((parked) => parked.waiter === waiter);
    this.senders.removeWhere((parked) => parked.waiter === waiter);
  }
}
