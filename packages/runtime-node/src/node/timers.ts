/**
 * Node 24 lib/timers.js, lib/internal/timers.js and RunTimers of src/env.cc. Timeouts of equal duration share a list, in the
 * order of their insertion; a heap orders the lists by (expiry, id); one uv timer serves them all. A pass works with a
 * frozen `now` and empties one due list after the other, draining ticks and microtasks between any two callbacks.
 * Everything is whole milliseconds.
 */
import { isSteps } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { Callback, Run } from "../libuv/handle.ts";
import { Timer, uv_timer_start } from "../libuv/timer.ts";
import { called, JSPromise } from "../v8/promise.ts";
import { closeCallbackScope } from "./callback.ts";
import type { Env } from "./env.ts";
import { type Positioned, PriorityQueue } from "./priority-queue.ts";

/** Sleeping tasks that a snapshot names, per list. */
const INSPECTED_TASKS = 20;

export const TIMEOUT_MAX_MS = 2 ** 31 - 1; // lib/internal/timers.js: TIMEOUT_MAX

/** lib/internal/linkedlist.js: circular; an item that is in no list points nowhere. */
interface Linked {
  _idlePrev: Linked | null;
  _idleNext: Linked | null;
}

function append(list: Linked, item: Linked): void {
  if (item._idleNext !== null) remove(item);
  item._idleNext = list._idleNext;
  item._idlePrev = list;
  list._idleNext!._idlePrev = item;
  list._idleNext = item;
}

function remove(item: Linked): void {
  if (item._idleNext !== null) item._idleNext._idlePrev = item._idlePrev;
  if (item._idlePrev !== null) item._idlePrev._idleNext = item._idleNext;
  item._idleNext = null;
  item._idlePrev = null;
}

/** The oldest. */
const peek = (list: TimersList): Timeout | null =>
  list._idlePrev === list ? null : (list._idlePrev as Timeout);

const isEmpty = (list: TimersList): boolean => list._idleNext === list;

export class Timeout implements Linked {
  _idlePrev: Linked | null = null;
  _idleNext: Linked | null = null;
  /** ms; -1 once it is cleared. */
  _idleTimeout: number;
  /** Node's now when it was started, ms. */
  _idleStart = 0;
  /** A promise timer resolves its promise: that is all its callback does. */
  _onTimeout: Callback | JSPromise | null;
  _repeat: number | null;
  _destroyed = false;
  refed: boolean;
  /** For the young generation. */
  born: number;
  private readonly timers: Timers;

  constructor(
    timers: Timers,
    callback: Callback | JSPromise,
    afterMs: number,
    isRepeat: boolean,
    isRefed: boolean,
  ) {
    // Lists are keyed by whole milliseconds since Node 11, so the fraction that it keeps here does not matter.
    const inRange = afterMs >= 1 && afterMs <= TIMEOUT_MAX_MS;
    if (!inRange) timers.warnOutOfRange(afterMs);
    const after = !inRange ? 1 : timers.env.features.truncTimerKey ? afterMs | 0 : afterMs;
    this.timers = timers;
    this.born = timers.env.isolate.newSpace.allocate();
    this._idleTimeout = after;
    const { asyncWrap } = timers.env.isolate;
    this._onTimeout = asyncWrap === null ? callback : asyncWrap.scheduled("Timeout", called(callback));
    this._repeat = isRepeat ? after : null;
    this.refed = isRefed;
    if (isRefed) timers.incRefCount();
  }

  /** Starts anew, at the tail of its list. */
  refresh(): this {
    if (this._idleTimeout < 0) return this;
    this.timers.insert(this, this._idleTimeout, this.timers.env.getNow());
    if (this._destroyed) {
      this._destroyed = false;
      this.born = this.timers.env.isolate.newSpace.allocate();
      if (this.refed) this.timers.incRefCount();
    }
    return this;
  }

  unref(): this {
    if (this.refed) {
      this.refed = false;
      if (!this._destroyed) this.timers.decRefCount();
    }
    return this;
  }

  ref(): this {
    if (!this.refed) {
      this.refed = true;
      if (!this._destroyed) this.timers.incRefCount();
    }
    return this;
  }

  hasRef(): boolean {
    return this.refed;
  }

  close(): void {
    this.timers.clearTimeout(this);
  }
}

class TimersList implements Linked, Positioned {
  _idlePrev: Linked | null = this;
  _idleNext: Linked | null = this;
  expiry: number;
  id: number;
  readonly msecs: number;
  priorityQueuePosition = 0;

