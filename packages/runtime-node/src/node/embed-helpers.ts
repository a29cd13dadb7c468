/**
 * Node 24 src/api/embed_helpers.cc: a thread with an environment, from its script to its end.
 */
import { isSteps } from "@orrery/runtime";
import type { Thread, ThreadBody } from "@orrery/simulator";
import type { Callback, Run } from "../libuv/handle.ts";
import { uv_run } from "../libuv/loop.ts";
import { closeCallbackScope, makeCallback } from "./callback.ts";
import type { Env } from "./env.ts";
import { EXIT } from "./process.ts";

/** Body of the main thread, and of a Worker's. `main` is a CommonJS script: it runs inside the start-up callback scope. */
export function* mainThread(env: Env, thread: Thread, main: Callback): ThreadBody {
  env.loop.thread = thread;
  try {
    yield* loadEnvironment(env, main);
    env.machine.charge(env.costs.loopStart);
    if (!env.machine.settle()) yield 0;
    env.loop.startNs = env.machine.now;
    env.traceEvents?.instant("loopStart");
    yield* spinEventLoop(env);
    env.traceEvents?.instant("loopExit");
    env.process.emitExit();
    yield* env.isolate.performCheckpoint("EmitProcessExit");
    env.process.exited = true;
  } catch (error) {
    if (error !== EXIT) throw error;
  }
  for (const worker of env.subWorkers) worker.stopThread();
}

/** An exception of the main script does not keep its scope from draining. */
function* loadEnvironment(env: Env, main: Callback): Run {
  try {
    const steps = main();
    if (isSteps(steps)) yield* steps;
  } catch (error) {
    env.process.fatalException(error, "uncaughtException");
  }
  yield* closeCallbackScope(env);
}

/** SpinEventLoop: until nothing keeps the loop alive and `beforeExit` brings nothing new. */
function* spinEventLoop(env: Env): Run {
  do {
    yield* uv_run(env.loop);
    yield* env.platform.flushForegroundTasks();
    if (env.loop.uv__loop_alive()) continue;
    const end = env.traceEvents?.begin("BeforeExit");
    yield* makeCallback(env, () => void env.process.emit("beforeExit", env.process.exitCode ?? 0));
    end?.();
  } while (env.loop.uv__loop_alive());
}
