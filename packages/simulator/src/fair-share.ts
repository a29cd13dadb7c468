/**
 * The policy of the OS scheduler: fair shares in the manner of Linux's EEVDF (kernel/sched/fair.c, 6.6 and later; Stoica and
 * Abdel-Wahab 1995), with one run queue for all cores. A thread's virtual runtime is the CPU time it has used; the
 * virtual time is the mean over all threads that run or queue. A thread that sleeps keeps its lag, the distance between the
 * two, so sleeping earns nothing: who has used less than its share preempts when it wakes, who has used more waits.
 *
 * Left out: weights, eligibility (the least virtual runtime runs next, where EEVDF asks for the earliest deadline among
 * those that are owed), groups, balancing between queues.
 */
import type { Core } from "./machine.ts";
import type { Thread } from "./thread.ts";

/** Linux `sysctl_sched_base_slice` for four to eight CPUs (kernel/sched/fair.c): 0.7 ms * (1 + log2 ncpu), rounded. */
export const SLICE_NS = 3_000_000;

export class FairShare {
  /** Runnable threads without a core, in the order in which they queued. */
  readonly queue: Thread[] = [];
  private readonly cores: readonly Core[];

  constructor(cores: readonly Core[]) {
    this.cores = cores;
  }

  /** The thread is going to sleep, still on its core: it keeps its lag, at most a slice either way. */
  sleeps(thread: Thread, now: number): void {
    const lag = this.virtualTime(now) - thread.vruntime;
    thread.lagNs = Math.max(-SLICE_NS, Math.min(SLICE_NS, lag));
  }

  /** The thread wakes, or is new: it joins the others with the lag that it had, its own weight in the mean included. */
  wakes(thread: Thread, now: number): void {
    let others = this.queue.length;
    for (const core of this.cores) if (core.thread !== null) others++;
    if (others === 0) return;
    thread.vruntime = this.virtualTime(now) - (thread.lagNs * (others + 1)) / others;
  }

  /** The core whose thread has had most, if that is more than `woken` has had. */
  victimOf(woken: Thread, now: number): Core | null {
    let victim: Core | null = null;
    let most = woken.vruntime;
    for (const core of this.cores) {
      const vruntime = vruntimeAt(core.thread!, now);
      if (vruntime > most) {
        most = vruntime;
        victim = core;
      }
    }
    return victim;
  }

  /** True if somebody in the queue has had no more than the thread, which is at the end of its slice. */
  givesWay(thread: Thread, now: number): boolean {
    const vruntime = vruntimeAt(thread, now);
    return this.queue.some((queued) => queued.vruntime <= vruntime);
  }

  /** Takes the thread that has had least; of equals the one that queued first. */
  takeNext(): Thread | undefined {
    const { queue } = this;
    if (queue.length < 2) return queue.pop();
    let least = 0;
    for (let i = 1; i < queue.length; i++) if (queue[i]!.vruntime < queue[least]!.vruntime) least = i;
    return queue.splice(least, 1)[0];
  }

  /** Mean virtual runtime of those that run or queue; there is one at least. */
  private virtualTime(now: number): number {
    let sum = 0;
    let count = 0;
    for (const { thread } of this.cores)
      if (thread !== null) {
        sum += vruntimeAt(thread, now);
        count++;
      }
    for (const { vruntime } of this.queue) {
      sum += vruntime;
      count++;
    }
    return sum / count;
  }
}

/** Of a running thread, what it has used since it was last accounted included. */
const vruntimeAt = (thread: Thread, now: number): number => thread.vruntime + (now - thread.burnStart);
