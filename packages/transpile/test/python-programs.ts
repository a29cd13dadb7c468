/** Programs of Python's fixtures for what asyncio has no class for, or one with other rules: who is woken when shows in the log. */
import { add, at, list, program, type Program } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { entryOf } from "./java-programs.ts";

const rwlocks = program(
  "rwlocks",
  { doc: "Readers, writers, and a writer that gives up." },
  ({ proc, main }) => {
    const reader = proc("reader", { l: "rwlock", n: "int" }, (b, { l, n }) => {
      b.rlock(l);
      b.log("r{0} in", n);
      b.sleep("5ms");
      b.log("r{0} out", n);
      b.runlock(l);
    });
    const writer = proc("writer", { l: "rwlock", n: "int" }, (b, { l, n }) => {
      b.try({
        body: () => b.wlock(l),
        catch: [
          {
            kinds: "Cancelled",
            body: () => {
              b.log("w{0} gives up", n);
              b.return();
            },
          },
        ],
      });
      b.log("w{0} in", n);
      b.yield();
      b.log("w{0} out", n);
      b.wunlock(l);
    });
    main((b) => {
      const l = b.rwlock("l");
      b.rlock(l);
      const tasks = b.list("tasks");
      b.push(tasks, b.spawn("w0", writer, { l, n: 0 }));
      b.repeat(3, "n", (n) => b.push(tasks, b.spawn("r", reader, { l, n })));
      b.push(tasks, b.spawn("w1", writer, { l, n: 1 }));
      b.push(tasks, b.spawn("r3", reader, { l, n: 3 }));
      b.sleep("2ms");
      b.log("main out");
      b.runlock(l);
      b.joinAll(tasks);
      b.rlock(l);
      const w = b.spawn("w2", writer, { l, n: 2 });
      const r = b.spawn("r4", reader, { l, n: 4 });
      b.sleep("2ms");
      b.cancel(w);
      b.joinAll(list(w, r));
      b.runlock(l);
      b.try({
        body: () => b.runlock(l),
        catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("unlocked") }],
      });
    });
  },
);

const conditions = program(
  "conditions",
  { doc: "Signals with and without the mutex, waits that end in time, in vain or cancelled." },
  ({ proc, main }) => {
    const waiter = proc("waiter", { m: "mutex", c: "cond", n: "int" }, (b, { m, c, n }) => {
      b.lock(m);
      b.try({
        body: () => {
          b.condWait(c);
          b.log("w{0} signalled", n);
          b.yield();
          b.log("w{0} leaves", n);
        },
        catch: [{ kinds: "Cancelled", body: () => b.log("w{0} cancelled", n) }],
        finally: () => b.unlock(m),
      });
      b.try({
        body: () => b.check(),
        catch: [{ kinds: "Cancelled", body: () => b.log("w{0} hears late", n) }],
      });
    });
    const timed = proc("timed", { m: "mutex", c: "cond", wait: "dur", n: "int" }, (b, { m, c, wait, n }) => {
      b.lock(m);
      const ok = b.condWaitFor("ok", c, wait);
      b.log("t{0} {1}", n, ok);
      b.unlock(m);
    });
    main((b) => {
      const m = b.mutex("m");
      const c = b.cond("c", m);
      const tasks = b.list("tasks");
      b.repeat(7, "n", (n) => b.push(tasks, b.spawn("t", waiter, { m, c, n })));
      b.sleep("2ms");
      b.signal(c);
      b.log("one");
      b.sleep("2ms");
      b.lock(m);
      b.signal(c);
      b.signal(c);
      b.log("two, locked");
      b.sleep("2ms");
      b.unlock(m);
      b.sleep("2ms");
      b.forEach(tasks, "t", (t) => b.cancel(t));
      b.signal(c);
      b.broadcast(c);
      b.joinAll(tasks);
      b.scope("waitAll", () => {
        b.repeat(3, "n", (n) => b.spawn(timed, { m, c, wait: "40ms", n }));
        b.spawn(timed, { m, c, wait: "1s", n: 3 });
        b.sleep("1ms");
        b.signal(c);
        b.sleep("80ms");
        b.broadcast(c);
      });
      const last = b.spawn("last", waiter, { m, c, n: 9 });
      b.sleep("1ms");
      b.signal(c);
      b.cancel(last);
      b.join(last);
      b.try({
        body: () => b.condWait(c),
        catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("unlocked") }],
      });
    });
  },
);

