/**
 * Node 24 src/env.h: one Environment, with its loop, its isolate, and the queues of JavaScript that they call into.
 */
import type { WorldHooks } from "@orrery/runtime";
import type { Machine } from "@orrery/simulator";
import type { NodeCosts } from "../costs.ts";
import { Loop } from "../libuv/loop.ts";
import type { ThreadPool } from "../libuv/threadpool.ts";
import { Isolate } from "../v8/isolate.ts";
import { Futexes } from "../v8/futex.ts";
import type { Features } from "../versions.ts";
import { Immediates } from "./immediates.ts";
import { LockManager } from "./locks.ts";
import { Platform } from "./platform.ts";
import { Process } from "./process.ts";
import { PromiseRejections } from "./promises.ts";
import { ThreadsafeImmediates } from "./threadsafe-immediates.ts";
import { TaskQueues } from "./task-queues.ts";
import type { TraceEvents } from "./trace-events.ts";
import { Timers } from "./timers.ts";

export class Env {
  readonly machine: Machine;
  readonly costs: NodeCosts;
  readonly features: Features;
  readonly loop: Loop;
  /** null: nobody asked for trace events. */
  traceEvents: TraceEvents | null = null;
  readonly platform: Platform;
  readonly threadsafeImmediates: ThreadsafeImmediates;
  /** Workers that this environment has started, and that end with it. */
  readonly subWorkers = new Set<{ stopThread(): void }>();
  readonly isolate: Isolate;
  readonly futexes: Futexes;
  readonly locks: LockManager;
  readonly process: Process;
  readonly rejections: PromiseRejections;
  readonly taskQueues: TaskQueues;
  readonly timers: Timers;
  readonly immediates: Immediates;
  /** Loop time at the environment's creation, ms: Node's timers count from there. */
  private readonly timerBase: number;

  constructor(machine: Machine, costs: NodeCosts, pool: ThreadPool, world: WorldHooks, features: Features) {
    this.machine = machine;
    this.costs = costs;
    this.features = features;
    this.loop = new Loop(machine, costs, pool, features.timersAfterPoll);
    this.timerBase = this.loop.time;
    this.platform = new Platform(this, this.loop);
    this.threadsafeImmediates = new ThreadsafeImmediates(this, this.loop);
    this.isolate = new Isolate(machine, costs, features.awaitNative);
    this.futexes = new Futexes(this.isolate, this.platform);
    this.locks = new LockManager(this.isolate);
    this.process = new Process(this, world);
    this.rejections = new PromiseRejections(this.process, features.unhandledRejections);
    this.taskQueues = new TaskQueues(this.isolate, this.rejections);
    this.timers = new Timers(this);
    this.immediates = new Immediates(this);
    this.isolate.embedder = {
      promiseRejectedWithNoHandler: (promise, reason) =>
        this.rejections.rejectedWithNoHandler(promise, reason),
      handlerAddedAfterReject: (promise) => this.rejections.handlerAddedAfterReject(promise),
      uncaught: (error) => this.process.fatalException(error, "uncaughtException"),
      rethrowExit: (error) => this.process.rethrowExit(error),
    };
  }

  /** Environment::GetNow: the loop's clock is read anew. */
  getNow(): number {
    this.loop.uv__update_time();
    return this.uvNow();
  }

  /** The cached time, as Node counts. */
  uvNow(): number {
    return this.loop.time - this.timerBase;
  }
}
