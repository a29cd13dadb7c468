/** Timers, beside what the conformance programs show. */
import { expect, test } from "vitest";
import { prints } from "./run.ts";

test("a sleep of 1 ms takes the rest of the millisecond, or one more poll", () => {
  const waits: number[] = [];
  for (let seed = 0; seed < 50; seed++)
    prints(
      ({ setTimeout, performance }) => {
        const t0 = performance.now();
        setTimeout(() => waits.push(performance.now() - t0), 1);
      },
      { seed },
    );
  // Node: minimum 0.01 ms, at most 1 ms and what the wake-up costs.
  expect(Math.max(...waits)).toBeLessThan(1.2);
  expect(Math.min(...waits)).toBeLessThan(1);
  expect(waits.filter((wait) => wait >= 1).length).toBeGreaterThan(40);
});

test("a timer that is cleared after it fired and then refreshed holds the loop once more, and does nothing", () => {
  expect(
    prints(({ setTimeout, clearTimeout, process, log }) => {
      const timer = setTimeout(() => log("fired"), 1);
      setTimeout(() => {
        clearTimeout(timer);
        timer.refresh();
      }, 3);
      setTimeout(() => log("never"), 50).unref();
      process.on("exit", () => log("exit"));
    }),
  ).toBe("fired ¶ exit");
});

test("timers/promises setInterval gives the ticks that were missed without waiting, as Node 24.21.0 does", () => {
  expect(
    prints(function* ({ tp, async, setTimeout, Promise, log }) {
      yield* async(function* () {
        const iterator = tp.setInterval(20, "v");
        for (let n = 1; n <= 5; n++) {
          const { value }: IteratorResult<unknown> = yield yield* iterator.next();
          log(value, n);
          Promise.resolve().then(() => log("micro"));
          if (n > 1) continue;
          setTimeout(() => log("timeout"), 30);
          yield tp.setTimeout(70);
          log("slept");
        }
        yield yield* iterator.return(undefined);
        log("done");
      })();
    }),
  ).toBe("v 1 ¶ micro ¶ timeout ¶ slept ¶ v 2 ¶ micro ¶ v 3 ¶ micro ¶ v 4 ¶ micro ¶ v 5 ¶ micro ¶ done");
});
