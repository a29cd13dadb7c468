/** Scheduling transitions per second with the trace off, and a million sleepers: `node --conditions=source bench/transitions.ts`. */
import { program } from "@orrery/program";
import type { Program } from "@orrery/program";
import { Execution, runSpec } from "@orrery/runtime";
import { asyncioModel, runAsyncio } from "../src/index.ts";

function measure(name: string, program: Program): void {
  const begun = performance.now();
  const execution = new Execution(
    runSpec(asyncioModel, program, {}, { trace: false, budgets: { maxEvents: 1e9 } }),
  ).run();
  const seconds = (performance.now() - begun) / 1e3;
  const result = execution.result();
  const steps = execution.instance.counters().task_steps!;
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${name}: ${(steps / seconds / 1e6).toFixed(2)} M steps/s, ${steps} steps in ${seconds.toFixed(2)} s, ${megabytes} MB, ` +
      `${result.outcome}, virtual ${(result.makespanNs / 1e9).toFixed(3)} s`,
  );
}

const yields = program("yields", { doc: "tasks that yield" }, ({ proc, main }) => {
  const turner = proc("turner", {}, (b) => b.repeat(20_000, () => b.yield()));
  main((b) => b.scope("waitAll", () => b.repeat(100, () => b.spawn(turner))));
});
const pingPong = program("ping-pong", { doc: "one value to and fro" }, ({ proc, main }) => {
  const echo = proc("echo", { from: "chan", to: "chan" }, (b, { from, to }) =>
    b.range(from, "x", (x) => b.send(to, x)),
  );
  main((b) => {
    const ping = b.chan("ping");
    const pong = b.chan("pong");
    b.spawn(echo, { from: ping, to: pong });
    b.repeat(300_000, () => {
      b.send(ping, 1);
      b.recv(pong);
    });
    b.close(ping);
  });
});
const storm = program("storm", { doc: "spawn and join" }, ({ proc, main }) => {
  const child = proc("child", {}, (b) => b.return());
  main((b) =>
    b.repeat(300_000, () => {
      const task = b.spawn("t", child);
      b.join(task);
    }),
  );
});
const sleepers = (count: number): Program =>
  program("sleepers", { doc: "a sleep each" }, ({ proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => b.sleep("10s"));
    main((b) => b.scope("waitAll", () => b.repeat(count, () => b.spawn(sleeper))));
  });

measure("yield", yields);
measure("ping-pong", pingPong);
measure("spawn and join", storm);

const begun = performance.now();
const run = runAsyncio(function* ({ asyncio }) {
  function* turner() {
    for (let i = 0; i < 20_000; i++) yield* asyncio.sleep(0);
  }
  yield* asyncio.gather(...Array.from({ length: 100 }, turner));
});
const seconds = (performance.now() - begun) / 1e3;
console.log(`native sleep(0): ${(run.loop.task_steps / seconds / 1e6).toFixed(2)} M steps/s`);
measure("a million sleepers", sleepers(1_000_000));
