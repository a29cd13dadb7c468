// Portable programs on the model: facts that real Go 1.26 shows for the same program.
import { checkOrThrow, list, program, type Program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { firstDifference } from "@orrery/simulator";
import { describe, expect, it } from "vitest";
import { go } from "../src/index.ts";

function execute(source: Program, options: Readonly<Record<string, string>>, seed = 1, cores = 2): Execution {
  const checked = checkOrThrow(source);
  return new Execution(runSpec(go, checked.program, checked.params, { cores, seed, options }));
}

const log = (execution: Execution): string[] =>
  execution
    .run()
    .result()
    .log.map(({ text }) => text);

it.each([
  ["native", "native"],
  ["fifo", "emulated"],
  ["barging", "emulated"],
] as const)("a mutex whose fairness is %s is %s", (lockFairness, tier) => {
  const source = program("fair", { doc: "A lock.", policies: { lockFairness } }, ({ main }) =>
    main((w) => w.lock(w.mutex("m"))),
  );
  expect(execute(source, {}).run().result().tiers).toEqual({ mutex: tier, lock: tier });
});

describe("order", () => {
  it("runs four spawned tasks after main logs, the last one first", () => {
    const source = program("four", { doc: "Spawns, logs, joins." }, ({ proc, main }) => {
      const t = proc("t", { id: "int" }, (w, { id }) => w.log("t{0}", id));
      main((w) => {
        const tasks = w.list("tasks");
        w.repeat(4, "i", (i) => w.push(tasks, w.spawn("task", t, { id: i })));
        w.log("main");
        w.settleAll(tasks);
      });
    });
    expect(log(execute(source, { GOMAXPROCS: "1" }))).toEqual(["main", "t3", "t0", "t1", "t2"]);
  });
});

const hogs = program("hogs", { doc: "A short sleep among four CPU hogs." }, ({ proc, main }) => {
  const hog = proc("hog", {}, (w) => w.cpu("100ms"));
  const sleeper = proc("sleeper", {}, (w) => {
    const before = w.now("before");
    w.sleep("1ms");
    w.mark("slept", before);
  });
  main((w) => {
    const tasks = w.list("tasks");
    w.repeat(4, () => w.push(tasks, w.spawn("h", hog, {})));
    w.push(tasks, w.spawn("s", sleeper, {}));
    w.settleAll(tasks);
  });
});

describe("preemption", () => {
  it("ends a 1 ms sleep among hogs after 10 to 18 ms on one P (go1.26.8: 10.8 to 17.2)", () => {
    const { slept } = execute(hogs, { GOMAXPROCS: "1" }).run().result().marks;
    expect(slept!.maxNs).toBeGreaterThan(10e6);
    expect(slept!.maxNs).toBeLessThan(18e6);
  });

  it("makes it wait for a whole hog without asynchronous preemption", () => {
    const { slept } = execute(hogs, { GOMAXPROCS: "1", asyncpreemptoff: "true" }).run().result().marks;
    expect(slept!.maxNs).toBeGreaterThan(99e6);
  });
});

describe("system calls", () => {
  it("overlap on as many threads as there are, whatever GOMAXPROCS is", () => {
    const source = program("blockers", { doc: "Twenty blocking calls." }, ({ proc, main }) => {
      const blocker = proc("blocker", {}, (w) => w.block("50ms"));
      main((w) => {
        const tasks = w.list("tasks");
        w.repeat(20, () => w.push(tasks, w.spawn("b", blocker, {})));
        w.settleAll(tasks);
      });
    });
    const result = execute(source, { GOMAXPROCS: "1" }).run().result();
    expect(result.makespanNs).toBeLessThan(60e6);
    expect(result.machine.threadsPeak).toBeGreaterThan(20);
  });
});

describe("deadlock", () => {
  it("is reported in Go's words with a dump of the goroutines", () => {
    const source = program("stuck", { doc: "Nobody sends." }, ({ main }) => {
      main((w) => {
        const c = w.chan("c");
        w.recv(c);
      });
    });
    const result = execute(source, { GOMAXPROCS: "1" }).run().result();
    expect(result.outcome).toBe("deadlocked");
    expect(result.diagnostics).toEqual([
      {
        kind: "deadlock",
        text: "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\tmain.go:?",
      },
    ]);
  });
});

describe("a cancelled wait", () => {
  it("of a writer lets the readers in that it kept out, also when the last reader has left meanwhile", () => {
    const source = program("writer-leaves", { doc: "A writer gives up." }, ({ proc, main }) => {
      const writer = proc("writer", { l: "rwlock", n: "int" }, (w, { l, n }) =>
        w.try({
          body: () => {
            w.wlock(l);
            w.log("w{0} in", n);
            w.yield();
            w.wunlock(l);
          },
          finally: () => w.log("w{0} out", n),
        }),
      );
      const reader = proc("reader", { l: "rwlock", n: "int" }, (w, { l, n }) => {
        w.rlock(l);
        w.log("r{0} in", n);
        w.yield();
        w.yield();
        w.log("r{0} out", n);
        w.runlock(l);
      });
      main((w) => {
        const l = w.rwlock("l");
        w.rlock(l);
        const w1 = w.spawn("w1", writer, { l, n: 1 });
        w.yield();
        const r2 = w.spawn("r2", reader, { l, n: 2 });
        const w3 = w.spawn("w3", writer, { l, n: 3 });
        w.yield();
        w.cancel(w1);
        w.runlock(l);
        w.log("left");
        const r4 = w.spawn("r4", reader, { l, n: 4 });
        w.settleAll(list(w1, r2, w3, r4));
      });
    });
    expect(log(execute(source, { GOMAXPROCS: "1" }))).toEqual([
      "left",
      "w1 out",
      "r2 in",
      "r4 in",
      "r2 out",
      "r4 out",
      "w3 in",
      "w3 out",
    ]);
  });

  it("for a condition leaves the signal to those who wait on", () => {
    const source = program("signal", { doc: "Two wait, one is cancelled." }, ({ proc, main }) => {
      const waiter = proc("waiter", { m: "mutex", c: "cond", n: "int" }, (w, { m, c, n }) => {
        w.lock(m);
        w.try({ body: () => w.condWait(c), finally: () => w.unlock(m) });
        w.log("woken {0}", n);
      });
      main((w) => {
        const m = w.mutex("m");
        const c = w.cond("c", m);
        const tasks = w.list("tasks");
        w.repeat(3, "n", (n) => w.push(tasks, w.spawn("t", waiter, { m, c, n })));
        w.sleep("5ms");
        w.forEach(tasks, "t", (t) => w.cancel(t));
        const last = w.spawn("last", waiter, { m, c, n: 3 });
        w.yield();
        w.signal(c);
        w.log("signalled");
        w.join(last);
      });
    });
    expect(log(execute(source, { GOMAXPROCS: "1" }))).toEqual(["signalled", "woken 3"]);
  });
});

describe("inspection", () => {
  it("shows queues in order, and looking changes nothing", () => {
    const looked = execute(hogs, { GOMAXPROCS: "1" });
    const plain = execute(hogs, { GOMAXPROCS: "1" }).run();
    looked.runUntil(5e6);
    const { ps } = looked.inspect() as unknown as { ps: { current: number; runq: number[] }[] };
    expect(ps[0]!.current).toBe(1); // task 5, the sleeper, ran first and sleeps
    expect(ps[0]!.runq).toEqual([2, 3, 4]);
    looked.run();
    expect(firstDifference(looked.trace, plain.trace)).toBe(-1);
  });
});
