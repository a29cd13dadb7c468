/** Scheduling transitions per second through the native library and the lowering: `node --conditions=source bench/transitions.ts`. */
import { checkOrThrow, program, type Program, type Writer } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { java, join, LockSupport, P1, runJava, Thread, type VirtualThread } from "../src/index.ts";

const limits = { maxEvents: 1e9, maxTimeNs: 1e15 };

function report(name: string, transitions: number, run: () => number): void {
  const start = performance.now();
  const check = run();
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${name.padEnd(28)} ${(transitions / seconds / 1e6).toFixed(2)} M/s  (${seconds.toFixed(2)} s, ${check})`,
  );
}

const N = 1_000_000;

report("native: yield, 2 threads", N, () => {
  const { jvm } = runJava({ ...P1, ...limits }, function* (j) {
    const body = function* () {
      for (let i = 0; i < N / 2; i++) yield* Thread.yield(j);
    };
    const threads = [body(), body()].map((steps) => Thread.startVirtualThread(j, steps));
    for (const t of threads) yield* join(t);
  });
  return jvm.mounts;
});

report("native: park/unpark", N, () => {
  const { jvm } = runJava({ ...P1, ...limits }, function* (j) {
    const threads: VirtualThread[] = [];
    const body = function* (other: number) {
      for (let i = 0; i < N / 2; i++) {
        LockSupport.unpark(threads[other]!);
        yield* LockSupport.park(j);
      }
      LockSupport.unpark(threads[other]!);
    };
    threads.push(Thread.startVirtualThread(j, body(1)), Thread.startVirtualThread(j, body(0)));
    for (const t of threads) yield* join(t);
  });
  return jvm.mounts;
});

report("native: spawn+join", N / 2, () => {
  const { jvm } = runJava({ ...P1, ...limits }, function* (j) {
    for (let i = 0; i < N / 4; i++) yield* join(Thread.startVirtualThread(j, (function* () {})()));
  });
  return jvm.mounts;
});

type AnyWriter = Writer<Record<never, never>, Record<never, never>, Record<never, never>>;
const write = (name: string, body: (writer: AnyWriter) => void): Program =>
  program(name, { doc: name, params: {}, services: {}, shared: {} }, body);

function lowered(name: string, transitions: number, source: Program, cores = 1): void {
  const checked = checkOrThrow(source);
  report(name, transitions, () => {
    const execution = new Execution(
      runSpec(java, checked.program, checked.params, {
        cores,
        trace: false,
        budgets: { ...limits, maxTasks: 2e6 },
      }),
    );
    const result = execution.run().result();
    if (result.outcome !== "completed") throw new Error(JSON.stringify(result.detail));
    return result.scheduler["mounts"]!;
  });
}

const yields = write("yields", ({ proc, main }) => {
  const worker = proc("worker", {}, (b) => {
    b.repeat(N / 4, () => b.yield());
  });
  main((b) => {
    const tasks = b.list("tasks");
    b.repeat(4, () => b.push(tasks, b.spawn("t", worker, {})));
    b.joinAll(tasks);
  });
});
lowered("lowered: yield, 4 tasks", N, yields);
lowered("lowered: yield, 4 carriers", N, yields, 4);

lowered(
  "lowered: ping-pong",
  N,
  write("ping-pong", ({ proc, main }) => {
    const echo = proc("echo", { a: "chan", b: "chan" }, (w, { a, b }) => {
      w.repeat(N / 2, () => {
        const x = w.recv("x", a);
        w.send(b, x);
      });
    });
    main((w) => {
      const a = w.chan("a", 0);
      const b = w.chan("b", 0);
      const t = w.spawn("t", echo, { a, b });
      w.repeat(N / 2, "i", (i) => {
        w.send(a, i);
        w.recv("y", b);
      });
      w.join(t);
    });
  }),
);

const storm = write("storm", ({ proc, main }) => {
  const leaf = proc("leaf", {}, () => {});
  main((w) => {
    w.repeat(N / 1000, () => {
      const tasks = w.list("tasks");
      w.repeat(500, () => w.push(tasks, w.spawn("t", leaf, {})));
      w.settleAll("results", tasks);
    });
  });
});
lowered("lowered: spawn storm", N, storm);
lowered("lowered: spawn storm, 4 cores", N, storm, 4);

lowered(
  "lowered: 1 M sleepers",
  2 * N,
  write("sleepers", ({ proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => b.sleep("10s"));
    main((w) => {
      const tasks = w.list("tasks");
      w.repeat(N, () => w.push(tasks, w.spawn("t", sleeper, {})));
      w.settleAll("results", tasks);
    });
  }),
  4,
);
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
