/**
 * java.lang.Thread (JDK 25): what platform and virtual threads have in common, and platform threads. A platform thread's
 * body runs right on an OS thread of the machine.
 */
import { BLOCK, type Thread } from "@orrery/simulator";
import type { Steps, Task } from "@orrery/runtime";
import type { Jvm } from "./jvm.ts";
import type { WorkQueue } from "./work-queue.ts";

/**
 * Leaves the carrier (Continuation.yield): the only value besides burns (n >= 0 ns) and BLOCK that a thread's body
 * yields. Only an unpinned virtual thread may yield it, after setting its state.
 */
export const UNMOUNT = -2;

/** `startPark` found a permit or an interrupt: there is nothing to yield. */
export const NOTHING = -3;

/** A Java exception or error, with its class as the real runtime prints it. */
export class Throwable extends Error {
  readonly javaClass: string;

  constructor(javaClass: string, message = "") {
    super(message);
    this.javaClass = javaClass;
  }

  override toString(): string {
    return this.message === "" ? this.javaClass : `${this.javaClass}: ${this.message}`;
  }
}

export class InterruptedException extends Throwable {
  constructor() {
    super("java.lang.InterruptedException");
  }
}

export const UNTIMED = -1;

export type ThreadState = "NEW" | "RUNNABLE" | "BLOCKED" | "WAITING" | "TIMED_WAITING" | "TERMINATED";

/** An object that threads wait for. */
export interface Blocking {
  /** Of the real object: the synchronizer inside a lock, the object of a monitor. */
  readonly javaClass: string;
  /** `getExclusiveOwnerThread`, or the owner of the monitor. */
  readonly owner: JavaThread | null;
}

/** What waits for a thread's end, counted down once: `VirtualThread.termination`. */
export interface Termination {
  countDown(): void;
}

/** `Thread.NORM_PRIORITY`. */
const NORM_PRIORITY = 5;

export abstract class JavaThread {
  readonly jvm: Jvm;
  readonly tid: number;
  readonly name: string;
  interrupted = false;
  /** LockSupport's permit. */
  parkPermit = false;
  /** Native frames on its stack, and with legacy locking its monitors: they pin a virtual thread. */
  nativeFrames = 0;
  /** What a park waits for, as the real `parkBlocker`. */
  parkBlocker: Blocking | null = null;
  /** The monitor that it waits for, to enter (`blockedOn`) or to be notified. */
  blockedOn: Blocking | null = null;
  /** Lazily made by the first that joins. */
  termination: Termination | null = null;
  abstract get isVirtual(): boolean;
  abstract get daemon(): boolean;

  /** Nothing here sets another one. */
  get priority(): number {
    return NORM_PRIORITY;
  }

  /** `getThreadGroup().getName()`; null once it has ended. */
  get threadGroup(): string | null {
    if (this.isTerminated) return null;
    return this.isVirtual ? "VirtualThreads" : "main";
  }

  constructor(jvm: Jvm, name: string) {
    this.jvm = jvm;
    this.tid = jvm.nextThreadId();
    this.name = name;
  }

  /**
   * `LockSupport.park` and `parkNanos` in two halves around a yield, so that those who wait need no generator more:
   *
   *     const how = thread.startPark(nanos);
   *     if (how !== NOTHING) {
   *       yield how;
   *       thread.endPark();
   *     }
   *
   * `nanos` UNTIMED: no timeout. Only ever called by the thread itself. May return for no reason, as the real one.
   */
  abstract startPark(nanos: number): number;
  abstract endPark(): void;
  abstract unpark(): void;
  /** `Thread.yield` */
  abstract tryYield(): Steps;
  /** Of the task that it runs, in traces; -1 for a thread of the runtime itself. */
  abstract taskId: number;
  abstract readonly task: Task | null;
  abstract interrupt(): void;
  abstract getState(): ThreadState;

  *park(nanos = UNTIMED): Steps {
    const how = this.startPark(nanos);
    if (how === NOTHING) return;
    yield how;
    this.endPark();
  }

  getAndClearInterrupt(): boolean {
    const { interrupted } = this;
    this.interrupted = false;
    return interrupted;
  }

  get isTerminated(): boolean {
    return this.getState() === "TERMINATED";
  }

