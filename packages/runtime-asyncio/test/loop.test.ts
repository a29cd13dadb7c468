import { Descriptor } from "@orrery/simulator";
import { describe, expect, test } from "vitest";
import type { RuntimeError } from "../src/exceptions.ts";
import { runPython } from "../src/run_asyncio.ts";
import { _cancel_all_tasks } from "../src/runners.ts";
import { timeout_ms } from "../src/selectors.ts";
import { conforms, nop, prelude, sx } from "./prelude.ts";

describe("the loop: handles, timers, I/O", () => {
  conforms(
    "spawn order: create_task only queues, children start FIFO in the next iteration",
    "spawned | start 0 | start 1 | start 2 | end 0 | end 1 | end 2",
    function* ({ asyncio, p, T, Z }) {
      function* c(i: number) {
        p("start", i);
        yield* Z(0);
        p("end", i);
      }
      const ts = [0, 1, 2].map((i) => T(c(i)));
      p("spawned");
      yield* asyncio.wait(ts);
    },
  );

  conforms(
    "four create_task, then a line of main",
    "main | t1 | t2 | t3 | t4",
    function* ({ asyncio, p, T }) {
      function* t(i: number) {
        p(`t${i}`);
      }
      const ts = [1, 2, 3, 4].map((i) => T(t(i)));
      p("main");
      yield* asyncio.gather(...ts);
    },
  );

  conforms(
    "await is no yield: a coroutine, done future, non-empty queue or free lock never suspends",
    "no yield yet | other | yielded",
    function* ({ asyncio, p, G, Z }) {
      G().call_soon(p, "other");
      const f = G().create_future();
      f.set_result(1);
      const q = asyncio.Queue<number>();
      q.put_nowait(1);
      const l = asyncio.Lock();
      yield* nop();
      yield* f;
      yield* q.get();
      yield* l.acquire();
      yield* q.put(2);
      p("no yield yet");
      yield* Z(0);
      p("yielded");
    },
  );

  conforms(
    "iteration counts around a child that finishes in one step",
    "coro 0 | task 2 | sleep0 1 | timer 2 | gather0 0 | gather 3 | shield 3 | wait 3 | tg 3 | as_completed 3 | wait_for 3 | wait_for_None 0",
    function* ({ asyncio, p, T, Z, n }) {
      function* m(k: string, f: () => Iterable<unknown>) {
        const a = n();
        yield* f();
        p(k, n() - a);
      }
      yield* m("coro", () => nop());
      yield* m("task", () => T(nop()));
      yield* m("sleep0", () => Z(0));
      yield* m("timer", () => Z(0.002));
      yield* m("gather0", () => asyncio.gather());
      yield* m("gather", () => asyncio.gather(nop(), nop()));
      yield* m("shield", () => asyncio.shield(nop()));
      yield* m("wait", () => asyncio.wait([T(nop())]));
      yield* m("tg", () =>
        asyncio.TaskGroup().scope(function* (g) {
          g.create_task(nop());
        }),
      );
      yield* m("as_completed", function* () {
        for (const c of asyncio.as_completed([nop()])) yield* c;
      });
      yield* m("wait_for", () => asyncio.wait_for(nop(), 5));
      yield* m("wait_for_None", () => asyncio.wait_for(nop(), null));
    },
  );

  test("run iterations: asyncio.run's phases (main, cancel-all, asyncgens, executor)", () => {
    const phases = (spawns: boolean): string => {
      let line = "";
      runPython(function* ({ asyncio, print }, lp, thread) {
        const { T, Z } = prelude(asyncio, print);
        function* main() {
          if (!spawns) {
            yield* nop();
            return;
          }
          T(Z(9));
          yield* Z(0);
        }
        yield* lp.run_until_complete(thread, lp.create_task(main()));
        const a = [lp.iterations];
        yield* _cancel_all_tasks(lp, thread);
        a.push(lp.iterations);
        yield* lp.run_until_complete(thread, lp.shutdown_asyncgens());
        a.push(lp.iterations);
        yield* lp.run_until_complete(thread, lp.shutdown_default_executor());
        a.push(lp.iterations);
        line = a.map((x, i) => x - (a[i - 1] ?? 0)).join(" ");
      });
      return line;
    };
    expect(phases(false)).toBe("2 0 2 2");
    expect(phases(true)).toBe("3 3 2 2");
  });

  conforms(
    "ready snapshot: an iteration runs only the handles present when its run phase began",
    "a 1 | b 1 | main 1 | c 2 | main 2",
    function* ({ p, G, Z, n }) {
      const n0 = n();
      const call = (k: string): void => p(k, n() - n0);
      G().call_soon(() => {
        call("a");
        G().call_soon(call, "c");
      });
      G().call_soon(call, "b");
      yield* Z(0);
      call("main");
      yield* Z(0);
      call("main");
    },
  );

  conforms(
    "one iteration: left-over ready handles, I/O in kernel order, due timers by deadline",
    "soon | io 2 | io 0 | io 1 | timer",
    function* ({ asyncio, p, G, Z }) {
      const fds = [0, 1, 2].map((i) => new Descriptor(asyncio.python.machine, `fd ${i}`));
      fds.forEach((fd, i) =>
        G()._add_reader(fd, () => {
          p("io", i);
          fd.drain();
        }),
      );
      G().call_soon(() => {
        for (const i of [2, 0, 1]) fds[i]!.signal();
        G().call_later(0, p, "timer");
        G().call_soon(p, "soon");
      });
      yield* Z(0.02);
      for (const fd of fds) G()._remove_reader(fd);
    },
  );

  conforms(
    "level trigger: a reader that leaves data behind goes to the back of the kernel's ready list",
    "1 | 2 | 0 | 1 | 2 | 1",
    function* ({ asyncio, p, G, Z }) {
      const left = [1, 3, 2];
      const fds = [0, 1, 2].map((i) => new Descriptor(asyncio.python.machine, `fd ${i}`));
      fds.forEach((fd, i) =>
        G()._add_reader(fd, () => {
          p(i);
          if (--left[i]! === 0) fd.drain();
        }),
      );
      G().call_soon(() => {
        for (const i of [1, 2, 0]) fds[i]!.signal();
      });
      yield* Z(0.02);
      for (const fd of fds) G()._remove_reader(fd);
    },
  );

  conforms(
    "timer ties: equal deadlines leave the binary heap in heapq order, not FIFO",
    "0 1 | 0 2 1 | 0 2 1 3 4 | 0 2 6 5 7 1 3 4",
    function* ({ p, G, Z }) {
      for (const n of [2, 3, 5, 8]) {
        const r: number[] = [];
        const t = G().time() + 0.003;
        for (let i = 0; i < n; i++) G().call_at(t, (x) => void r.push(x), i);
        yield* Z(0.015);
        p(...r);
      }
    },
  );

  conforms(
    "overdue timers run sorted by deadline, after the ready handles; negative delays are legal",
    "d | main1 | e | b | a | c | main2",
    function* ({ p, G, Z }) {
      const now = G().time();
      G().call_at(now - 1, p, "a");
      G().call_at(now - 2, p, "b");
      G().call_later(0, p, "c");
      G().call_soon(p, "d");
      G().call_later(-5, p, "e");
      yield* Z(0);
      p("main1");
      yield* Z(0);
      p("main2");
    },
  );

  conforms(
    "timers that come due while a callback blocks are all released in one iteration",
    "unblocked | 0.005 1 | 0.01 1 | 0.02 1 | 0.03 1",
    function* ({ asyncio, p, G, Z, n }) {
      const n0 = n();
      for (const d of [0.02, 0.01, 0.03, 0.005]) G().call_later(d, () => p(d, n() - n0));
      yield* asyncio.time_sleep(0.05);
      p("unblocked");
      yield* Z(0);
      yield* Z(0);
    },
  );

  test("a positive select timeout is rounded up to whole milliseconds, some to one more", () => {
    const more: number[] = [];
    for (let ms = 1; ms <= 104; ms++) if (timeout_ms(ms / 1e3) !== ms) more.push(ms);
    expect(more).toEqual([9, 13, 18, 26, 36, 52, 59, 67, 71, 72, 87, 103, 104]);
    expect(timeout_ms(0.00005)).toBe(1);
  });

  conforms("micro-sleeps cost a millisecond each", "True True", function* ({ p, G, Z }) {
    let t = G().time();
    for (let i = 0; i < 20; i++) yield* Z(0.0001);
    const d = G().time() - t;
    t = G().time();
    for (let i = 0; i < 20; i++) yield* Z(0);
    p(d >= 0.02, G().time() - t < d);
  });

  conforms(
    "sleep is two steps: the timer only resolves a future, the sleeper resumes one iteration later",
    "timer2 | sleeper | soon",
    function* ({ asyncio, p, T, Z, G }) {
      const t = G().time() + 0.01;
      function* sl() {
        yield* Z(t - G().time());
        p("sleeper");
      }
      const tk = T(sl());
      yield* Z(0);
      G().call_at(t + 1e-4, () => {
        p("timer2");
        G().call_soon(p, "soon");
      });
      yield* asyncio.time_sleep(0.02);
      yield* tk;
      yield* Z(0);
    },
  );

  conforms(
    "a cancelled ready handle is skipped but still forces a zero-timeout iteration",
    "2 | 3",
    function* ({ p, G, Z, n }) {
      let a = n();
      yield* Z(0.004);
      p(n() - a);
      a = n();
      G().call_soon(p, "never").cancel();
      yield* Z(0.004);
      p(n() - a);
    },
  );

  conforms(
    "timer purge: above 100 timers and above half cancelled; else cancelled heads only; the counter drifts",
    "200 100 | 99 0 | 98 1 | 0 0 | 0 1",
    function* ({ asyncio, p, G, Z }) {
      const S = (): void => p(G()._scheduled.length, G()._timer_cancelled_count);
      const h = Array.from({ length: 200 }, (_, i) => G().call_later(10 + i, p));
      for (const x of h.slice(100)) x.cancel();
      yield* Z(0);
      S();
      h[99]!.cancel();
      yield* Z(0);
      S();
      h[0]!.cancel();
      h[98]!.cancel();
      yield* Z(0);
      S();
      for (const x of h) x.cancel();
      yield* Z(0);
      S();
      G().call_later(0.001, p).cancel();
      G().call_later(0.001, () => 0);
      G()
        .call_later(0.002, () => 0)
        .cancel();
      yield* asyncio.time_sleep(0.005);
      yield* Z(0);
      yield* Z(0);
      S();
    },
  );

  test("stop() lets the iteration finish; the next run goes on with what is left; stop before run makes one pass", () => {
    const { output } = runPython(function* ({ print: p }, lp, thread) {
      lp.call_soon(() => {
        p("a");
        lp.stop();
        lp.call_soon(p, "left over");
      });
      lp.call_soon(p, "b");
      yield* lp.run_forever(thread);
      p("stopped");
      lp.call_soon(() => lp.stop());
      yield* lp.run_forever(thread);
      lp.stop();
      lp.call_later(9, p);
      const n = lp.iterations;
      yield* lp.run_forever(thread);
      p("passes", lp.iterations - n);
      lp.call_soon(() => lp.stop());
      try {
        yield* lp.run_until_complete(thread, lp.create_future());
      } catch (error) {
        p((error as Error).name);
      }
      lp.close();
    });
    expect(output.join(" | ")).toBe("a | b | stopped | left over | passes 1 | RuntimeError");
  });

  conforms(
    "call_soon from another thread does not wake select; call_soon_threadsafe does",
    "not woken True | woken",
    function* ({ asyncio, p, G, Z }) {
      const lp = G();
      const t = asyncio.monotonic();
      asyncio.start_thread(function* () {
        yield* asyncio.time_sleep(0.01);
        lp.call_soon(() => p("not woken", asyncio.monotonic() - t > 0.1));
      });
      yield* Z(0.12);
      const f = lp.create_future<number>();
      asyncio.start_thread(function* () {
        yield* asyncio.time_sleep(0.01);
        lp.call_soon_threadsafe(() => f.set_result(1));
      });
      yield* f;
      p("woken");
    },
  );

  conforms(
    "a callback that queues itself with call_soon lets a 5 ms timer fire",
    "fired",
    function* ({ asyncio, p, G }) {
      const done = G().create_future();
      let fired = false;
      const again = (): void => {
        if (!fired) G().call_soon(again);
      };
      G().call_later(0.005, () => {
        fired = true;
        p("fired");
        done.set_result(null);
      });
      again();
      yield* asyncio.wait_for(done, 1);
    },
  );

  conforms(
    "a 1 ms sleeper among four 100 ms hogs is 300 to 700 ms late",
    "True",
    function* ({ asyncio, p, T, Z, G }) {
      function* hog() {
        yield* asyncio.burn(0.1);
      }
      const t = G().time();
      function* sleeper() {
        yield* Z(0.001);
        const late = G().time() - t - 0.001;
        p(late >= 0.3 && late <= 0.7);
      }
      const ts = [T(sleeper()), T(hog()), T(hog()), T(hog()), T(hog())];
      yield* asyncio.gather(...ts);
    },
  );

  test("errors of use", () => {
    const { output } = runPython(function* ({ print: p }, lp, thread) {
      function* main() {
        p(sx(() => lp.run_forever(thread).next()));
        p(sx(() => lp.close()));
      }
      yield* lp.run_until_complete(thread, main());
      lp.close();
      try {
        lp.call_soon(p);
      } catch (error) {
        p((error as RuntimeError).message);
      }
    });
    expect(output).toEqual(["RuntimeError", "RuntimeError", "Event loop is closed"]);
  });
});
