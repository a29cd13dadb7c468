/** Mutexes, semaphores, groups. Who holds a mutex and how far a group is are the language's, and kept here. */
import type { Stmt } from "@orrery/program";
import { int } from "../expressions.ts";
import { Fault, type GroupHandle, type MutexHandle, type SemHandle } from "../values.ts";
import { duration, handle, type Operations, waitFor } from "./operation.ts";

export const locks: Operations<
  | "mutex"
  | "lock"
  | "tryLock"
  | "lockFor"
  | "unlock"
  | "sem"
  | "acquire"
  | "acquireFor"
  | "release"
  | "group"
  | "groupAdd"
  | "groupWait"
> = {
  mutex: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const { lockFairness: fairness = "native" } = world.program.policies;
      const mutex: MutexHandle = { kind: "mutex", name, fairness, holder: null, native: null };
      frame.slots[at.slot] = mutex;
      world.lowering.mutex(task, mutex);
      return null;
    },
  },
  lock: {
    start: ({ lowering }, task, frame, at) =>
      lowering.lock(task, waitFor(task, handle<MutexHandle>(at.a!(frame)))),
    accept(frame, at) {
      (at.a!(frame) as MutexHandle).holder = frame.task;
    },
  },
  tryLock: {
    start: ({ lowering }, task, frame, at) => lowering.tryLock(task, handle<MutexHandle>(at.a!(frame))),
    accept(frame, at, result) {
      if (result === true) (at.a!(frame) as MutexHandle).holder = frame.task;
      frame.slots[at.slot2] = result as boolean;
    },
  },
  unlock: {
    start({ lowering }, task, frame, at) {
      const mutex = handle<MutexHandle>(at.a!(frame));
      if (mutex.holder === null) throw new Fault("UnlockOfUnlocked", `unlock of unlocked ${mutex.name}`);
      mutex.holder = null;
      return lowering.unlock(task, mutex);
    },
  },
  lockFor: {
    start: ({ lowering }, task, frame, at) =>
      lowering.lockFor(task, waitFor(task, handle<MutexHandle>(at.a!(frame))), duration(at.b!(frame))),
    accept(frame, at, result) {
      if (result === true) (at.a!(frame) as MutexHandle).holder = frame.task;
      frame.slots[at.slot2] = result as boolean;
    },
  },
  sem: {
    start(world, task, frame, at) {
      const { bind, fairness = "fifo" } = at.extra as Extract<Stmt, { readonly op: "sem" }>;
      const name = world.handleName(bind);
      const sem: SemHandle = { kind: "sem", name, permits: int(at.a!(frame)), fairness, native: null };
      frame.slots[at.slot] = sem;
      world.lowering.sem(task, sem);
      return null;
    },
  },
  acquire: {
    start: ({ lowering }, task, frame, at) =>
      lowering.acquire(task, waitFor(task, handle<SemHandle>(at.a!(frame))), int(at.b!(frame))),
  },
  acquireFor: {
    start: ({ lowering }, task, frame, at) =>
      lowering.acquireFor(
        task,
        waitFor(task, handle<SemHandle>(at.a!(frame))),
        int(at.b!(frame)),
        duration(at.args[0]!(frame)),
      ),
    accept(frame, at, result) {
      frame.slots[at.slot2] = result as boolean;
    },
  },
  release: {
    start: ({ lowering }, task, frame, at) =>
      lowering.release(task, handle<SemHandle>(at.a!(frame)), int(at.b!(frame))),
  },
  group: {
    start(world, task, frame, at) {
      const name = world.handleName(at.extra as string);
      const group: GroupHandle = { kind: "group", name, count: 0, native: null };
      frame.slots[at.slot] = group;
      world.lowering.group(task, group);
      return null;
    },
  },
  groupAdd: {
    start({ lowering }, task, frame, at) {
      const group = handle<GroupHandle>(at.a!(frame));
      const by = int(at.b!(frame));
      if (group.count + by < 0) throw new Fault("NegativeGroup", `negative count of ${group.name}`);
      group.count += by;
      return lowering.groupAdd(task, group, by);
    },
  },
  groupWait: {
    start: ({ lowering }, task, frame, at) =>
      lowering.groupWait(task, waitFor(task, handle<GroupHandle>(at.a!(frame)))),
  },
};
