/** Conformance: executors and structured scopes. Each expected output is that of Temurin 25.0.3. */
import { describe, expect, it } from "vitest";
import {
  FailedException,
  InterruptedException,
  Joiners,
  StructuredTaskScope,
  Thread,
  ThreadPerTaskExecutor,
  Throwable,
} from "../src/index.ts";
import { run } from "./prelude.ts";

describe("newVirtualThreadPerTaskExecutor", () => {
  it("ExecutorBehaviour", () => {
    expect(
      run(function* ({ jvm, log, yieldNow }) {
        const ex = new ThreadPerTaskExecutor(jvm);
        const f = ex.submit<string>(function* () {
          throw new Throwable("java.lang.IllegalStateException", "boom");
        });
        log(f.isDone);
        try {
          yield* f.get();
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(error.message);
        }
        log(f.isDone);
        const g = ex.submit(function* () {
          try {
            yield* Thread.sleep(jvm, 1000);
          } catch (error) {
            log("IE");
            throw error;
          }
        });
        yield* yieldNow();
        log(g.cancel());
        yield* yieldNow();
        try {
          yield* g.get();
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(error.javaClass.split(".").at(-1));
        }
        ex.submit(function* () {
          log("s");
          yield* yieldNow();
          log("e");
        });
        ex.shutdown();
        try {
          ex.submit(function* () {});
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log("REE");
        }
        yield* ex.close();
        log(ex.isTerminated);
      }),
    ).toBe("false java.lang.IllegalStateException: boom true true IE CancellationException REE s e true");
  });

  it("InvokeAll: results in list order", () => {
    expect(
      run(function* ({ jvm, log, nap }) {
        const ex = new ThreadPerTaskExecutor(jvm);
        const bodies = [240, 80, 160].map(
          (d) =>
            function* () {
              yield* nap(d);
              log(d);
              return `v${d}`;
            },
        );
        for (const future of yield* ex.invokeAll(bodies)) log(yield* future.get());
        yield* ex.close();
        log("root");
      }),
    ).toBe("80 160 240 v240 v80 v160 root");
  });
});

describe("StructuredTaskScope", () => {
  it("ScopeFailFast: the first failure interrupts the others; join may return before they end", () => {
    expect(
      run(function* ({ jvm, log }) {
        const s = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAllSuccessfulOrThrow());
        const a = s.fork(function* () {
          try {
            yield* Thread.sleep(jvm, 5000);
            return 1;
          } catch (error) {
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
          if (!(error instanceof FailedException)) throw error;
          log(`FE:${error.cause.message}`);
        }
        log(`${a.state} ${b.state} ${c.state} ${s.isCancelled}`);
        yield* s.close();
        log("closed");
      }),
    ).toBe("forked c a:IE FE:bad UNAVAILABLE FAILED SUCCESS true closed");
  });

  it("ScopeAnyTimeoutMisuse: the first success cancels; closing without join is refused after waiting", () => {
    expect(
      run(function* ({ jvm, log }) {
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
        const t = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAllSuccessfulOrThrow());
        t.fork(function* () {
          log("?");
          return 0;
        });
        try {
          yield* t.close();
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(error.message);
        }
      }),
    ).toBe("fast true ? Owner did not join after forking");
  });

  it("an owner's interrupt ends join", () => {
    expect(
      run(function* ({ jvm, log }) {
        const s = new StructuredTaskScope<null, null>(jvm, Joiners.awaitAll());
        const owner = jvm.currentThread();
        s.fork(function* () {
          owner.interrupt();
          return null;
        });
        s.fork(function* () {
          yield* Thread.sleep(jvm, 5);
          log("slept");
          return null;
        });
        try {
          yield* s.join();
        } catch (error) {
          if (!(error instanceof InterruptedException)) throw error;
          log("IE");
        }
        yield* s.close();
      }),
    ).toBe("IE slept");
  });
});