const monitors = program(
  "monitors",
  { doc: "A monitor entered again, left while its owner waits, and entered by who is cancelled." },
  ({ proc, main }) => {
    const inner = proc("inner", { m: "monitor", n: "int" }, (b, { m, n }) =>
      b.enter(m, () => {
        b.log("{0} inside twice", n);
        b.notify(m);
      }),
    );
    const user = proc("user", { m: "monitor", n: "int" }, (b, { m, n }) => {
      b.enter(m, () => {
        b.log("{0} inside", n);
        b.yield();
        b.call(inner, { m, n });
        const ok = b.monitorWaitFor("ok", m, "20ms");
        b.log("{0} {1}", n, ok);
      });
      b.log("{0} outside", n);
    });
    const late = proc("late", { m: "monitor" }, (b, { m }) => {
      b.try({
        body: () =>
          b.enter(m, () => {
            const asked = b.isCancelled("asked");
            b.log("late inside {0}", asked);
            b.monitorWait(m);
            b.log("never");
          }),
        catch: [{ kinds: "Cancelled", body: () => b.log("late cancelled") }],
      });
    });
    main((b) => {
      const m = b.monitor("m");
      b.scope("waitAll", () => b.repeat(4, "n", (n) => b.spawn(user, { m, n })));
      const tasks = b.list("tasks");
      b.enter(m, () => {
        const l = b.spawn("l", late, { m });
        b.push(tasks, l);
        b.sleep("1ms");
        b.cancel(l);
        b.sleep("1ms");
        b.log("main leaves");
      });
      b.joinAll(tasks);
      b.try({
        body: () => b.notifyAll(m),
        catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("not the owner") }],
      });
    });
  },
);

const together = program("together", { doc: "Once, an event, a barrier." }, ({ proc, main }) => {
  const init = proc("init", {}, (b) => {
    b.log("init");
    b.sleep("2ms");
    b.throw("User:broken");
  });
  const user = proc("user", { o: "once", e: "event", r: "barrier", n: "int" }, (b, { o, e, r, n }) => {
    b.try({
      body: () => b.onceDo(o, init),
      catch: [{ kinds: "User:broken", body: () => b.log("u{0} broken", n) }],
    });
    b.log("u{0} ready", n);
    b.eventWait(e);
    b.repeat(2, "round", (round) => {
      b.log("u{0} comes {1}", n, round);
      b.barrierWait(r);
      b.log("u{0} goes {1}", n, round);
    });
  });
  const party = proc("party", { r: "barrier" }, (b, { r }) => {
    b.barrierWait(r);
    b.log("never");
  });
  main((b) => {
    const o = b.once("o");
    const e = b.event("e");
    const r = b.barrier("r", 2);
    const tasks = b.list("tasks");
    b.repeat(5, "n", (n) => b.push(tasks, b.spawn("u", user, { o, e, r, n })));
    b.sleep("1ms");
    b.cancel(at(tasks, 1)); // waits for the first: hears of it at the event
    b.sleep("5ms");
    const p = b.spawn("p", party, { r });
    b.sleep("1ms");
    b.cancel(p);
    const gone = b.settleAll("gone", list(p));
    b.log("{0}", gone);
    b.eventSet(e);
    b.log("set");
    const ends = b.settleAll("ends", tasks);
    b.log("{0}", ends);
  });
});

const inTime = program(
  "in-time",
  { doc: "A lock and permits that are waited for so long." },
  ({ proc, main }) => {
    const user = proc("user", { m: "mutex", s: "sem", wait: "dur", n: "int" }, (b, { m, s, wait, n }) => {
      const locked = b.lockFor("locked", m, wait);
      b.log("{0} locked {1}", n, locked);
      b.if(locked, () => {
        b.sleep("150ms");
        b.unlock(m);
      });
      const got = b.acquireFor("got", s, wait, 2);
      b.log("{0} got {1}", n, got);
      b.if(got, () => {
        b.sleep("20ms");
        b.release(s, 2);
      });
    });
    main((b) => {
      const m = b.mutex("m");
      const s = b.sem("s", 3);
      const tasks = b.list("tasks");
      b.repeat(3, "n", (n) => b.push(tasks, b.spawn("a", user, { m, s, wait: "50ms", n })));
      b.repeat(3, "n", (n) => b.push(tasks, b.spawn("b", user, { m, s, wait: "1s", n: add(n, 3) })));
      b.push(tasks, b.spawn("c", user, { m, s, wait: 0, n: 6 }));
      b.sleep("1ms");
      b.cancel(at(tasks, 4));
      const ends = b.settleAll("ends", tasks);
      b.log("{0}", ends);
    });
  },
);

