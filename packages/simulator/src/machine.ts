/**
 * The machine that carries every model: N cores, OS threads, one OS scheduler. See docs/machine.md for its rules.
 *
 * The OS scheduler (its policy: fair-share.ts):
 * 1. A woken thread goes to its last core if that is idle, else to the lowest idle core; it starts `wakeNs` later.
 * 2. With no idle core it preempts the running thread that has had most, if that is more than it has had itself;
 *    otherwise it queues.
 * 3. A running thread gives way after `SLICE_NS` to one that has had no more. A core that goes idle takes who has had least.
 * 4. Changing the thread of a core costs `contextSwitchNs`; going on on another core costs `migrationNs` more.
 *
 * A thread runs ahead of the event queue only while no other event is due before it: actions happen at their virtual
 * times across cores, and a lone thread costs no event at all.
 */
import type { DecisionSource } from "./decisions.ts";
import { EventQueue, type Target } from "./event-queue.ts";
import { FairShare, SLICE_NS } from "./fair-share.ts";
import { Thread, TIMED_OUT, type ThreadBody } from "./thread.ts";
import type { Kind, Trace } from "./trace.ts";

/** Costs of the machine itself, ns. */
export interface MachineCosts {
  /** Waking a blocked thread until its first instruction on an idle core. */
  readonly wakeNs: number;
  readonly contextSwitchNs: number;
  readonly migrationNs: number;
  /** Sending a signal until its handler runs. */
  readonly signalNs: number;
  /** How much later than asked the kernel ends a timed wait: PR_SET_TIMERSLACK, 50 us for ordinary threads. */
  readonly timerSlackNs: number;
  /** Loopback round trip of a request without its service time. */
  readonly networkNs: number;
  /** Reading one byte from the disk cache, picoseconds per byte. */
  readonly diskPsPerByte: number;
  /** One disk operation without its bytes. */
  readonly diskNs: number;
}

export interface Limits {
  readonly maxEvents: number;
  /** Virtual time, ns. */
  readonly maxTimeNs: number;
}

export type StopReason = "paused" | "quiescent" | "halted" | "max-events" | "max-time";

export class Machine {
  readonly queue = new EventQueue();
  readonly trace: Trace;
  readonly decisions: DecisionSource;
  readonly costs: MachineCosts;
  readonly cores: readonly Core[];
  readonly threads: Thread[] = [];
  /** The thread that acts right now, null between events and in timers of the machine itself. */
  current: Thread | null = null;
  /** Steps so far: events fired, burns, in-place advances. The unit of `maxEvents` and of `run`'s cut. */
  steps = 0;
  threadsPeak = 0;
  contextSwitches = 0;

  private threadsAlive = 0;
  private readonly limits: Limits;
  private readonly share: FairShare;
  /** CPU time charged to the acting thread and not yet spent, ns. */
  private debtNs = 0;
  private stepLimit = 0;
  private timeLimit = 0;
  private halted = false;
  private holds = 0;

  constructor(cores: number, costs: MachineCosts, decisions: DecisionSource, trace: Trace, limits: Limits) {
    this.cores = Array.from({ length: cores }, (_, index) => new Core(this, index));
    this.share = new FairShare(this.cores);
    this.costs = costs;
    this.decisions = decisions;
    this.trace = trace;
    this.limits = limits;
  }

  /** Virtual time, ns since the start of the run. */
  get now(): number {
    return this.queue.now;
  }

  /** Creates a thread and makes it runnable. */
  spawn(name: string, makeBody: (thread: Thread) => ThreadBody): Thread {
    const thread = new Thread(this, this.threads.length, name);
    thread.body = makeBody(thread); // a generator: nothing of it runs before the thread gets a core
    this.threads.push(thread);
    this.threadsAlive++;
    this.threadsPeak = Math.max(this.threadsPeak, this.threadsAlive);
    this.makeRunnable(thread);
    return thread;
  }

  /** Appends to the trace an event of the acting thread, now. */
  emit(kind: Kind, processor: number, task: number, reason: string, arg = 0): void {
    if (!this.trace.enabled) return;
    const thread = this.current;
    if (thread === null) this.trace.emit(this.queue.now, kind, -1, -1, processor, task, reason, arg);
    else this.trace.emit(this.queue.now, kind, thread.id, thread.core, processor, task, reason, arg);
  }

