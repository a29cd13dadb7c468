/** The prelude of the conformance programs: `go`, `nap`, `burn` and a root thread, as in the Java originals. */
import type { Steps } from "@orrery/runtime";
import {
  InterruptedException,
  type JavaThread,
  join,
  type Jvm,
  LockSupport,
  P1,
  runJava,
  type RunJavaOptions,
  Thread,
  Throwable,
  type VirtualThread,
} from "../src/index.ts";

export interface Prelude {
  readonly jvm: Jvm;
  readonly log: (text: unknown) => void;
  /** Starts a virtual thread; an exception that leaves it is logged as `name!Class`. */
  readonly go: (name: string, body: () => Steps<unknown>) => VirtualThread;
  readonly nap: (millis: number) => Steps;
  readonly burn: (millis: number) => Steps;
  readonly yieldNow: () => Steps;
  readonly park: () => Steps;
  readonly joinAll: (threads: readonly JavaThread[]) => Steps;
}

export function prelude(jvm: Jvm, log: (text: unknown) => void): Prelude {
  return {
    jvm,
    log,
    go: (name, body) =>
      Thread.startVirtualThread(
        jvm,
        (function* () {
          try {
            yield* body();
          } catch (error) {
            if (!(error instanceof Throwable)) throw error;
            log(`${name}!${error.javaClass.split(".").at(-1)}`);
          }
        })(),
        name,
      ),
    *nap(millis) {
      try {
        yield* Thread.sleep(jvm, millis);
      } catch (error) {
        if (!(error instanceof InterruptedException)) throw error;
        log("IE");
      }
    },
    *burn(millis) {
      yield millis * 1_000_000;
    },
    yieldNow: () => Thread.yield(jvm),
    park: () => LockSupport.park(jvm),
    *joinAll(threads) {
      for (const thread of threads) yield* join(thread);
    },
  };
}

export type Program = (p: Prelude) => Steps<unknown>;

/** Output of a program whose body is a virtual thread, on one carrier unless told otherwise. */
export function run(program: Program, options: RunJavaOptions = P1): string {
  const { out, outcome } = runJava(options, (jvm, log) => program(prelude(jvm, log)));
  if (outcome !== "halted") throw new Error(`${outcome} after ${out.join(" ")}`);
  return out.join(" ");
}

/** Output of a program whose body is `main` of the platform main thread. */
export function runMain(program: Program, options: RunJavaOptions = P1): string {
  return run(program, { ...options, onMainThread: true });
}
