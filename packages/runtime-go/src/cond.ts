/** sync.Cond on a `notifyList`, after src/sync/cond.go and src/runtime/sema.go of Go 1.26. Waiters are woken in ticket order. */
import { type Hchan, WaitQ } from "./chan.ts";
import { isAsked, joinLimit, leaveLimit, wake } from "./limit.ts";
import { type Abandon, type G, Leave, type Runtime } from "./runtime2.ts";

/** Ticket of one that sleeps already. */
const PARKED = 1;

export class NotifyList implements Abandon {
  readonly queue = new WaitQ();

  /** Takes a ticket: call before unlocking the lock. */
  add(rt: Runtime, gp: G): void {
    const sg = rt.acquireSudog(gp);
    sg.c = this;
    gp.waiting = sg;
    this.queue.enqueue(sg);
  }

  /** Parks, unless the ticket was called already. False when a cancellation or the time ended the wait. */
  *wait(rt: Runtime, gp: G, limit: Hchan | null = null): Generator<number, boolean, unknown> {
    const sg = gp.waiting!;
    if (!sg.success) {
      gp.cancelled = isAsked(gp);
      if (gp.cancelled || !joinLimit(rt, gp, limit)) return this.leave(rt, gp);
      gp.abandon = this;
      gp.waitreason = "sync.Cond.Wait";
      gp.param = null;
      sg.ticket = PARKED;
      yield Leave.park;
      const isOver = leaveLimit(rt, gp);
      if (gp.cancelled) return false;
      if (isOver && this.queue.has(sg)) return this.leave(rt, gp);
    }
    gp.waiting = null;
    rt.releaseSudog(sg);
    return true;
  }

  abandon(rt: Runtime, gp: G): void {
    const sg = gp.waiting!;
    this.queue.remove(sg);
    gp.waiting = null;
    rt.releaseSudog(sg);
  }

  private leave(rt: Runtime, gp: G): false {
    this.abandon(rt, gp);
    return false;
  }

  notifyOne(rt: Runtime): void {
    const sg = this.queue.dequeue();
    if (sg === null) return;
    sg.success = true;
    if (sg.ticket === PARKED) wake(rt, sg.g!, "Cond: runnext");
  }

  notifyAll(rt: Runtime): void {
    while (this.queue.first !== null) this.notifyOne(rt);
  }
}
