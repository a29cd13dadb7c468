/** Programs of conditions, timers, cancellation and handlers: several tasks each, whose log says who goes on first. */
import { add, cell, eq, program } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { entryOf } from "./java-programs.ts";
import { lateDeadline } from "./python-programs.ts";

/** A reader holds the lock; a writer waits and lets nobody pass, until it gives up. */
const rwLocks = program("rw-locks", { doc: "A writer gives up." }, ({ proc, main }) => {
  const reader = proc("reader", { l: "rwlock", n: "int" }, (b, { l, n }) => {
    b.rlock(l);
    b.log("r{0} in", n);
    b.sleep("10ms");
    b.log("r{0} out", n);
    b.runlock(l);
  });
  const writer = proc("writer", { l: "rwlock" }, (b, { l }) => {
    b.try({
      body: () => b.wlock(l),
      catch: [{ kinds: "Cancelled", body: () => b.log("w gives up") }],
    });
  });
  main((b) => {
    const l = b.rwlock("l");
    const first = b.spawn("first", reader, { l, n: 1 });
    const w = b.spawn("w", writer, { l });
    const second = b.spawn("second", reader, { l, n: 2 });
    b.yield();
    b.cancel(w);
    b.join(w);
    b.log("w is gone");
    b.joinAll(b.list("readers", first, second));
    b.wlock(l);
    b.wunlock(l);
  });
});

const conditions = program("conditions", { doc: "A signal, a broadcast, none." }, ({ proc, main }) => {
  const waiter = proc("waiter", { m: "mutex", c: "cond", n: "int" }, (b, { m, c, n }) => {
    b.lock(m);
    b.condWait(c);
    b.log("{0} woken", n);
    b.yieldMicro();
    b.unlock(m);
  });
  const locker = proc("locker", { m: "mutex", n: "int" }, (b, { m, n }) => {
    b.lock(m);
    b.log("{0} locks", n);
    b.unlock(m);
  });
  main((b) => {
    const m = b.mutex("m");
    const c = b.cond("c", m);
    const tasks = b.list("tasks");
    b.repeat(3, "n", (n) => b.push(tasks, b.spawn("w", waiter, { m, c, n })));
    b.yield();
    b.lock(m);
    b.signal(c);
    b.push(tasks, b.spawn("l", locker, { m, n: 3 }));
    b.unlock(m);
    b.yield();
    b.broadcast(c);
    b.joinAll(tasks);
    b.lock(m);
    const inTime = b.condWaitFor("inTime", c, "2ms");
    b.log("{0}", inTime);
    b.unlock(m);
  });
});

const monitors = program(
  "monitors",
  { doc: "A place for one, entered again by who is inside.", shared: { full: cell(0) } },
  ({ shared, proc, main }) => {
    const put = proc("put", { m: "monitor", n: "int" }, (b, { m, n }) =>
      b.enter(m, () => {
        b.store(shared.full, n);
        b.notifyAll(m);
      }),
    );
    const taker = proc("taker", { m: "monitor", n: "int" }, (b, { m, n }) =>
      b.enter(m, () => {
        const now = b.let("now", 0);
        b.while(eq(now, 0), { bound: 9 }, () => {
          b.monitorWait(m);
          b.assign(now, b.load("seen", shared.full));
        });
        b.store(shared.full, 0);
        b.log("{0} took {1}", n, now);
      }),
    );
    main((b) => {
      const monitors = b.list("monitors", b.monitor("only"));
      b.forEach(monitors, "m", (m) => {
        const tasks = b.list("tasks");
        b.repeat(2, "n", (n) => b.push(tasks, b.spawn("t", taker, { m, n })));
        b.repeat(2, "i", (i) => {
          b.yield();
          b.enter(m, () => {
            b.call(put, { m, n: add(i, 1) });
            b.log("put {0}", i);
          });
        });
        b.joinAll(tasks);
        b.enter(m, () => {
          const inTime = b.monitorWaitFor("inTime", m, "2ms");
          b.log("{0}", inTime);
        });
        b.try({
          body: () => b.notify(m),
          catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("not its own") }],
        });
      });
    });
  },
);

