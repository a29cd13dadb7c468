// Stopping the world, seen from inside: what no conformance program can say without a clock.
import { expect, it } from "vitest";
import { type Go, type GoLibrary, runGo } from "../src/index.ts";

const MS = 1_000_000;

/** The reasons in the trace that speak of the world. */
function run(
  gomaxprocs: number,
  main: (go: GoLibrary, say: (text: string) => void) => Go,
): readonly string[] {
  const { output, trace, status } = runGo(main, { gomaxprocs, cores: 4, trace: true });
  const reasons: string[] = [];
  for (let row = 0; row < trace.length; row++) {
    const { reason } = trace.at(row);
    if (reason.includes("world") || reason.includes("World")) reasons.push(reason);
  }
  return [...output, ...reasons, `${status}`];
}

it("takes Ps from system calls, and preempts those that compute, who are first in their queues afterwards", () => {
  const told = run(4, function* (go, say) {
    let stop = false;
    const p = go.rawPipe();
    yield* go.go(function* () {
      yield* p.read();
    });
    yield* go.sleep(MS);
    for (let i = 0; i < 2; i++)
      yield* go.go(function* () {
        while (!stop) yield* go.spin();
      });
    yield* go.burn(MS);
    const started = go.now();
    yield* go.readMemStats();
    say(`${go.now() - started < MS}`);
    stop = true;
    yield* p.write("x");
  });
  expect(told).toEqual([
    "true",
    "stopTheWorld",
    "preempted to stop the world: runnext",
    "preempted to stop the world: runnext",
    "startTheWorld",
    "startTheWorld",
    "startTheWorld",
    "0",
  ]);
});

it("moves the timers of a P that goes to the one that stays", () => {
  const told = run(2, function* (go, say) {
    const c = go.make<number>();
    let armed = false;
    yield* go.go(function* () {
      armed = true;
      yield* go.sleep(5 * MS);
      yield* c.send(1);
    });
    while (!armed) yield* go.spin();
    yield* go.burn(MS);
    yield* go.gomaxprocs(1);
    say(`${yield* c.recv()} ${go.now() >= 5 * MS}`);
  });
  expect(told).toEqual(["1 true", "stopTheWorld", "startTheWorld", "0"]);
});

it("gives a new P to a thief", () => {
  const told = run(1, function* (go, say) {
    let up = false;
    yield* go.go(function* () {
      up = true;
    });
    const started = go.now();
    yield* go.gomaxprocs(2);
    while (!up) yield* go.spin();
    say(`${go.now() - started < MS}`);
  });
  expect(told).toEqual(["true", "stopTheWorld", "startTheWorld", "0"]);
});
