/** What the commands answer: texts, JSON, exit statuses. */
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

const tooWide = (text: string): readonly string[] => text.split("\n").filter((line) => line.length > 80);

test("list names every workload, runtime and option on a line of its own", async () => {
  const workloads = await cli("list");
  expect(workloads.status).toBe(0);
  expect(workloads.out).toMatch(/^W34 {2}cpu-hog +How late/m);
  expect((await cli("list runtimes")).out.trim().split("\n")).toHaveLength(4);
  expect((await cli("list options")).out).toMatch(/^go\.GOMAXPROCS +cores/m);
  const { workloads: json } = JSON.parse((await cli("list --json")).out);
  expect(json).toHaveLength(workloads.out.trim().split("\n").length);
});

test("show prints a program, and JSON that compare reads from standard input", async () => {
  expect((await cli("show spawn-order")).out).toContain("main {");
  const { out: json } = await cli("show spawn-order --as json");
  expect(JSON.parse(json).name).toBe("spawn-order");
  const { status, out } = await cli("compare - --runtimes node --set n=2", { input: json });
  expect(status).toBe(0);
  expect(out).toContain("log  t1 | t2 | main");
});

test("run tells the runtime's own counters", async () => {
  const { status, out } = await cli("run spawn-order --runtime go");
  expect(status).toBe(0);
  expect(out).toContain("Go 1.26's counters");
  expect(out).toMatch(/goroutinesCreated +5/);
});

test("compare shows logs side by side and says why the first difference is", async () => {
  const { out } = await cli("compare spawn-order");
  expect(out).toMatch(/1 main +main +main +t1/);
  expect(out).toMatch(/2 t4 +t1 +t1 +t2/);
  expect(out).toContain('main on go by "runnext"');
});

test("compare says who kept the sleeper waiting, from the trace", async () => {
  const { out } = await cli("compare cpu-hog");
  expect(out).toMatch(/^go +1 P ran tasks 100 %/m);
  expect(out).toMatch(/preempted \d+ times/);
  expect(out).toMatch(/no preemption: main\/hog\[0\] held loop 0 for 100 ms/);
  expect(out).toMatch(/no preemption: main\/hog\[0\] held carrier 0 for 100 ms/);
});

test("a deadlock is an answer: who waits for whom, told once for runtimes that agree", async () => {
  const { status, out } = await cli("compare dining-philosophers");
  expect(status).toBe(0);
  expect(out).toContain("go, asyncio, java, node: tasks wait in a circle");
  expect(out).toContain("main/dine[0]: lock fork[1] held by main/dine[1]");
  expect(out).toContain("| fatal error: all goroutines are asleep - deadlock!");
});

test("the tour fits in 80 columns without colour, and colour adds nothing but colour", async () => {
  const { out } = await cli("compare");
  const { out: painted } = await cli("compare", { colour: true });
  expect(tooWide(out)).toEqual([]);
  // oxlint-disable-next-line no-control-regex
  expect(painted.replaceAll(/\u001b\[\d+m/g, "")).toBe(out);
  expect(painted).not.toBe(out);
  expect(out.match(/^W\d\d /gm)).toHaveLength(6);
});

test("the same arguments give the same bytes", async () => {
  for (const line of [
    "compare cpu-hog file-pool",
    "compare worker-pool --json",
    "run starvation --runtime java",
  ])
    expect(await cli(line)).toEqual(await cli(line));
});

test("another seed changes Go with four Ps", async () => {
  const hash = async (seed: number): Promise<string> => {
    const { out } = await cli(`run fan-out-fan-in --runtime go --seed ${seed} --cores 4 --json`);
    const [run] = JSON.parse(out).runs;
    expect(run.options.GOMAXPROCS).toBe(4);
    return run.traceHash;
  };
  const hashes = await Promise.all([1, 2, 3].map(hash));
  expect(new Set(hashes).size).toBe(3);
});

test("inspect shows what is in the queues at an instant", async () => {
  const { status, out } = await cli("run spawn-order --runtime go --at 9us");
  expect(status).toBe(0);
  expect(out).toMatch(/runq: \[1, 2, 3\]/);
  const { snapshot } = JSON.parse((await cli("run spawn-order --runtime asyncio --at-event 20 --json")).out);
  expect(snapshot.loop._ready.length).toBeGreaterThan(2);
  expect((await cli("run spawn-order --runtime go --at 1us --at-event 3")).status).toBe(2);
});

test("--check: 1 for an unmet expectation or an outcome that nobody expects", async () => {
  expect((await cli("compare cpu-hog dining-philosophers --check")).status).toBe(0);
  const { status, err } = await cli("compare cpu-hog --runtimes go --check --max-time 5ms");
  expect(status).toBe(1);
  expect(err).toContain("cpu-hog on go: budget-exceeded");
});

test("every help page has examples", async () => {
  for (const command of ["", "compare", "run", "list", "show", "doctor", "bench"]) {
    const { status, out } = await cli(`${command} --help`);
    expect(status).toBe(0);
    expect(out).toContain("Examples\n  orrery");
    expect(tooWide(out)).toEqual([]);
  }
});

test("doctor finds this Node", async () => {
  const { status, out } = await cli("doctor --json");
  expect(status).toBe(0);
  const { runtimes } = JSON.parse(out);
  expect(runtimes.map((each: { runtime: string }) => each.runtime)).toEqual([
    "go",
    "asyncio",
    "java",
    "node",
  ]);
  expect(runtimes[3].foundVersion).toMatch(/^\d+\./);
});

test("bench measures a part", async () => {
  const { status, out } = await cli("bench --only event-queue --here --json");
  expect(status).toBe(0);
  const [figure] = JSON.parse(out).figures;
  expect(figure).toMatchObject({ measure: "event-queue", unit: "per second" });
  expect(figure.value).toBeGreaterThan(100_000);
});
