/** A barrier, which Go has not: a channel that all wait for and the last to come closes, a new one each round. */
import { chanrecv, chanreceived, closechan, Hchan } from "./chan.ts";
import { type G, Leave, type Runtime } from "./runtime2.ts";

export class Barrier {
  private readonly parties: number;
  private came = 0;
  private gate = new Hchan(0, 0);

  constructor(parties: number) {
    this.parties = parties;
  }

  /** True if the caller is the last to come, and all go on. */
  arrive(rt: Runtime): boolean {
    rt.machine.charge(2 * rt.costs.mutexOp);
    if (++this.came < this.parties) return false;
    this.came = 0;
    const { gate } = this;
    this.gate = new Hchan(0, 0);
    rt.machine.charge(rt.costs.makechan);
    closechan(rt, gate);
    return true;
  }

  /** After an `arrive` that was not the last. False when it was cancelled: then it has not come. */
  *wait(rt: Runtime, gp: G): Generator<number, boolean, unknown> {
    const { gate } = this;
    chanrecv(rt, gp, gate, true);
    yield Leave.park;
    if (!gp.cancelled) chanreceived(rt, gp);
    else if (gate === this.gate) this.came--;
    return !gp.cancelled;
  }
}
