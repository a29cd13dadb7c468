/**
 * Atomics.waitAsync and Atomics.notify (ECMAScript 25.4; V8's src/execution/futex-emulation.cc). Waiters of one place in memory
 * are woken in the order of their waiting. A woken one's promise is resolved by a task of the platform, so never at once,
 * and neither the waiter nor its timeout holds the event loop.
 */
import type { Platform } from "../node/platform.ts";
import type { Isolate } from "./isolate.ts";
import { JSPromise } from "./promise.ts";

interface Waiter {
  readonly buffer: ArrayBufferLike;
  readonly index: number;
  readonly promise: JSPromise;
}

export type WaitAsyncResult =
  | { readonly async: false; readonly value: "not-equal" | "timed-out" }
  | { readonly async: true; readonly value: JSPromise };

export class Futexes {
  private readonly isolate: Isolate;
  private readonly platform: Platform;
  private waiters: Waiter[] = [];
  /** Notified, to be resolved by one task. */
  private notified: Waiter[] = [];

  constructor(isolate: Isolate, platform: Platform) {
    this.isolate = isolate;
    this.platform = platform;
  }

  /** `timeoutMs` left out: for ever. The promise is fulfilled with "ok" or "timed-out". */
  waitAsync(array: Int32Array, index: number, value: number, timeoutMs = Infinity): WaitAsyncResult {
    if (array[index] !== value) return { async: false, value: "not-equal" };
    if (timeoutMs <= 0) return { async: false, value: "timed-out" };
    const waiter = { buffer: array.buffer, index, promise: new JSPromise(this.isolate) };
    this.waiters.push(waiter);
    if (timeoutMs !== Infinity) this.platform.postDelayedTask(() => this.timeOut(waiter), timeoutMs);
    return { async: true, value: waiter.promise };
  }

  /** Wakes at most `count` waiters; returns how many. */
  notify(array: Int32Array, index: number, count = Infinity): number {
    const rest: Waiter[] = [];
    let woken = 0;
    for (const waiter of this.waiters) {
      if (woken === count || waiter.buffer !== array.buffer || waiter.index !== index) {
        rest.push(waiter);
        continue;
      }
      woken++;
      if (this.notified.length === 0) this.platform.postTask(() => this.resolveNotified());
      this.notified.push(waiter);
    }
    this.waiters = rest;
    return woken;
  }

  private resolveNotified(): void {
    const { notified } = this;
    this.notified = [];
    for (const { promise } of notified) promise.resolve("ok");
  }

  private timeOut(waiter: Waiter): void {
    const place = this.waiters.indexOf(waiter);
    if (place < 0) return;
    this.waiters.splice(place, 1);
    waiter.promise.resolve("timed-out");
  }
}
