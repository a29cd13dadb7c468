import { type Program, program } from "@orrery/program";
import { Execution, type RunResult, runSpec, zeroProfile } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import { describe, expect, test } from "vitest";
import { asyncioModel } from "../src/index.ts";

function execute(workload: Program, options: Readonly<Record<string, string>> = {}): Execution {
  return new Execution(runSpec(asyncioModel, workload, {}, { options })).run();
}
const logOf = (result: RunResult): string => result.log.map(({ text }) => text).join(" | ");

describe("programs on the model", () => {
  test("four spawned tasks, then a line of main", () => {
    const workload = program("order", { doc: "order of spawning" }, ({ proc, main }) => {
      const t = proc("t", { i: "int" }, (b, { i }) => b.log("t{0}", i));
      main((b) => {
        for (const i of [1, 2, 3, 4]) b.spawn(t, { i });
        b.log("main");
      });
    });
    expect(logOf(execute(workload).result())).toBe("main | t1 | t2 | t3 | t4");
  });

  test("a task cancelled before its first step never runs and counts as cancelled", () => {
    const workload = program("unborn", { doc: "fail before the sibling starts" }, ({ proc, main }) => {
      const bad = proc("bad", {}, (b) => b.throw("User:boom"));
      const sibling = proc("sibling", {}, (b) => {
        b.sleep("1s");
        b.log("sibling");
      });
      const late = proc("late", {}, (b) => b.log("late"));
      main((b) =>
        b.try({
          body: () =>
            b.scope("cancelSiblings", () => {
              b.spawn(bad);
              b.spawn(sibling);
              b.yield();
              b.spawn(late);
              b.sleep("1s");
            }),
          catch: [{ kinds: ["*"], body: () => b.log("scope failed") }],
        }),
      );
    });
    const result = execute(workload).result();
    expect(logOf(result)).toBe("scope failed");
    expect(result.tasks).toMatchObject({ spawned: 4, cancelled: 2, failed: 1, completed: 1 });
  });

  test("cancelling a task that awaits another leaves that one alone", () => {
    const workload = program("spared", { doc: "a cancelled joiner" }, ({ proc, main }) => {
      const slow = proc("slow", {}, (b) => {
        b.sleep("10ms");
        b.log("slow ends");
      });
      const joiner = proc("joiner", { task: "task" }, (b, { task }) => {
        b.try({
          body: () => b.join(task),
          catch: [
            {
              kinds: ["Cancelled"],
              body: () => {
                b.log("joiner cancelled");
                b.throw("Cancelled");
              },
            },
          ],
        });
      });
      const boom = proc("boom", {}, (b) => {
        b.sleep("1ms");
        b.throw("User:boom");
      });
      main((b) => {
        const t = b.spawn("t", slow);
        b.try({
          body: () =>
            b.scope("cancelSiblings", () => {
              b.spawn(joiner, { task: t });
              b.spawn(boom);
            }),
          catch: [{ kinds: ["*"], body: () => b.log("scope failed") }],
        });
        b.join(t);
      });
    });
    expect(logOf(execute(workload).result())).toBe("joiner cancelled | scope failed | slow ends");
  });

  test("a hog delays the sleeper until it is done; debug tells the slow step", () => {
    const workload = program("hog", { doc: "a hog and a sleeper" }, ({ proc, main }) => {
      const hog = proc("hog", {}, (b) => b.cpu("120ms"));
      const sleeper = proc("sleeper", {}, (b) => {
        const t = b.now("t");
        b.sleep("1ms");
        b.mark("late", t);
      });
      main((b) =>
        b.scope("waitAll", () => {
          b.spawn(sleeper);
          b.spawn(hog);
        }),
      );
    });
    const result = execute(workload, { debug: "true" }).result();
    expect(result.marks.late!.maxNs).toBeGreaterThan(120e6);
    expect(result.diagnostics.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Executing <Task finished name='Task-3' coro=<hog\(\) done> result=None> took 0\.120 seconds$/,
      ),
    ]);
  });

  test("offloaded CPU work shares the GIL: two jobs take the time of both", () => {
    const workload = program("gil", { doc: "two jobs of 50 ms" }, ({ proc, main }) => {
      const job = proc("job", {}, (b) => b.offload("50ms"));
      main((b) =>
        b.scope("waitAll", () => {
          b.spawn(job);
          b.spawn(job);
        }),
      );
    });
    const { makespanNs } = execute(workload).result();
    expect(makespanNs).toBeGreaterThan(100e6);
    expect(makespanNs).toBeLessThan(104e6);
  });

  test("a failed detached task is reported in Python's words and the loop goes on", () => {
    const workload = program(
      "lost",
      { doc: "nobody looks", policies: { onDetachedFailure: "native" } },
      ({ proc, main }) => {
        const bad = proc("bad", {}, (b) => b.throw("User:ValueError", "boom"));
        main((b) => {
          b.detach(bad);
          b.sleep("1ms");
          b.log("main");
        });
      },
    );
    const result = execute(workload).result();
    expect(logOf(result)).toBe("main");
    expect(result.outcome).toBe("completed");
    expect(result.diagnostics[0]!.text).toBe(
      "Task exception was never retrieved\nfuture: <Task finished name='Task-2' coro=<bad() done> exception=ValueError('boom')>",
    );
  });

  test("nothing is detected when all wait for ever: the loop sits in epoll_wait", () => {
    const workload = program("stuck", { doc: "a receive without a send" }, ({ main }) => {
      main((b) => b.recv(b.chan("c")));
    });
    const result = execute(workload).result();
    expect(result.outcome).toBe("deadlocked");
    expect(result.diagnostics[0]!.text).toContain("epoll_wait(-1)");
  });
});

