/**
 * java.lang.VirtualThread (JDK 25): states, park permits, what happens after a continuation yields or ends, and which
 * queue each wake-up goes to. Left out: JVMTI suspension, thread locals, custom schedulers, the costs of deep stacks.
 *
 * Nothing here ever switches to another thread and nothing preempts: a thread runs until its body yields UNMOUNT.
 */
import { BLOCK, Kind } from "@orrery/simulator";
import type { Steps, Task } from "@orrery/runtime";
import { PARK_TIMEOUT, ScheduledTask } from "./delay-scheduler.ts";
import {
  JavaThread,
  NOTHING,
  type PlatformThread,
  type ThreadState,
  Throwable,
  UNMOUNT,
  UNTIMED,
} from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";

/** `VirtualThread`'s states, with their numbers. */
export const NEW = 0;
export const STARTED = 1;
export const RUNNING = 2;
export const PARKING = 3;
export const PARKED = 4;
export const PINNED = 5;
export const TIMED_PARKING = 6;
export const TIMED_PARKED = 7;
export const TIMED_PINNED = 8;
export const UNPARKED = 9;
export const YIELDING = 10;
export const YIELDED = 11;
export const BLOCKING = 12;
export const BLOCKED = 13;
export const UNBLOCKED = 14;
export const WAITING = 15;
export const WAIT = 16;
export const TIMED_WAITING = 17;
export const TIMED_WAIT = 18;
export const TERMINATED = 99;

/** `jdk.VirtualThreadPinned#threshold` of default.jfc: 20 ms. */
const PINNED_THRESHOLD_NS = 20_000_000;
/** HotSpot's `freeze_pinned_monitor`: legacy locking only. */
const MONITOR = 4;

export interface MonitorState {
  /** Set by the unblocker. */
  blockPermit: boolean;
  /** Set by `notify`. */
  notified: boolean;
  onWaitingList: boolean;
  /** Next on the list to unblock. */
  next: VirtualThread | null;
  timedWaitSeqNo: number;
}

export class VirtualThread extends JavaThread {
  state = NEW;
  /** Its continuation: `next` runs it on the carrier that has it mounted. */
  readonly cont: Steps<unknown>;
  /** The program's task that it is, while it runs a handler that one; -1 for a thread of the runtime itself (a SubPoller). */
  taskId: number;
  readonly task: Task | null;
  carrierThread: PlatformThread | null = null;
  /** What only monitors use, made by the first that blocks it. */
  private monitor: MonitorState | null = null;
  private timeoutTask: ScheduledTask | null = null;
  failed = false;

  get isVirtual(): boolean {
    return true;
  }

  get daemon(): boolean {
    return true;
  }

  /** VirtualThread's fields for monitors. */
  get monitorState(): MonitorState {
    this.monitor ??= {
      blockPermit: false,
      notified: false,
      onWaitingList: false,
      next: null,
      timedWaitSeqNo: 0,
    };
    return this.monitor;
  }

  constructor(jvm: Jvm, name: string, body: Steps<unknown>, taskId: number, task: Task | null) {
    super(jvm, name);
    this.cont = body;
    this.taskId = taskId;
    this.task = task;
    jvm.machine.charge(jvm.costs.newVirtualThread);
  }

  // ---- start, run, end ------------------------------------------------------------------------------------------

  start(): void {
    if (this.state !== NEW) throw new Throwable("java.lang.IllegalThreadStateException", "Already started");
    const { jvm } = this;
    this.state = STARTED;
    jvm.machine.charge(jvm.costs.start);
    jvm.liveThreads?.add(this);
    const by = jvm.currentCarrier();
    if (jvm.machine.trace.enabled) {
      const creator = by !== null && by.current instanceof VirtualThread ? by.current.taskId : -1;
      jvm.machine.emit(Kind.create, by?.processor ?? -1, this.taskId, "Thread.start", creator);
    }
    // externalSubmitRunContinuationOrThrow: from a carrier its external queue, else the caller's.
    if (by !== null && by.queue !== null) jvm.pool.externalSubmit(this, "start: externalSubmit");
    else jvm.pool.execute(this, "start: execute");
  }

  /** First half of `runContinuation`: false if the thread can't run (a stale task). */
  mount(carrier: PlatformThread): boolean {
    const initialState = this.state;
    const { costs } = this.jvm;
    let ns = costs.mount;
    if (initialState === UNPARKED) {
      this.cancelTimeoutTask();
      this.parkPermit = false; // every unpark until now has been this one
    } else if (initialState === UNBLOCKED) {
      this.cancelTimeoutTask();
      this.monitorState.blockPermit = false;
    } else if (initialState === STARTED) ns = costs.firstRun;
    else if (initialState !== YIELDED) return false;
    this.state = RUNNING;
    this.carrierThread = carrier;
    carrier.current = this;
    this.jvm.mounts++;
    this.jvm.machine.charge(ns);
    return true;
  }

  unmount(): void {
    const carrier = this.carrierThread!;
    carrier.current = carrier;
    this.carrierThread = null;
  }

