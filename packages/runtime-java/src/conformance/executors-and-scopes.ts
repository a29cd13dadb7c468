/** Executors with a virtual thread per task, and structured scopes. */
import type { CompletableFuture } from "../lib/completable-future.ts";
import { Joiners, StructuredTaskScope } from "../lib/structured-task-scope.ts";
import { Thread } from "../lib/thread.ts";
import { ThreadPerTaskExecutor } from "../lib/thread-per-task-executor.ts";
import { Throwable } from "../vm/java-thread.ts";
import { caught, type Program, simpleName } from "./prelude.ts";

/** `Future.state()` */
function stateOf({ isDone, cause }: CompletableFuture<unknown>): string {
  if (!isDone) return "RUNNING";
  if (cause === null) return "SUCCESS";
  return simpleName(cause) === "CancellationException" ? "CANCELLED" : "FAILED";
}

export const executorsAndScopes: readonly Program[] = [
  {
    name: "ExecutorBehaviour",
    pins: "cancel takes effect at once while the body goes on; close waits for what was submitted",
    *port({ jvm, log, yieldNow }) {
      const ex = new ThreadPerTaskExecutor(jvm);
      const f = ex.submit(function* () {
        throw new Throwable("java.lang.IllegalStateException", "boom");
      });
      log(stateOf(f));
      try {
        yield* f.get();
      } catch (error) {
        caught(error, "ExecutionException");
        log(error.message);
      }
      log(stateOf(f));
      const g = ex.submit(function* () {
        try {
          yield* Thread.sleep(jvm, 1000);
          return "?";
        } catch (error) {
          caught(error, "InterruptedException");
          log("IE");
          throw error;
        }
      });
      yield* yieldNow();
      log(g.cancel());
      log(stateOf(g));
      yield* yieldNow();
      try {
        yield* g.get();
      } catch (error) {
        caught(error, "CancellationException");
        log("CE");
      }
      ex.submit(function* () {
        log("s");
        yield* yieldNow();
        log("e");
      });
      ex.shutdown();
      try {
        ex.submit(function* () {
          return "x";
        });
      } catch (error) {
        caught(error, "RejectedExecutionException");
        log("REE");
      }
      yield* ex.close();
      log(ex.isTerminated);
    },
  },
  {
    name: "InvokeAll",
    pins: "invokeAll gives results in the order of the list",
    *port({ jvm, log }) {
      const ex = new ThreadPerTaskExecutor(jvm);
      const tasks = [240, 80, 160].map(
        (d) =>
          function* () {
            yield* Thread.sleep(jvm, d);
            log(d);
            return `v${d}`;
          },
      );
      for (const f of yield* ex.invokeAll(tasks)) log(yield* f.get());
      log("root");
      yield* ex.close();
    },
  },
  {
    name: "InvokeAny",
    pins: "invokeAny interrupts those that lost, and does not wait for them",
    *port({ jvm, log }) {
      const ex = new ThreadPerTaskExecutor(jvm);
      const tasks = [240, 80, 160].map(
        (d) =>
          function* () {
            try {
              yield* Thread.sleep(jvm, d);
            } catch (error) {
              caught(error, "InterruptedException");
              log(`IE${d}`);
              throw error;
            }
            log(d);
            return `v${d}`;
          },
      );
      log(`any ${yield* ex.invokeAny(tasks)}`);
      log("root");
      yield* ex.close();
    },
  },
  {
    name: "ScopeFailFast",
    pins: "The first failure interrupts the others and wakes the owner, who closes when they have ended",
    *port({ jvm, log }) {
      const s = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAllSuccessfulOrThrow());
      const a = s.fork(function* () {
        try {
          yield* Thread.sleep(jvm, 5000);
          return 1;
        } catch (error) {
          caught(error, "InterruptedException");
          log("a:IE");
          throw error;
        }
      });
      const b = s.fork(function* () {
        yield* Thread.sleep(jvm, 5);
        throw new Throwable("java.lang.IllegalStateException", "bad");
      });
      const c = s.fork(function* () {
        log("c");
        return 3;
      });
      log("forked");
      try {
        yield* s.join();
      } catch (error) {
        caught(error, "FailedException");
        log(`FE:${(error.cause as Throwable).message}`);
      }
      log(`${a.state} ${b.state} ${c.state} ${s.isCancelled}`);
      yield* s.close();
      log("closed");
    },
  },
  {
    name: "ScopeAnySuccessful",
    pins: "The first success cancels the scope, a failure before it does not",
    *port({ jvm, log }) {
      const s = new StructuredTaskScope<string, string>(jvm, Joiners.anySuccessfulResultOrThrow());
      s.fork(function* () {
        throw new Throwable("java.lang.RuntimeException", "x");
      });
      s.fork(function* () {
        yield* Thread.sleep(jvm, 3000);
        return "slow";
      });
      s.fork(function* () {
        yield* Thread.sleep(jvm, 5);
        return "fast";
      });
      log(yield* s.join());
      log(s.isCancelled);
      yield* s.close();
    },
  },
  {
    name: "ScopeTimeout",
    pins: "A scope's timeout interrupts what runs; join throws",
    *port({ jvm, log, nap }) {
      const s = new StructuredTaskScope(jvm, Joiners.allSuccessfulOrThrow<string>(), 10_000_000);
      const a = s.fork(function* () {
        yield* nap(5000);
        return "x";
      });
      try {
        yield* s.join();
      } catch (error) {
        caught(error, "TimeoutException");
        log(`TE ${a.state}`);
      }
      yield* s.close();
    },
  },
  {
    name: "ScopeNotJoined",
    pins: "A scope that was not joined waits for its subtasks when it is closed, and then complains",
    *port({ jvm, log }) {
      const s = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAllSuccessfulOrThrow());
      s.fork(function* () {
        log("?");
        return 0;
      });
      try {
        yield* s.close();
      } catch (error) {
        caught(error, "IllegalStateException");
        log(error.message);
      }
    },
  },
  {
    name: "ScopeOwnerInterrupted",
    pins: "An interrupt of the owner ends join; a close without a finished join interrupts the subtasks",
    *port({ jvm, log, nap }) {
      const owner = Thread.currentThread(jvm);
      const s = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAll());
      s.fork(function* () {
        owner.interrupt();
        return 0;
      });
      s.fork(function* () {
        yield* nap(5);
        log("slept");
        return 0;
      });
      try {
        yield* s.join();
      } catch (error) {
        caught(error, "InterruptedException");
        log("interrupted");
      }
      yield* s.close();
    },
  },
];
