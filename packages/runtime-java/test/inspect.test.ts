// What a process shows of itself at chosen instants.
import { describe, expect, it } from "vitest";
import {
  inspect,
  type Jvm,
  LockSupport,
  ObjectMonitor,
  P1,
  ReentrantLock,
  runJava,
  synchronizedOn,
  Thread,
} from "../src/index.ts";

type Seen = ReturnType<typeof inspect>;

/** Threads that wait in each way, seen after 5 ms by a virtual thread. */
function seen(): Seen {
  const looks: Seen[] = [];
  const look = (jvm: Jvm): void => {
    looks.push(inspect(jvm, []));
  };
  runJava({ ...P1, trace: true }, function* (jvm) {
    const lock = new ReentrantLock(jvm);
    const condition = lock.newCondition();
    const monitor = new ObjectMonitor(jvm);
    Thread.startVirtualThread(
      jvm,
      (function* () {
        yield* lock.lock();
        yield* condition.await();
      })(),
      "awaits",
    );
    Thread.startVirtualThread(
      jvm,
      synchronizedOn(monitor, () => monitor.wait()),
      "waits",
    );
    yield* Thread.sleep(jvm, 1);
    yield* lock.lock();
    yield* monitor.enter();
    for (const n of ["first", "second"]) Thread.startVirtualThread(jvm, lock.lock(), n);
    Thread.startVirtualThread(
      jvm,
      synchronizedOn(monitor, function* () {}),
      "enters",
    );
    Thread.startVirtualThread(jvm, LockSupport.park(jvm), "parks");
    Thread.startVirtualThread(jvm, Thread.sleep(jvm, 100), "sleeps");
    yield* Thread.sleep(jvm, 4);
    Thread.startVirtualThread(jvm, LockSupport.park(jvm), "queued");
    look(jvm);
  });
  return looks[0]!;
}

const names = (text: unknown): unknown =>
  JSON.parse(JSON.stringify(text).replaceAll(/VirtualThread\[#\d+,(\w+)\]\/[^"]*/g, "$1"));

describe("at an instant of a run", () => {
  const snapshot = names(seen()) as Record<string, unknown>;

  it("shows the carrier with the thread that it has mounted, and what is queued in which slot", () => {
    expect(snapshot["carriers"]).toEqual([
      { name: "ForkJoinPool-1-worker-1", state: "RUNNABLE", mounted: "root", compensating: false },
    ]);
    expect(snapshot["queues"]).toContainEqual({ slot: 2, queue: "external", tasks: ["queued"] });
  });

  it("shows a monitor's owner, entry list and wait set", () => {
    expect(snapshot["monitors"]).toEqual([
      { object: "java.lang.Object", owner: "root", entryList: ["enters"], waitSet: ["waits"] },
    ]);
  });

  it("shows a lock's owner and queue, and a condition's waiters", () => {
    const sync = "java.util.concurrent.locks.ReentrantLock$NonfairSync";
    expect(snapshot["synchronizers"]).toContainEqual({
      synchronizer: sync,
      state: 1,
      owner: "root",
      queue: ["first", "second"],
    });
    expect(snapshot["conditions"]).toEqual([{ of: sync, waiters: ["awaits"] }]);
  });

  it("shows who is parked, on what, with what permit, and whose time is running", () => {
    const parked = snapshot["parked"] as readonly {
      readonly thread: string;
      readonly blocker: string | null;
    }[];
    expect(parked.map(({ thread }) => thread)).toEqual([
      "awaits",
      "waits",
      "first",
      "second",
      "parks",
      "sleeps",
    ]);
    expect(parked.find(({ thread }) => thread === "parks")).toEqual({
      thread: "parks",
      state: "WAITING",
      blocker: null,
      permit: false,
      interrupted: false,
      pinned: false,
    });
    expect(snapshot["delayed"]).toMatchObject([{ thread: "sleeps" }]);
  });
});
