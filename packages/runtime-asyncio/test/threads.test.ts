import { describe, expect, test } from "vitest";
import { SWITCH_INTERVAL_NS } from "../src/gil.ts";
import { runAsyncio } from "../src/run_asyncio.ts";
import { BlockingCall } from "../src/python.ts";
import { conforms, ex } from "./prelude.ts";

describe("threads and the GIL", () => {
  conforms(
    "executor: the loop stays live; cancelling the awaiter does not stop a thread that has started",
    "live False | CancelledError ['asyncio_0'] | 3 | ['asyncio_0', 'fin'] True",
    function* ({ asyncio, p, T, Z, G }) {
      const r: string[] = [];
      let open = false;
      function* blk() {
        r.push(asyncio.python.machine.current!.name);
        while (!open) yield* asyncio.time_sleep(0.001);
        r.push("fin");
      }
      const t = T(asyncio.to_thread(blk));
      yield* Z(0.08);
      p("live", t.done());
      t.cancel();
      p(yield* ex(t), [...r]);
      open = true;
      p(yield* G().run_in_executor(null, () => 3));
      yield* Z(0.08);
      p(r, G()._default_executor!.max_workers === Math.min(32, 2 + 4));
    },
  );

  conforms(
    "jobs beyond the pool wait in order, for at most as many threads as the pool has",
    "0 0.01 | 1 0.01 | 2 0.02 | 3 0.02 | threads 2",
    function* ({ asyncio, p, G }) {
      const lp = G();
      const t0 = lp.time();
      function* job(i: number) {
        yield* lp.run_in_executor(null, () => asyncio.time_sleep(0.01));
        p(i, Math.round((lp.time() - t0) * 100) / 100);
      }
      yield* asyncio.gather(...[0, 1, 2, 3].map(job));
      p("threads", lp._default_executor!.threads.length);
    },
    { executorWorkers: 2 },
  );

  conforms(
    "a job cancelled while it is queued never runs",
    "first | CancelledError | main",
    function* ({ asyncio, p, T, Z, G }) {
      const a = T(asyncio.to_thread(() => asyncio.time_sleep(0.01)));
      yield* Z(0);
      const f = yield* G().submit_to_executor(null, () => p("second"));
      yield* Z(0.001);
      f.cancel();
      yield* a;
      p("first");
      p(yield* ex(f));
      yield* Z(0.02);
      p("main");
    },
    { executorWorkers: 1 },
  );

  test("a thread's result takes two iterations from the self-pipe's wake-up, and an exception crosses", () => {
    const { output } = runAsyncio(function* ({ asyncio, print }) {
      print(
        yield* ex(
          asyncio.to_thread(() => {
            throw new RangeError("x");
          }),
        ),
      );
    });
    expect(output).toEqual(["RangeError"]);
  });

  /** Delays of `count` wake-ups from a 2 ms sleep beyond the wait itself, ms, sorted, with so many threads burning. */
  const wakeups = (burners: number, count: number): number[] => {
    const delays: number[] = [];
    runAsyncio(
      function* ({ asyncio }) {
        let stop = false;
        function* burn() {
          while (!stop) yield 100_000;
        }
        const threads = Array.from({ length: burners }, (_, i) => asyncio.start_thread(burn, `burn-${i}`));
        yield* asyncio.sleep(0.02);
        for (let i = 0; i < count; i++) {
          const t = asyncio.monotonic();
          yield* asyncio.sleep(0.002);
          delays.push((asyncio.monotonic() - t) * 1e3 - 2);
        }
        stop = true;
        for (const thread of threads) yield* thread.join();
      },
      { cores: 8 },
    );
    return delays.toSorted((a, b) => a - b);
  };

  test("with one CPU-bound thread a wake-up from a blocking select waits one switch interval: 5.06 ms measured", () => {
    const median = wakeups(1, 21)[10]!;
    expect(median).toBeGreaterThan(5);
    expect(median).toBeLessThan(5.2);
  });

  test("with N of them about N intervals: 10.2, 22, 30 ms measured for 2, 3, 4", () => {
    for (const [burners, measured] of [
      [2, 10.2],
      [3, 22],
      [4, 30],
    ] as const) {
      const delays = wakeups(burners, 200);
      const mean = delays.reduce((a, b) => a + b, 0) / delays.length;
      expect(mean).toBeGreaterThan(measured * 0.6);
      expect(mean).toBeLessThan(measured * 1.5);
    }
  });

  test("two threads that burn CPU take turns every switch interval", () => {
    const turns: string[] = [];
    const { machine, python } = runAsyncio(
      function* ({ asyncio }) {
        function* burn(name: string) {
          for (let i = 0; i < 200; i++) {
            yield 100_000;
            if (turns.at(-1) !== name) turns.push(name);
          }
        }
        const a = asyncio.start_thread(() => burn("a"), "a");
        const b = asyncio.start_thread(() => burn("b"), "b");
        yield* asyncio.to_thread(() => a.join());
        yield* asyncio.to_thread(() => b.join());
      },
      { cores: 4 },
    );
    expect(turns.length).toBeGreaterThanOrEqual(5);
    expect(turns.length).toBeLessThanOrEqual(10);
    expect(machine.now).toBeGreaterThan(40e6); // 2 x 20 ms of CPU, one at a time
    expect(python.gil.forced).toBeGreaterThan(5);
    expect(SWITCH_INTERVAL_NS).toBe(5_000_000);
  });

  test("time.sleep in a coroutine blocks the loop but not the other threads", () => {
    let ticks = 0;
    const { machine } = runAsyncio(function* ({ asyncio }) {
      const ticker = asyncio.start_thread(function* () {
        for (; ticks < 20; ticks++) yield 1_000_000;
      });
      yield* asyncio.time_sleep(0.03);
      yield* ticker.join();
    });
    expect(ticks).toBe(20);
    expect(machine.now).toBeLessThan(31e6);
  });

  test("a system call that returns at once usually has the GIL back before the thread that waits for it", () => {
    let begun = -1;
    runAsyncio(
      function* ({ asyncio }) {
        asyncio.start_thread(function* () {
          begun = asyncio.monotonic();
          yield 1000;
        });
        const t = asyncio.monotonic();
        while (asyncio.monotonic() - t < 0.02) {
          yield 50_000;
          yield new BlockingCall("read", function* () {});
        }
      },
      { cores: 4 },
    );
    expect(begun).toBeGreaterThan(0.004);
  });
});