  // ---- CPU time of the acting thread ----------------------------------------------------------------------------

  /** Virtual time as the acting thread sees it: with the CPU time that it was charged and has not spent yet. */
  get threadNow(): number {
    return this.queue.now + this.debtNs;
  }

  /** Adds to what the acting thread has to burn before it goes on; spent by `settle` or by its next yield. */
  charge(ns: number): void {
    this.debtNs += ns;
  }

  /**
   * Spends the debt in place: true when the acting thread may go on at once. Otherwise something else is due first and
   * the body must `yield 0`, which burns the debt. The usual line is `if (!machine.settle()) yield 0;`.
   */
  settle(): boolean {
    const end = this.queue.now + this.debtNs;
    if (this.steps >= this.stepLimit || end > this.timeLimit || end >= this.queue.peekTime()) return false;
    this.steps++;
    this.queue.advanceTo(end);
    this.debtNs = 0;
    return true;
  }

  // ---- blocking and waking --------------------------------------------------------------------------------------

  /**
   * Arms the timeout of the acting thread's next BLOCK: it wakes with TIMED_OUT at `timeNs`, later by the timer slack. A daemon wait does not keep
   * the simulation going (sysmon's naps, an idle worker's keep-alive).
   */
  timeout(timeNs: number, daemon = false): void {
    const thread = this.current!;
    thread.timeoutAt = timeNs + this.costs.timerSlackNs;
    thread.timeoutDaemon = daemon;
  }

  /** Wakes a blocked thread; otherwise leaves it a permit, so that its next BLOCK returns at once. */
  wake(thread: Thread): void {
    if (thread.state !== "blocked") {
      if (thread.state !== "done") thread.permit = true;
      return;
    }
    this.cancelEvent(thread);
    thread.sent = 0;
    this.makeRunnable(thread);
  }

  /**
   * Sends a signal to a thread: `signalNs` later the burn in progress, if there is one, is cut short and the body gets
   * what was left. Nothing happens to a thread that is blocked by then.
   */
  interrupt(thread: Thread): void {
    this.queue.push(this.queue.now + this.costs.signalNs, new Signal(this, thread));
  }

  /** Calls `action` at `timeNs`: the machine's own timers (network, disk). */
  at(timeNs: number, action: () => void): void {
    this.queue.push(timeNs, new Action(this, action));
  }

  /**
   * While held, daemon events are reason enough to go on: the sole hope of work that waits may be a daemon's next look
   * (Go's sysmon, for goroutines behind a P whose thread is in a system call). Holds are counted.
   */
  hold(): void {
    this.holds++;
  }

  release(): void {
    this.holds--;
  }

  // ---- running --------------------------------------------------------------------------------------------------

  /** Ends the run: nothing fires any more. */
  halt(): void {
    this.halted = true;
    this.stepLimit = 0; // the acting thread must not run ahead
  }

  /** Turns the crank until `maxSteps` in all or `untilNs` is reached, nothing can happen any more, or a budget is exceeded. */
  run(untilNs = Infinity, maxSteps = Infinity): StopReason {
    this.timeLimit = Math.min(untilNs, this.limits.maxTimeNs);
    this.stepLimit = Math.min(maxSteps, this.limits.maxEvents);
    for (;;) {
      if (this.halted) return "halted";
      if (this.queue.live + this.holds === 0) return "quiescent";
      if (this.steps >= this.limits.maxEvents) return "max-events";
      if (this.steps >= maxSteps) return "paused";
      const next = this.queue.peekTime();
      if (next > this.limits.maxTimeNs) return "max-time";
      if (next > untilNs) {
        // Nothing is due before: the clock shows the instant that was asked for.
        this.queue.advanceTo(Math.max(untilNs, this.queue.now));
        return "paused";
      }
      this.queue.fireNext();
    }
  }

  /** @internal A thread's pending event fired. */
  threadEvent(thread: Thread): void {
    thread.event = -1;
    if (thread.state === "blocked") {
      this.steps++;
      thread.sent = TIMED_OUT;
      this.makeRunnable(thread);
    } else this.endBurn(thread, 0);
  }

