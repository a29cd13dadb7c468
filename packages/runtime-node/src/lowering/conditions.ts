/**
 * Readers-writer locks, conditions, monitors, once, events, barriers. Node has an idiom for events alone, a promise that is resolved;
 * the rest is emulated with promises.
 */
import {
  Barrier,
  type BarrierHandle,
  type BargingSemaphore,
  type CondHandle,
  type EventHandle,
  type Lowering,
  type MonitorHandle,
  type OnceHandle,
  type Op,
  RwLock,
  type RwLockHandle,
  Semaphore,
  type Steps,
  type Task,
  type Waiter,
  Waiters,
} from "@orrery/runtime";
import type { JSPromise } from "../v8/promise.ts";
import { Awaiting, NOTHING } from "./awaiting.ts";

interface Monitor {
  readonly lock: Semaphore<JSPromise>;
  readonly waiters: Waiters<JSPromise>;
}

type Conditions =
  | "rwlock"
  | "rlock"
  | "runlock"
  | "wlock"
  | "wunlock"
  | "cond"
  | "condWait"
  | "signal"
  | "monitor"
  | "enter"
  | "reentered"
  | "exit"
  | "monitorWait"
  | "notify"
  | "once"
  | "onceEnter"
  | "onceExit"
  | "event"
  | "eventSet"
  | "eventWait"
  | "barrier"
  | "barrierWait";

export class ConditionLowering extends Awaiting implements Pick<Lowering, Conditions> {
  // ---- readers-writer locks: a support class -------------------------------------------------------------------------

  rwlock(_self: Task, lock: RwLockHandle): void {
    lock.native = new RwLock<JSPromise>(this.wake);
  }

  *rlock(self: Task, { native }: RwLockHandle): Steps {
    const lock = native as RwLock<JSPromise>;
    this.charge("lockOperation");
    if (lock.tryRead()) return yield this.turn("rlock");
    const waiter = this.newWaiter();
    lock.parkReader(waiter);
    yield this.parked(self, waiter, () => lock.forget(waiter), "rlock");
  }

  runlock(_self: Task, { native }: RwLockHandle): void {
    this.charge("lockOperation");
    (native as RwLock<JSPromise>).readUnlock();
  }

  *wlock(self: Task, { native }: RwLockHandle): Steps {
    const lock = native as RwLock<JSPromise>;
    this.charge("lockOperation");
    if (lock.tryWrite()) return yield this.turn("wlock");
    const waiter = this.newWaiter();
    lock.parkWriter(waiter);
    yield this.parked(self, waiter, () => lock.forget(waiter), "wlock");
  }

  wunlock(_self: Task, { native }: RwLockHandle): void {
    this.charge("lockOperation");
    (native as RwLock<JSPromise>).writeUnlock();
  }

  // ---- conditions and monitors: a support class -----------------------------------------------------------------------

  cond(_self: Task, cond: CondHandle): void {
    cond.native = new Waiters<JSPromise>(this.wake);
  }

  condWait(self: Task, { native, mutex }: CondHandle, ns: number | null): Steps<boolean> {
    const lock = mutex.native as Semaphore<JSPromise> | BargingSemaphore<JSPromise>;
    return this.signalled(self, native as Waiters<JSPromise>, lock, ns, "condWait");
  }

  signal(_self: Task, { native }: CondHandle, all: boolean): void {
    this.wakeFrom(native as Waiters<JSPromise>, all);
  }

  monitor(_self: Task, monitor: MonitorHandle): void {
    monitor.native = {
      lock: new Semaphore<JSPromise>(1, this.wake),
      waiters: new Waiters<JSPromise>(this.wake),
    } satisfies Monitor;
  }

  enter(self: Task, { native }: MonitorHandle): Op {
    return this.insist(self, (native as Monitor).lock, "enter");
  }

  /** `await monitor.enter(self)`, of one's own. */
  *reentered(): Steps {
    this.charge("lockOperation");
    yield this.turn("enter");
  }

