/**
 * How many scheduling transitions the model makes a second, through the lowering, trace off; and a million sleepers.
 * `node --conditions=source packages/runtime-go/bench/transitions.ts [tasks]`
 */
import { checkOrThrow, program, type Program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { go } from "../src/index.ts";

const N = 500_000;

const pingPong = program(
  "ping-pong",
  { doc: "Two tasks over two unbuffered channels." },
  ({ proc, main }) => {
    const pong = proc("pong", { a: "chan", b: "chan" }, (w, { a, b }) => {
      w.repeat(N / 2, () => {
        w.recv("v", a);
        w.send(b, 0);
      });
    });
    main((w) => {
      const a = w.chan("a");
      const b = w.chan("b");
      const t = w.spawn("t", pong, { a, b });
      w.repeat(N / 2, () => {
        w.send(a, 0);
        w.recv("v", b);
      });
      w.join(t);
    });
  },
);

const yields = program("yield", { doc: "Two tasks that yield." }, ({ proc, main }) => {
  const worker = proc("worker", {}, (w) => {
    w.repeat(N / 2, () => w.yield());
  });
  main((w) => {
    const t = w.spawn("t", worker, {});
    w.repeat(N / 2, () => w.yield());
    w.join(t);
  });
});

const spawns = program("spawn", { doc: "Batches of a hundred short tasks." }, ({ proc, main }) => {
  const child = proc("child", { g: "group" }, (w, { g }) => w.groupDone(g));
  main((w) => {
    w.repeat(N / 100, () => {
      const g = w.group("g");
      w.groupAdd(g, 100);
      w.repeat(100, () => w.spawn("t", child, { g }));
      w.groupWait(g);
    });
  });
});

const sleepers = (tasks: number): Program =>
  program("sleepers", { doc: "Tasks that sleep ten seconds." }, ({ proc, main }) => {
    const sleeper = proc("sleeper", {}, (w) => w.sleep("10s"));
    main((w) => {
      const all = w.list("all");
      w.repeat(tasks, () => w.push(all, w.spawn("t", sleeper, {})));
      w.settleAll(all);
    });
  });

function measure(source: Program, gomaxprocs: number): void {
  const { program: checked, params } = checkOrThrow(source);
  const started = performance.now();
  const result = new Execution(
    runSpec(go, checked, params, {
      cores: Math.max(2, gomaxprocs),
      options: { GOMAXPROCS: String(gomaxprocs) },
      trace: false,
      budgets: { maxEvents: 1e10, maxTasks: 2e6 },
    }),
  )
    .run()
    .result();
  const seconds = (performance.now() - started) / 1000;
  const switches = result.scheduler["switches"]!;
  console.log(
    `${source.name.padEnd(10)} GOMAXPROCS=${gomaxprocs} ${result.outcome} ${switches} switches, ` +
      `${(switches / seconds / 1e6).toFixed(2)} M/s, ${Math.round(result.makespanNs / switches)} ns each in virtual time, ` +
      `${seconds.toFixed(1)} s, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
}

const tasks = Number(process.argv[2] ?? 0);
if (tasks > 0) measure(sleepers(tasks), 1);
else
  for (const gomaxprocs of [1, 2, 4])
    for (const source of [pingPong, yields, spawns]) measure(source, gomaxprocs);
