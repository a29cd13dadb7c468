/**
 * Node 24 lib/internal/worker.js and src/node_worker.cc: a Worker is an OS thread with a loop, an isolate and queues of its own; the pool
 * of libuv is the process's. Two pairs of ports connect it with its parent, of which the control port's is older and served first.
 * When it ends both are emptied at once, then `error` and `exit` follow. Left out: terminating it while its JavaScript runs (it
 * ends at its next poll), its standard output, resource limits.
 */
import type { WorldHooks } from "@orrery/runtime";
import type { ThreadBody } from "@orrery/simulator";
import { Async, uv_async_send } from "../libuv/async.ts";
import type { Callback, Run } from "../libuv/handle.ts";
import { JSPromise } from "../v8/promise.ts";
import { mainThread } from "./embed-helpers.ts";
import { Env } from "./env.ts";
import { EventEmitter } from "./events.ts";
import { MessagePort } from "./message-port.ts";
import { EXIT } from "./process.ts";

type WorkerEvent = "online" | "message" | "error" | "exit";
type ControlMessage = { readonly type: "online" } | { readonly type: "error"; readonly error: unknown };

/** A Worker's exit ends its thread alone. */
const workerWorld: WorldHooks = { diagnose: () => {}, exit: () => {} };

export class Worker extends EventEmitter<WorkerEvent> {
  readonly threadId: number;
  private readonly env: Env;
  private readonly child: Env;
  private readonly port: MessagePort;
  private readonly publicPort: MessagePort;
  private readonly threadStopper: Async;

  /** `script` gets the Worker's environment and its `parentPort`, and gives the CommonJS script that it runs. */
  constructor(env: Env, threadId: number, script: (child: Env, parentPort: MessagePort) => Callback) {
    super();
    this.env = env;
    this.threadId = threadId;
    const { machine, costs, loop } = env;
    const child = new Env(machine, costs, loop.pool, workerWorld, env.features);
    this.child = child;
    this.port = new MessagePort(env).on("message", (message) => this.onControl(message as ControlMessage));
    this.publicPort = new MessagePort(env).on("message", (message) => void this.emit("message", message));
    const control = new MessagePort(child);
    const parentPort = new MessagePort(child);
    MessagePort.entangle(this.port, control);
    MessagePort.entangle(this.publicPort, parentPort);
    this.threadStopper = new Async(child.loop, () => this.stopped());
    this.threadStopper.unref();
    child.process.reportError = (error) => control.postMessage({ type: "error", error });
    const load = script(child, parentPort);
    env.subWorkers.add(this);
    machine.spawn(`worker ${threadId}`, (thread) =>
      this.body(
        mainThread(child, thread, () => {
          control.postMessage({ type: "online" });
          return load();
        }),
      ),
    );
  }

  postMessage(value: unknown): void {
    this.publicPort.postMessage(value);
  }

  /** Resolved with the exit code, after `exit`. */
  terminate(): JSPromise {
    const promise = new JSPromise(this.env.isolate);
    this.once("exit", (code: number) => promise.resolve(code));
    this.stopThread();
    return promise;
  }

  /** Worker::Exit */
  stopThread(): void {
    uv_async_send(this.threadStopper);
  }

  private *body(thread: ThreadBody): ThreadBody {
    yield this.child.costs.workerStart;
    yield* thread;
    yield this.child.costs.workerStop;
    this.env.threadsafeImmediates.push(() => this.onExit());
  }

  private *stopped(): Run {
    this.child.process.exited = true;
    this.child.process.exitCode = 1; // ExitCode::kGenericUserError
    throw EXIT;
  }

  private onControl(message: ControlMessage): void {
    if (message.type === "online") this.emit("online");
    else this.emit("error", message.error);
  }

  private *onExit(): Run {
    this.env.subWorkers.delete(this);
    yield* this.publicPort.drain();
    yield* this.port.drain();
    this.publicPort.close();
    this.port.close();
    this.emit("exit", this.child.process.exitCode ?? 0);
  }
}
