// Portable programs on the model: facts that real Go 1.26 shows for the same program.
import { checkOrThrow, program, type Program } from "@orrery/program";
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
        text: "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()",
      },
    ]);
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
