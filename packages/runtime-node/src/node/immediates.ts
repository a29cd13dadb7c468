/**
 * Node 24 lib/internal/timers.js (Immediate, processImmediate) and CheckImmediate of src/env.cc. The check phase takes the
 * whole queue; what its callbacks add waits for the next turn of the loop. A batch that a throwing callback interrupted is
 * gone on with in the same phase. Native immediates run first; even without any, closing their callback scope
 * drains what an earlier exception left.
 */
import { isSteps } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import type { Callback, Run } from "../libuv/handle.ts";
import { LoopWatcher } from "../libuv/loop-watcher.ts";
import { called, JSPromise } from "../v8/promise.ts";
import { closeCallbackScope, makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

export class Immediate {
  /** A promise immediate resolves its promise. */
  _onImmediate: Callback | JSPromise;
  _destroyed = false;
  refed = true;

  private readonly immediates: Immediates;

  constructor(immediates: Immediates, callback: Callback | JSPromise) {
    this.immediates = immediates;
    this._onImmediate = callback;
  }

  unref(): this {
    if (this.refed && !this._destroyed) this.immediates.decRefCount();
    this.refed = false;
    return this;
  }

  ref(): this {
    if (!this.refed && !this._destroyed) this.immediates.incRefCount();
    this.refed = true;
    return this;
  }

  hasRef(): boolean {
    return this.refed && !this._destroyed;
  }
}

export class Immediates {
  /** immediateInfo[kCount], [kRefCount] */
  count = 0;
  refCount = 0;
  ran = 0;
  private immediateQueue: Immediate[] = [];
  private outstandingQueue: Immediate[] = [];
  private outstandingHead = 0;
  private readonly nativeImmediates: Callback[] = [];
  /** Empty callback: while it is started the poll does not sleep. */
  private readonly idleHandle: LoopWatcher;
  private readonly env: Env;

  constructor(env: Env) {
    this.env = env;
    this.idleHandle = new LoopWatcher(env.loop, "idle", null);
    const checkHandle = new LoopWatcher(env.loop, "check", () => this.CheckImmediate());
    checkHandle.start();
    checkHandle.unref();
  }

  /** Environment::SetImmediate, unreferenced. */
  setNativeImmediate(callback: Callback): void {
    this.nativeImmediates.push(callback);
  }

  setImmediate(callback: Callback | JSPromise): Immediate {
    const { asyncWrap } = this.env.isolate;
    const immediate = new Immediate(
      this,
      asyncWrap === null ? callback : asyncWrap.scheduled("Immediate", called(callback)),
    );
    this.count++;
    this.incRefCount();
    this.immediateQueue.push(immediate);
    return immediate;
  }

  clearImmediate(immediate: Immediate): void {
    if (immediate._destroyed) return;
    immediate._destroyed = true;
    this.count--;
    if (immediate.refed) this.decRefCount();
  }

  /** toggleImmediateRef */
  incRefCount(): void {
    if (this.refCount++ === 0) this.idleHandle.start();
  }

  decRefCount(): void {
    if (--this.refCount === 0) this.idleHandle.stop();
  }

  /** What each queued immediate resumes: task ids in order, -1 for a callback. */
  inspect(): number[] {
    const left = [...this.outstandingQueue.slice(this.outstandingHead), ...this.immediateQueue];
    return left
      .filter((immediate) => !immediate._destroyed)
      .flatMap(({ _onImmediate }) => (_onImmediate instanceof JSPromise ? _onImmediate.awaiters() : [-1]));
  }

  private CheckImmediate(): Run | undefined {
    return this.count > 0 ||
      this.env.traceEvents !== null ||
      this.nativeImmediates.length > 0 ||
      this.env.taskQueues.pending
      ? this.runCheck()
      : undefined;
  }

  private *runCheck(): Run {
    const { env } = this;
    const end = env.traceEvents?.begin("CheckImmediate");
    const endNative = env.traceEvents?.begin("RunAndClearNativeImmediates");
    if (this.nativeImmediates.length > 0)
      for (const callback of this.nativeImmediates.splice(0)) yield* makeCallback(env, callback);
    if (env.taskQueues.pending && env.features.strandedTicksFirst) yield* closeCallbackScope(env);
    endNative?.();
    if (this.count > 0) {
      env.machine.emit(Kind.phase, 0, -1, "uv__run_check", this.count);
      do yield* makeCallback(env, () => this.processImmediate());
      while (this.outstandingHead < this.outstandingQueue.length);
      if (this.refCount === 0) this.idleHandle.stop();
    }
    end?.();
  }

  private *processImmediate(): Run {
    const { machine, costs, taskQueues, features } = this.env;
    const { drainBetweenCallbacks } = features;
    if (this.outstandingHead >= this.outstandingQueue.length) {
      this.outstandingQueue = this.immediateQueue;
      this.outstandingHead = 0;
      this.immediateQueue = [];
    }
    const queue = this.outstandingQueue;
    let ranAtLeastOneImmediate = false;
    while (this.outstandingHead < queue.length) {
      if (ranAtLeastOneImmediate && drainBetweenCallbacks && taskQueues.pending)
        yield* taskQueues.drain("runNextTicks");
      const immediate = queue[this.outstandingHead++]!;
      if (immediate._destroyed) continue;
      ranAtLeastOneImmediate = true;
      immediate._destroyed = true;
      this.count--;
      if (immediate.refed) this.refCount--;
      machine.charge(costs.immediate);
      if (!machine.settle()) yield 0;
      this.ran++;
      const callback = immediate._onImmediate;
      if (callback instanceof JSPromise) {
        callback.resolve();
        continue;
      }
      machine.emit(Kind.callback, 0, -1, "processImmediate: immediate");
      const steps = callback();
      if (isSteps(steps)) yield* steps;
    }
    this.outstandingQueue = [];
    this.outstandingHead = 0;
  }
}
