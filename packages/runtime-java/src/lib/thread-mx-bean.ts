/**
 * `ThreadMXBean.findDeadlockedThreads` (java.lang.management, JDK 25): cycles of platform threads that wait for a lock or a monitor
 * which the next one owns. It does not look at virtual threads, so that a deadlock of those stays unseen.
 */
import type { JavaThread, PlatformThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";

/** The threads of all cycles, in order of their start; null if there are none. */
export function findDeadlockedThreads(jvm: Jvm): readonly PlatformThread[] | null {
  const deadlocked = jvm.platformThreads.filter((thread) => isOnCycle(thread));
  return deadlocked.length === 0 ? null : deadlocked;
}

function isOnCycle(start: PlatformThread): boolean {
  const seen = new Set<JavaThread>();
  let thread = ownerOfWhatBlocks(start);
  while (thread !== null && !thread.isVirtual && !seen.has(thread)) {
    if (thread === start) return true;
    seen.add(thread);
    thread = ownerOfWhatBlocks(thread);
  }
  return false;
}

const ownerOfWhatBlocks = (thread: JavaThread): JavaThread | null =>
  thread.isTerminated ? null : (thread.blockedOn?.owner ?? thread.parkBlocker?.owner ?? null);
