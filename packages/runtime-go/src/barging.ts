/**
 * A semaphore whose permits go to whoever comes to take them, as a support file has it: a mutex around a count and a list of
 * waiters with a channel each. Who waits longest is woken, one at a time, to try again.
 */
import { type Hchan, WaitQ } from "./chan.ts";
import { isAsked, joinLimit, leaveLimit, wake } from "./limit.ts";
import { type Abandon, type G, Leave, type Runtime, type Sudog } from "./runtime2.ts";

export class Barging implements Abandon {
  private free: number;
  private readonly waiters = new WaitQ();
  /** The first waiter has been woken, and has not tried again yet. */
  private awake: Sudog | null = null;

  constructor(size: number) {
    this.free = size;
  }

  tryAcquire(n: number): boolean {
    if (this.free < n) return false;
    this.free -= n;
    return true;
  }

  /** After a `tryAcquire` that failed; `limit` is made for each wait. False when a cancellation or the time ended it. */
  *acquire(
    rt: Runtime,
    gp: G,
    n: number,
    limit: () => Hchan | null,
    cancellable = true,
  ): Generator<number, boolean, unknown> {
    const { makechan, newobject, chanOp, mutexOp } = rt.costs;
    const sg = rt.acquireSudog(gp);
    sg.c = this;
    this.waiters.enqueue(sg);
    for (;;) {
      rt.machine.charge(makechan + 2 * newobject + chanOp); // its channel, the waiter, its place in the list
      gp.waiting = sg;
      if (!joinLimit(rt, gp, limit())) break;
      gp.abandon = cancellable ? this : null;
      gp.waitreason = "select";
      yield Leave.park;
      const isOver = leaveLimit(rt, gp);
      if (gp.cancelled) return false;
      rt.machine.charge(mutexOp);
      if (isOver && this.awake !== sg) break;
      this.awake = null;
      if (this.tryAcquire(n)) {
        this.leave(rt, gp);
        return true;
      }
      if (cancellable && isAsked(gp)) {
        gp.cancelled = true;
        break;
      }
    }
    this.leave(rt, gp);
    return false;
  }

  release(rt: Runtime, n: number): void {
    this.free += n;
    this.wakeFirst(rt);
  }

  abandon(rt: Runtime, gp: G): void {
    this.leave(rt, gp);
  }

  /** The next may try. */
  private leave(rt: Runtime, gp: G): void {
    const sg = gp.waiting!;
    if (this.awake === sg) this.awake = null;
    this.waiters.remove(sg);
    gp.waiting = null;
    rt.releaseSudog(sg);
    this.wakeFirst(rt);
  }

  private wakeFirst(rt: Runtime): void {
    const { first } = this.waiters;
    if (first === null || this.free === 0 || this.awake !== null) return;
    if (first.g!.limit !== null && first.g!.selectDone) return; // its time is over: it will leave, and wake the next
    this.awake = first;
    rt.machine.charge(rt.costs.chanOp); // close(w.ready)
    wake(rt, first.g!, "Semaphore: runnext");
  }
}