const timers = program(
  "timers",
  { doc: "Timers that send and call, tickers that are late." },
  ({ proc, main }) => {
    const say = proc("say", { n: "int" }, (b, { n }) => {
      b.log("say {0}", n);
      b.sleep("4ms");
      b.log("said {0}", n);
    });
    const between = proc("between", {}, (b) => {
      b.sleep("100ms");
      b.log("between");
    });
    const late = proc("late", { c: "chan" }, (b, { c }) => {
      b.block("300ms");
      b.scope("waitAll", () => {
        b.spawn(between);
        b.repeat(3, () => {
          const v = b.recv("v", c);
          b.log("tick {0}", v);
        });
      });
    });
    main((b) => {
      const soon = b.after("soon", "12ms");
      const [t, c] = b.timer("t", "c", "20ms");
      const stopped = b.stopTimer("stopped", t);
      const idle = b.stopTimer("idle", t);
      b.log("{0} {1}", stopped, idle);
      b.resetTimer(t, "8ms");
      const first = b.recv("first", c);
      const second = b.recv("second", soon);
      b.log("{0} {1}", first, second);
      b.resetTimer(t, "4ms");
      b.sleep("16ms");
      const fired = b.resetTimer("fired", t, "24ms");
      const [, old] = b.tryRecv("v", "old", c);
      b.select([b.onRecv(c, "w", (w) => b.log("{0} {1} {2}", fired, old, w))], {
        timeout: { dur: "80ms", body: () => b.log("never") },
      });
      const call = b.afterFunc("call", "16ms", say, { n: 1 });
      b.afterFunc("8ms", say, { n: 2 });
      b.stopTimer(call);
      b.resetTimer(call, "32ms");
      b.sleep("48ms");
      b.resetTimer(call, "8ms");
      b.sleep("24ms");
      const [drops, dropped] = b.ticker("drops", "dropped", "120ms", "drop");
      b.call(late, { c: dropped });
      b.stopTimer(drops);
      const [drifts, drifted] = b.ticker("drifts", "drifted", "120ms", "drift");
      b.call(late, { c: drifted });
      b.stopTimer(drifts);
      const [own, owned] = b.ticker("own", "owned", "120ms");
      b.call(late, { c: owned });
      const running = b.stopTimer("running", own);
      const again = b.stopTimer("again", own);
      b.log("{0} {1}", running, again);
      b.afterFunc("20ms", say, { n: 3 });
      b.log("main ends");
    });
  },
);

