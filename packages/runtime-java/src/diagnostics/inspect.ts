/** What a process shows of itself at one instant, in the runtime's words. Threads that wait are told where the run keeps them. */
import type { Snapshot } from "@orrery/runtime";
import { AbstractQueuedSynchronizer, ConditionObject } from "../lib/abstract-queued-synchronizer.ts";
import type { FixedThreadPool } from "../lib/thread-pool-executor.ts";
import type { JavaThread } from "../vm/java-thread.ts";
import type { Jvm } from "../vm/jvm.ts";
import { ObjectMonitor } from "../vm/object-monitor.ts";
import { VirtualThread } from "../vm/virtual-thread.ts";

export function inspect(jvm: Jvm, pools: readonly FixedThreadPool[]): Snapshot {
  const { pool, delayScheduler, platformThreads } = jvm;
  const threads = [...(jvm.liveThreads ?? []), ...platformThreads].filter((thread) => !thread.isTerminated);
  return {
    scheduler: pool.toString(),
    queues: pool.inspect(),
    carriers: pool.carriers.map((carrier) => ({
      name: carrier.name,
      state: carrier.getState(),
      mounted: carrier.current instanceof VirtualThread ? jvm.describe(carrier.current) : null,
      compensating: carrier.compensating,
    })),
    parked: threads.filter(isParked).map((thread) => ({
      thread: nameOf(thread),
      state: thread.getState(),
      blocker: thread.parkBlocker?.javaClass ?? null,
      permit: thread.parkPermit,
      interrupted: thread.interrupted,
      pinned: thread instanceof VirtualThread && thread.pinned,
    })),
    delayed: delayScheduler.inspect(),
    monitors: awaited(threads, (thread) => thread.blockedOn, ObjectMonitor).map((monitor) => ({
      object: monitor.javaClass,
      owner: monitor.owner === null ? null : nameOf(monitor.owner),
      entryList: monitor.entrants.map(nameOf),
      waitSet: monitor.waiters.map(nameOf),
    })),
    synchronizers: awaited(threads, (thread) => thread.parkBlocker, AbstractQueuedSynchronizer).map(
      (sync) => ({
        synchronizer: sync.javaClass,
        state: sync.state,
        owner: sync.owner === null ? null : nameOf(sync.owner),
        queue: sync.queuedThreads().map(nameOf),
      }),
    ),
    conditions: awaited(threads, (thread) => thread.parkBlocker, ConditionObject).map((condition) => ({
      of: condition.synchronizer,
      waiters: condition.waitingThreads().map(nameOf),
    })),
    pollers: jvm.printPollers().split("\n"),
    pools: pools.map((offload) => offload.inspect()),
    platformThreads: platformThreads.map((thread) => ({
      name: thread.name,
      state: thread.getState(),
      daemon: thread.daemon,
    })),
  };
}

const isParked = (thread: JavaThread): boolean =>
  (thread.isVirtual || thread.taskId >= 0) && ["WAITING", "TIMED_WAITING"].includes(thread.getState());

/** A task by its path, a thread of the runtime as Java prints it. */
const nameOf = (thread: JavaThread): string =>
  thread.task === null ? thread.toString() : thread.jvm.describe(thread);

/** What the threads wait for, of one class, each once. */
function awaited<C>(
  threads: readonly JavaThread[],
  blockerOf: (thread: JavaThread) => unknown,
  wanted: abstract new (...args: never[]) => C,
): readonly C[] {
  const found = new Set<C>();
  for (const thread of threads) {
    const blocker = blockerOf(thread);
    if (blocker instanceof wanted) found.add(blocker);
  }
  return [...found];
}