  /** @internal A core's slice ran out. */
  sliceEnded(core: Core): void {
    const { thread } = core;
    if (thread === null || this.share.queue.length === 0) return;
    this.steps++;
    if (this.share.givesWay(thread, this.queue.now)) this.preempt(core);
    else this.armSlice(core, this.queue.now + SLICE_NS);
  }

  /** @internal */
  deliverSignal(thread: Thread): void {
    if (thread.state === "running" && thread.event >= 0 && !thread.blocksNext) {
      const left = thread.burnEnd - this.queue.now;
      this.cancelEvent(thread);
      this.account(thread);
      this.endBurn(thread, left);
    } else if (thread.state === "runnable" && thread.remainingNs > 0) thread.wantsInterrupt = true;
  }

  /**
   * The burn that a thread was in is over: what it was for (a debt before blocking, or plain CPU time) goes on, and the
   * body runs until it needs time that it can't have in place.
   */
  private endBurn(thread: Thread, left: number): void {
    this.account(thread);
    if (thread.blocksNext) {
      thread.blocksNext = false;
      this.steps++; // the debt, which counts as much as when it is settled in place
      if (!this.block(thread)) return;
      left = 0;
    } else if (thread.sent !== 0) {
      left = thread.sent;
    }
    thread.sent = 0;
    const queue = this.queue;
    this.current = thread;
    for (;;) {
      this.steps++;
      const result = thread.body.next(left);
      if (result.done === true) {
        this.debtNs = 0;
        this.finish(thread);
        break;
      }
      left = 0;
      const value = result.value;
      if (value < 0) {
        if (this.debtNs > 0 && !this.settle()) {
          thread.blocksNext = true;
          this.burn(thread, this.takeDebt());
          break;
        }
        if (!this.block(thread)) break;
        continue;
      }
      const ns = value + this.debtNs;
      this.debtNs = 0;
      const end = queue.now + ns;
      if (this.steps < this.stepLimit && end <= this.timeLimit && end < queue.peekTime())
        queue.advanceTo(end);
      else {
        this.burn(thread, ns);
        break;
      }
    }
    this.current = null;
  }

  private takeDebt(): number {
    const ns = this.debtNs;
    this.debtNs = 0;
    return ns;
  }

  /** Starts burning `ns` on the thread's core. */
  private burn(thread: Thread, ns: number): void {
    thread.burnEnd = this.queue.now + ns;
    thread.event = this.queue.push(thread.burnEnd, thread);
  }

  /** Adds the CPU time since the last look to the thread and its core. */
  private account(thread: Thread): void {
    const ns = this.queue.now - thread.burnStart;
    thread.burnStart = this.queue.now;
    thread.cpuNs += ns;
    thread.vruntime += ns;
    if (thread.core >= 0) this.cores[thread.core]!.busyNs += ns;
  }

  /** Puts the acting thread to sleep; false if it sleeps, true if a permit let it go on. */
  private block(thread: Thread): boolean {
    const { timeoutAt } = thread;
    thread.timeoutAt = -1;
    if (thread.permit) {
      thread.permit = false;
      return true;
    }
    this.account(thread);
    this.share.sleeps(thread, this.queue.now);
    thread.state = "blocked";
    if (timeoutAt >= 0)
      thread.event = this.queue.push(Math.max(timeoutAt, this.queue.now), thread, thread.timeoutDaemon);
    this.leaveCore(thread);
    return false;
  }

  private finish(thread: Thread): void {
    this.account(thread);
    thread.state = "done";
    this.threadsAlive--;
    this.leaveCore(thread);
  }

  private cancelEvent(thread: Thread): void {
    if (thread.event < 0) return;
    this.queue.cancel(thread.event);
    thread.event = -1;
  }

  // ---- the OS scheduler -----------------------------------------------------------------------------------------

  private makeRunnable(thread: Thread): void {
    thread.state = "runnable";
    this.share.wakes(thread, this.queue.now);
    const core = this.idleCore(thread);
    if (core !== null) {
      this.dispatch(core, thread, this.costs.wakeNs);
      return;
    }
    this.share.queue.push(thread);
    const victim = this.share.victimOf(thread, this.queue.now);
    // The acting thread finishes its current instruction first: preemption comes as an event of its own.
    if (victim !== null) this.armSlice(victim, this.queue.now);
    else
      for (const busy of this.cores)
        if (busy.sliceEvent < 0) this.armSlice(busy, busy.endOfSlice(this.queue.now));
  }