const deadlines = program(
  "deadlines",
  { doc: "Deadlines in each other, in a shield, met and missed; tokens." },
  ({ proc, main }) => {
    const worker = proc("worker", { k: "token", n: "int" }, (b, { k, n }) => {
      b.try({
        body: () =>
          b.withToken(k, () =>
            b.deadline("80ms", () => {
              b.try({
                body: () => b.sleep("400ms"),
                catch: [
                  {
                    kinds: "Cancelled",
                    body: () => {
                      b.log("{0} cleans up", n);
                      b.sleep("4ms");
                      b.throw("Cancelled");
                    },
                  },
                ],
              });
            }),
          ),
        catch: [{ kinds: ["Cancelled", "Timeout"], body: () => b.log("{0} stops", n) }],
      });
      const asked = b.isCancelled("asked");
      b.log("{0} {1}", n, asked);
      b.sleep("4ms");
    });
    const careful = proc("careful", { m: "mutex" }, (b, { m }) => {
      b.try({
        body: () =>
          b.deadline("8ms", () => {
            b.shield(() => {
              const locked = b.lockFor("locked", m, "16ms");
              b.log("locked {0}", locked);
              b.sleep("8ms");
            });
            b.log("out of the shield");
            b.yield();
            b.log("before the point");
            b.check();
            b.log("never");
          }),
        catch: [{ kinds: "Timeout", body: () => b.log("careful: timeout") }],
      });
      b.try({
        body: () =>
          b.deadline("24ms", () =>
            b.try({
              body: () => b.deadline("12ms", () => b.sleep("200ms")),
              catch: [{ kinds: "Timeout", body: () => b.sleep("200ms") }],
            }),
          ),
        catch: [{ kinds: "Timeout", body: () => b.log("outer") }],
      });
      b.deadline("4ms", () => b.block("12ms"));
      b.yield();
      b.check();
      b.log("ended in time for want of a point");
    });
    main((b) => {
      const k = b.token("k");
      const m = b.mutex("m");
      b.lock(m);
      const w = b.spawn("w", careful, { m });
      b.join(w);
      const tasks = b.list("tasks");
      b.repeat(3, "n", (n) => b.push(tasks, b.spawn("t", worker, { k, n })));
      b.sleep("8ms");
      b.cancel(at(tasks, 0));
      b.cancelToken(k);
      b.log("cancelled");
      b.push(tasks, b.spawn("late", worker, { k, n: 3 }));
      b.push(tasks, b.spawn("alone", worker, { k: b.token("other"), n: 4 }));
      const ends = b.settleAll("ends", tasks);
      b.log("{0}", ends);
    });
  },
);

/** Random program 20059 of the class timers: a deadline that passes while its block is being left already is over with it. */
export const lateDeadline = program(
  "late-deadline",
  { doc: "The outer deadline passes behind a shield, on the way out of the inner one." },
  ({ proc, main }) => {
    const sender = proc("sender", { c: "chan" }, (b, { c }) => b.send(c, 0));
    const leaving = proc("leaving", { e: "event", c: "chan" }, (b, { e, c }) => {
      b.try({
        body: () =>
          b.deadline("40ms", () =>
            b.deadline("1ms", () =>
              b.try({ body: () => b.eventWait(e), finally: () => b.shield(() => b.sleep("120ms")) }),
            ),
          ),
        catch: [{ kinds: "Timeout", body: () => b.log("too late") }],
      });
      b.log("got {0}", b.recv("v", c));
    });
    main((b) => {
      const e = b.event("e");
      const c = b.chan("c");
      b.spawn(sender, { c });
      b.spawn(leaving, { e, c });
    });
  },
);

const cancels = program("cancels", { doc: "Who is cancelled where." }, ({ proc, main }) => {
  const child = proc("child", { n: "int" }, (b, { n }) => {
    b.sleep("5ms");
    b.log("child {0}", n);
  });
  const turning = proc("turning", {}, (b) => {
    b.repeat(3, "i", (i) => {
      b.yield();
      const asked = b.isCancelled("asked");
      b.log("turn {0} {1}", i, asked);
    });
    b.sleep(0);
    b.log("never");
  });
  const working = proc("working", {}, (b) => {
    b.offload("1ms");
    b.sleep(0);
    b.log("never");
  });
  const shielded = proc("shielded", { p: "promise" }, (b, { p }) => {
    b.shield(() => {
      b.scope("cancelSiblings", () => {
        b.spawn(child, { n: 0 });
        b.spawn(child, { n: 1 });
      });
      b.shield(() => b.sleep("1ms"));
      b.check();
      b.log("shield ends");
    });
    b.try({
      body: () => b.await(p),
      catch: [{ kinds: "Cancelled", body: () => b.log("shielded hears of it") }],
    });
    b.await(p);
    b.log("and goes on");
  });
  const scoping = proc("scoping", {}, (b) => {
    b.scope("waitAll", () => {
      b.spawn(child, { n: 2 });
      b.spawn(child, { n: 3 });
    });
    b.log("never");
  });
  const never = proc("never", {}, (b) => b.log("never"));
  const again = proc("again", { ch: "chan" }, (b, { ch }) => {
    b.repeat(2, () =>
      b.try({ body: () => b.recv(ch), catch: [{ kinds: "Cancelled", body: () => b.log("again") }] }),
    );
    const v = b.recv("v", ch);
    b.log("got {0}", v);
  });
  main((b) => {
    const p = b.promise("p");
    const ch = b.chan("ch");
    const tasks = b.list("tasks");
    b.push(tasks, b.spawn("turns", turning));
    b.push(tasks, b.spawn("works", working));
    b.push(tasks, b.spawn("shields", shielded, { p }));
    b.push(tasks, b.spawn("scopes", scoping));
    const a = b.spawn("a", again, { ch });
    b.push(tasks, a);
    b.yield();
    b.push(tasks, b.spawn("n", never));
    b.forEach(tasks, "t", (t) => b.cancel(t));
    b.sleep("50ms");
    b.cancel(a);
    b.send(ch, 1);
    b.sleep("1ms");
    b.resolve(p, 7);
    const ends = b.settleAll("ends", tasks);
    b.log("{0}", ends);
  });
});

