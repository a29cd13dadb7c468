/** java.util.concurrent.Phaser (JDK 25), without tiers and registration: those who wait are a stack, the newest is woken first. */
import type { Steps } from "@orrery/runtime";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export class Phaser {
  private readonly jvm: Jvm;
  private readonly parties: number;
  private unarrived: number;
  private phase = 0;
  private waiters: JavaThread[] = [];

  constructor(jvm: Jvm, parties: number) {
    this.jvm = jvm;
    this.parties = parties;
    this.unarrived = parties;
  }

  /** Number of the phase that begins. */
  *arriveAndAwaitAdvance(): Steps<number> {
    const { phase } = this;
    this.unarrived--;
    if (this.unarrived === 0) {
      this.unarrived = this.parties;
      this.phase++;
      const { waiters } = this;
      this.waiters = [];
      for (let thread = waiters.pop(); thread !== undefined; thread = waiters.pop()) thread.unpark();
      return this.phase;
    }
    const current = this.jvm.currentThread();
    this.waiters.push(current);
    let interrupted = false;
    while (this.phase === phase) {
      yield* current.park();
      interrupted = current.getAndClearInterrupt() || interrupted; // not an interruptible wait
    }
    if (interrupted) current.interrupt();
    return this.phase;
  }
}