  protected dispatchUncaughtException(error: unknown): void {
    if (!(error instanceof Throwable)) throw error; // a fault of the model, not of the program
    this.jvm.dispatchUncaughtException(this, error);
  }
}

export class PlatformThread extends JavaThread {
  readonly daemon: boolean;
  taskId = -1;
  readonly task: Task | null = null;
  /** The OS thread that it is. */
  os!: Thread;
  /** `Thread.currentThread()` of code on this OS thread: the mounted virtual thread, or the platform thread itself. */
  current: JavaThread = this;
  /** ThreadLocalRandom's probe, 0 until it is initialised. */
  probe = 0;
  /** Its queue, if it is a ForkJoinPool's worker. */
  queue: WorkQueue | null = null;
  /** Number of the carrier for traces, -1 for other threads. */
  processor = -1;
  /** CarrierThread: what `beginBlocking` got from `tryCompensate`, while it compensates. */
  compensating = false;
  compensateValue = 0;
  /** When the last pinned park of a thread on it began, ns. */
  pinnedSince = 0;
  private parked: ThreadState | null = null;
  private ended = false;

  constructor(jvm: Jvm, name: string, daemon: boolean) {
    super(jvm, name);
    this.daemon = daemon;
  }

  get isVirtual(): boolean {
    return false;
  }

  /** Starts it: `body` gets the OS thread's whole life. */
  start(body: () => Steps): void {
    const { machine, costs } = this.jvm;
    machine.charge(machine.current === null ? 0 : costs.startThread);
    this.os = machine.spawn(this.name, () => this.run(body));
    this.jvm.registerPlatformThread(this);
  }

  private *run(body: () => Steps): Steps {
    yield this.jvm.costs.threadEntry;
    try {
      yield* body();
    } catch (error) {
      this.dispatchUncaughtException(error);
    }
    this.ended = true;
    this.termination?.countDown();
    this.jvm.platformThreadEnded(this);
  }

  startPark(nanos: number): number {
    if (this.consumePermit() || nanos === 0) return NOTHING;
    this.startParkOs(nanos === UNTIMED ? "WAITING" : "TIMED_WAITING", nanos);
    return BLOCK;
  }

  endPark(): void {
    this.endParkOs();
    this.parkPermit = false;
  }

  /** `Unsafe.park` by the code on this OS thread, a mounted virtual thread's included, up to its BLOCK. */
  startParkOs(state: ThreadState, nanos: number): void {
    const { machine } = this.jvm;
    this.parked = state;
    this.os.waitingFor = "park (futex)";
    if (nanos !== UNTIMED) machine.timeout(machine.now + nanos);
  }

  endParkOs(): void {
    this.os.waitingFor = "";
    this.parked = null;
  }

  /** A worker's wait for work: a daemon wait, which keeps no simulation going. */
  *parkIdle(deadlineNs: number): Steps {
    this.parked = deadlineNs === Infinity ? "WAITING" : "TIMED_WAITING";
    this.os.waitingFor = "awaitWork (futex)";
    if (deadlineNs !== Infinity) this.jvm.machine.timeout(deadlineNs, true);
    yield BLOCK;
    this.endParkOs();
  }

  /** `sched_yield` */
  *tryYield(): Steps {
    this.jvm.machine.charge(this.jvm.costs.syscall);
    yield 0;
  }

  protected get isParked(): boolean {
    return this.parked !== null;
  }

  private consumePermit(): boolean {
    if (!this.parkPermit && !this.interrupted) return false;
    this.parkPermit = false;
    return true;
  }

  unpark(): void {
    this.parkPermit = true;
    this.unparkOs();
  }

  /** `Unsafe.unpark` of the OS thread if it is parked. */
  unparkOs(): void {
    if (this.parked === null) return;
    this.jvm.machine.charge(this.jvm.costs.unparkThread);
    this.jvm.machine.wake(this.os);
  }

  interrupt(): void {
    this.interrupted = true;
    this.unpark();
  }

  getState(): ThreadState {
    if (this.ended) return "TERMINATED";
    if (this.os === undefined) return "NEW";
    return this.parked ?? "RUNNABLE";
  }

  override toString(): string {
    return `Thread[#${this.tid},${this.name},5,main]`;
  }
}
