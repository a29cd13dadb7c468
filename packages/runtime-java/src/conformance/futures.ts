/** CompletableFuture and FutureTask. */
import { ThreadPerTaskExecutor } from "../lib/thread-per-task-executor.ts";
import { CompletableFuture } from "../lib/completable-future.ts";
import { Thread } from "../lib/thread.ts";
import { FutureTask } from "../lib/thread-pool-executor.ts";
import { Throwable } from "../vm/java-thread.ts";
import { caught, type Program, simpleName } from "./prelude.ts";

export const futures: readonly Program[] = [
  {
    name: "FutureCallbackOrder",
    pins: "Dependents run newest first, theirs oldest first, all before complete returns; getters are only unparked",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const f = new CompletableFuture<string>(jvm);
      const threads = ["X", "Y"].map((n) =>
        go(n, function* () {
          log(n + (yield* f.get()));
        }),
      );
      yield* yieldNow();
      const a = f.thenApply((v) => {
        log("a");
        return v;
      });
      a.thenAccept(() => log("a1"));
      a.thenAccept(() => log("a2"));
      a.thenAccept(() => log("a3"));
      f.thenAccept(() => log("b"));
      f.thenAccept(() => log("c"));
      f.complete("v");
      log("done");
      f.thenAccept(() => log("late"));
      yield* joinAll(threads);
    },
  },
  {
    name: "FutureErrors",
    pins: "A dependent's dependents see CompletionException, those of the failed stage the raw exception",
    *port({ jvm, log }) {
      const f = new CompletableFuture<string>(jvm);
      f.thenApply((v) => v)
        .exceptionally((e) => {
          log(`${simpleName(e)}/${(e.cause as Throwable).message}`);
          return "dflt";
        })
        .thenAccept((v) => log(v));
      f.exceptionally((e) => {
        log(simpleName(e));
        return "";
      });
      f.completeExceptionally(new Throwable("java.lang.IllegalStateException", "bad"));
      try {
        yield* f.get();
      } catch (error) {
        caught(error, "ExecutionException");
        log(`get ${(error.cause as Throwable).message}`);
      }
    },
  },
  {
    name: "FutureJoinTimeoutAsync",
    pins: "join throws CompletionException, timeouts and supplyAsync run on the common pool's platform threads",
    *port({ jvm, log }) {
      const f = new CompletableFuture<string>(jvm);
      f.completeExceptionally(new Throwable("java.lang.IllegalStateException", "bad"));
      try {
        yield* f.join();
      } catch (error) {
        caught(error, "CompletionException");
        log(`join ${(error.cause as Throwable).message}`);
      }
      yield* new CompletableFuture<string>(jvm)
        .orTimeout(60_000_000)
        .handle((_, e) => {
          log(`${simpleName(e!)}@${Thread.currentThread(jvm).name}`);
          return 0;
        })
        .join();
      log(yield* CompletableFuture.supplyAsync(jvm, () => Thread.currentThread(jvm).isVirtual).get());
    },
  },
  {
    name: "FutureTaskWaitersLifo",
    pins: "FutureTask wakes its getters newest first",
    *port({ jvm, go, log, yieldNow, joinAll }) {
      const f = new FutureTask(jvm, function* () {
        log("run");
      });
      const threads = ["A", "B", "C"].map((n) =>
        go(n, function* () {
          yield* f.get();
          log(n);
        }),
      );
      yield* yieldNow();
      yield* f.run();
      log("root");
      yield* joinAll(threads);
    },
  },
  {
    name: "FutureAsyncStages",
    pins: "Asynchronous stages run on the common pool, platform threads; on another executor where one is given",
    *port({ jvm, log }) {
      const current = () => Thread.currentThread(jvm);
      const f = new CompletableFuture<string>(jvm);
      const a = f.thenApplyAsync((v) => `${v}${current().isVirtual}${current().daemon}`);
      const b = f.thenApplyAsync((v) => `${v}${current().isVirtual}`, new ThreadPerTaskExecutor(jvm));
      f.complete("v");
      log(`${yield* a.get()} ${yield* b.get()}`);
      log(current().isVirtual);
      const worker = yield* CompletableFuture.supplyAsync(jvm, () => current().name).get();
      log(worker.startsWith("ForkJoinPool.commonPool-worker-"));
      try {
        yield* CompletableFuture.supplyAsync(jvm, () => {
          throw new Throwable("java.lang.IllegalStateException", "bad");
        }).join();
      } catch (error) {
        caught(error, "CompletionException");
        log(error.message);
      }
      log(yield* new CompletableFuture<string>(jvm).completeOnTimeout("late", 5_000_000).join());
    },
  },
  {
    name: "FutureCombinations",
    pins: "thenCompose relays the inner future; allOf is done after the last, anyOf after the first of them",
    *port({ jvm, log }) {
      const [x, y, z] = ["x", "y", "z"].map(() => new CompletableFuture<string>(jvm)) as [
        CompletableFuture<string>,
        CompletableFuture<string>,
        CompletableFuture<string>,
      ];
      x.thenCompose((v) => {
        log(`compose ${v}`);
        return y;
      }).thenAccept((v) => log(`composed ${v}`));
      CompletableFuture.allOf(jvm, [x, y, z]).handle((_, e) => {
        log(`all ${e === null ? "fine" : `${simpleName(e)}/${(e.cause as Throwable).message}`}`);
        return 0;
      });
      CompletableFuture.anyOf(jvm, [z, y, x]).thenAccept((v) => log(`any ${v}`));
      x.complete("x");
      log("|");
      z.completeExceptionally(new Throwable("java.lang.IllegalStateException", "z"));
      log("|");
      y.complete("y");
      log("|");
    },
  },
];
