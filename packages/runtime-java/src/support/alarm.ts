/**
 * What is due later, as the support file of Java programs has it: a thread that sleeps until then and rings. Stopping it is an
 * interrupt. It rings late when all carriers are busy, unlike a ScheduledThreadPoolExecutor, whose thread the kernel wakes.
 */
import { Fault, type Steps } from "@orrery/runtime";
import { sleepNanos } from "../lib/thread.ts";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export class Alarm {
  private readonly jvm: Jvm;
  private readonly thread: JavaThread;
  /** Rung for the last time, or stopped. */
  private over = false;

  /** `ring` gets the time that it was due at and gives when it is due again, null if it is not. */
  constructor(jvm: Jvm, name: string, ns: number, ring: (dueNs: number) => number | null) {
    this.jvm = jvm;
    this.thread = jvm.startThread(name, this.run(jvm.machine.threadNow + ns, ring), -1, null);
  }

  private *run(firstNs: number, ring: (dueNs: number) => number | null): Steps {
    const { machine } = this.jvm;
    for (let dueNs: number | null = firstNs; dueNs !== null; ) {
      try {
        if (dueNs > machine.threadNow) yield* sleepNanos(this.jvm, dueNs - machine.threadNow);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
      if (this.over) return;
      dueNs = ring(dueNs);
      this.over = dueNs === null;
      if (!machine.settle()) yield 0;
    }
  }

  /** True if it will not ring again and would have. */
  stop(): boolean {
    if (this.over) return false;
    this.over = true;
    this.thread.interrupt();
    return true;
  }
}
