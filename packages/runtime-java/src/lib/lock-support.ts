/** java.util.concurrent.locks.LockSupport. */
import type { Steps } from "@orrery/runtime";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export const LockSupport = {
  *park(jvm: Jvm): Steps {
    yield* jvm.currentThread().park();
  },
  *parkNanos(jvm: Jvm, nanos: number): Steps {
    if (nanos > 0) yield* jvm.currentThread().park(nanos);
  },
  unpark(thread: JavaThread | null): void {
    thread?.unpark();
  },
};
