/**
 * A pool of Workers (Node 24 lib/internal/worker.js), as packages for CPU work keep one: each Worker is an OS thread with a
 * loop of its own, gets a job by message and answers by message, which the main thread's loop delivers in its poll.
 * Started at the first job, and unreferenced while idle. The Workers' own event loops are left out: a job is all they do.
 */
import { Fifo } from "@orrery/runtime";
import { BLOCK, Kind, type Thread, type ThreadBody } from "@orrery/simulator";
import { Async, uv_async_send } from "../libuv/async.ts";
import type { Run } from "../libuv/handle.ts";
import { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";

interface Job {
  readonly ns: number;
  readonly promise: JSPromise;
}

class Worker {
  readonly thread: Thread;
  /** Posted to it and not begun. */
  inbox: Job | null = null;
  /** Done, its answer not delivered. */
  outbox: Job | null = null;
  /** Its public port on the main thread's side. */
  readonly port: Async;

  constructor(pool: WorkerPool, env: Env, index: number) {
    this.port = new Async(env.loop, () => pool.answered(this));
    this.port.unref();
    this.thread = env.machine.spawn(`worker ${index}`, (thread) => this.body(env, thread));
  }

  private *body({ machine, costs }: Env, thread: Thread): ThreadBody {
    yield costs.workerStart;
    for (;;) {
      while (this.inbox === null) {
        thread.waitingFor = "epoll_pwait";
        machine.emit(Kind.threadBlock, -1, -1, "epoll_pwait");
        yield BLOCK;
        machine.emit(Kind.threadWake, -1, -1, "epoll_pwait");
      }
      thread.waitingFor = "";
      const job = this.inbox;
      this.inbox = null;
      machine.emit(Kind.callback, -1, -1, "worker: job");
      yield costs.onMessage + job.ns + costs.postMessage;
      this.outbox = job;
      uv_async_send(this.port);
    }
  }
}

export class WorkerPool {
  readonly workers: Worker[] = [];
  private readonly idle = new Fifo<Worker>();
  private readonly queue = new Fifo<Job>();
  private readonly env: Env;

  constructor(env: Env, size: number) {
    this.env = env;
    for (let i = 0; i < size; i++) {
      const worker = new Worker(this, env, i);
      this.workers.push(worker);
      this.idle.push(worker);
    }
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Burns `ns` on a Worker. */
  run(ns: number): JSPromise {
    const promise = new JSPromise(this.env.isolate);
    this.queue.push({ ns, promise });
    this.post();
    return promise;
  }

  private post(): void {
    const { machine, costs } = this.env;
    if (this.idle.length === 0 || this.queue.length === 0) return;
    const worker = this.idle.shift()!;
    worker.inbox = this.queue.shift()!;
    worker.port.ref();
    machine.charge(costs.postMessage);
    machine.wake(worker.thread);
  }

  /** The message of a Worker that is done. */
  *answered(worker: Worker): Run {
    const { machine, costs } = this.env;
    const { promise } = worker.outbox!;
    worker.outbox = null;
    worker.port.unref();
    this.idle.push(worker);
    machine.charge(costs.onMessage);
    if (!machine.settle()) yield 0;
    yield* makeCallback(this.env, () => {
      promise.resolve();
      this.post();
    });
  }
}