  /** The continuation has yielded; runs on the carrier, which is itself again. */
  afterYield(carrier: PlatformThread): void {
    const { jvm } = this;
    const { pool } = jvm;
    jvm.machine.charge(jvm.costs.unmount);
    // Re-adjust parallelism if the thread yielded while its carrier was compensated.
    pool.endBlocking(carrier);
    switch (this.state) {
      case PARKING:
      case TIMED_PARKING:
        if (this.state === TIMED_PARKING) {
          this.leave(carrier, Kind.park, "parkNanos");
          jvm.delayScheduler.schedule(this.timeoutTask!);
          this.state = TIMED_PARKED;
        } else {
          this.leave(carrier, Kind.park, "park");
          this.state = PARKED;
        }
        if (this.parkPermit) {
          this.state = UNPARKED; // unparked while parking
          this.lazySubmit("unparked while parking: lazySubmit");
        }
        return;
      case YIELDING:
        this.leave(carrier, Kind.yield, "Thread.yield");
        this.state = YIELDED;
        if (carrier.queue!.size === 0) pool.externalSubmit(this, "yield: externalSubmit (local queue empty)");
        else pool.execute(this, "yield: execute (local queue not empty)");
        return;
      case BLOCKING:
        this.leave(carrier, Kind.park, "monitor enter");
        this.state = BLOCKED;
        if (this.monitorState.blockPermit) {
          this.state = UNBLOCKED; // unblocked while blocking
          this.lazySubmit("unblocked while blocking: lazySubmit");
        }
        return;
      case WAITING:
      case TIMED_WAITING:
        this.leave(carrier, Kind.park, "Object.wait");
        if (this.state === TIMED_WAITING) {
          jvm.delayScheduler.schedule(this.timeoutTask!);
          this.state = TIMED_WAIT;
        } else this.state = WAIT;
        if (this.monitorState.notified) {
          this.state = BLOCKED; // notified while waiting began
          if (this.monitorState.blockPermit) {
            this.state = UNBLOCKED;
            pool.execute(this, "notified and unblocked while entering wait: execute");
          }
        } else if (this.interrupted) {
          this.state = UNBLOCKED;
          pool.execute(this, "interrupted while entering wait: execute");
        }
        return;
      default:
        throw new Error(`afterYield in state ${this.state}`);
    }
  }

  /** The continuation has ended; runs on the carrier: a joiner is in the local queue before the next task is taken. */
  afterDone(carrier: PlatformThread): void {
    const { jvm } = this;
    jvm.machine.charge(jvm.costs.afterDone);
    jvm.liveThreads?.delete(this);
    this.state = TERMINATED;
    if (jvm.machine.trace.enabled) {
      const status = this.task === null ? Number(this.failed) : EXIT_STATUS[this.task.state];
      jvm.machine.emit(Kind.exit, carrier.processor, this.taskId, "afterDone", status);
    }
    this.termination?.countDown();
  }

  /** An exception left the thread's `run`. */
  failedWith(error: unknown): void {
    this.failed = true;
    this.dispatchUncaughtException(error);
  }

  private leave(carrier: PlatformThread, kind: Kind, reason: string): void {
    this.jvm.machine.emit(kind, carrier.processor, this.taskId, reason);
  }

  // ---- submission -----------------------------------------------------------------------------------------------

  private lazySubmit(reason: string): void {
    const { jvm } = this;
    const carrier = jvm.currentCarrier();
    if (carrier !== null && carrier.queue !== null && carrier.queue.size === 0)
      jvm.pool.lazySubmit(this, reason);
    else jvm.pool.execute(this, "execute (local queue not empty)");
  }

  private cancelTimeoutTask(): void {
    if (this.timeoutTask === null) return;
    this.jvm.delayScheduler.cancel(this.timeoutTask);
    this.timeoutTask = null;
  }

  // ---- park, unpark, interrupt ----------------------------------------------------------------------------------

  get pinned(): boolean {
    return this.nativeFrames > 0;
  }

  startPark(nanos: number): number {
    if (this.parkPermit || this.interrupted) {
      this.parkPermit = false;
      this.jvm.machine.charge(this.jvm.costs.parkPermit);
      return NOTHING;
    }
    if (nanos === 0) return NOTHING;
    const timed = nanos !== UNTIMED;
    if (this.pinned) {
      // parkOnCarrierThread: the yield would fail; the carrier parks with the thread and nothing compensates.
      this.jvm.pinnedParks++;
      this.carrierThread!.pinnedSince = this.jvm.machine.threadNow;
      this.jvm.machine.emit(
        Kind.threadBlock,
        this.carrierThread!.processor,
        this.taskId,
        "pinned: parkOnCarrierThread",
      );
      this.state = timed ? TIMED_PINNED : PINNED;
      this.carrierThread!.startParkOs(timed ? "TIMED_WAITING" : "WAITING", nanos);
      return BLOCK;
    }
    if (timed) this.timeoutTask = new ScheduledTask(this, PARK_TIMEOUT, nanos);
    this.state = timed ? TIMED_PARKING : PARKING;
    return UNMOUNT;
  }