  constructor(expiry: number, msecs: number, id: number) {
    this.expiry = expiry;
    this.msecs = msecs;
    this.id = id;
  }
}

const compareTimersLists = (a: TimersList, b: TimersList): number =>
  a.expiry === b.expiry ? a.id - b.id : a.expiry - b.expiry;

export class Timers {
  readonly env: Env;
  /** timeoutInfo[0]: referenced Timeouts. */
  refCount = 0;
  fired = 0;
  /** NODE_DEBUG=timer: where its lines go, without their prefix. */
  debug: ((line: string) => void) | null = null;
  private readonly timerListMap = new Map<number, TimersList>();
  private readonly timerListQueue = new PriorityQueue(compareTimersLists);
  private timerListId = 0;
  private nextExpiry = Infinity;
  private warnedNegativeNumber = false;
  private warnedNotNumber = false;
  private readonly handle: Timer;
  private readonly runTimers = (): Run => this.RunTimers();

  constructor(env: Env) {
    this.env = env;
    this.handle = new Timer(env.loop);
    this.handle.unref();
  }

  setTimeout(callback: Callback | JSPromise, afterMs: number, isRefed = true): Timeout {
    return this.start(new Timeout(this, callback, afterMs, false, isRefed));
  }

  setInterval(callback: Callback, afterMs: number): Timeout {
    return this.start(new Timeout(this, callback, afterMs, true, true));
  }

  private start(timeout: Timeout): Timeout {
    this.insert(timeout, timeout._idleTimeout, this.env.getNow());
    return timeout;
  }

  /** unenroll. The uv timer keeps its deadline: the loop wakes for nothing then. */
  clearTimeout(timeout: Timeout): void {
    if (timeout._onTimeout === null) return;
    this.env.machine.charge(this.env.costs.timerClear);
    timeout._onTimeout = null;
    if (timeout._destroyed) return;
    this.markDestroyed(timeout);
    remove(timeout);
    if (timeout.refed) {
      const list = this.timerListMap.get(timeout._idleTimeout);
      if (list !== undefined && isEmpty(list)) {
        this.timerListQueue.removeAt(list.priorityQueuePosition);
        this.timerListMap.delete(list.msecs);
      }
      this.decRefCount();
    }
    timeout._idleTimeout = -1;
  }

  /** Of a Timeout's duration. From 0 to 1 it is taken for 1 in silence. */
  warnOutOfRange(afterMs: number): void {
    const warn = (name: string, what: string): void =>
      this.env.process.emitWarning(name, `${afterMs} ${what}.\nTimeout duration was set to 1.`);
    if (afterMs > TIMEOUT_MAX_MS) warn("TimeoutOverflowWarning", "does not fit into a 32-bit signed integer");
    else if (!this.env.features.warnsOfNegativeTimers) return;
    else if (afterMs < 0 && !this.warnedNegativeNumber) {
      this.warnedNegativeNumber = true;
      warn("TimeoutNegativeWarning", "is a negative number");
    } else if (Number.isNaN(afterMs) && !this.warnedNotNumber) {
      this.warnedNotNumber = true;
      warn("TimeoutNaNWarning", "is not a number");
    }
  }

  /** toggleTimerRef */
  incRefCount(): void {
    if (this.refCount++ === 0) this.handle.ref();
  }

  decRefCount(): void {
    if (--this.refCount === 0) this.handle.unref();
  }

  insert(item: Timeout, msecs: number, start: number): void {
    const { env } = this;
    env.machine.charge(env.costs.timerInsert);
    item._idleStart = start;
    let list = this.timerListMap.get(msecs);
    if (list === undefined) {
      env.machine.charge(env.costs.timerList);
      const expiry = start + msecs;
      this.debug?.(`no ${msecs} list was found in insert, creating a new one`);
      list = new TimersList(expiry, msecs, this.timerListId++);
      this.timerListMap.set(msecs, list);
      this.timerListQueue.insert(list);
      if (this.nextExpiry > expiry) {
        uv_timer_start(this.handle, this.runTimers, msecs);
        this.nextExpiry = expiry;
      }
    }
    append(list, item);
  }

  /** The uv timer's callback (src/env.cc). After a callback that threw it goes on with the same `now`. */
  private *RunTimers(): Run {
    const { env } = this;
    const now = env.getNow();
    const end = env.traceEvents?.begin("RunTimers");
    let expiry: number | undefined;
    do {
      try {
        expiry = yield* this.processTimers(now);
      } catch (error) {
        env.process.fatalException(error, "uncaughtException");
      }
    } while (expiry === undefined);
    if (expiry === 0) this.handle.unref();
    else {
      const dueInMs = Math.abs(expiry) - env.uvNow();
      uv_timer_start(this.handle, this.runTimers, Math.max(1, dueInMs));
      if (expiry > 0) this.handle.ref();
      else this.handle.unref();
    }
    yield* closeCallbackScope(env);
    end?.();
  }