const handlers = program(
  "handlers",
  { doc: "Handlers of promises beside tasks that await them, and queued calls." },
  ({ proc, main }) => {
    const child = proc("child", { v: "int" }, (b, { v }) => b.log("child {0}", v));
    const plus = proc("plus", { by: "int", v: "int" }, { returns: "int" }, (b, { by, v }) => {
      b.log("{0} + {1}", v, by);
      b.return(add(v, by));
    });
    const spawning = proc("spawning", { v: "int" }, (b, { v }) => {
      b.spawn(child, { v });
      b.cpu("100us");
      b.log("spawned");
    });
    const failing = proc("failing", { v: "int" }, { returns: "int" }, (b, { v }) => {
      b.log("fails with {0}", v);
      b.throw("User:broken");
    });
    const adopting = proc(
      "adopting",
      { inner: "promise", v: "int" },
      { returns: "promise" },
      (b, { inner, v }) => {
        b.log("adopts after {0}", v);
        b.return(inner);
      },
    );
    const waiting = proc("waiting", { p: "promise", n: "int" }, (b, { p, n }) => {
      b.try({
        body: () => {
          const v = b.await("v", p);
          b.log("task {0}: {1}", n, v);
        },
        catch: [{ kinds: "User:broken", body: () => b.log("task {0}: broken", n) }],
      });
    });
    const note = proc("note", { n: "int" }, (b, { n }) => b.log("note {0}", n));
    const noting = proc("noting", { n: "int" }, (b, { n }) => {
      b.log("noting {0}", n);
      b.callback("micro", note, { n: add(n, 10) });
      b.afterFunc("1ms", note, { n: add(n, 20) });
    });
    main((b) => {
      const p = b.promise("p");
      const inner = b.promise("inner");
      b.scope("waitAll", () => {
        b.spawn(waiting, { p, n: 0 });
        b.yield();
        const q = b.onResolve("q", p, plus, { by: 1 });
        const r = b.onResolve("r", q, plus, { by: 10 });
        b.onResolve(p, spawning);
        const bad = b.onResolve("bad", r, failing);
        const passed = b.onResolve("passed", bad, plus, { by: 3 });
        const adopted = b.onResolve("adopted", q, adopting, { inner });
        b.spawn(waiting, { p: q, n: 1 });
        b.spawn(waiting, { p: r, n: 2 });
        b.spawn(waiting, { p: passed, n: 3 });
        b.spawn(waiting, { p: adopted, n: 4 });
        b.spawn(waiting, { p, n: 5 });
        b.yield();
        b.resolve(p, 1);
        b.log("resolved");
        b.yield();
        b.log("one turn");
        b.yield();
        b.log("two turns");
        b.resolve(inner, 5);
      });
      b.onResolve(p, plus, { by: 100 });
      b.callback("timer", note, { n: 1 });
      b.callback("micro", note, { n: 2 });
      b.callback("next", noting, { n: 3 });
      b.callback("immediate", note, { n: 4 });
      b.log("queued");
      b.sleep("50ms");
      b.callback("timer", noting, { n: 5 });
      b.log("main ends");
    });
  },
);

const programs: Readonly<Record<string, Program>> = {
  RwLocks: rwlocks,
  Conditions: conditions,
  Monitors: monitors,
  Together: together,
  InTime: inTime,
  Timers: timers,
  Deadlines: deadlines,
  LateDeadline: lateDeadline,
  Cancels: cancels,
  Handlers: handlers,
};

export const pythonEntries: readonly Entry[] = Object.entries(programs).map(([key, each]) =>
  entryOf(each, key),
);
