/** sync.WaitGroup, after src/sync/waitgroup.go of Go 1.26. */
import { type Frame, NEGATIVE_ADD } from "./frames.ts";
import { GoPanic } from "./panic.ts";
import type { G, Runtime } from "./runtime2.ts";
import { Sema, semacquire, semrelease } from "./sema.ts";

export class WaitGroup {
  private counter = 0;
  private waiters = 0;
  private readonly sema = new Sema();

  constructor() {
    this.sema.onAbandon = (): void => {
      this.waiters--;
    };
  }

  get count(): number {
    return this.counter;
  }

  /** Zero with waiters releases the semaphore once for each, first come first. */
  add(rt: Runtime, delta: number, frames: readonly Frame[] = NEGATIVE_ADD): void {
    rt.machine.charge(rt.costs.mutexOp);
    const before = this.counter;
    this.counter += delta;
    if (this.counter < 0) throw new GoPanic("sync: negative WaitGroup counter", frames);
    if (this.waiters > 0 && delta > 0 && before === 0)
      throw new GoPanic("sync: WaitGroup misuse: Add called concurrently with Wait");
    if (this.counter > 0) return;
    const woken = this.waiters;
    this.waiters = 0;
    for (let i = 0; i < woken; i++) semrelease(rt, this.sema, false, "WaitGroup: runnext");
  }

  /** Once `add` has brought it to zero. False when it was cancelled while it waited. */
  *wait(rt: Runtime, gp: G): Generator<number, boolean, unknown> {
    rt.machine.charge(rt.costs.mutexOp);
    if (this.counter === 0) return true;
    this.waiters++;
    return yield* semacquire(rt, gp, this.sema, false, "sync.WaitGroup.Wait");
  }

  /** After a wait: somebody has begun another round already, which Wait answers with the panic `REUSED`. */
  get reused(): boolean {
    return this.counter !== 0 || this.waiters !== 0;
  }
}

export const REUSED = "sync: WaitGroup is reused before previous Wait has returned";
