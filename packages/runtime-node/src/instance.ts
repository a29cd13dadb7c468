/** One process of the model: what the machine, the interpreter and the page see of it. */
import type { Environment, Instance, Snapshot, Steps, Task, Value } from "@orrery/runtime";
import type { NodeCosts } from "./costs.ts";
import type { Callback } from "./libuv/handle.ts";
import { ThreadPool } from "./libuv/threadpool.ts";
import { closingTypes } from "./libuv/closing.ts";
import { NodeLowering } from "./lowering.ts";
import { mainThread } from "./node/embed-helpers.ts";
import { Env } from "./node/env.ts";
import { features, type RejectionMode, type Version } from "./versions.ts";
import { AsyncFunction } from "./v8/async-function.ts";

const NS_PER_US = 1000;
/** Id of the module's body among the async functions of a native program, which count from 1. */
const MODULE_ID = 0;

export class NodeInstance implements Instance {
  readonly env: Env;
  readonly lowering: NodeLowering;
  private readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
    const { machine, costs, options, world, policies } = environment;
    const pool = new ThreadPool(machine, costs as NodeCosts, options["UV_THREADPOOL_SIZE"] as number);
    const version = features[options["version"] as Version];
    const asked = options["unhandled-rejections"] as RejectionMode | "default";
    this.env = new Env(
      machine,
      costs as NodeCosts,
      pool,
      world,
      asked === "default" ? version : { ...version, unhandledRejections: asked },
    );
    this.lowering = new NodeLowering(this.env, policies);
  }

  /** The program's main is an async function that the main script calls. */
  start(main: Task, body: Steps<Value>): void {
    const call = new AsyncFunction(this.env.isolate, body, main.id, main);
    main.native = call;
    call.created(-1);
    this.startScript(() => call.call());
  }

  /** Runs a CommonJS main script. */
  startScript(script: Callback): void {
    this.env.machine.spawn("main", (thread) => mainThread(this.env, thread, script));
  }

  /** Runs a module: its body is an async function that a microtask calls, and the process waits for it to end. */
  startModule(body: Steps<unknown>): void {
    const { isolate, process } = this.env;
    const call = new AsyncFunction(isolate, body, MODULE_ID, null);
    call.created(-1);
    process.topLevelAwait = call.promise;
    this.startScript(() => call.callDeferred());
  }

  inspect(): Snapshot {
    const { env } = this;
    const { loop, isolate, timers, immediates, taskQueues, rejections } = env;
    return {
      phase: loop.phase,
      loopTimeMs: loop.time,
      stack: isolate.stack.map((call) => call.taskId),
      ticks: taskQueues.queue.length,
      microtasks: isolate.microtasks.taskIds(),
      timers: timers.inspect(),
      timersRef: timers.refCount,
      immediates: immediates.inspect(),
      pendingQueue: loop.pendingQueue.length,
      poll: {
        watched: loop.epoll.size,
        ready: loop.epoll.hasReady,
        asyncs: loop.asyncHandles.map(({ pending, refed }) => ({ pending, refed })),
        tcp: loop.tcpHandles.size,
      },
      activeHandles: loop.activeHandles,
      activeRequests: loop.activeReqs,
      closing: closingTypes(loop),
      unhandledRejections: rejections.count,
      threadpool: {
        queue: loop.pool.wq.toArray().map((work) => work?.name ?? "slow I/O"),
        slowIo: loop.pool.slowIoPending.length,
        working: loop.pool.working.map((work) => work?.name ?? null),
        idle: loop.pool.idle.length,
        finished: loop.wq.length,
      },
      workers: this.lowering.inspectWorkers(),
    };
  }

  counters(): Record<string, number> {
    const { loop, isolate, timers, immediates, taskQueues, machine } = this.env;
    return {
      loopCount: loop.loopCount,
      events: loop.events,
      eventsWaiting: loop.eventsWaiting,
      idleUs: Math.round(loop.idleNs / NS_PER_US),
      utilizationPerMille: machine.now === 0 ? 0 : Math.round(1000 * (1 - loop.idleNs / machine.now)),
      microtasks: isolate.microtasksRun,
      ticks: taskQueues.ticksRun,
      timers: timers.fired,
      immediates: immediates.ran,
      asyncCalls: isolate.functionsCalled,
      poolWork: loop.pool.workDone,
    };
  }

  /** Node has no deadlock detector: promises do not keep the loop alive. */
  stuck(): void {
    const { loop } = this.env;
    this.environment.world.diagnose(
      "loop-empty",
      loop.uv__loop_alive()
        ? "the event loop waits for handles that nothing will wake: a real process would not end"
        : "nothing keeps the event loop alive: a real process ends here, without a word, with exit code 0",
    );
  }
}
