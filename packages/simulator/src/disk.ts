import { nanosleep } from "./kernel.ts";
import type { Machine } from "./machine.ts";
import type { Thread, ThreadBody } from "./thread.ts";

/**
 * The disk, seen through the page cache: an operation blocks its thread in the kernel for `diskNs` plus its bytes, and
 * for `stallNs` more when the file is slow (a FIFO without a writer, a network mount).
 */
export function* diskOperation(machine: Machine, thread: Thread, bytes: number, stallNs: number): ThreadBody {
  const ns = machine.costs.diskNs + Math.round((bytes * machine.costs.diskPsPerByte) / 1000);
  yield* nanosleep(machine, thread, ns + stallNs);
}