/** Once, whose procedure waits, fails, or does neither; an event; a barrier in rounds. */
const together = program("together", { doc: "Those who come together." }, ({ proc, main }) => {
  const plain = proc("plain", { n: "int" }, (b, { n }) => b.log("plain by {0}", n));
  const slow = proc("slow", { n: "int" }, (b, { n }) => {
    b.yield();
    b.log("slow by {0}", n);
    b.throw("User:slow");
  });
  const party = proc(
    "party",
    { o: "once", s: "once", e: "event", r: "barrier", n: "int" },
    (b, { o, s, e, r, n }) => {
      b.onceDo(o, plain, { n });
      b.try({
        body: () => b.onceDo(s, slow, { n }),
        catch: [{ kinds: "User:slow", body: () => b.log("{0} fails", n) }],
      });
      b.log("{0} waits", n);
      b.eventWait(e);
      b.repeat(2, "round", (round) => {
        b.barrierWait(r);
        b.log("{0} is past {1}", n, round);
      });
    },
  );
  main((b) => {
    const o = b.once("o");
    const s = b.once("s");
    const e = b.event("e");
    const r = b.barrier("r", 3);
    const tasks = b.list("tasks");
    b.repeat(3, "n", (n) => b.push(tasks, b.spawn("p", party, { o, s, e, r, n })));
    b.sleep("2ms");
    b.eventSet(e);
    b.log("set");
    b.joinAll(tasks);
  });
});

const inTime = program("in-time", { doc: "What comes in time, and what does not." }, ({ proc, main }) => {
  const holder = proc("holder", { m: "mutex", s: "sem" }, (b, { m, s }) => {
    b.lock(m);
    b.acquire(s, 2);
    b.sleep("30ms");
    b.release(s, 2);
    b.unlock(m);
  });
  main((b) => {
    const m = b.mutex("m");
    const s = b.sem("s", 3);
    b.spawn(holder, { m, s });
    b.log("{0}", b.lockFor("early", m, "2ms"));
    b.log("{0}", b.acquireFor("few", s, "2ms", 2));
    b.log("{0}", b.acquireFor("one", s, "2ms"));
    b.log("{0}", b.lockFor("late", m, "200ms"));
  });
});

const timers = program("timers", { doc: "Timers that send and timers that call." }, ({ proc, main }) => {
  const quick = proc("quick", { n: "int" }, (b, { n }) => b.log("quick {0}", n));
  const slow = proc("slow", { n: "int" }, (b, { n }) => {
    b.sleep("5ms");
    b.log("slow {0}", n);
  });
  const listener = proc("listener", { c: "chan", n: "int" }, (b, { c, n }) =>
    b.repeat(3, () => b.log("{0} ticks {1}", n, b.recv("v", c))),
  );
  main((b) => {
    const again = b.afterFunc("again", "20ms", quick, { n: 1 });
    b.afterFunc("60ms", slow, { n: 2 });
    b.log("{0}", b.stopTimer("stopped", again));
    b.log("{0}", b.resetTimer("reset", again, "10ms"));
    b.log("{0}", b.recv("soon", b.after("after", "25ms")));
    const [t, c] = b.timer("t", "c", "5ms");
    b.sleep("10ms");
    b.log("{0}", b.resetTimer("fired", t, "75ms"));
    const tasks = b.list("tasks");
    const [drifts, a] = b.ticker("drifts", "a", "50ms");
    b.push(tasks, b.spawn("l1", listener, { c: a, n: 1 }));
    b.sleep("15ms");
    const [drops, d] = b.ticker("drops", "d", "50ms", "drop");
    b.push(tasks, b.spawn("l2", listener, { c: d, n: 2 }));
    b.log("{0}", b.recv("second", c));
    b.joinAll(tasks);
    b.stopTimer(drifts);
    b.stopTimer(drops);
    const [bursts, e] = b.ticker("bursts", "e", "20ms", "burst");
    b.block("50ms");
    b.repeat(2, () => b.recv(e));
    b.resetTimer(bursts, "10ms");
    b.recv(e);
    b.log("{0}", b.stopTimer("last", bursts));
  });
});

const deadlines = program("deadlines", { doc: "Deadlines, tokens, shields." }, ({ proc, main }) => {
  const work = proc("work", { k: "token", n: "int" }, (b, { k, n }) => {
    b.try({
      body: () =>
        b.withToken(k, () =>
          b.deadline("40ms", () => {
            b.shield(() => b.sleep("10ms"));
            b.log("{0} is out of its shield", n);
            b.try({ body: () => b.sleep("900ms"), finally: () => b.log("{0} cleans up", n) });
          }),
        ),
      catch: [
        { kinds: "Timeout", body: () => b.log("{0} is late", n) },
        {
          kinds: "Cancelled",
          body: () => {
            b.log("{0} is cancelled", n);
            b.throw("Cancelled");
          },
        },
      ],
    });
  });
  main((b) => {
    const k = b.token("k");
    const tasks = b.list("tasks");
    b.push(tasks, b.spawn("a", work, { k, n: 1 }));
    b.push(tasks, b.spawn("b", work, { k: b.token("own"), n: 2 }));
    b.sleep("3ms");
    b.cancelToken(k);
    b.push(tasks, b.spawn("c", work, { k, n: 3 }));
    const ends = b.settleAll("ends", tasks);
    b.log("{0}", ends);
    b.deadline("5ms", () => b.block("10ms"));
    b.sleep("5ms");
    b.log("nobody noticed");
  });
});

