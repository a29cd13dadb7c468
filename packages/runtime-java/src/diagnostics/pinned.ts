/**
 * The event `jdk.VirtualThreadPinned` of the flight recorder (JDK 25), as `jfr print --events jdk.VirtualThreadPinned` shows it: a
 * virtual thread that waited for 20 ms or longer without leaving its carrier. Left out: the stack trace, and waits for monitors that pin.
 */
import type { PlatformThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import type { VirtualThread } from "../vm/virtual-thread.ts";
import { clock } from "./clock.ts";

export interface PinnedEvent {
  readonly thread: VirtualThread;
  readonly carrier: PlatformThread;
  readonly blockingOperation: "LockSupport.park";
  readonly pinnedReason: string;
  readonly startNs: number;
  readonly durationNs: number;
}

/** The events of a run so far, oldest first. */
export function printPinned(jvm: Jvm): string {
  return jvm.pinnedEvents
    .map(
      ({ thread, carrier, blockingOperation, pinnedReason, startNs, durationNs }) =>
        `jdk.VirtualThreadPinned {\n  startTime = ${start(startNs)}\n  duration = ${(durationNs / 1e6).toPrecision(3)} ms\n` +
        `  blockingOperation = "${blockingOperation}"\n  pinnedReason = "${pinnedReason}"\n` +
        `  carrierThread = "${carrier.name}" (javaThreadId = ${carrier.tid})\n` +
        `  eventThread = "${thread.name}" (javaThreadId = ${thread.tid}, virtual)\n}\n`,
    )
    .join("\n");
}

/** Time of day and date. */
function start(ns: number): string {
  const { date, time } = clock(ns);
  const millis = String(Math.floor(ns / 1e6) % 1000).padStart(3, "0");
  return `${time}.${millis} (${date})`;
}
