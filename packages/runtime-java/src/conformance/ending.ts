/** How threads and the process end, and what a thread has of its own. */
import type { Steps } from "@orrery/runtime";
import { join, Thread } from "../lib/thread.ts";
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
    port: { lacks: "thread locals and scoped values" },
  },
];
