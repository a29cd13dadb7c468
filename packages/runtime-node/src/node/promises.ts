/**
 * Node 24 lib/internal/process/promises.js: rejections that nobody handles, reported once ticks and microtasks are exhausted,
 * in the order in which the promises were rejected. What then happens is the mode's business: in `throw` an unhandled one is an
 * uncaught exception.
 */
import { Fifo } from "@orrery/runtime";
import type { JSPromise } from "../v8/promise.ts";
import type { RejectionMode } from "../versions.ts";
import type { Process } from "./process.ts";

const ORIGIN =
  "This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise " +
  "which was not handled with .catch().";

/** Why the process dies of a rejection whose reason is not an Error. */
export class UnhandledPromiseRejection extends Error {
  override readonly name = "UnhandledPromiseRejection";
  readonly code = "ERR_UNHANDLED_REJECTION";

  constructor(reason: unknown) {
    super(`${ORIGIN} The promise rejected with the reason "${String(reason)}".`);
  }
}

export class PromiseRejections {
  /** kHasRejectionToWarn */
  toProcess = false;
  private pending = new Map<JSPromise, unknown>();
  /** Reported, and not handled so far. */
  private readonly reported = new WeakMap<JSPromise, number>();
  private lastId = 0;
  private readonly mode: RejectionMode;
  private readonly asyncHandled = new Fifo<{ readonly promise: JSPromise; readonly id: number }>();
  private readonly process_: Process;

  constructor(process: Process, mode: RejectionMode) {
    this.mode = mode;
    this.process_ = process;
  }

  rejectedWithNoHandler(promise: JSPromise, reason: unknown): void {
    this.pending.set(promise, reason);
    this.toProcess = true;
  }

  handlerAddedAfterReject(promise: JSPromise): void {
    const id = this.reported.get(promise);
    if (this.pending.delete(promise) || id === undefined) return;
    this.reported.delete(promise);
    this.asyncHandled.push({ promise, id });
    this.toProcess = true;
  }

  get count(): number {
    return this.pending.size;
  }

  /** processPromiseRejections: true if code may have run that queued something. */
  process(): boolean {
    let ran = this.asyncHandled.length > 0;
    for (let late = this.asyncHandled.shift(); late !== undefined; late = this.asyncHandled.shift())
      if (!this.process_.emit("rejectionHandled", late.promise))
        this.process_.emitWarning(
          "PromiseRejectionHandledWarning",
          `Promise rejection was handled asynchronously (rejection id: ${late.id})`,
        );
    const { pending } = this;
    this.pending = new Map();
    for (const [promise, reason] of pending) {
      this.reported.set(promise, ++this.lastId);
      ran = true;
      this.report(promise, reason, this.lastId);
    }
    return ran || this.pending.size > 0;
  }

  private report(promise: JSPromise, reason: unknown, id: number): void {
    const { process_, mode } = this;
    if (mode === "strict") this.triggerUncaught(reason);
    const handled = process_.emit("unhandledRejection", reason, promise);
    if (mode === "warn" || (!handled && (mode === "strict" || mode === "warn-with-error-code")))
      this.warn(reason, id);
    if (handled) return;
    if (mode === "throw") this.triggerUncaught(reason);
    if (mode === "warn-with-error-code") process_.exitCode = 1; // ExitCode::kGenericUserError
  }

  private triggerUncaught(reason: unknown): void {
    const error = reason instanceof Error ? reason : new UnhandledPromiseRejection(reason);
    this.process_.fatalException(error, "unhandledRejection");
  }

  /** emitUnhandledRejectionWarning */
  private warn(reason: unknown, id: number): void {
    const name = "UnhandledPromiseRejectionWarning";
    this.process_.emitWarning(name, String(reason));
    this.process_.emitWarning(
      name,
      `Unhandled promise rejection. ${ORIGIN} To terminate the node process on unhandled promise rejection, use the CLI ` +
        "flag `--unhandled-rejections=strict` " +
        `(see https://nodejs.org/api/cli.html#cli_unhandled_rejections_mode). (rejection id: ${id})`,
    );
  }
}
