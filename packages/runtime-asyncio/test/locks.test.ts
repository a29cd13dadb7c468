import { describe } from "vitest";
import type { Queue } from "../src/queues.ts";
import { conforms, ex, sx } from "./prelude.ts";
import type { Condition, Lock } from "../src/locks.ts";
import type { Coroutine } from "../src/task.ts";

/** `async with lock:` */
function* within(lock: Lock | Condition, body: () => Coroutine<void>): Coroutine<void> {
  yield* lock.acquire();
  try {
    yield* body();
  } finally {
    lock.release();
  }
}

describe("locks and queues", () => {
  conforms(
    "lock: release wakes the first waiter; a newcomer cannot barge past it; a cancelled woken waiter passes it on",
    "locked False | 0 | 1 | 2 | main | late | b | True False",
    function* ({ asyncio, p, T, Z }) {
      const l = asyncio.Lock();
      function* w(i: number | string) {
        yield* within(l, function* () {
          p(i);
          yield* Z(0);
        });
      }
      yield* l.acquire();
      const ts = [0, 1, 2].map((i) => T(w(i)));
      yield* Z(0);
      l.release();
      p("locked", l.locked());
      ts.push(T(w("late")));
      yield* l.acquire();
      p("main");
      const a = T(w("a"));
      const b = T(w("b"));
      yield* Z(0);
      l.release();
      a.cancel();
      yield* asyncio.wait([a, b, ...ts]);
      p(a.cancelled(), l.locked());
    },
  );

  conforms(
    "event: set() resolves current waiters FIFO; an immediate clear() does not un-wake them",
    "0 True False | 1 True False | TimeoutError",
    function* ({ asyncio, p, T, Z }) {
      const e = asyncio.Event();
      function* w(i: number) {
        p(i, yield* e.wait(), e.is_set());
      }
      const ts = [0, 1].map((i) => T(w(i)));
      yield* Z(0);
      e.set();
      e.clear();
      yield* asyncio.wait(ts);
      p(yield* ex(asyncio.wait_for(e.wait(), 0.005)));
    },
  );

  conforms(
    "condition: notified waiters queue on the lock in wait order, behind tasks already queued there",
    "notified | x | w 0 | w 1 | RuntimeError | w 2",
    function* ({ asyncio, p, T, Z }) {
      const c = asyncio.Condition();
      function* w(i: number) {
        yield* within(c, function* () {
          yield* c.wait();
          p("w", i);
        });
      }
      function* x() {
        yield* within(c, function* () {
          p("x");
        });
      }
      const ts = [0, 1, 2].map((i) => T(w(i)));
      yield* Z(0);
      yield* within(c, function* () {
        ts.push(T(x()));
        yield* Z(0);
        c.notify(2);
        p("notified");
        yield* Z(0);
      });
      yield* Z(0.005);
      p(sx(() => c.notify()));
      yield* within(c, function* () {
        c.notify_all();
      });
      yield* asyncio.wait(ts);
    },
  );

  conforms(
    "semaphore: release hands the permit to the first waiter; value never becomes visible to a newcomer",
    "0 True | 0 | 1 | 2 | late | ValueError",
    function* ({ asyncio, p, T, Z }) {
      const s = asyncio.Semaphore(0);
      function* w(i: number | string) {
        yield* s.acquire();
        p(i);
      }
      const ts = [0, 1, 2].map((i) => T(w(i)));
      yield* Z(0);
      s.release();
      s.release();
      p(s._value, s.locked());
      ts.push(T(w("late")));
      yield* Z(0.002);
      s.release();
      s.release();
      yield* asyncio.wait(ts);
      p(sx(() => asyncio.BoundedSemaphore(1).release()));
    },
  );

  conforms(
    "3.11: a notified waiter cancelled before it runs loses the notification; a semaphore wakes one more per success",
    "False | 0 1 | it | 1 0 | 2 0",
    function* ({ asyncio, p, T, Z }) {
      const c = asyncio.Condition();
      function* w(i: number) {
        yield* within(c, function* () {
          yield* c.wait();
          p("w", i);
        });
      }
      const a = T(w(1));
      const b = T(w(2));
      yield* Z(0);
      yield* within(c, function* () {
        c.notify(1);
        a.cancel();
      });
      yield* Z(0.003);
      p(b.done());
      b.cancel();
      const s = asyncio.Semaphore(0);
      function* k(i: number) {
        yield* s.acquire();
        p(i, s._value);
      }
      const ts = [0, 1, 2].map((i) => T(k(i)));
      yield* Z(0);
      s._value = 2;
      s.release();
      yield* Z(0);
      p("it");
      yield* asyncio.wait(ts);
    },
  );

  conforms(
    "barrier: the last party does not suspend and leaves first; the others in arrival order; newcomers wait for the drain",
    "in 0 | in 1 | in 2 | out 2 2 | in 3 | in 4 | in 5 | out 0 0 | out 1 1 | out 5 2 | out 3 0 | out 4 1",
    function* ({ asyncio, p }) {
      const b = asyncio.Barrier(3);
      function* w(i: number) {
        p("in", i);
        const r = yield* b.wait();
        p("out", i, r);
      }
      yield* asyncio.gather(...[0, 1, 2, 3, 4, 5].map(w));
    },
  );

  conforms(
    "queue: a woken getter that finds the queue emptied queues up again at the back",
    "main a | 1 b | 0 c",
    function* ({ asyncio, p, T, Z }) {
      const q = asyncio.Queue<string>();
      function* g(i: number) {
        p(i, yield* q.get());
      }
      const ts = [0, 1].map((i) => T(g(i)));
      yield* Z(0);
      q.put_nowait("a");
      p("main", q.get_nowait());
      yield* Z(0);
      q.put_nowait("b");
      q.put_nowait("c");
      yield* asyncio.wait(ts);
    },
  );

  conforms(
    "bounded queue: get wakes one putter, which adds its item only when it runs",
    "put 0 | 1 2 | got 0 0 | put 1 | 1 | got 1 | put 2 | got 2 | QueueEmpty",
    function* ({ asyncio, p, T, Z }) {
      const q = asyncio.Queue<number>(1);
      function* pr(i: number) {
        yield* q.put(i);
        p("put", i);
      }
      const ts = [0, 1, 2].map((i) => T(pr(i)));
      yield* Z(0);
      p(q.qsize(), q._putters.length);
      p("got", q.get_nowait(), q.qsize());
      yield* Z(0);
      p(q.qsize());
      for (let i = 0; i < 2; i++) p("got", yield* q.get());
      yield* asyncio.wait(ts);
      p(sx(() => q.get_nowait()));
    },
  );

  conforms(
    "queue: a getter cancelled after being woken wakes the next getter",
    "2 x | True",
    function* ({ asyncio, p, T, Z }) {
      const q = asyncio.Queue<string>();
      function* g(i: number) {
        p(i, yield* q.get());
      }
      const a = T(g(1));
      const b = T(g(2));
      yield* Z(0);
      q.put_nowait("x");
      a.cancel();
      yield* asyncio.wait([a, b]);
      p(a.cancelled());
    },
  );

  conforms(
    "queue kinds: LIFO, priority, join and task_done",
    "1 3 2 1 2 3 | done | done | done | joined False ValueError",
    function* ({ asyncio, p, T, Z }) {
      const l = asyncio.LifoQueue<number>();
      const h = asyncio.PriorityQueue<number>();
      const q = asyncio.Queue<number>();
      for (const queue of [l, h, q] as Queue<number>[]) for (const x of [2, 3, 1]) queue.put_nowait(x);
      p(l.get_nowait(), l.get_nowait(), l.get_nowait(), h.get_nowait(), h.get_nowait(), h.get_nowait());
      function* wk() {
        for (;;) {
          yield* q.get();
          yield* Z(0);
          q.task_done();
          p("done");
        }
      }
      const t = T(wk());
      yield* q.join();
      p(
        "joined",
        t.done(),
        sx(() => q.task_done()),
      );
    },
  );
});