  endPark(): void {
    if (this.state === RUNNING) return; // it was unmounted and mounted again
    this.carrierThread!.endParkOs();
    this.commitPinned();
    this.jvm.machine.emit(Kind.threadWake, this.carrierThread!.processor, this.taskId, "pinned: unparked");
    this.state = RUNNING;
    this.parkPermit = false;
  }

  private commitPinned(): void {
    const { pinnedSince } = this.carrierThread!;
    const durationNs = this.jvm.machine.now - pinnedSince;
    if (durationNs < PINNED_THRESHOLD_NS) return;
    this.jvm.pinnedEvents.push({
      thread: this,
      carrier: this.carrierThread!,
      blockingOperation: "LockSupport.park",
      pinnedReason: this.jvm.legacyLocking
        ? `Freeze or preempt failed (${MONITOR})`
        : "Native or VM frame on stack",
      startNs: pinnedSince,
      durationNs,
    });
  }

  unpark(): void {
    this.unparkBy("unpark: execute", false);
  }

  private unparkBy(reason: string, lazySubmit: boolean): void {
    const { jvm } = this;
    jvm.machine.charge(jvm.costs.unpark);
    if (this.parkPermit) return;
    this.parkPermit = true;
    if (this.state === PARKED || this.state === TIMED_PARKED) {
      this.state = UNPARKED;
      if (lazySubmit) this.lazySubmit(reason);
      else jvm.pool.execute(this, reason);
    } else if (this.state === PINNED || this.state === TIMED_PINNED) this.carrierThread!.unparkOs();
  }

  /** Body of the timer task of a timed park. */
  parkTimeoutExpired(): void {
    this.unparkBy("parkTimeoutExpired: lazySubmit", true);
  }

  /** Body of the timer task of a timed `Object.wait`. */
  waitTimeoutExpired(seqNo: number): void {
    if (seqNo !== this.monitorState.timedWaitSeqNo || this.state !== TIMED_WAIT) return; // an earlier wait's, or notified
    this.state = UNBLOCKED;
    this.lazySubmit("waitTimeoutExpired: lazySubmit");
  }

  interrupt(): void {
    this.interrupted = true;
    if (this.jvm.currentThread() === this) {
      this.parkPermit = true;
      return;
    }
    this.unparkBy("interrupt: execute", false);
    if (this.state === WAIT || this.state === TIMED_WAIT) {
      this.state = UNBLOCKED;
      this.jvm.pool.execute(this, "interrupt: execute");
    }
  }

  // ---- yield, sleep ---------------------------------------------------------------------------------------------

  *tryYield(): Steps {
    const { machine, costs } = this.jvm;
    machine.charge(costs.tryYield);
    if (this.pinned) return;
    this.state = YIELDING;
    yield UNMOUNT;
  }

  // ---- monitors (called by ObjectMonitor) -----------------------------------------------------------------------

  /** `Object.wait` is about to unmount; `millis` 0 waits without a timeout. */
  startWaiting(millis: number): void {
    const { monitorState } = this;
    monitorState.notified = false;
    this.state = WAITING;
    if (millis === 0) return;
    this.timeoutTask = new ScheduledTask(this, ++monitorState.timedWaitSeqNo, millis * 1_000_000);
    this.state = TIMED_WAITING;
  }

  /** `notify` moved it to a monitor's entry list. */
  wasNotified(): void {
    this.monitorState.notified = true;
    if (this.state === WAIT || this.state === TIMED_WAIT) this.state = BLOCKED;
  }

  /** Called on the VirtualThread-unblocker thread, whose external queue takes it. */
  unblock(): void {
    this.monitorState.blockPermit = true;
    if (this.state !== BLOCKED) return;
    this.state = UNBLOCKED;
    this.jvm.pool.execute(this, "unblock: execute by VirtualThread-unblocker");
  }

  // ---- for people -----------------------------------------------------------------------------------------------

  override get isTerminated(): boolean {
    return this.state === TERMINATED;
  }

  getState(): ThreadState {
    switch (this.state) {
      case NEW:
        return "NEW";
      case RUNNING:
        return this.jvm.currentThread() === this || this.carrierThread === null
          ? "RUNNABLE"
          : this.carrierThread.getState();
      case PARKED:
      case PINNED:
      case WAIT:
        return "WAITING";
      case TIMED_PARKED:
      case TIMED_PINNED:
      case TIMED_WAIT:
        return "TIMED_WAITING";
      case BLOCKING:
      case BLOCKED:
        return "BLOCKED";
      case TERMINATED:
        return "TERMINATED";
      default:
        return "RUNNABLE";
    }
  }

  override toString(): string {
    const name = this.name === "" ? "" : `,${this.name}`;
    const carrier = this.carrierThread;
    const state =
      carrier === null
        ? this.getState().toLowerCase()
        : `${carrier.getState().toLowerCase()}@${carrier.name}`;
    return `VirtualThread[#${this.tid}${name}]/${state}`;
  }
}

/** `arg` of Kind.exit. */
const EXIT_STATUS = { live: 0, completed: 0, failed: 1, cancelled: 2 } as const;