  /** When the next pass is due: 0 for never, negative if nothing due then is referenced. */
  private *processTimers(now: number): Run<number> {
    const { taskQueues } = this.env;
    this.debug?.(`process timer lists ${now}`);
    this.nextExpiry = Infinity;
    let ranAtLeastOneList = false;
    for (;;) {
      const list = this.timerListQueue.peek();
      if (list === undefined) return 0;
      if (list.expiry > now) {
        this.nextExpiry = list.expiry;
        return this.refCount > 0 ? list.expiry : -list.expiry;
      }
      if (ranAtLeastOneList && taskQueues.pending) yield* taskQueues.drain("runNextTicks");
      ranAtLeastOneList = true;
      yield* this.listOnTimeout(list, now);
    }
  }

  private *listOnTimeout(list: TimersList, now: number): Run {
    const { env, timerListMap, timerListQueue } = this;
    const { machine, taskQueues } = env;
    const { drainBetweenCallbacks } = env.features;
    const { msecs } = list;
    let ranAtLeastOneTimer = false;
    this.debug?.(`timeout callback ${msecs}`);
    for (let timer = peek(list); timer !== null; timer = peek(list)) {
      if (now - timer._idleStart < msecs) {
        this.debug?.(`${msecs} list wait because diff is ${now - timer._idleStart}`);
        list.expiry = Math.max(timer._idleStart + msecs, now + 1);
        list.id = this.timerListId++;
        timerListQueue.percolateDown(1);
        return;
      }
      if (ranAtLeastOneTimer && drainBetweenCallbacks && taskQueues.pending)
        yield* taskQueues.drain("runNextTicks");
      ranAtLeastOneTimer = true;
      machine.charge(env.costs.timerFire);
      if (!machine.settle()) yield 0;
      // Something in the drain may have cleared the head.
      remove(timer);
      const callback = timer._onTimeout;
      if (callback === null) {
        // Cleared after it had fired, then refreshed: it counts, and does nothing.
        this.destroy(timer);
        continue;
      }
      this.fired++;
      machine.emit(Kind.timer, 0, -1, "listOnTimeout", msecs);
      if (callback instanceof JSPromise) {
        callback.resolve();
        this.ranTimer(timer, 0);
        continue;
      }
      const start = timer._repeat === null ? 0 : env.getNow();
      machine.emit(Kind.callback, 0, -1, "listOnTimeout: timer");
      try {
        const steps = callback();
        if (isSteps(steps)) yield* steps;
      } finally {
        this.ranTimer(timer, start);
      }
    }
    this.debug?.(`${msecs} list empty`);
    if (timerListMap.get(msecs) === list) {
      timerListMap.delete(msecs);
      timerListQueue.shift();
    }
  }

  /** An interval starts again as of the start of its callback; anything else is done unless the callback started it again. */
  private ranTimer(timer: Timeout, start: number): void {
    if (timer._repeat !== null && timer._idleTimeout !== -1) {
      timer._idleTimeout = timer._repeat;
      this.insert(timer, timer._idleTimeout, start);
    } else if (timer._idleNext === null) this.destroy(timer);
  }

  private destroy(timer: Timeout): void {
    if (timer._destroyed) return;
    this.markDestroyed(timer);
    if (timer.refed) this.refCount--;
  }

  private markDestroyed(timer: Timeout): void {
    timer._destroyed = true;
    this.env.isolate.newSpace.release(timer.born);
  }

  /** Lists in the order of their expiry, each with the first tasks that sleep in it. */
  inspect(): { msecs: number; expiry: number; timers: number; tasks: number[] }[] {
    return this.timerListQueue
      .toArray()
      .sort(compareTimersLists)
      .map((list) => {
        let timers = 0;
        const tasks: number[] = [];
        for (let item = list._idlePrev; item !== list; item = item!._idlePrev) {
          timers++;
          const { _onTimeout } = item as Timeout;
          if (_onTimeout instanceof JSPromise && tasks.length < INSPECTED_TASKS)
            tasks.push(..._onTimeout.awaiters());
        }
        return { msecs: list.msecs, expiry: list.expiry, timers, tasks };
      });
  }
}
