/** timers.py: the heap, deadlines and the timeout of select. */
import { coroutine, inFile, range } from "./prelude.ts";

export const timers = inFile("timers.py", [
  {
    name: "timer_ties",
    pins: "Equal deadlines leave the binary heap in heapq's order, not FIFO.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      for (const count of [2, 3, 5, 8]) {
        const order: number[] = [];
        const when = loop.time() + 0.003;
        for (const i of range(count)) loop.call_at(when, (x) => void order.push(x), i);
        yield* asyncio.sleep(0.015);
        print(...order);
      }
    }),
  },
  {
    name: "overdue_timers",
    pins: "Overdue timers run by deadline, after the handles that were ready; a delay may be negative.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const now = loop.time();
      loop.call_at(now - 1, print, "a");
      loop.call_at(now - 2, print, "b");
      loop.call_later(0, print, "c");
      loop.call_soon(print, "d");
      loop.call_later(-5, print, "e");
      yield* asyncio.sleep(0);
      print("main 1");
      yield* asyncio.sleep(0);
      print("main 2");
    }),
  },
  {
    name: "blocked_loop_batch",
    pins: "Timers that come due while a callback blocks are all released in one iteration.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const begun = loop.iterations;
      for (const delay of [0.02, 0.01, 0.03, 0.005])
        loop.call_later(delay, () => print(delay, loop.iterations - begun));
      yield* asyncio.time_sleep(0.05);
      print("unblocked");
      yield* asyncio.sleep(0);
      yield* asyncio.sleep(0);
    }),
  },
  {
    name: "epoll_ms_rounding",
    pins: "A positive timeout of select is rounded up to whole milliseconds.",
    port: coroutine(function* ({ asyncio, print }) {
      let begun = asyncio.monotonic();
      for (const _ of range(20)) yield* asyncio.sleep(0.0001);
      const slept = asyncio.monotonic() - begun;
      begun = asyncio.monotonic();
      for (const _ of range(20)) yield* asyncio.sleep(0);
      print(slept >= 0.02, asyncio.monotonic() - begun < slept);
    }),
  },
  {
    name: "sleep_is_two_steps",
    pins: "The timer only resolves a future; the sleeper goes on one iteration later.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const when = loop.time() + 0.01;
      function* sleeper() {
        yield* asyncio.sleep(when - loop.time());
        print("sleeper");
      }
      function timer() {
        print("timer");
        loop.call_soon(print, "soon");
      }
      const task = asyncio.create_task(sleeper());
      yield* asyncio.sleep(0);
      loop.call_at(when + 1e-4, timer);
      yield* asyncio.time_sleep(0.02);
      yield* task;
      yield* asyncio.sleep(0);
    }),
  },
  {
    name: "timer_purge",
    pins: "Above 100 timers, more than half of them cancelled, the heap is rebuilt; else cancelled heads go.",
    port: coroutine(function* ({ asyncio, print }) {
      const loop = asyncio.get_running_loop();
      const int = (): number => 0;
      const tell = (): void => print(loop._scheduled.length, loop._timer_cancelled_count);
      const handles = range(200).map((i) => loop.call_later(10 + i, print));
      for (const handle of handles.slice(100)) handle.cancel();
      yield* asyncio.sleep(0);
      tell();
      handles[99]!.cancel();
      yield* asyncio.sleep(0);
      tell();
      handles[0]!.cancel();
      handles[98]!.cancel();
      yield* asyncio.sleep(0);
      tell();
      for (const handle of handles) handle.cancel();
      yield* asyncio.sleep(0);
      tell();
      loop.call_later(0.001, int).cancel();
      loop.call_later(0.001, int);
      loop.call_later(0.002, int).cancel();
      yield* asyncio.time_sleep(0.005);
      yield* asyncio.sleep(0);
      yield* asyncio.sleep(0);
      tell();
    }),
  },
  {
    name: "late_sleeper",
    pins: "A sleeper of 1 ms among four tasks that keep the loop for 100 ms each is late by all of them.",
    port: coroutine(function* ({ asyncio, print }) {
      const hog = () => asyncio.burn(0.1);
      const begun = asyncio.monotonic();
      function* sleeper() {
        yield* asyncio.sleep(0.001);
        const late = asyncio.monotonic() - begun;
        print(late >= 0.4 && late < 0.7);
      }
      yield* asyncio.gather(sleeper(), hog(), hog(), hog(), hog());
    }),
  },
]);
