/** What every port has from Prelude.java: `go`, `nap`, `burn`, a root thread, and a log that is printed at the end. */
import { printed, type Steps } from "@orrery/runtime";
import { LockSupport } from "../lib/lock-support.ts";
import { join, Thread } from "../lib/thread.ts";
import { P1, runJava, type RunJavaOptions } from "../run-java.ts";
import { type JavaThread, Throwable } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import { PrintStream } from "./print-stream.ts";

export interface Prelude {
  readonly jvm: Jvm;
  readonly system: { readonly out: PrintStream; readonly err: PrintStream };
  /** What the runtime printed on stderr so far. */
  readonly stderr: readonly string[];
  readonly log: (text: unknown) => void;
  /** Starts a virtual thread; an exception that leaves it is logged as `name!Class`. */
  readonly go: (name: string, body: () => Steps<unknown>) => VirtualThread;
  readonly nap: (millis: number) => Steps;
  readonly burn: (millis: number) => Steps;
  readonly yieldNow: () => Steps;
  readonly park: () => Steps;
  readonly joinAll: (threads: readonly JavaThread[]) => Steps;
}

export type Port = (prelude: Prelude) => Steps<unknown>;

export interface Program {
  /** Of the class of the real program. */
  readonly name: string;
  readonly pins: string;
  /** Class and arguments, where one class is several programs. */
  readonly main?: readonly string[];
  /** P1 where it is left out. */
  readonly scheduler?: { readonly parallelism: number; readonly maxPoolSize?: number };
  /** More flags of the real runtime. */
  readonly flags?: readonly string[];
  readonly onMainThread?: boolean;
  readonly lockingMode?: "legacy";
  readonly port: Port | { readonly lacks: string };
}

function prelude(
  jvm: Jvm,
  log: Prelude["log"],
  stderr: readonly string[],
  stdout: (line: string) => void,
): Prelude {
  return {
    jvm,
    system: { out: new PrintStream(jvm, stdout), err: new PrintStream(jvm, () => {}) },
    stderr,
    log,
    go(name, body) {
      const run = function* (): Steps {
        try {
          yield* body();
        } catch (error) {
          if (!(error instanceof Throwable)) throw error;
          log(`${name}!${simpleName(error)}`);
        }
      };
      return Thread.startVirtualThread(jvm, run(), name);
    },
    *nap(millis) {
      try {
        yield* Thread.sleep(jvm, millis);
      } catch (error) {
        caught(error, "InterruptedException");
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

/** `getClass().getSimpleName()` */
export const simpleName = ({ javaClass }: Throwable): string => javaClass.split(".").at(-1)!;

/** A catch clause for exceptions of one class: throws on the others. */
export function caught(error: unknown, name: string): asserts error is Throwable {
  if (!(error instanceof Throwable) || simpleName(error) !== name) throw error;
}

/** Runs a port as Prelude.java runs the real program; returns what the process printed. */
export function run(port: Port, options: RunJavaOptions = P1): string {
  const stdout: string[] = [];
  const { out, outcome } = runJava({ ...options, onMainThread: true }, function* (jvm, log, stderr) {
    const p = prelude(jvm, log, stderr, (line) => stdout.push(line));
    if (options.onMainThread === true) yield* port(p);
    else yield* join(p.go("root", () => port(p)));
  });
  return printed([...stdout, out.join(" ")].join("\n"), outcome === "halted" ? "" : `[${outcome}]`);
}
