/**
 * jdk.internal.misc.Blocker (JDK 25): what a few blocking system calls do around themselves so that the pool replaces the
 * carrier meanwhile: console and pipe I/O, name look-ups, synchronous writes. Plain file reads and foreign calls do not.
 */
import type { Steps } from "@orrery/runtime";
import { nanosleep } from "@orrery/simulator";
import type { Jvm } from "../vm/jvm.ts";
import { VirtualThread } from "../vm/virtual-thread.ts";

export const Blocker = {
  begin(jvm: Jvm): boolean {
    const carrier = jvm.currentCarrier()!;
    return carrier.current instanceof VirtualThread && jvm.pool.beginBlocking(carrier);
  },

  end(jvm: Jvm, began: boolean): void {
    if (began) jvm.pool.endBlocking(jvm.currentCarrier()!);
  },
};

/** A system call that blocks the carrier for `nanos`, compensated. */
export function* compensatedCall(jvm: Jvm, nanos: number): Steps {
  const began = Blocker.begin(jvm);
  try {
    yield* blockingCall(jvm, nanos);
  } finally {
    Blocker.end(jvm, began);
  }
}

/** A system call that blocks the carrier for `nanos`; nothing replaces it. */
export function* blockingCall(jvm: Jvm, nanos: number): Steps {
  jvm.machine.charge(jvm.costs.syscall);
  if (!jvm.machine.settle()) yield 0;
  yield* nanosleep(jvm.machine, jvm.currentCarrier()!.os, nanos);
}
