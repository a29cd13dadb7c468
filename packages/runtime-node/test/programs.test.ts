/** Programs of the portable language on the model: what the lowering makes of them, with figures from Node where there are any. */
import { checkOrThrow, constant, duration, type Program, program, service } from "@orrery/program";
import { Execution, type RunResult, runSpec } from "@orrery/runtime";
import { Kind, type Trace } from "@orrery/simulator";
import { describe, expect, test } from "vitest";
import { node } from "../src/index.ts";

type Asked = Parameters<typeof runSpec>[3];

function execute(source: Program, asked: Asked = {}): Execution {
  const checked = checkOrThrow(source);
  return new Execution(runSpec(node, checked.program, checked.params, asked)).run();
}
const run = (source: Program, asked: Asked = {}): RunResult => execute(source, asked).result();
const log = (result: RunResult): string => result.log.map(({ text }) => text).join(" ");

const spawnOrder = program("spawn-order", { doc: "" }, ({ proc, main }) => {
  const task = proc("task", { n: "int" }, (b, { n }) => b.log("t{0}", n));
  const child = proc("child", { n: "int" }, (b, { n }) => {
    b.log("start{0}", n);
    b.yield();
    b.log("end{0}", n);
  });
  main((b) => {
    for (const n of [1, 2, 3, 4]) b.spawn(task, { n });
    b.log("main");
    b.spawn(child, { n: 5 }, { deferred: true });
    b.spawn(child, { n: 6 });
    b.log("spawned");
  });
});

test("spawn runs the body at once up to its first await; deferred, in a microtask", () => {
  expect(log(run(spawnOrder))).toBe("t1 t2 t3 t4 main start6 spawned start5 end6 end5");
});

test("a 1 ms sleeper among four hogs of 100 ms is late by all of them", () => {
  const hogs = program("hogs", { doc: "" }, ({ proc, main }) => {
    const hog = proc("hog", {}, (b) => {
      b.yield();
      b.cpu(duration("100ms"));
    });
    const sleeper = proc("sleeper", {}, (b) => {
      const asleep = b.now("asleep");
      b.sleep(duration("1ms"));
      b.mark("slept", asleep);
    });
    main((b) => {
      b.spawn(sleeper, {});
      b.repeat(4, () => b.spawn(hog, {}));
    });
  });
  // Node 24: 420 to 500 ms on a busy machine; 400 is what the hogs take.
  const slept = run(hogs).marks["slept"]!.maxNs;
  expect(slept).toBeGreaterThanOrEqual(400e6);
  expect(slept).toBeLessThan(401e6);
});

const blockedOpens = program("blocked-opens", { doc: "" }, ({ proc, main }) => {
  const open = proc("open", {}, (b) => b.fileRead(0, { stall: duration("200ms") }));
  main((b) => {
    b.repeat(4, () => b.spawn(open, {}));
    const asked = b.now("asked");
    b.fileStat();
    b.mark("stat", asked);
  });
});

test.each([
  [4, 200e6, 202e6],
  [5, 0, 1e6],
])("with %d pool threads a stat behind four blocked opens takes %d to %d ns", (size, low, high) => {
  const result = run(blockedOpens, { options: { UV_THREADPOOL_SIZE: String(size) } });
  expect(result.marks["stat"]!.maxNs).toBeGreaterThanOrEqual(low);
  expect(result.marks["stat"]!.maxNs).toBeLessThan(high);
});

describe("a task that gives way again and again", () => {
  const rescheduling = (micro: boolean): Program =>
    program(
      "rescheduling",
      { doc: "", shared: { stop: { type: "bool", init: false } } },
      ({ proc, main }) => {
        const spinner = proc("spinner", {}, (b) => {
          b.repeat(100, () => {
            b.cpu(duration("1ms"));
            if (micro) b.yieldMicro();
            else b.yield();
          });
          b.log("spun");
        });
        main((b) => {
          b.spawn(spinner, {});
          b.sleep(duration("5ms"));
          b.log("timer");
        });
      },
    );

  test("by microtasks starves timers", () => expect(log(run(rescheduling(true)))).toBe("spun timer"));
  test("by setImmediate does not", () => expect(log(run(rescheduling(false)))).toBe("timer spun"));
});

test("Atomics.wait blocks everything on the main thread", () => {
  const blocking = program("blocking", { doc: "" }, ({ proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => {
      const asleep = b.now("asleep");
      b.sleep(duration("1ms"));
      b.mark("slept", asleep);
    });
    main((b) => {
      b.spawn(sleeper, {});
      b.block(duration("50ms"));
    });
  });
  const result = run(blocking);
  expect(result.marks["slept"]!.maxNs).toBeGreaterThanOrEqual(50e6);
  expect(result.machine.coreBusyNs.reduce((sum, ns) => sum + ns)).toBeLessThan(1e6);
});

