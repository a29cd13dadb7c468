/**
 * The part of a V8 isolate that schedules: microtasks, the stack of running async functions, and the hooks through which
 * the embedder hears of rejections and of errors that nothing caught.
 */
import type { Steps } from "@orrery/runtime";
import { Kind, type Machine } from "@orrery/simulator";
import type { NodeCosts } from "../costs.ts";
import type { Callback, Run } from "../libuv/handle.ts";
import type { AsyncFunction } from "./async-function.ts";
import { FULFILLED, type Job, MicrotaskQueue, type Settled } from "./microtask-queue.ts";
import { NewSpace } from "./new-space.ts";
import type { JSPromise } from "./promise.ts";

/** Host hooks (ECMAScript HostPromiseRejectionTracker; V8's message listener). */
export interface Embedder {
  promiseRejectedWithNoHandler(promise: JSPromise, reason: unknown): void;
  handlerAddedAfterReject(promise: JSPromise): void;
  /** A microtask threw. */
  uncaught(error: unknown): void;
  /** Throws again what ends the process: no script can catch that. */
  rethrowExit(error: unknown): void;
}

/** Who follows work across the queues (async_hooks, AsyncLocalStorage): it wraps what is scheduled. */
export interface AsyncInstrument {
  /** Promise on whose behalf the next one is made. */
  parent: JSPromise | null;
  scheduled<A extends unknown[]>(type: string, callback: Callback<A>): Callback<A>;
  promiseInit(promise: JSPromise): void;
  promiseResolve(promise: JSPromise): void;
  /** `derived`: the promise of a `then`; an await has none. */
  reaction(promise: JSPromise, reaction: Job, derived: JSPromise | null): Job;
}

export class Isolate {
  readonly machine: Machine;
  readonly costs: NodeCosts;
  readonly microtasks = new MicrotaskQueue();
  readonly newSpace: NewSpace;
  /** Async functions on the JavaScript stack, innermost last. */
  readonly stack: AsyncFunction[] = [];
  embedder!: Embedder;
  /** V8 >= 7.2: an await uses a promise as it is. */
  readonly awaitNative: boolean;
  /** null: nobody follows anything. */
  asyncWrap: AsyncInstrument | null = null;
  /** An await needs no promise of its own: V8 >= 7.2, and nobody follows. */
  directAwait: boolean;
  /** What the next await waits for, for the trace; set just before it. */
  awaiting = "await";
  /** Which rule drains microtasks now, for the trace. */
  drain = "";
  microtasksRun = 0;
  functionsCalled = 0;

  constructor(machine: Machine, costs: NodeCosts, awaitNative: boolean) {
    this.awaitNative = awaitNative;
    this.directAwait = awaitNative;
    this.machine = machine;
    this.costs = costs;
    this.newSpace = new NewSpace(machine, costs);
  }

  enqueue(job: Job, state: Settled, value: unknown, rule: string): void {
    this.microtasks.enqueue(job, state, value);
    if (this.machine.trace.enabled && job.taskId >= 0) this.machine.emit(Kind.ready, 0, job.taskId, rule);
  }

  queueMicrotask(callback: () => unknown): void {
    const job = new CallbackJob(this.asyncWrap?.scheduled("Microtask", callback) ?? callback);
    this.enqueue(job, FULFILLED, undefined, "queueMicrotask");
  }

  /** MicrotasksPolicy::kExplicit: runs microtasks until there are none, including those they add. */
  *performCheckpoint(rule: string): Run {
    const { machine, microtasks } = this;
    while (microtasks.size > 0) {
      machine.charge(this.costs.microtask);
      if (!machine.settle()) yield 0;
      this.microtasksRun++;
      this.drain = rule;
      try {
        const steps = microtasks.runNext();
        if (steps !== undefined) yield* steps;
      } catch (error) {
        this.embedder.uncaught(error);
      }
    }
  }
}

class CallbackJob implements Job {
  readonly taskId = -1;
  private readonly callback: () => unknown;

  constructor(callback: () => unknown) {
    this.callback = callback;
  }

  react(): Steps | undefined {
    return this.callback() as Steps | undefined;
  }
}
