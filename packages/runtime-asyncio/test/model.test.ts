import { type Program, program } from "@orrery/program";
import { Execution, type RunResult, runSpec, zeroProfile } from "@orrery/runtime";
import { Kind } from "@orrery/simulator";
import { describe, expect, test } from "vitest";
import { asyncioModel } from "../src/index.ts";

function execute(workload: Program, options: Readonly<Record<string, string>> = {}): Execution {
  return new Execution(runSpec(asyncioModel, workload, {}, { options })).run();
}
const logOf = (result: RunResult): string => result.log.map(({ text }) => text).join(" | ");

test.each([
  ["native", "native"],
  ["fifo", "native"],
  ["barging", "emulated"],
] as const)("a mutex whose fairness is %s is %s", (lockFairness, tier) => {
  const source = program("fair", { doc: "A lock.", policies: { lockFairness } }, ({ main }) =>
    main((w) => w.lock(w.mutex("m"))),
  );
  expect(execute(source).result().tiers).toEqual({ mutex: tier, lock: tier });
});

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
        /^Executing <Task finished name='Task-3' coro=<hog\(\) done, defined at program.py:0> result=None created at asyncio\/tasks.py:0> took 0\.120 seconds$/,
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

describe("where the language is not asyncio", () => {
  test("who has been signalled is cancelled at its next cancellation point only", () => {
    const workload = program("signalled", { doc: "3.11's Condition loses the signal" }, ({ proc, main }) => {
      const waiter = proc("waiter", { m: "mutex", c: "cond" }, (b, { m, c }) => {
        b.lock(m);
        b.condWait(c);
        b.log("signalled");
        b.unlock(m);
        b.check();
        b.log("never");
      });
      main((b) => {
        const m = b.mutex("m");
        const c = b.cond("c", m);
        const w = b.spawn("w", waiter, { m, c });
        b.yield();
        b.signal(c);
        b.cancel(w);
        const ends = b.settleAll("ends", [w]);
        b.log("{0}", ends);
      });
    });
    expect(logOf(execute(workload).result())).toBe("signalled | [failed(Cancelled)]");
  });

  test("a mere turn of the loop is no cancellation point, a sleep of nothing is one", () => {
    const workload = program("turns", { doc: "cancelled in sleep(0)" }, ({ proc, main }) => {
      const turning = proc("turning", {}, (b) => {
        b.yield();
        b.log("turned");
        b.sleep(0);
        b.log("never");
      });
      main((b) => {
        const t = b.spawn("t", turning);
        b.yield();
        b.cancel(t);
        const ends = b.settleAll("ends", [t]);
        b.log("{0}", ends);
      });
    });
    expect(logOf(execute(workload).result())).toBe("turned | [failed(Cancelled)]");
  });

  test("a channel hands nothing to a receiver that has been cancelled and has not run since", () => {
    const workload = program("given-up", { doc: "a send after a cancellation" }, ({ proc, main }) => {
      const receiver = proc("receiver", { c: "chan" }, (b, { c }) => {
        const v = b.recv("v", c);
        b.log("got {0}", v);
      });
      main((b) => {
        const c = b.chan("c");
        const first = b.spawn("first", receiver, { c });
        const second = b.spawn("second", receiver, { c });
        b.yield();
        b.cancel(first);
        const sent = b.trySend("sent", c, 1);
        const ends = b.settleAll("ends", [first, second]);
        b.log("{0} {1}", sent, ends);
      });
    });
    expect(logOf(execute(workload).result())).toBe("got 1 | true [failed(Cancelled) ok(none)]");
  });

  test("a handler is a task to the program and a callback to the loop: no iteration lies between", () => {
    const workload = program("handler", { doc: "a handler before a task" }, ({ proc, main }) => {
      const handler = proc("handler", { v: "int" }, (b, { v }) => b.log("handler {0}", v));
      const task = proc("task", {}, (b) => b.log("task"));
      main((b) => {
        const p = b.promise("p");
        b.onResolve(p, handler);
        b.resolve(p, 1);
        b.spawn(task);
        b.callback("micro", handler, { v: 2 });
        b.callback("timer", handler, { v: 3 });
        b.yield();
        b.log("main");
      });
    });
    const result = execute(workload).result();
    expect(logOf(result)).toBe("handler 1 | task | handler 2 | main | handler 3");
    expect(result.tasks).toMatchObject({ spawned: 5, completed: 5 });
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
