/** sync.Cond on a `notifyList`, after src/sync/cond.go and src/runtime/sema.go of Go 1.26. Waiters are woken in ticket order. */
import { WaitQ } from "./chan.ts";
import { type G, Leave, type Runtime } from "./runtime2.ts";
import { ready } from "./wake.ts";

export class NotifyList {
  private readonly queue = new WaitQ();

  /** Takes a ticket: call before unlocking the lock. */
  add(rt: Runtime, gp: G): void {
    const sg = rt.acquireSudog(gp);
    sg.c = this;
    gp.waiting = sg;
    this.queue.enqueue(sg);
  }

  /** Parks, unless the ticket was called already. */
  *wait(rt: Runtime, gp: G): Generator<number, void, unknown> {
    const sg = gp.waiting!;
    if (!sg.success) {
      gp.waitreason = "sync.Cond.Wait";
      gp.param = sg;
      yield Leave.park;
    }
    gp.waiting = null;
    gp.param = null;
    rt.releaseSudog(sg);
  }

  notifyOne(rt: Runtime): void {
    const sg = this.queue.dequeue();
    if (sg === null) return;
    sg.success = true;
    if (sg.g!.param === sg) ready(rt, sg.g!, "Cond: runnext");
  }

  notifyAll(rt: Runtime): void {
    while (this.queue.first !== null) this.notifyOne(rt);
  }
}
