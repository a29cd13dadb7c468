/** Portable programs on the model: what each operation does to the order and to the time, on the real JVM's word. */
import {
  add,
  at,
  type Body,
  checkOrThrow,
  eq,
  mod,
  program,
  type Program,
  service,
  sub,
  type Writer,
} from "@orrery/program";
import { Execution, type RunResult, runSpec } from "@orrery/runtime";
import { kindNames } from "@orrery/simulator";
import { describe, expect, it } from "vitest";
import { java } from "../src/index.ts";

type AnyWriter = Writer<Record<never, never>, Record<never, never>, Record<never, never>>;
const write = (name: string, body: (writer: AnyWriter) => void): Program =>
  program(name, { doc: name, params: {}, services: {}, shared: {} }, body);

const P1 = { options: { parallelism: "1", maxPoolSize: "1" }, cores: 2 };

function execute(source: Program, asked: Parameters<typeof runSpec>[3] = P1): RunResult {
  const checked = checkOrThrow(source);
  return new Execution(runSpec(java, checked.program, checked.params, asked)).run().result();
}
const logOf = (result: RunResult): string => result.log.map(({ text }) => text).join(" ");

describe("orders that the real JVM printed", () => {
  it("four starts, a log, four joins: main first, then the order of starts", () => {
    const source = write("spawn-order", ({ proc, main }) => {
      const worker = proc("worker", { i: "int" }, (b, { i }) => b.log("t{0}", i));
      main((b) => {
        const tasks = b.list("tasks");
        for (const i of [1, 2, 3, 4]) b.push(tasks, b.spawn(`t${i}`, worker, { i }));
        b.log("main");
        b.joinAll(tasks);
      });
    });
    expect(logOf(execute(source))).toBe("main t1 t2 t3 t4");
  });

  it("a rendezvous of four items", () => {
    const source = write("rendezvous", ({ proc, main }) => {
      const sender = proc("sender", { c: "chan" }, (b, { c }) => {
        b.repeat(4, "i", (i) => {
          b.send(c, i);
          b.log("s{0}", i);
        });
      });
      const receiver = proc("receiver", { c: "chan" }, (b, { c }) => {
        b.repeat(4, () => {
          const v = b.recv("v", c);
          b.log("r{0}", v);
        });
      });
      main((b) => {
        const c = b.chan("c", 0);
        const s = b.spawn("s", sender, { c });
        const r = b.spawn("r", receiver, { c });
        b.join(s);
        b.join(r);
      });
    });
    expect(logOf(execute(source))).toBe("r0 s0 s1 r1 r2 s2 s3 r3");
  });

  it("a 1 ms sleeper among four 100 ms hogs on one carrier wakes 300 to 700 ms late", () => {
    const source = write("hogs", ({ proc, main }) => {
      const hog = proc("hog", {}, (b) => b.cpu("100ms"));
      const sleeper = proc("sleeper", {}, (b) => {
        const t = b.now("t");
        b.sleep("1ms");
        b.mark("late", t);
      });
      main((b) => {
        const tasks = b.list("tasks");
        b.push(tasks, b.spawn("s", sleeper, {}));
        b.repeat(4, () => b.push(tasks, b.spawn("h", hog, {})));
        b.joinAll(tasks);
      });
    });
    const late = execute(source).marks["late"]!.maxNs;
    expect(late).toBeGreaterThan(300e6);
    expect(late).toBeLessThan(700e6);
  });
});

describe("several carriers", () => {
  const ring = write("ring", ({ proc, main }) => {
    const member = proc("member", { inbox: "chan", outbox: "chan" }, (b, { inbox, outbox }) => {
      b.range(inbox, "left", (left) => {
        b.if(eq(left, 0), () => b.break());
        b.send(outbox, sub(left, 1));
      });
      b.close(outbox);
    });
    main((b) => {
      const boxes = b.list("boxes");
      b.repeat(20, () => b.push(boxes, b.chan("box", 0)));
      b.scope("waitAll", () => {
        b.repeat(20, "i", (i) => {
          b.spawn(member, { inbox: at(boxes, i), outbox: at(boxes, mod(add(i, 1), 20)) });
        });
        b.send(at(boxes, 0), 5000);
      });
    });
  });

  it("gain nothing where only one thread can run: a hop costs 200 to 500 ns, as measured", () => {
    for (const cores of [1, 2, 4]) {
      const { outcome, makespanNs } = execute(ring, { cores });
      expect(outcome).toBe("completed");
      expect(makespanNs / 5000).toBeGreaterThan(200);
      expect(makespanNs / 5000).toBeLessThan(500);
    }
  });

  it("share work that can be shared", () => {
    const source = write("hogs", ({ proc, main }) => {
      const hog = proc("hog", {}, (b) => b.cpu("100ms"));
      main((b) => {
        const tasks = b.list("tasks");
        b.repeat(8, () => b.push(tasks, b.spawn("h", hog, {})));
        b.joinAll(tasks);
      });
    });
    for (const cores of [1, 2, 4])
      expect(Math.round(execute(source, { cores }).makespanNs / 100e6)).toBe(8 / cores);
  });
});