test("offload runs on the pool: five jobs on four threads take two rounds", () => {
  const offloads = program("offloads", { doc: "" }, ({ proc, main }) => {
    const job = proc("job", {}, (b) => b.offload(duration("10ms")));
    main((b) => b.repeat(5, () => b.spawn(job, {})));
  });
  expect(run(offloads).makespanNs / 1e6).toBeCloseTo(20, 0);
  expect(run(offloads, { options: { UV_THREADPOOL_SIZE: "5" }, cores: 5 }).makespanNs / 1e6).toBeLessThan(14);
});

test("Workers take what a Worker takes to start, then run at the same time", () => {
  const offloads = program("worker-offloads", { doc: "" }, ({ proc, main }) => {
    const job = proc("job", {}, (b) => b.offload(duration("10ms"), { workers: 2 }));
    main((b) => b.repeat(4, () => b.spawn(job, {})));
  });
  expect(run(offloads).makespanNs / 1e6).toBeCloseTo(25 + 20, 0);
});

test("a service is asked over a socket, without the pool", () => {
  const calls = program(
    "calls",
    { doc: "", services: { db: service({ latency: constant("10ms") }) } },
    ({ proc, main, services }) => {
      const call = proc("call", {}, (b) => b.callService(services.db));
      main((b) => b.repeat(20, () => b.spawn(call, {})));
    },
  );
  const execution = execute(calls);
  expect(execution.result().makespanNs / 1e6).toBeCloseTo(10.1, 0);
  expect(execution.result().scheduler["poolWork"]).toBe(0);
  expect(execution.machine.threads).toHaveLength(1);
});

test("each await of the emulated channel takes a turn, whether it had to wait or not", () => {
  const rendezvous = program("rendezvous", { doc: "" }, ({ proc, main }) => {
    const receiver = proc("receiver", { c: "chan" }, (b, { c }) => {
      b.repeat(4, "i", (i) => {
        b.recv(c);
        b.log("r{0}", i);
      });
    });
    main((b) => {
      const c = b.chan("c");
      b.spawn(receiver, { c });
      b.repeat(4, "i", (i) => {
        b.send(c, i);
        b.log("s{0}", i);
      });
    });
  });
  // Ran on Node 24 with a channel of promises, its waiting receiver first in the queue.
  expect(log(run(rendezvous))).toBe("r0 s0 r1 s1 r2 s2 r3 s3");
});

test("a main that awaits for ever ends the process silently; the report says so", () => {
  const stuck = program("stuck", { doc: "" }, ({ main }) => {
    main((b) => {
      const c = b.chan("c");
      b.recv(c);
    });
  });
  const result = run(stuck);
  expect(result.outcome).toBe("deadlocked");
  expect(result.diagnostics).toEqual([
    {
      kind: "loop-empty",
      text: "nothing keeps the event loop alive: a real process ends here, without a word, with exit code 0",
    },
  ]);
});

test("a detached task that fails ends the process with 1, in Node's words", () => {
  const failing = program("failing", { doc: "" }, ({ proc, main }) => {
    const task = proc("task", {}, (b) => b.throw("User:boom", "it broke"));
    main((b) => {
      b.detach(task, {});
      b.log("on");
      b.sleep(duration("1ms"));
      b.log("never");
    });
  });
  const result = run(failing);
  expect(result.outcome).toBe("failed");
  expect(result.diagnostics[0]!.text).toBe("User:boom: it broke\n    at async task\n\nNode.js v24.21.0");
});

describe("the trace", () => {
  const busy = program(
    "busy",
    { doc: "", services: { db: service({ latency: constant("1ms") }) } },
    ({ proc, main, services }) => {
      const leaf = proc("leaf", { c: "chan" }, (b, { c }) => {
        b.cpu(duration("10us"));
        b.yieldMicro();
        b.send(c, 1);
        b.yield();
        b.sleep(duration("2ms"));
        b.callService(services.db);
        b.fileRead(1000);
        b.offload(duration("1ms"));
      });
      const branch = proc("branch", { c: "chan" }, (b, { c }) => {
        b.scope("cancelSiblings", () => {
          b.spawn(leaf, { c });
          b.spawn(leaf, { c }, { deferred: true });
        });
      });
      main((b) => {
        const c = b.chan("c", 1);
        const tasks = b.list("tasks");
        b.repeat(3, () => b.push(tasks, b.spawn("t", branch, { c })));
        b.repeat(6, () => b.recv(c));
        b.joinAll(tasks);
      });
    },
  );

  test("tells of each task when it runs and when it leaves, one at a time", () => {
    const execution = execute(busy);
    expect(execution.result().outcome).toBe("completed");
    expect(lanes(execution.trace)).toEqual({ breaches: [], ended: execution.result().tasks.spawned });
  });

  test("costs no decision and changes nothing", () => {
    const [traced, bare] = [run(busy, { trace: true }), run(busy, { trace: false })];
    expect({ ...bare, traceHash: "" }).toEqual({ ...traced, traceHash: "" });
  });

  test("gives the rules of Node, libuv and V8 as reasons", () => {
    const { trace } = execute(busy);
    for (const reason of [
      "async call",
      "return to caller",
      "PromiseReactionJob",
      "InternalCallbackScope::Close",
      "runNextTicks",
      "setImmediate",
      "uv__run_check",
      "listOnTimeout",
      "uv__io_poll",
      "uv__work_done",
      "uv__stream_io",
      "Promise.all",
      "Promise.allSettled",
    ])
      expect(trace.reasons).toContain(reason);
  });
});

