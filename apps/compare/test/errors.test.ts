/** Bad input: exit status 2, nothing on standard output, and a message with place and suggestion. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "orrery-"));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const minimal = {
  name: "x",
  doc: "",
  params: [],
  services: [],
  shared: [],
  procs: {},
  policies: { end: "quiescent", selectPolicy: "random", onDetachedFailure: "abort" },
};
const withMain = (...main: object[]): string => JSON.stringify({ ...minimal, main });
const endless = withMain({ op: "while", cond: { lit: true }, spin: true, body: [{ op: "yield" }] });

test.each([
  ["comprae", 'no command "comprae"; did you mean compare?'],
  ["verfiy", 'no command "verfiy"'],
  ["compare --runtime go", "no option --runtime; did you mean --runtimes?"],
  ["compare cpu-hgo", 'no workload and no file "cpu-hgo"; did you mean cpu-hog?'],
  ["compare nowhere.json", "nowhere.json: there is no such file"],
  ["compare cpu-hog --runtimes go,nod", 'no runtime "nod"; did you mean node?'],
  ["compare cpu-hog --set hgos=2", 'cpu-hog has no parameter "hgos"; did you mean hogs?'],
  ["compare cpu-hog --set hogs", "--set hogs: write name=value"],
  ["compare cpu-hog --set hogs=many", 'params.hogs: "many" is not an int'],
  ["compare cpu-hog --set work=5parsec", "params.work"],
  ["compare --set rounds=1 --set nobody=1", 'none of these workloads has a parameter "rounds"'],
  ["compare cpu-hog --option go.GOMAXPROC=1", "did you mean GOMAXPROCS?"],
  ["compare cpu-hog --option go.GOMAXPROCS=0", "not a whole number from 1 to 1024 (nearest: 1)"],
  ["compare cpu-hog --option goo.x=1", 'no runtime "goo"; did you mean go?'],
  ["compare cpu-hog --option GOMAXPROCS=1", "write runtime.name=value"],
  ["compare cpu-hog --runtimes node --option go.GOMAXPROCS=1", "go does not run here"],
  ["compare cpu-hog --profile zeroo", 'no profile "zeroo"; did you mean zero?'],
  ["compare cpu-hog --cores 0", "not a whole number from 1 to 1024; the nearest is 1"],
  ["compare cpu-hog --seed -1", "--seed"],
  ["compare cpu-hog --max-time soon", "--max-time"],
  ["compare cpu-hog --html /nowhere/page.html", "there is no folder /nowhere"],
  ["compare cpu-hog --replay /nowhere/run.json", "/nowhere/run.json: there is no such file"],
  ["run cpu-hog", "--runtime is needed"],
  ["run --runtime go", "WORKLOAD|FILE is needed"],
  ["run cpu-hog --runtime erlang", 'no runtime "erlang"'],
  ["run cpu-hog spawn-order --runtime go", "unexpected: spawn-order"],
  ["show cpu-hog --as pogram", 'no form "pogram"; did you mean program?'],
  ["list workload", 'no list "workload"; did you mean workloads?'],
  ["bench --only gpu", 'no part "gpu"'],
])("%s", async (line, message) => {
  const { status, out, err } = await cli(line);
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err).toContain(message);
});

test("a file that is not JSON", async () => {
  const path = file("broken.json", '{"name": ');
  expect((await cli(`compare ${path}`)).err).toContain(`${path}: this is not JSON`);
});

test("a program of the wrong shape names the place and the nearest word", async () => {
  const path = file("shape.json", withMain({ op: "slep", dur: { lit: 1, unit: "ns" } }));
  const { status, err } = await cli(`compare ${path}`);
  expect(status).toBe(2);
  expect(err).toContain('main[0].op: there is no op "slep"; did you mean sleep?');
});

test("a program that the checker refuses names the statement", async () => {
  const path = file("names.json", withMain({ op: "join", task: { var: "nobody" } }));
  const { status, err } = await cli(`run ${path} --runtime go`);
  expect(status).toBe(2);
  expect(err).toContain("error at main/0");
});

test("a loop without a bound", async () => {
  const path = file("unbounded.json", withMain({ op: "while", cond: { lit: true }, body: [] }));
  const { status, err } = await cli(`run ${path} --runtime go`);
  expect(status).toBe(2);
  expect(err).toContain("main/0");
  expect(err).toContain("bound");
});

test("an endless program ends in budget-exceeded", async () => {
  const path = file("endless.json", endless);
  const { status, out } = await cli(`compare ${path} --max-events 20000 --json`);
  expect(status).toBe(0);
  for (const run of JSON.parse(out).runs) {
    expect(run.outcome).toBe("budget-exceeded");
    expect(run.detail).toContain("--max-events");
  }
  expect((await cli(`run ${path} --runtime node --max-time 1ms --check`)).status).toBe(1);
});

test("a module: its default export is a program; without one it says so", async () => {
  const source = `import { program } from "@orrery/program";
    export default program("mine", { doc: "", params: {} }, ({ main }) => main((b) => b.log("hello")));`;
  const { status, out } = await cli(`run ${file("mine.ts", source)} --runtime node`);
  expect(status).toBe(0);
  expect(out).toContain("log  hello");
  expect((await cli(`run ${file("none.mjs", "export const x = 1;")} --runtime go`)).err).toContain(
    "it has no default export",
  );
  expect((await cli(`run ${file("throws.mjs", 'throw new Error("on load");')} --runtime go`)).err).toContain(
    "on load",
  );
  expect((await cli(`run ${file("wrong.mjs", "export default 42;")} --runtime go`)).status).toBe(2);
});

test("a profile file: costs that there are not, values that are no costs", async () => {
  const run = (text: string): ReturnType<typeof cli> =>
    cli(`run cpu-hog --runtime go --profile ${file("profile.json", text)}`);
  expect((await run('{"name": "mine", "go": {"switch": 100}}')).out).toContain("costs mine");
  expect((await run('{"go": {"swich": 100}}')).err).toContain("did you mean switch?");
  expect((await run('{"go": {"switch": -1}}')).err).toContain("-1 is not a number, 0 or more");
  expect((await run('{"g": {"switch": 1}}')).err).toContain('no part of a profile "g"; did you mean go?');
  expect((await run("[]")).err).toContain("a profile is an object");
});
