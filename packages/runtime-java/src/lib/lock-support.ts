/** java.util.concurrent.locks.LockSupport. */
import type { Steps } from "@orrery/runtime";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

export const LockSupport = {
  park(jvm: Jvm): Steps {
    return jvm.currentThread().park();
  },
  parkNanos(jvm: Jvm, nanos: number): Steps {
    return jvm.currentThread().parkNanos(nanos);
  },
  unpark(thread: JavaThread | null): void {
    thread?.unpark();
  },
};