/** Breaches of: created, made ready or called, run, exactly one leave for each run, and no two run at a time on the loop. */
function lanes(trace: Trace): { readonly breaches: string[]; readonly ended: number } {
  const state = new Map<number, "created" | "ready" | "running" | "parked" | "ended">();
  const breaches: string[] = [];
  let running = -1;
  for (let row = 0; row < trace.length; row++) {
    const { kind, task, reason } = trace.at(row);
    const before = state.get(task);
    const ensure = (holds: boolean): void => {
      if (!holds) breaches.push(`row ${row}: task ${task} ${reason}, was ${before}, ${running} runs`);
    };
    switch (kind) {
      case Kind.create:
        ensure(before === undefined);
        state.set(task, "created");
        break;
      case Kind.ready:
        ensure(before === "parked" || before === "created");
        state.set(task, "ready");
        break;
      case Kind.run:
        ensure(running === -1 && (before === "ready" || (before === "created" && reason === "async call")));
        state.set(task, "running");
        running = task;
        break;
      case Kind.yield:
      case Kind.park:
      case Kind.exit:
        ensure(running === task);
        state.set(task, kind === Kind.exit ? "ended" : kind === Kind.yield ? "ready" : "parked");
        running = -1;
        break;
    }
  }
  return { breaches, ended: [...state.values()].filter((each) => each === "ended").length };
}

test("a snapshot shows queues, timers, the pool and who runs", () => {
  const checked = checkOrThrow(blockedOpens);
  const execution = new Execution(runSpec(node, checked.program, checked.params)).runUntil(100e6);
  expect(execution.inspect()).toMatchObject({
    microtasks: [],
    stack: [],
    immediates: [],
    timers: [],
    activeRequests: 5,
    threadpool: {
      queue: ["fs.stat"],
      working: ["fs.open", "fs.open", "fs.open", "fs.open"],
      idle: 0,
    },
  });
});

test("a snapshot names the tasks that sleep, list by list, and those that gave way", () => {
  const sleepers = program("sleepers", { doc: "" }, ({ proc, main }) => {
    const sleeper = proc("sleeper", { d: "dur" }, (b, { d }) => b.sleep(d));
    main((b) => {
      b.spawn(sleeper, { d: duration("20ms") });
      b.spawn(sleeper, { d: duration("10ms") });
      b.spawn(sleeper, { d: duration("20ms") });
    });
  });
  const checked = checkOrThrow(sleepers);
  const execution = new Execution(runSpec(node, checked.program, checked.params)).runUntil(5e6);
  expect(execution.inspect()).toMatchObject({
    timers: [
      { msecs: 10, timers: 1, tasks: [2] },
      { msecs: 20, timers: 2, tasks: [1, 3] },
    ],
  });
});

test("a cancelled wait rejects at once and leaves nothing behind: no timer, no socket, no place in a queue", () => {
  const cancelled = program(
    "cancelled",
    { doc: "", services: { db: service({ latency: constant("1s") }) } },
    ({ proc, main, services }) => {
      const sleeper = proc("sleeper", {}, (b) => b.sleep(duration("1s")));
      const caller = proc("caller", {}, (b) => b.callService(services.db));
      const receiver = proc("receiver", { c: "chan" }, (b, { c }) => b.recv(c));
      const locker = proc("locker", { m: "mutex" }, (b, { m }) => {
        b.lock(m);
        b.log("never");
      });
      const failing = proc("failing", {}, (b) => {
        b.sleep(duration("5ms"));
        b.throw("User:boom");
      });
      main((b) => {
        const c = b.chan("c");
        const m = b.mutex("m");
        b.lock(m);
        b.try({
          body: () =>
            b.scope("cancelSiblings", () => {
              b.spawn(sleeper, {});
              b.spawn(caller, {});
              b.spawn(receiver, { c });
              b.spawn(locker, { m });
              b.spawn(failing, {});
            }),
          catch: [{ kinds: "TaskFailed", body: () => b.log("caught") }],
        });
        b.unlock(m);
        b.lock(m);
        const sent = b.trySend("sent", c, 1);
        b.log("locked again, sent {0}", sent);
      });
    },
  );
  const execution = execute(cancelled);
  const result = execution.result();
  expect(log(result)).toBe("caught locked again, sent false");
  expect(result.tasks).toMatchObject({ completed: 1, failed: 1, cancelled: 4 });
  expect(result.makespanNs / 1e6).toBeCloseTo(5, 0);
  expect(execution.inspect()).toMatchObject({
    timers: [],
    timersRef: 0,
    activeHandles: 0,
    poll: { watched: 1 }, // the eventfd
  });
});