  exit(_self: Task, { native }: MonitorHandle): void {
    this.charge("lockOperation");
    (native as Monitor).lock.release(1);
  }

  monitorWait(self: Task, { native }: MonitorHandle, ns: number | null): Steps<boolean> {
    const { lock, waiters } = native as Monitor;
    return this.signalled(self, waiters, lock, ns, "monitorWait");
  }

  notify(_self: Task, { native }: MonitorHandle, all: boolean): void {
    this.wakeFrom((native as Monitor).waiters, all);
  }

  private wakeFrom(waiters: Waiters<JSPromise>, all: boolean): void {
    this.charge("lockOperation");
    if (all) waiters.broadcast();
    else waiters.signal();
  }

  /** An async function: it leaves the lock, awaits the signal, then the lock, and is awaited itself. Three turns at least. */
  private *signalled(
    self: Task,
    waiters: Waiters<JSPromise>,
    lock: Semaphore<JSPromise> | BargingSemaphore<JSPromise>,
    ns: number | null,
    what: string,
  ): Steps<boolean> {
    this.charge("asyncCall");
    const waiter = this.newWaiter();
    waiters.park(waiter);
    this.charge("lockOperation");
    lock.release(1);
    try {
      yield* this.atMost(self, ns, waiter, waiters, what);
    } finally {
      yield* this.insist(self, lock, what);
      yield this.turn(what);
    }
    return waiter.ok;
  }

  private *atMost(
    self: Task,
    ns: number | null,
    waiter: Waiter<JSPromise>,
    queue: Waiters<JSPromise>,
    what: string,
  ): Steps {
    const timer = ns === null ? null : this.giveUpAfter(ns, waiter, queue);
    yield this.parked(self, waiter, () => queue.forget(waiter), what, timer);
    timer?.close();
  }

  // ---- once: a support class whose `do` is an async function ------------------------------------------------------------

  once(_self: Task, once: OnceHandle): void {
    once.native = new Waiters<JSPromise>(this.wake);
  }

  /** The first calls at once; its own await comes when the call has ended. */
  onceEnter(_self: Task, once: OnceHandle): Op<boolean> {
    this.charge("asyncCall");
    return once.state === "new" || this.others(once);
  }

  private *others({ state, native }: OnceHandle): Steps<boolean> {
    if (state === "running") {
      const waiter = this.newWaiter();
      (native as Waiters<JSPromise>).park(waiter);
      yield this.uncancellable(waiter.parked, "onceDo");
    }
    yield this.turn("onceDo");
    return false;
  }

  *onceExit(_self: Task, { native }: OnceHandle): Steps {
    (native as Waiters<JSPromise>).broadcast();
    yield this.turn("onceDo");
  }

  // ---- events: `Promise.withResolvers()`, resolved once ------------------------------------------------------------------

  event(_self: Task, event: EventHandle): void {
    event.native = this.withResolvers();
  }

  eventSet(_self: Task, event: EventHandle): void {
    this.signals.raise(event);
    (event.native as JSPromise).resolve();
  }

  *eventWait(self: Task, { native }: EventHandle): Steps {
    yield this.cancellable(self, native as JSPromise, NOTHING, "eventWait");
  }

  // ---- barriers: a support class -----------------------------------------------------------------------------------------

  barrier(_self: Task, barrier: BarrierHandle): void {
    barrier.native = new Barrier<JSPromise>(barrier.parties, this.wake);
  }

  *barrierWait(self: Task, { native }: BarrierHandle): Steps {
    const barrier = native as Barrier<JSPromise>;
    this.charge("lockOperation");
    if (barrier.arrive()) return yield this.turn("barrierWait");
    const waiter = this.newWaiter();
    barrier.park(waiter);
    yield this.parked(self, waiter, () => barrier.forget(waiter), "barrierWait");
  }
}
