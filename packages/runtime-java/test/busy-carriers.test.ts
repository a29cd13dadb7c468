/** What waits while a carrier is busy. */
import { Descriptor } from "@orrery/simulator";
import { expect, it } from "vitest";
import { run } from "../src/conformance/prelude.ts";
import { blockingRead, FixedThreadPool, join, Thread } from "../src/index.ts";

it("a 1 ms sleeper among four 100 ms hogs on one carrier is late by hundreds of milliseconds", () => {
  const late = Number(
    run(function* ({ jvm, go, log, burn, joinAll }) {
      const sleeper = go("S", function* () {
        const t = jvm.machine.now;
        yield* Thread.sleep(jvm, 1);
        log((jvm.machine.now - t) / 1e6);
      });
      const hogs = [1, 2, 3, 4].map((n) => go(`H${n}`, () => burn(100)));
      yield* joinAll([sleeper, ...hogs]);
    }),
  );
  expect(late).toBeGreaterThan(300);
  expect(late).toBeLessThan(700);
});

it("a spinning carrier keeps ready readers waiting: readiness needs a free carrier", () => {
  const out = run(function* ({ jvm, go, log, burn }) {
    const pipe = new Descriptor(jvm.machine, "pipe");
    const reader = go("R", function* () {
      yield* blockingRead(jvm, pipe, 0);
      log("R");
    });
    yield* burn(0);
    jvm.machine.at(jvm.machine.now + 5_000_000, () => pipe.signal());
    yield* jvm.currentThread().park(1_000_000);
    yield* burn(50);
    log("root");
    yield* join(reader);
  });
  expect(out).toBe("root R");
});

it("a fixed pool runs as many tasks at a time as it has threads; the carrier stays free", () => {
  const out = run(function* ({ jvm, go, log, burn, joinAll }) {
    const pool = new FixedThreadPool(jvm, 2, 1);
    const threads = [0, 1, 2, 3].map((n) =>
      go(`T${n}`, function* () {
        const task = yield* pool.submit(() => burn(10));
        yield* task.get();
        log(Math.round(jvm.machine.now / 10e6));
      }),
    );
    log("root");
    yield* joinAll(threads);
  });
  expect(out).toBe("root 1 1 2 2");
});
