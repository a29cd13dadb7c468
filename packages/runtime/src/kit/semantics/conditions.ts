/** Readers-writer locks, conditions and monitors: who may be inside together, who is woken, what a timeout leaves. */
import { add, cell, eq, lt, min, ne, program, sub } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const conditionsChecks: readonly Check[] = [
  {
    name: "readers share a readers-writer lock, a waiting writer keeps later readers out, and they come in after it",
    run: (model) =>
      expectLog(
        model,
        write("rwlock", ({ proc, main }) => {
          const reader = proc("reader", { l: "rwlock", wait: "dur", n: "int" }, (b, { l, wait, n }) => {
            b.sleep(wait);
            b.rlock(l);
            b.log("r{0} in", n);
            b.sleep("20ms");
            b.log("r{0} out", n);
            b.runlock(l);
          });
          const writer = proc("writer", { l: "rwlock" }, (b, { l }) => {
            b.sleep("10ms");
            b.wlock(l);
            b.log("w in");
            b.sleep("10ms");
            b.log("w out");
            b.wunlock(l);
          });
          main((b) => {
            const l = b.rwlock("l");
            b.scope("waitAll", () => {
              b.spawn(reader, { l, wait: "2ms", n: 1 });
              b.spawn(reader, { l, wait: "6ms", n: 2 });
              b.spawn(writer, { l });
              b.spawn(reader, { l, wait: "16ms", n: 3 });
            });
            b.try({
              body: () => b.wunlock(l),
              catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("raises") }],
            });
          });
        }),
        ["r1 in", "r2 in", "r1 out", "r2 out", "w in", "w out", "r3 in", "r3 out", "raises"],
      ),
  },
  {
    name: "a signal wakes who waits longest, a broadcast all; a wait that ends in time says so and holds the mutex again",
    run: (model) =>
      expectLog(
        model,
        write("cond", ({ proc, main }) => {
          const waiter = proc("waiter", { m: "mutex", c: "cond", n: "int" }, (b, { m, c, n }) => {
            b.lock(m);
            b.condWait(c);
            b.log("w{0}", min(n, 2)); // in which order a broadcast's go on is the runtime's
            b.unlock(m);
          });
          main((b) => {
            const m = b.mutex("m");
            const c = b.cond("c", m);
            b.scope("waitAll", () => {
              b.repeat(4, "n", (n) => {
                b.spawn(waiter, { m, c, n });
                b.sleep("5ms");
              });
              b.signal(c);
              b.sleep("5ms");
              b.lock(m);
              b.signal(c);
              b.sleep("5ms");
              b.log("still locked");
              b.unlock(m);
              b.sleep("5ms");
              b.log("two left");
              b.broadcast(c);
            });
            b.lock(m);
            const inTime = b.condWaitFor("inTime", c, "5ms");
            const again = b.tryLock("again", m);
            b.log("{0} {1}", inTime, again);
            b.unlock(m);
            b.try({
              body: () => b.condWait(c),
              catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("raises") }],
            });
          });
        }),
        ["w0", "still locked", "w1", "two left", "w2", "w2", "false false", "raises"],
        { options: oneProcessor(model.name) },
      ),
  },
  {
    name: "a monitor is reentrant, hands itself over while its owner waits, and lets only its owner notify",
    run: (model) =>
      expectLog(
        model,
        program(
          "monitor",
          { doc: "A buffer of one.", shared: { full: cell(0) } },
          ({ shared, proc, main }) => {
            const taker = proc("taker", { m: "monitor" }, (b, { m }) => {
              b.repeat(3, () =>
                b.enter(m, () => {
                  const n = b.load("n", shared.full);
                  const now = b.let("now", n);
                  b.while(eq(now, 0), { bound: 10 }, () => {
                    b.monitorWait(m);
                    const seen = b.load("seen", shared.full);
                    b.assign(now, seen);
                  });
                  b.log("took {0}", now);
                  b.store(shared.full, 0);
                  b.notifyAll(m);
                }),
              );
            });
            const inner = proc("inner", { m: "monitor", n: "int" }, (b, { m, n }) =>
              b.enter(m, () => {
                b.store(shared.full, n);
                b.notifyAll(m);
              }),
            );
            main((b) => {
              const m = b.monitor("m");
              const t = b.spawn("t", taker, { m });
              b.repeat(3, "i", (i) =>
                b.enter(m, () => {
                  const n = b.load("n", shared.full);
                  const now = b.let("now", n);
                  b.while(ne(now, 0), { bound: 10 }, () => {
                    b.monitorWait(m);
                    const seen = b.load("seen", shared.full);
                    b.assign(now, seen);
                  });
                  b.call(inner, { m, n: add(i, 1) });
                }),
              );
              b.join(t);
              b.enter(m, () => {
                const inTime = b.monitorWaitFor("inTime", m, "5ms");
                b.log("{0}", inTime);
              });
              b.try({
                body: () => b.notify(m),
                catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("raises") }],
              });
            });
          },
        ),
        ["took 1", "took 2", "took 3", "false", "raises"],
      ),
  },
  {
    name: "a lock and permits that do not come in time are not taken",
    run: (model) =>
      expectLog(
        model,
        write("timed", ({ proc, main }) => {
          const holder = proc("holder", { m: "mutex", s: "sem" }, (b, { m, s }) => {
            b.lock(m);
            b.acquire(s, 2);
            b.sleep("20ms");
            b.release(s, 2);
            b.unlock(m);
          });
          main((b) => {
            const m = b.mutex("m");
            const s = b.sem("s", 3);
            const h = b.spawn("h", holder, { m, s });
            b.sleep("5ms");
            const early = b.lockFor("early", m, "5ms");
            const few = b.acquireFor("few", s, "5ms", 2);
            const one = b.acquireFor("one", s, "5ms");
            b.log("{0} {1} {2}", early, few, one);
            const late = b.lockFor("late", m, "50ms");
            const all = b.acquireFor("all", s, "50ms", 2);
            b.log("{0} {1}", late, all);
            b.join(h);
          });
        }),
        ["false false true", "true true"],
      ),
  },
  {
    name: "a lost signal is lost: nobody waits, nobody is woken later",
    run: (model) =>
      expectLog(
        model,
        write("lost", ({ main }) => {
          main((b) => {
            const m = b.mutex("m");
            const c = b.cond("c", m);
            b.signal(c);
            b.broadcast(c);
            b.lock(m);
            const inTime = b.condWaitFor("inTime", c, "5ms");
            b.unlock(m);
            b.log("{0}", inTime);
            const n = b.let("n", sub(2, 1));
            b.if(lt(n, 2), () => b.log("done"));
          });
        }),
        ["false", "done"],
      ),
  },
];

/** Where an order is claimed among tasks that are woken together. */
function oneProcessor(runtime: string): Record<string, string> {
  if (runtime === "go") return { GOMAXPROCS: "1" };
  return runtime === "java" ? { parallelism: "1" } : {};
}
