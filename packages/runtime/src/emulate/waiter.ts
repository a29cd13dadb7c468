import type { Value } from "../values.ts";

/**
 * A task parked on an emulated operation. `parked` is whatever the runtime wakes it by: a future, a promise's resolver,
 * a thread. Whoever completes it fills in the result, sets `done` and calls the model's `wake`.
 */
export class Waiter<T> {
  readonly parked: T;
  done = false;
  /** Which arm of a select committed. */
  arm = 0;
  value: Value = null;
  /** Receive: false when the channel was closed. Send: false when it was closed under the parked sender. */
  ok = false;

  constructor(parked: T) {
    this.parked = parked;
  }
}

export type Wake<T> = (waiter: Waiter<T>) => void;

/** Completes a waiter once; false if somebody else was first. */
export function complete<T>(
  waiter: Waiter<T>,
  wake: Wake<T>,
  arm: number,
  value: Value,
  ok: boolean,
): boolean {
  if (waiter.done) return false;
  waiter.done = true;
  waiter.arm = arm;
  waiter.value = value;
  waiter.ok = ok;
  wake(waiter);
  return true;
}