describe("the snapshot and the trace", () => {
  const workload = program("mixed", { doc: "a bit of everything" }, ({ proc, main, services }) => {
    const worker = proc("worker", { lock: "mutex" }, (b, { lock }) => {
      b.lock(lock);
      b.sleep("5ms");
      b.unlock(lock);
      b.yield();
      b.fileRead(1000);
    });
    void services;
    main((b) => {
      const lock = b.mutex("m");
      b.scope("waitAll", () => b.repeat(3, () => b.spawn(worker, { lock })));
    });
  });

  test("shows queues, timers, waits and the GIL between two events", () => {
    const execution = new Execution(runSpec(asyncioModel, workload, {})).runUntil(2e6);
    const snapshot = execution.inspect() as unknown as {
      loop: { _scheduled: unknown[]; _ready: unknown[]; iterations: number };
      tasks: { name: string; wait_for: string | null }[];
      gil: { holder: string | null };
    };
    expect(snapshot.loop._scheduled).toHaveLength(1);
    expect(snapshot.loop._ready).toEqual([]);
    expect(snapshot.tasks.map(({ name, wait_for }) => `${name} ${wait_for}`)).toEqual([
      "Task-1 TaskGroup.__aexit__",
      "Task-2 sleep",
      "Task-3 Lock.acquire",
      "Task-4 Lock.acquire",
    ]);
    expect(snapshot.gil.holder).toBeNull();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test("every run of a task is left by exactly one park, yield or exit, and every wake-up has its reason", () => {
    const { trace } = execute(workload);
    const running = new Set<number>();
    const reasons = new Set<string>();
    for (let row = 0; row < trace.length; row++) {
      const { kind, task, reason } = trace.at(row);
      if (kind === Kind.run) {
        expect(running.has(task)).toBe(false);
        running.add(task);
      }
      if (kind === Kind.park || kind === Kind.yield || kind === Kind.exit)
        expect(running.delete(task)).toBe(true);
      if (kind === Kind.ready) reasons.add(reason);
    }
    expect(running.size).toBe(0);
    expect([...reasons].toSorted()).toEqual([
      "call_soon: task_step",
      "call_soon: task_step after a bare yield",
      "call_soon: task_wakeup",
    ]);
  });

  test("with costs of zero a run takes the time of its waits", () => {
    const sleeps = program("sleeps", { doc: "two sleeps" }, ({ main }) => {
      main((b) => {
        b.sleep("10ms");
        b.sleep("20ms");
      });
    });
    const result = new Execution(runSpec(asyncioModel, sleeps, {}, { profile: zeroProfile })).run().result();
    expect(result.makespanNs).toBe(30e6);
  });
});
