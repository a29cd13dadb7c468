/**
 * HotSpot's ObjectMonitor (objectMonitor.cpp, JDK 25): owner, entry list, heir designate, wait set. A virtual thread that
 * has to wait unmounts (JEP 491); it is made runnable by the VirtualThread-unblocker thread, through that thread's external
 * queue. A pinned virtual thread and a platform thread block their OS thread. Left out: lightweight locking's own races,
 * the spinner's statistics.
 */
import type { Steps } from "@orrery/runtime";
import { BLOCK } from "@orrery/simulator";
import {
  type JavaThread,
  type PlatformThread,
  type ThreadState,
  Throwable,
  UNMOUNT,
  UNTIMED,
} from "./java-thread.ts";
import type { Jvm } from "./jvm.ts";
import { BLOCKING, VirtualThread } from "./virtual-thread.ts";

/** `_SpinDuration` at first, and what failure and success do to it (Knob_SpinLimit 5000, Knob_PenaltySuccess 100, 200). */
const SPIN_LIMIT = 5_000;
const SPIN_REWARD = 100;
const SPIN_PENALTY = 200;
/** A pinned waiter looks again this often: 1 ms eight times longer each time, at most 1 s. */
const RECHECK_NS = 1_000_000;
const RECHECK_LIMIT_NS = 1_000_000_000;

interface ObjectWaiter {
  readonly thread: JavaThread;
  /** The OS thread to unpark, for a waiter that blocks it. */
  readonly blocks: PlatformThread | null;
  notified: boolean;
}

export class ObjectMonitor {
  /** Of the object that has it. */
  readonly javaClass: string;
  private readonly jvm: Jvm;
  owner: JavaThread | null = null;
  recursions = 0;
  /** Oldest first: the successor is the first; `notify` appends. */
  private readonly entryList: ObjectWaiter[] = [];
  private readonly waitSet: ObjectWaiter[] = [];
  /** Heir designate: woken, has not run yet. */
  private successor: JavaThread | null = null;
  private spinDuration = SPIN_LIMIT;

  constructor(jvm: Jvm, javaClass = "java.lang.Object") {
    this.jvm = jvm;
    this.javaClass = javaClass;
  }

  /** Who waits to enter, the successor first. */
  get entrants(): readonly JavaThread[] {
    return this.entryList.map(({ thread }) => thread);
  }

  /** Who waits to be notified, the next to be first. */
  get waiters(): readonly JavaThread[] {
    return this.waitSet.map(({ thread }) => thread);
  }

  /** monitorenter. */
  *enter(): Steps {
    const { machine, costs } = this.jvm;
    const current = this.jvm.currentThread();
    machine.charge(costs.monitorEnter);
    if (this.owner === current) {
      this.recursions++;
      return;
    }
    if (this.jvm.legacyLocking && current instanceof VirtualThread) current.nativeFrames++;
    if (this.tryLock(current)) return;
    if (yield* this.spin(current)) return;
    machine.charge(costs.monitorBlock);
    if (!machine.settle()) yield 0;
    if (this.tryLock(current)) return;
    const waiter = this.waiterOf(current);
    this.entryList.push(waiter);
    yield* this.block(current, waiter);
  }

  private tryLock(current: JavaThread): boolean {
    if (this.owner !== null) return false;
    this.owner = current;
    return true;
  }

  /** The adaptive spin: succeeds if the owner leaves meanwhile. */
  private *spin(current: JavaThread): Steps<boolean> {
    const { costs } = this.jvm;
    const turns = 4;
    for (let i = 0; i < turns; i++) {
      yield Math.round((costs.monitorSpin * this.spinDuration) / SPIN_LIMIT / turns);
      if (!this.tryLock(current)) continue;
      this.spinDuration = Math.min(this.spinDuration + SPIN_REWARD, SPIN_LIMIT);
      return true;
    }
    this.spinDuration = Math.max(this.spinDuration - SPIN_PENALTY, 0);
    return false;
  }

  /** On the entry list: waits until the monitor is taken. A release is not a hand-over: whoever runs first has it. */
  private *block(current: JavaThread, waiter: ObjectWaiter): Steps {
    let recheckNs = RECHECK_NS;
    current.blockedOn = this;
    while (!this.tryLock(current)) {
      if (this.successor === current) this.successor = null;
      if (waiter.blocks === null) {
        (current as VirtualThread).state = BLOCKING;
        yield UNMOUNT;
      } else {
        yield* parkBlocked(waiter.blocks, "BLOCKED", current.isVirtual ? recheckNs : UNTIMED);
        recheckNs = Math.min(recheckNs * 8, RECHECK_LIMIT_NS);
      }
    }
    current.blockedOn = null;
    this.entryList.splice(this.entryList.indexOf(waiter), 1);
    if (this.successor === current) this.successor = null;
  }

