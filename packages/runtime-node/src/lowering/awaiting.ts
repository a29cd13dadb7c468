/**
 * What the operations of a program are made of: an await that costs a turn, a promise that somebody else resolves, and an
 * await that a cancellation gives up. What follows gives the operand of an await, `yield this.turn("send")`: the body of a task
 * is resumed by the await alone.
 */
import {
  BargingSemaphore,
  complete,
  Fault,
  type Place,
  type Semaphore,
  Signals,
  type Steps,
  type Task,
  Waiter,
  type Wake,
} from "@orrery/runtime";
import type { NodeCosts } from "../costs.ts";
import type { Env } from "../node/env.ts";
import type { Timeout } from "../node/timers.ts";
import type { AsyncFunction, Closeable } from "../v8/async-function.ts";
import { JSPromise } from "../v8/promise.ts";

export const NS_PER_MS = 1_000_000;

/** The await can be given up, and there is nothing to withdraw. */
export const NOTHING: Closeable = { close() {} };

/** A queue that a waiter can be taken out of. */
interface Queue {
  forget(waiter: Waiter<JSPromise>): void;
}

export class Awaiting {
  protected readonly env: Env;
  protected readonly wake: Wake<JSPromise> = (waiter) => waiter.parked.resolve();
  /** The selects that wait for promises, tokens and events. */
  protected readonly signals = new Signals(this.wake);

  constructor(env: Env) {
    this.env = env;
  }

  protected charge(cost: keyof NodeCosts, times = 1): void {
    this.env.machine.charge(times * this.env.costs[cost]!);
  }

  /** Something that is there already: a turn of the microtask queue. */
  protected turn(what: string): undefined {
    this.env.isolate.awaiting = what;
  }

  /** A promise whose await hears a cancellation; `withdraw` is told of it at once. */
  protected cancellable(self: Task, promise: JSPromise, withdraw: Closeable, what: string): JSPromise {
    (self.native as AsyncFunction).abortable = withdraw;
    this.env.isolate.awaiting = what;
    return promise;
  }

  protected uncancellable(promise: JSPromise, what: string): JSPromise {
    this.env.isolate.awaiting = what;
    return promise;
  }

  /** Whatever the task awaits with its signal rejects. */
  protected abort(target: Task): void {
    const call = target.native as AsyncFunction | null;
    if (call !== null && call.canAbort) call.abort(new Fault("Cancelled"));
  }

  protected withResolvers(): JSPromise {
    this.charge("promise");
    return new JSPromise(this.env.isolate);
  }

  protected newWaiter(): Waiter<JSPromise> {
    this.charge("waiter");
    return new Waiter(this.withResolvers());
  }

  /** Awaits a waiter that was left in a queue. A cancellation takes it out, so that nothing is handed to it. */
  protected parked(
    self: Task,
    waiter: Waiter<JSPromise>,
    forget: () => void,
    what: string,
    timer: Timeout | null = null,
  ): JSPromise {
    const withdraw = {
      close: () => {
        waiter.done = true;
        forget();
        timer?.close();
      },
    };
    return this.cancellable(self, waiter.parked, withdraw, what);
  }

  /** Takes a waiter out of its queue after so long, and lets its task go on. */
  protected giveUpAfter(ns: number, waiter: Waiter<JSPromise>, queue: Queue): Timeout {
    const giveUp = (): void => {
      if (waiter.done) return;
      waiter.done = true;
      queue.forget(waiter);
      waiter.parked.resolve();
    };
    return this.env.timers.setTimeout(giveUp, ns / NS_PER_MS);
  }

  /** Takes one permit, whatever happens meanwhile: a cancellation does not reach it. */
  protected *insist(
    self: Task,
    lock: Semaphore<JSPromise> | BargingSemaphore<JSPromise>,
    what: string,
  ): Steps {
    if (lock instanceof BargingSemaphore) return void (yield* this.barge(self, lock, 1, null, false));
    this.charge("lockOperation");
    if (lock.tryAcquire(1)) return yield this.turn(what);
    const waiter = this.newWaiter();
    lock.park(waiter, 1);
    yield this.uncancellable(waiter.parked, what);
  }

  /** An async function: it is woken to try again, and awaited itself. */
  protected *barge(
    self: Task,
    semaphore: BargingSemaphore<JSPromise>,
    count: number,
    ns: number | null,
    isCancellable = true,
  ): Steps<boolean> {
    this.charge("asyncCall");
    this.charge("lockOperation");
    let taken = semaphore.tryAcquire(count);
    try {
      if (!taken) taken = yield* this.bargeLater(self, semaphore, count, ns, isCancellable);
    } finally {
      yield this.turn("acquire");
    }
    return taken;
  }

  private *bargeLater(
    self: Task,
    semaphore: BargingSemaphore<JSPromise>,
    count: number,
    ns: number | null,
    isCancellable: boolean,
  ): Steps<boolean> {
    const place: Place<JSPromise> = { waiter: this.newWaiter() };
    let late = false;
    const giveUp = (): void => {
      late = true;
      complete(place.waiter, this.wake, 0, null, false);
    };
    const timer = ns === null ? null : this.env.timers.setTimeout(giveUp, ns / NS_PER_MS);
    semaphore.park(place);
    try {
      for (;;) {
        const { waiter } = place;
        const withdraw = { close: (): void => void (waiter.done = true) };
        yield isCancellable
          ? this.cancellable(self, waiter.parked, withdraw, "acquire")
          : this.uncancellable(waiter.parked, "acquire");
        if (semaphore.tryAcquire(count)) return true;
        if (late) return false;
        if (isCancellable && self.cancelRequested && self.shields === 0) throw new Fault("Cancelled");
        place.waiter = this.newWaiter();
      }
    } finally {
      timer?.close();
      semaphore.leave(place);
    }
  }
}
