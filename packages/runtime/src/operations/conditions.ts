/** Readers-writer locks, conditions, monitors. Who is inside is the language's, and kept here. */
import type { MonitorVia } from "@orrery/program";
import { open } from "../completion.ts";
import { isSteps, type Op, type Steps } from "../model.ts";
import type { Task } from "../task.ts";
import {
  type CondHandle,
  Fault,
  type MonitorHandle,
  type MutexHandle,
  type RwLockHandle,
} from "../values.ts";
import type { World } from "../world.ts";
import { duration, handle, type Operations, waitFor } from "./operation.ts";

export const conditions: Operations<
  | "rwlock"
  | "rlock"
  | "runlock"
  | "wlock"
  | "wunlock"
  | "cond"
  | "condWait"
  | "condWaitFor"
  | "signal"
  | "broadcast"
  | "monitor"
  | "enterMonitor"
  | "exitMonitor"
  | "monitorWait"
  | "monitorWaitFor"
  | "notify"
> = {
  rwlock: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const lock: RwLockHandle = { kind: "rwlock", name, readers: 0, writer: null, native: null };
      frame.slots[at.slot] = lock;
      world.lowering.rwlock(task, lock);
      return null;
    },
  },
  rlock: {
    start: ({ lowering }, task, frame, at) =>
      lowering.rlock(task, waitFor(task, handle<RwLockHandle>(at.a!(frame)))),
    accept(frame, at) {
      (at.a!(frame) as RwLockHandle).readers++;
    },
  },
  runlock: {
    start({ lowering }, task, frame, at) {
      const lock = handle<RwLockHandle>(at.a!(frame));
      if (lock.readers === 0) throw new Fault("UnlockOfUnlocked", `runlock of unlocked ${lock.name}`);
      lock.readers--;
      return lowering.runlock(task, lock);
    },
  },
  wlock: {
    start: ({ lowering }, task, frame, at) =>
      lowering.wlock(task, waitFor(task, handle<RwLockHandle>(at.a!(frame)))),
    accept(frame, at) {
      (at.a!(frame) as RwLockHandle).writer = frame.task;
    },
  },
  wunlock: {
    start({ lowering }, task, frame, at) {
      const lock = handle<RwLockHandle>(at.a!(frame));
      if (lock.writer === null) throw new Fault("UnlockOfUnlocked", `wunlock of unlocked ${lock.name}`);
      lock.writer = null;
      return lowering.wunlock(task, lock);
    },
  },

  cond: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const cond: CondHandle = { kind: "cond", name, mutex: handle<MutexHandle>(at.a!(frame)), native: null };
      frame.slots[at.slot] = cond;
      world.lowering.cond(task, cond);
      return null;
    },
  },
  condWait: {
    start: (world, task, frame, at) => waitOnCond(world, task, handle<CondHandle>(at.a!(frame)), null),
  },
  condWaitFor: {
    start: (world, task, frame, at) =>
      waitOnCond(world, task, handle<CondHandle>(at.a!(frame)), duration(at.b!(frame))),
    accept(frame, at, result) {
      frame.slots[at.slot2] = result as boolean;
    },
  },
  signal: {
    start: ({ lowering }, task, frame, at) => lowering.signal(task, handle<CondHandle>(at.a!(frame)), false),
  },
  broadcast: {
    start: ({ lowering }, task, frame, at) => lowering.signal(task, handle<CondHandle>(at.a!(frame)), true),
  },

  monitor: {
    start(world, task, frame, at) {
      const { bind, via } = at.extra as { readonly bind: string; readonly via?: MonitorVia };
      const name = world.handleName(bind);
      const monitor: MonitorHandle = {
        kind: "monitor",
        name,
        via: via ?? "synchronized",
        owner: null,
        depth: 0,
        native: null,
      };
      frame.slots[at.slot] = monitor;
      world.lowering.monitor(task, monitor);
      return null;
    },
  },
  enterMonitor: {
    start({ lowering }, task, frame, at) {
      const monitor = handle<MonitorHandle>(at.a!(frame));
      (task.monitors ??= []).push(monitor);
      if (monitor.owner === task) return lowering.reentered?.(task, monitor);
      return lowering.enter(task, waitFor(task, monitor));
    },
    accept(frame, at) {
      const { task } = frame;
      const monitor = task.monitors!.at(-1)!;
      monitor.owner = task;
      monitor.depth++;
      open(frame, [], at.target);
    },
  },
  exitMonitor: {
    start({ lowering }, task) {
      const monitor = task.monitors!.pop()!;
      if (--monitor.depth > 0) return null;
      monitor.owner = null;
      return lowering.exit(task, monitor);
    },
  },
  monitorWait: {
    start: (world, task, frame, at) => waitOnMonitor(world, task, owned(task, at.a!(frame)), null),
  },
  monitorWaitFor: {
    start: (world, task, frame, at) =>
      waitOnMonitor(world, task, owned(task, at.a!(frame)), duration(at.b!(frame))),
    accept(frame, at, result) {
      frame.slots[at.slot2] = result as boolean;
    },
  },
  notify: {
    start: ({ lowering }, task, frame, at) =>
      lowering.notify(task, owned(task, at.a!(frame)), at.extra as boolean),
  },
};

/** The mutex is free while the task waits, and its own again however the wait ends. */
function waitOnCond({ lowering }: World, task: Task, cond: CondHandle, ns: number | null): Op<boolean> {
  const { mutex } = cond;
  if (mutex.holder === null)
    throw new Fault("UnlockOfUnlocked", `wait on ${cond.name} without ${mutex.name}`);
  mutex.holder = null;
  waitFor(task, cond);
  return afterwards(lowering.condWait(task, cond, ns), () => (mutex.holder = task));
}

function waitOnMonitor(
  { lowering }: World,
  task: Task,
  monitor: MonitorHandle,
  ns: number | null,
): Op<boolean> {
  const { depth } = monitor;
  monitor.owner = null;
  monitor.depth = 0;
  waitFor(task, monitor);
  return afterwards(lowering.monitorWait(task, monitor, ns), () => {
    monitor.owner = task;
    monitor.depth = depth;
  });
}

function afterwards<V>(op: Op<V>, done: () => void): Op<V> {
  if (isSteps(op)) return withEnd(op, done);
  done();
  return op;
}

function* withEnd<V>(steps: Steps<V>, done: () => void): Steps<V> {
  try {
    return yield* steps;
  } finally {
    done();
  }
}

function owned(task: Task, value: Parameters<typeof handle>[0]): MonitorHandle {
  const monitor = handle<MonitorHandle>(value);
  if (monitor.owner !== task)
    throw new Fault("UnlockOfUnlocked", `${task.path} does not own ${monitor.name}`);
  return monitor;
}
