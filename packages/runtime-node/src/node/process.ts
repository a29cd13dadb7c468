/**
 * Node 24 lib/internal/process/per_thread.js and execution.js: the `process` object as far as it schedules: its events, how an
 * exception that nobody caught ends the process or does not, and the ways out.
 */
import type { WorldHooks } from "@orrery/runtime";
import { PENDING } from "../v8/microtask-queue.ts";
import type { JSPromise } from "../v8/promise.ts";
import { makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";
import { EventEmitter } from "./events.ts";

export type ProcessEvent =
  | "beforeExit"
  | "exit"
  | "rejectionHandled"
  | "uncaughtException"
  | "uncaughtExceptionMonitor"
  | "unhandledRejection"
  | "warning"
  | Signal;

/** Their numbers on Linux (man 7 signal). SIGUSR1 starts Node's debugger. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR2: 12, SIGTERM: 15 } as const;
export type Signal = keyof typeof SIGNALS;

/** Thrown through everything that is on the JavaScript stack when the process ends. Nothing may catch it but the thread's body. */
export const EXIT: unique symbol = Symbol("process.reallyExit");

export class Process extends EventEmitter<ProcessEvent> {
  exitCode: number | undefined = undefined;
  /** Once set, nothing runs any more. */
  exited = false;
  /** Completion of the main module, when the program is one. */
  topLevelAwait: JSPromise | null = null;
  /** A Worker's: tells its parent of an error that ends it. */
  reportError: ((error: unknown) => void) | null = null;
  private readonly env: Env;
  private readonly world: WorldHooks;

  constructor(env: Env, world: WorldHooks) {
    super();
    this.env = env;
    this.world = world;
    // lib/internal/process/warning.js: onWarning
    this.on("warning", ({ name, message }: Error) =>
      world.diagnose("warning", `(node:1) ${name}: ${message}`),
    );
  }

  /** lib/internal/process/signal.js: the first listener of a signal starts a handle for it. */
  override on(type: ProcessEvent, listener: (...args: never[]) => unknown): this {
    if (type in SIGNALS)
      this.env.loop
        .signals()
        .start(type, () => makeCallback(this.env, () => void this.emit(type, type, SIGNALS[type as Signal])));
    return super.on(type, listener);
  }

  /** process.kill of the process itself. A signal that nobody listens to ends it, without events. */
  kill(signal: Signal): void {
    if (this.env.loop.signalPipe?.raise(signal) !== true) this.reallyExit(128 + SIGNALS[signal]);
  }

  /** The listeners of `warning` are called in a tick. */
  emitWarning(name: string, text: string): void {
    const warning = new Error(text);
    warning.name = name;
    this.env.taskQueues.nextTick(() => void this.emit("warning", warning));
  }

  /** process._fatalException: returns if a listener took the error, ends the process otherwise. */
  fatalException(error: unknown, origin: "uncaughtException" | "unhandledRejection"): void {
    this.rethrowExit(error);
    this.emit("uncaughtExceptionMonitor", error, origin);
    try {
      if (this.emit("uncaughtException", error, origin)) {
        this.env.immediates.setImmediate(() => {}); // the loop turns once more, so that ticks are processed
        return;
      }
    } catch (error) {
      this.rethrowExit(error);
      this.report(error);
      this.reallyExit(7); // ExitCode::kExceptionInFatalExceptionHandler
    }
    if (this.reportError === null) this.report(error);
    this.exitCode = 1; // ExitCode::kGenericUserError
    this.emitExit();
    this.reportError?.(error); // lib/internal/main/worker_thread.js: after the listeners of exit
    this.reallyExit(this.exitCode);
  }

  /** process.exit: `exit` listeners, then the end; queues and timers are dropped. */
  exit(code?: number): never {
    if (code !== undefined) this.exitCode = code;
    this.emitExit();
    this.reallyExit(this.exitCode ?? 0);
  }

  /** Emits `exit` once; a listener may still change the code. */
  emitExit(): void {
    if (this.env.taskQueues.exiting) return;
    this.env.taskQueues.exiting = true;
    const unsettled = this.topLevelAwait?.state === PENDING;
    if (unsettled) {
      this.exitCode ??= this.env.features.unsettledExitCode;
      this.world.diagnose("unsettled-top-level-await", "Warning: Detected unsettled top-level await");
    }
    this.emit("exit", this.exitCode ?? 0);
    if (unsettled && this.exitCode === 0) this.exitCode = 13; // ExitCode::kUnsettledTopLevelAwait
  }

  reallyExit(code: number): never {
    this.exited = true;
    this.exitCode = code;
    this.world.exit(code, `process exited with code ${code}`);
    throw EXIT;
  }

  /** Whoever catches what JavaScript threw lets the end of the process pass. */
  rethrowExit(error: unknown): void {
    if (error === EXIT) throw EXIT;
  }

  private report(error: unknown): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `Uncaught ${String(error)}`;
    this.world.diagnose("uncaught", `${text}\n\nNode.js ${this.env.features.version}`);
  }
}