  private idleCore(thread: Thread): Core | null {
    const last = thread.lastCore >= 0 ? this.cores[thread.lastCore]! : null;
    if (last !== null && last.thread === null) return last;
    for (const core of this.cores) if (core.thread === null) return core;
    return null;
  }

  private armSlice(core: Core, time: number): void {
    if (core.sliceEvent >= 0) this.queue.cancel(core.sliceEvent);
    core.sliceEvent = this.queue.push(time, core);
  }

  private dispatch(core: Core, thread: Thread, latencyNs: number): void {
    let ns = latencyNs;
    if (core.lastThread !== thread) {
      ns += this.costs.contextSwitchNs;
      this.contextSwitches++;
    }
    if (thread.lastCore >= 0 && thread.lastCore !== core.index) ns += this.costs.migrationNs;
    core.thread = thread;
    core.lastThread = thread;
    core.dispatchedAt = this.queue.now;
    thread.core = core.index;
    thread.lastCore = core.index;
    thread.state = "running";
    thread.burnStart = this.queue.now;
    if (thread.wantsInterrupt) {
      thread.wantsInterrupt = false;
      thread.sent = thread.remainingNs;
      thread.remainingNs = 0;
    }
    const remaining = thread.remainingNs;
    thread.remainingNs = 0;
    if (this.share.queue.length > 0) this.armSlice(core, this.queue.now + SLICE_NS);
    this.burn(thread, ns + remaining);
  }

  private preempt(core: Core): void {
    const thread = core.thread!;
    this.account(thread);
    if (thread.event >= 0) {
      thread.remainingNs = thread.burnEnd - this.queue.now;
      this.cancelEvent(thread);
    }
    thread.state = "runnable";
    thread.core = -1;
    core.thread = null;
    this.share.queue.push(thread);
    this.dispatchNext(core);
  }

  private leaveCore(thread: Thread): void {
    const core = this.cores[thread.core]!;
    thread.core = -1;
    core.thread = null;
    this.dispatchNext(core);
  }

  private dispatchNext(core: Core): void {
    if (core.sliceEvent >= 0) {
      this.queue.cancel(core.sliceEvent);
      core.sliceEvent = -1;
    }
    const next = this.share.takeNext();
    if (next !== undefined) this.dispatch(core, next, 0);
  }

  /** CPU time that each core has been busy for, ns, what runs on it now included. */
  get coreBusyNs(): readonly number[] {
    return this.cores.map(
      ({ busyNs, thread }) => busyNs + (thread === null ? 0 : this.queue.now - thread.burnStart),
    );
  }

  /** Threads that are runnable but have no core, in queue order. */
  get waitingThreads(): readonly Thread[] {
    return this.share.queue;
  }
}

export class Core {
  readonly index: number;
  thread: Thread | null = null;
  lastThread: Thread | null = null;
  busyNs = 0;
  /** @internal When its thread got it, ns. */
  dispatchedAt = 0;
  /** @internal Handle of the pending end of slice, -1 for none. */
  sliceEvent = -1;
  private readonly machine: Machine;

  constructor(machine: Machine, index: number) {
    this.machine = machine;
    this.index = index;
  }

  /** @internal When the slice that its thread is in ends; a thread alone goes from slice to slice. */
  endOfSlice(now: number): number {
    return this.dispatchedAt + (Math.floor((now - this.dispatchedAt) / SLICE_NS) + 1) * SLICE_NS;
  }

  fire(): void {
    this.sliceEvent = -1;
    this.machine.sliceEnded(this);
  }
}

class Signal implements Target {
  private readonly machine: Machine;
  private readonly thread: Thread;

  constructor(machine: Machine, thread: Thread) {
    this.machine = machine;
    this.thread = thread;
  }

  fire(): void {
    this.machine.steps++;
    this.machine.deliverSignal(this.thread);
  }
}

class Action implements Target {
  private readonly machine: Machine;
  private readonly action: () => void;

  constructor(machine: Machine, action: () => void) {
    this.machine = machine;
    this.action = action;
  }

  fire(): void {
    this.machine.steps++;
    this.action();
  }
}