  /** monitorexit. */
  exit(): void {
    this.checkOwner();
    this.jvm.machine.charge(this.jvm.costs.monitorExit);
    if (this.recursions > 0) {
      this.recursions--;
      return;
    }
    if (this.jvm.legacyLocking && this.owner instanceof VirtualThread) this.owner.nativeFrames--;
    this.release();
  }

  private release(): void {
    this.owner = null;
    const heir = this.entryList[0];
    if (heir === undefined || this.successor !== null) return;
    this.successor = heir.thread;
    if (heir.blocks !== null) heir.blocks.unparkOs();
    else this.jvm.addToUnblock(heir.thread as VirtualThread);
  }

  /** `Object.wait(millis)`; 0 waits without a timeout. */
  *wait(millis = 0): Steps {
    this.checkOwner();
    const current = this.jvm.currentThread();
    if (current.getAndClearInterrupt()) throw this.jvm.interruptedException();
    const waiter = this.waiterOf(current);
    const { recursions } = this;
    this.waitSet.push(waiter);
    current.blockedOn = this;
    this.recursions = 0;
    if (waiter.blocks === null) {
      (current as VirtualThread).startWaiting(millis); // before the release: a notify meanwhile must see it wait
      this.release();
      yield UNMOUNT;
    } else {
      this.release();
      yield* this.waitBlocked(waiter, millis);
    }
    if (waiter.notified) yield* this.block(current, waiter);
    else {
      this.waitSet.splice(this.waitSet.indexOf(waiter), 1); // timed out or interrupted: a newcomer again
      yield* this.reenter(current, waiter);
    }
    this.recursions = recursions;
    if (!waiter.notified && current.getAndClearInterrupt()) throw this.jvm.interruptedException();
  }

  private *reenter(current: JavaThread, waiter: ObjectWaiter): Steps {
    current.blockedOn = null;
    if (this.tryLock(current)) return;
    this.entryList.push(waiter);
    yield* this.block(current, waiter);
  }

  private *waitBlocked(waiter: ObjectWaiter, millis: number): Steps {
    const { machine } = this.jvm;
    const deadline = millis === 0 ? -1 : machine.now + millis * 1_000_000;
    while (!waiter.notified && !waiter.thread.interrupted) {
      if (deadline < 0) yield* parkBlocked(waiter.blocks!, "WAITING", UNTIMED);
      else if (deadline > machine.now)
        yield* parkBlocked(waiter.blocks!, "TIMED_WAITING", deadline - machine.now);
      else return;
    }
  }

  notify(): void {
    this.checkOwner();
    const waiter = this.waitSet.shift();
    if (waiter !== undefined) this.notifyOne(waiter);
  }

  notifyAll(): void {
    this.checkOwner();
    for (const waiter of this.waitSet.splice(0)) this.notifyOne(waiter);
  }

  /** To the entry list; nobody runs before the monitor is released. */
  private notifyOne(waiter: ObjectWaiter): void {
    waiter.notified = true;
    this.entryList.push(waiter);
    if (waiter.blocks === null) (waiter.thread as VirtualThread).wasNotified();
  }

  private waiterOf(thread: JavaThread): ObjectWaiter {
    const unmounts = thread instanceof VirtualThread && !thread.pinned;
    return { thread, blocks: unmounts ? null : this.jvm.currentCarrier()!, notified: false };
  }

  private checkOwner(): void {
    if (this.owner === this.jvm.currentThread()) return;
    throw new Throwable("java.lang.IllegalMonitorStateException", "current thread is not owner");
  }
}

function* parkBlocked(thread: PlatformThread, state: ThreadState, nanos: number): Steps {
  thread.startParkOs(state, nanos);
  yield BLOCK;
  thread.endParkOs();
}

/** `synchronized (monitor) { body }`. */
export function* synchronizedOn<V>(monitor: ObjectMonitor, body: () => Steps<V>): Steps<V> {
  yield* monitor.enter();
  try {
    return yield* body();
  } finally {
    monitor.exit();
  }
}
