/**
 * Node 24 lib/internal/process/promises.js: rejections that nobody handles, reported once ticks and microtasks are exhausted,
 * in the order in which the promises were rejected. Mode `throw`: an unhandled one is an uncaught exception.
 */
import { Fifo } from "@orrery/runtime";
import type { JSPromise } from "../v8/promise.ts";
import type { Process } from "./process.ts";

/** Why the process dies of a rejection whose reason is not an Error. */
export class UnhandledPromiseRejection extends Error {
  override readonly name = "UnhandledPromiseRejection";
  readonly code = "ERR_UNHANDLED_REJECTION";

  constructor(reason: unknown) {
    super(
      "This error originated either by throwing inside of an async function without a catch block, or by rejecting a " +
        `promise which was not handled with .catch(). The promise rejected with the reason "${String(reason)}".`,
    );
  }
}

export class PromiseRejections {
  /** kHasRejectionToWarn */
  toProcess = false;
  private pending = new Map<JSPromise, unknown>();
  /** Reported, and not handled so far. */
  private readonly reported = new WeakSet<JSPromise>();
  private readonly asyncHandled = new Fifo<JSPromise>();
  private readonly process_: Process;

  constructor(process: Process) {
    this.process_ = process;
  }

  rejectedWithNoHandler(promise: JSPromise, reason: unknown): void {
    this.pending.set(promise, reason);
    this.toProcess = true;
  }

  handlerAddedAfterReject(promise: JSPromise): void {
    if (this.pending.delete(promise) || !this.reported.delete(promise)) return;
    this.asyncHandled.push(promise);
    this.toProcess = true;
  }

  get count(): number {
    return this.pending.size;
  }

  /** processPromiseRejections: true if code may have run that queued something. */
  process(): boolean {
    let ran = this.asyncHandled.length > 0;
    for (
      let promise = this.asyncHandled.shift();
      promise !== undefined;
      promise = this.asyncHandled.shift()
    ) {
      if (!this.process_.emit("rejectionHandled", promise))
        this.process_.emitWarning(
          "PromiseRejectionHandledWarning",
          "Promise rejection was handled asynchronously",
        );
    }
    const { pending } = this;
    this.pending = new Map();
    for (const [promise, reason] of pending) {
      this.reported.add(promise);
      ran = true;
      if (!this.process_.emit("unhandledRejection", reason, promise))
        this.process_.fatalException(
          reason instanceof Error ? reason : new UnhandledPromiseRejection(reason),
          "unhandledRejection",
        );
    }
    return ran || this.pending.size > 0;
  }
}