describe("blocking", () => {
  const two = (name: string, body: (b: Body) => void) =>
    write(name, ({ proc, main }) => {
      const blocked = proc("blocked", {}, (b) => body(b));
      const other = proc("other", {}, (b) => b.log("other"));
      main((b) => {
        const t = b.spawn("t", blocked, {});
        const u = b.spawn("u", other, {});
        b.join(t);
        b.log("unblocked");
        b.join(u);
      });
    });

  it("a foreign call holds its carrier, uncompensated even with room in the pool", () => {
    const source = two("block", (b) => b.block("50ms"));
    const result = execute(source, { options: { parallelism: "1" }, cores: 2 });
    expect(logOf(result)).toBe("unblocked other");
    expect(result.scheduler["carriersCreated"]).toBe(1);
  });

  it("a file read holds its carrier too", () => {
    const source = two("file", (b) => b.fileRead(4096));
    expect(logOf(execute(source, { options: { parallelism: "1" }, cores: 2 }))).toBe("unblocked other");
  });

  it("an offloaded computation does not", () => {
    const source = write("offload", ({ proc, main }) => {
      const worker = proc("worker", {}, (b) => {
        b.offload("20ms");
        b.log("offloaded");
      });
      main((b) => {
        const t = b.spawn("t", worker, {});
        b.yield();
        b.log("main");
        b.join(t);
      });
    });
    const result = execute(source);
    expect(logOf(result)).toBe("main offloaded");
    expect(result.makespanNs).toBeGreaterThan(20e6);
    expect(result.makespanNs).toBeLessThan(21e6);
  });

  it("a service call parks the thread on a poller", () => {
    const source = program(
      "calls",
      { doc: "", params: {}, services: { db: service({ latency: "10ms" }) }, shared: {} },
      ({ services, proc, main }) => {
        const caller = proc("caller", {}, (b) => b.callService(services.db));
        main((b) => {
          const tasks = b.list("tasks");
          b.repeat(100, () => b.push(tasks, b.spawn("t", caller, {})));
          b.joinAll(tasks);
        });
      },
    );
    const result = execute(source);
    expect(result.outcome).toBe("completed");
    // One after the other they would take a second.
    expect(result.makespanNs).toBeLessThan(20e6);
  });
});

describe("cancellation", () => {
  it("interrupts a wait in a channel and leaves the item", () => {
    const source = write("cancel", ({ proc, main }) => {
      const receiver = proc("receiver", { c: "chan" }, (b, { c }) => {
        b.try({
          body: () => b.recv("v", c),
          catch: [{ kinds: "Cancelled", body: () => b.log("cancelled") }],
        });
      });
      main((b) => {
        const c = b.chan("c", 1);
        b.try({
          body: () =>
            b.scope("cancelSiblings", () => {
              b.spawn("r", receiver, { c });
              b.yield();
              b.throw("User:stop");
            }),
          catch: [{ kinds: "*", body: () => b.log("stopped") }],
        });
        b.send(c, 1);
        b.log("sent");
      });
    });
    expect(logOf(execute(source))).toBe("cancelled stopped sent");
  });
});

describe("inspection and trace", () => {
  const source = write("sleepers", ({ proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => b.sleep("10ms"));
    main((b) => {
      const tasks = b.list("tasks");
      b.repeat(2, () => b.push(tasks, b.spawn("t", sleeper, {})));
      b.joinAll(tasks);
    });
  });
  const checked = checkOrThrow(source);

  it("shows queues, carriers, timers and threads at any instant", () => {
    const execution = new Execution(runSpec(java, checked.program, checked.params, P1)).runUntil(5e6);
    expect(execution.inspect()).toMatchObject({
      carriers: [{ name: "ForkJoinPool-1-worker-1", state: "TIMED_WAITING", mounted: null }],
      delayed: [{ thread: "main/sleeper[0]" }, { thread: "main/sleeper[1]" }],
      platformThreads: [
        { name: "main", state: "WAITING", daemon: false },
        { name: "VirtualThread-unblocker", state: "WAITING", daemon: true },
        { name: "ForkJoinPool-1-worker-1" },
        { name: "ForkJoinPool-1-delayScheduler", state: "TIMED_WAITING", daemon: true },
      ],
    });
  });

  it("tells the rule of every event", () => {
    const { trace } = new Execution(runSpec(java, checked.program, checked.params, P1)).run();
    const rows = [];
    for (let row = 0; row < trace.length; row++) {
      const { kind, task, reason } = trace.at(row);
      if (task === 1) rows.push(`${kindNames[kind]}: ${reason}`);
    }
    expect(rows).toEqual([
      "create: Thread.start",
      "ready: start: externalSubmit",
      "run: runWorker: polled external queue 2",
      "park: parkNanos",
      "timer: executeEnabledScheduledTask",
      "ready: parkTimeoutExpired: lazySubmit",
      "run: topLevelExec: nextLocalTask",
      "exit: afterDone",
    ]);
  });
});
