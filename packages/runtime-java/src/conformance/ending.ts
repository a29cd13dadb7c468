/** How threads and the process end, and what a thread has of its own. */
import type { Steps } from "@orrery/runtime";
import { Joiners, StructuredTaskScope } from "../lib/structured-task-scope.ts";
import { join, Thread } from "../lib/thread.ts";
import { InheritableThreadLocal, ScopedValue, ThreadLocal } from "../lib/thread-local.ts";
import { Throwable } from "../vm/java-thread.ts";
import { caught, type Program } from "./prelude.ts";

export const ending: readonly Program[] = [
  {
    name: "UncaughtException",
    pins: "An uncaught exception goes to the thread's handler, else to stderr; join and main go on",
    *port({ jvm, stderr, log }) {
      const thrower = function* (message: string): Steps {
        throw new Throwable("java.lang.RuntimeException", message);
      };
      const a = Thread.startVirtualThread(jvm, thrower("boom"));
      yield* join(a);
      log(stderr[0]);
      const b = Thread.ofVirtual(jvm, thrower("bang"), "B");
      jvm.uncaughtExceptionHandlers.set(b, (thread, error) => log(`${thread.name}:${error.message}`));
      b.start();
      yield* join(b);
      log(a.getState());
    },
  },
  {
    name: "MainExitKillsVirtualThreads",
    pins: "Virtual threads are daemons: the end of main ends the process, and no finally block runs",
    onMainThread: true,
    *port({ jvm, system, go }) {
      go("V", function* () {
        try {
          yield* system.out.println("started");
          yield* Thread.sleep(jvm, 5000);
        } catch (error) {
          caught(error, "InterruptedException");
          yield* system.out.println("never");
        } finally {
          yield* system.out.println("never");
        }
      });
      yield* Thread.sleep(jvm, 100);
      yield* system.out.println("main done");
    },
  },
  {
    name: "ThreadLocals",
    pins: "Thread locals are the virtual thread's own; a scoped value reaches the forks of a scope, not a plain thread",
    *port({ jvm, go, log, yieldNow }) {
      const local = new ThreadLocal(jvm, () => 0);
      const inheritable = new InheritableThreadLocal<string>(jvm);
      const scoped = new ScopedValue<string>(jvm);
      inheritable.set("root");
      local.set(5);
      const a = go("A", function* () {
        log(`${local.get()}${inheritable.get()}`);
        local.set(9);
        yield* yieldNow();
        log(local.get());
      });
      yield* join(a);
      const c = Thread.ofVirtualWithoutInheritance(
        jvm,
        (function* (): Steps {
          log(inheritable.get());
        })(),
      );
      c.start();
      yield* join(c);
      yield* scoped.where("x", function* (): Steps {
        const s = new StructuredTaskScope<number, null>(jvm, Joiners.awaitAllSuccessfulOrThrow());
        s.fork(function* () {
          log(`child ${scoped.get()}`);
          return 0;
        });
        yield* s.join();
        yield* s.close();
        const plain = go("plain", function* () {
          log(`plain ${scoped.isBound}`);
        });
        yield* join(plain);
      });
      log(local.get());
    },
  },
];
