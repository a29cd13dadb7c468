import { nanosleep } from "./kernel.ts";
import type { Machine } from "./machine.ts";
import type { Thread, ThreadBody } from "./thread.ts";

/**
 * The disk, seen through the page cache: the kernel copies on the caller's time, `diskNs` plus its bytes. A file that is slow
 * (a FIFO without a writer, a network mount) blocks its thread for `stallNs` first.
 */
export function* diskOperation(machine: Machine, thread: Thread, bytes: number, stallNs: number): ThreadBody {
  if (stallNs > 0) yield* nanosleep(machine, thread, stallNs);
  yield machine.costs.diskNs + Math.round((bytes * machine.costs.diskPsPerByte) / 1000);
}
