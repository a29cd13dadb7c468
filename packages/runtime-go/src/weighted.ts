/**
 * golang.org/x/sync/semaphore.Weighted: strict FIFO, nobody overtakes a request that does not fit. Unlike it, more may be
 * released than was acquired, as the portable language allows.
 */
import { WaitQ } from "./chan.ts";
import { CANCELLABLE, joinLimit, leaveLimit, type Wait, wake } from "./limit.ts";
import { type Abandon, type G, Leave, type Runtime } from "./runtime2.ts";

export class Weighted implements Abandon {
  free: number;
  private readonly waiters = new WaitQ();

  constructor(size: number) {
    this.free = size;
  }

  tryAcquire(n: number): boolean {
    if (this.free < n || this.waiters.first !== null) return false;
    this.free -= n;
    return true;
  }

  /** After a `tryAcquire` that failed. False when a cancellation or the time ended the wait. */
  *acquire(
    rt: Runtime,
    gp: G,
    n: number,
    { cancellable, limit }: Wait = CANCELLABLE,
  ): Generator<number, boolean, unknown> {
    const { makechan, newobject, chanOp } = rt.costs;
    rt.machine.charge(makechan + 2 * newobject + chanOp); // its ready channel, the waiter, the element of the list
    const sg = rt.acquireSudog(gp);
    sg.c = this;
    sg.ticket = n;
    this.waiters.enqueue(sg);
    gp.waiting = sg;
    if (!joinLimit(rt, gp, limit)) {
      this.abandon(rt, gp);
      return false;
    }
    gp.abandon = cancellable ? this : null;
    gp.waitreason = "select"; // ctx.Done or the waiter's ready channel
    yield Leave.park;
    const isOver = leaveLimit(rt, gp);
    if (gp.cancelled) return false;
    if (isOver && this.waiters.has(sg)) {
      this.abandon(rt, gp);
      return false;
    }
    gp.waiting = null;
    rt.releaseSudog(sg);
    return true;
  }

  release(rt: Runtime, n: number): void {
    this.free += n;
    this.notifyWaiters(rt);
  }

  /** A waiter gave up: those behind it may fit now. */
  abandon(rt: Runtime, gp: G): void {
    const sg = gp.waiting!;
    this.waiters.remove(sg);
    gp.waiting = null;
    rt.releaseSudog(sg);
    this.notifyWaiters(rt);
  }

  private notifyWaiters(rt: Runtime): void {
    for (let sg = this.waiters.first; sg !== null && sg.ticket <= this.free; sg = this.waiters.first) {
      this.free -= sg.ticket;
      this.waiters.dequeue();
      rt.machine.charge(rt.costs.chanOp); // close(w.ready)
      wake(rt, sg.g!, "semaphore.Weighted: runnext");
    }
  }
}
