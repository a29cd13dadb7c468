/**
 * What runs later: timers, tickers and deadlines on `setTimeout` and `setInterval`, reactions on `then`, calls on the four queues of Node.
 */
import type { CallbackQueue } from "@orrery/program";
import {
  type Callback,
  type CancelRegion,
  type Channel,
  type Lowering,
  nextTick,
  type PromiseHandle,
  type Reaction,
  type Steps,
  type Task,
  type TimerHandle,
  type Value,
} from "@orrery/runtime";
import type { Timeout } from "../node/timers.ts";
import { AsyncFunction } from "../v8/async-function.ts";
import type { JSPromise } from "../v8/promise.ts";
import { NS_PER_MS } from "./awaiting.ts";
import { ConditionLowering } from "./conditions.ts";

type Later =
  | "timer"
  | "stopTimer"
  | "resetTimer"
  | "deadlineEnter"
  | "deadlineExit"
  | "onResolve"
  | "callback";

export class LaterLowering extends ConditionLowering implements Pick<Lowering, Later> {
  // ---- timers --------------------------------------------------------------------------------------------------------

  /** `setTimeout`; `setInterval` for a ticker that drifts, as Node's own do. */
  timer(_self: Task, timer: TimerHandle, ns: number): void {
    const { timers, machine } = this.env;
    if (timer.periodNs === 0)
      timer.native = timers.setTimeout(() => {
        timer.native = null;
        return this.fire(timer);
      }, ns / NS_PER_MS);
    else if ((timer.catchUp ?? "drift") === "drift")
      timer.native = timers.setInterval(() => this.fire(timer), ns / NS_PER_MS);
    else this.tickAt(timer, machine.threadNow + ns);
  }

  /** `clearTimeout` */
  stopTimer(_self: Task, timer: TimerHandle): boolean {
    const timeout = timer.native as Timeout | null;
    timer.native = null;
    timeout?.close();
    return timeout !== null;
  }

  resetTimer(self: Task, timer: TimerHandle, ns: number): boolean {
    const wasPending = this.stopTimer(self, timer);
    if (timer.chan !== null) (timer.chan.native as Channel<JSPromise>).tryRecv();
    this.timer(self, timer, ns);
    return wasPending;
  }

  /** A ticker that keeps to its grid: a `setTimeout` for each tick, for the milliseconds that are left. */
  private tickAt(timer: TimerHandle, whenNs: number): void {
    const { timers, machine } = this.env;
    const tick = (): void => {
      this.fire(timer);
      this.tickAt(timer, nextTick(timer, whenNs, machine.threadNow, "drift"));
    };
    timer.native = timers.setTimeout(tick, Math.max(1, Math.round((whenNs - machine.threadNow) / NS_PER_MS)));
  }

  private fire(timer: TimerHandle): Steps | undefined {
    timer.fired++;
    if (timer.call !== null) return this.run(timer.call);
    const channel = timer.chan!.native as Channel<JSPromise>;
    this.charge("channelOperation");
    if (!channel.closed && channel.length === 0) channel.trySend(timer.fired);
    return undefined;
  }

  // ---- blocks that must end in time ----------------------------------------------------------------------------------

  /** A `setTimeout` that aborts. */
  deadlineEnter(_self: Task, region: CancelRegion, ns: number): void {
    const expire = (): void => {
      if (region.expire()) this.abort(region.owner);
    };
    region.native = this.env.timers.setTimeout(expire, ns / NS_PER_MS);
  }

  deadlineExit(_self: Task, region: CancelRegion): void {
    (region.native as Timeout).close();
  }

  // ---- handlers --------------------------------------------------------------------------------------------------------

  /** `promise.then(handler)`; a rejection passes the handler. */
  onResolve(_self: Task, reaction: Reaction): void {
    const { promise, derived } = reaction;
    this.charge("handler");
    derived.native = (promise.native as JSPromise).then(() => this.react(reaction));
  }

  private *react(reaction: Reaction): Steps<unknown> {
    if (reaction.promise.state === "rejected") {
      reaction.skip();
      this.signals.raise(reaction.derived);
      return undefined;
    }
    const { child, body } = reaction.handle();
    const steps = this.newTask(child, body).call();
    if (steps !== undefined) yield* steps;
    const inner = reaction.ended(child);
    if (inner !== null) return this.followed(reaction, inner);
    this.signals.raise(reaction.derived);
    return undefined;
  }

  /** The promise that a handler returned, as its `then` sees it: the derived one is settled with it, in the same job. */
  private followed(reaction: Reaction, inner: PromiseHandle): object {
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- it stands for a promise
      then: (resolve: () => void) =>
        (inner.native as JSPromise).then(() => {
          reaction.follow(inner);
          this.signals.raise(reaction.derived);
          resolve();
        }),
    };
  }

  /** `queueMicrotask`, `process.nextTick`, `setTimeout` with 0, `setImmediate` */
  callback(_self: Task, queue: CallbackQueue, callback: Callback): void {
    const { isolate, taskQueues, timers, immediates } = this.env;
    const call = (): Steps | undefined => this.run(callback);
    this.charge("handler");
    switch (queue) {
      case "micro":
        return isolate.queueMicrotask(call);
      case "next":
        return taskQueues.nextTick(call);
      case "timer":
        return void timers.setTimeout(call, 0);
      case "immediate":
        return void immediates.setImmediate(call);
    }
  }

  private run(callback: Callback): Steps | undefined {
    const { child, body } = callback.launch();
    return this.newTask(child, body).call();
  }

  /** The function that a task of the program runs. */
  protected newTask(child: Task, body: Steps<Value>): AsyncFunction {
    const call = new AsyncFunction(this.env.isolate, body, child.id, child);
    child.native = call;
    this.charge("taskBooks");
    call.created(child.parent!.id);
    return call;
  }
}
