/**
 * What joins and scopes of the portable language wait on: opened once by the task that ends and decides it, in Go a
 * `WaitGroup` or an atomic counter with a channel that its last child closes.
 */
import type { Task } from "@orrery/runtime";
import type { G, Runtime } from "./runtime2.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";

/** What a join waits for. */
export type Verdict = "any" | "any-success" | "all" | "settled";

/** Told of each task that it watches, in the order in which they end. */
export class Latch {
  /** The task that decided it, null if none did. */
  decisive: Task | null = null;
  open = false;
  private pending: number;
  private readonly verdict: Verdict;
  private readonly sema = new Sema();

  constructor(pending: number, verdict: Verdict) {
    this.pending = pending;
    this.verdict = verdict;
    if (pending === 0) this.open = true;
  }

  /** Runs on the ending task's way out. */
  ended(rt: Runtime, task: Task): void {
    rt.machine.charge(rt.costs.mutexOp);
    this.pending--;
    if (this.open) return;
    if (this.decides(task)) this.decisive = task;
    else if (this.pending > 0) return;
    this.open = true;
    semrelease(rt, this.sema, false, "join: runnext");
  }

  private decides({ state }: Task): boolean {
    switch (this.verdict) {
      case "any":
        return true;
      case "any-success":
        return state === "completed";
      case "all":
        return state !== "completed";
      case "settled":
        return false;
    }
  }

  /** False when it was cancelled while it waited. */
  *wait(rt: Runtime, gp: G): Generator<number, boolean, unknown> {
    return yield* semacquire(rt, gp, this.sema, false, "chan receive");
  }
}
