/**
 * A block that is cancelled by itself: `deadline`, `withToken`. Its task gets Cancelled at the next cancellation point as if it
 * had been cancelled, and the end of the block knows whose cancellation it was: the innermost block's that wanted it, unless
 * a block around it or a cancellation of the whole task has come in addition.
 */
import type { Completion } from "./code.ts";
import type { Task } from "./task.ts";
import { Fault } from "./values.ts";

export class CancelRegion {
  readonly owner: Task;
  /** What the block raises in the place of Cancelled. */
  private readonly raises: "Timeout" | "Cancelled";
  /** The lowering's. */
  native: unknown = null;
  private fired = false;
  private closed = false;
  /** Somebody else wants the task to stop, too. */
  overtaken = false;

  constructor(owner: Task, raises: "Timeout" | "Cancelled") {
    this.owner = owner;
    this.raises = raises;
    (owner.regions ??= []).push(this);
  }

  /** The time is over, or the token cancelled; no matter where the task has been cancelled already. True if the owner, should it wait, must be taken out of its wait. */
  expire(): boolean {
    const { owner } = this;
    if (this.closed || this.fired || this.overtaken) return false;
    this.fired = true;
    for (const inner of owner.regions!.slice(owner.regions!.indexOf(this) + 1)) inner.overtaken = true;
    if (owner.cancelRequested) return false;
    owner.cancelRequested = true;
    return owner.shields === 0;
  }

  /** The block is being left. */
  close(): void {
    this.closed = true;
    this.owner.regions!.pop();
  }

  /** How the block ends, given how it was left. A cancellation that it did not meet is over with it. */
  completion(left: Completion): Completion {
    if (!this.fired || this.overtaken) return left;
    this.owner.cancelRequested = false;
    if (left.how === "throw" && left.error.kind === "Cancelled")
      return {
        how: "throw",
        error: new Fault(this.raises, this.raises === "Timeout" ? "deadline" : "Cancelled"),
      };
    return left;
  }
}