const cancels = program("cancels", { doc: "Tasks are asked to stop." }, ({ proc, main }) => {
  const waiter = proc(
    "waiter",
    { kind: "int", m: "mutex", own: "mutex", c: "cond", e: "event", r: "barrier" },
    (b, { kind, m, own, c, e, r }) => {
      b.match(kind, [
        [0, () => b.lock(m)],
        [1, () => b.eventWait(e)],
        [2, () => b.barrierWait(r)],
        [3, () => b.log("{0}", b.lockFor("ok", m, "900ms"))],
        [
          4,
          () => {
            b.lock(own);
            b.try({
              body: () => b.condWait(c),
              finally: () => {
                b.log("locked again");
                b.unlock(own);
              },
            });
          },
        ],
      ]);
    },
  );
  const busy = proc("busy", {}, (b) => {
    const asked = b.let("asked", false);
    b.while(eq(asked, false), { bound: 100_000 }, () => {
      b.yield();
      b.assign(asked, b.isCancelled("now"));
    });
    b.log("asked");
    b.check();
    b.log("never");
  });
  main((b) => {
    const m = b.mutex("m");
    const own = b.mutex("own");
    const c = b.cond("c", own);
    const e = b.event("e");
    const r = b.barrier("r", 2);
    b.lock(m);
    const tasks = b.list("tasks");
    b.repeat(5, "kind", (kind) => b.push(tasks, b.spawn("t", waiter, { kind, m, own, c, e, r })));
    b.push(tasks, b.spawn("b", busy));
    b.sleep("5ms");
    b.forEach(tasks, "t", (t) => b.cancel(t));
    const ends = b.settleAll("ends", tasks);
    b.log("{0}", ends);
  });
});

/** Reactions beside those who await, a promise that a handler returns, the four queues; with real promises or, where tasks can be cancelled, not. */
const handlers = (name: string, cancels: boolean) =>
  program(name, { doc: "Handlers and callbacks." }, ({ proc, main }) => {
    const plus = proc("plus", { by: "int", v: "int" }, { returns: "int" }, (b, { by, v }) => {
      b.log("{0} and {1}", v, by);
      b.return(add(v, by));
    });
    const give = proc("give", { inner: "promise", v: "int" }, { returns: "promise" }, (b, { inner }) =>
      b.return(inner),
    );
    const bad = proc("bad", { v: "int" }, (b) => b.throw("User:bad"));
    const note = proc("note", { n: "int" }, (b, { n }) => b.log("note {0}", n));
    const waiter = proc("waiter", { p: "promise", n: "int" }, (b, { p, n }) =>
      b.try({
        body: () => b.log("{0} got {1}", n, b.await("v", p)),
        catch: [{ kinds: "User:bad", body: () => b.log("{0} fails", n) }],
      }),
    );
    const turns = proc("turns", {}, (b) =>
      b.repeat(7, "turn", (turn) => {
        b.yieldMicro();
        b.log("turn {0}", turn);
      }),
    );
    main((b) => {
      const p = b.promise("p");
      const inner = b.promise("inner");
      const tasks = b.list("tasks", b.spawn("before", waiter, { p, n: 0 }));
      const sum = b.onResolve("sum", b.onResolve("first", p, plus, { by: 1 }), plus, { by: 10 });
      const given = b.onResolve("given", p, give, { inner });
      const passed = b.onResolve("passed", b.onResolve("failed", p, bad), note);
      b.push(tasks, b.spawn("s", waiter, { p: sum, n: 1 }));
      b.push(tasks, b.spawn("g", waiter, { p: given, n: 2 }));
      b.push(tasks, b.spawn("f", waiter, { p: passed, n: 3 }));
      b.callback("next", note, { n: 1 });
      b.callback("micro", note, { n: 2 });
      b.push(tasks, b.spawn("turns", turns));
      b.resolve(inner, 40);
      b.resolve(p, 1);
      b.joinAll(tasks);
      b.callback("immediate", note, { n: 3 });
      b.yield();
      b.callback("timer", note, { n: 4 });
      if (cancels) b.deadline("90ms", () => b.sleep("5ms"));
      else b.sleep("5ms");
      b.onResolve(b.onResolve("last", p, give, { inner: sum }), note);
    });
  });

/** Each with the name that it is known by. */
export const operations: readonly Entry[] = [
  entryOf(rwLocks, "RwLocks"),
  entryOf(conditions, "Conditions"),
  entryOf(monitors, "Monitors"),
  entryOf(together, "Together"),
  entryOf(inTime, "InTime"),
  entryOf(timers, "Timers"),
  entryOf(deadlines, "Deadlines"),
  entryOf(lateDeadline, "LateDeadline"),
  entryOf(cancels, "Cancels"),
  entryOf(handlers("handlers", false), "Handlers"),
  entryOf(handlers("reactions", true), "Reactions"),
];
