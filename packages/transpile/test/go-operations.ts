/** Programs of Go's fixtures beyond those that all targets share: waits of programs that cancel nothing, which are Go's own. */
import { add, cell, eq, gt, list, mul, program, type Program, sub } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { entryOf } from "./java-programs.ts";
import { pythonEntries } from "./python-programs.ts";

const plainLocks = program(
  "plain-locks",
  { doc: "Readers, writers, signals, broadcasts." },
  ({ proc, main }) => {
    const reader = proc("reader", { l: "rwlock" }, (b, { l }) =>
      b.repeat(2, "i", (i) => {
        b.rlock(l);
        b.log("in {0}", i);
        b.yield();
        b.runlock(l);
      }),
    );
    const writer = proc("writer", { l: "rwlock" }, (b, { l }) =>
      b.repeat(2, "i", (i) => {
        b.wlock(l);
        b.log("in {0}", i);
        b.yield();
        b.wunlock(l);
        b.log("out {0}", i);
      }),
    );
    const waiter = proc("waiter", { m: "mutex", c: "cond" }, (b, { m, c }) => {
      b.lock(m);
      b.condWait(c);
      b.log("woken");
      b.yield();
      b.unlock(m);
    });
    main((b) => {
      const l = b.rwlock("l");
      const m = b.mutex("m");
      const c = b.cond("c", m);
      b.scope("waitAll", () => {
        b.repeat(2, () => {
          b.spawn(reader, { l });
          b.spawn(writer, { l });
        });
        b.repeat(4, () => b.spawn(waiter, { m, c }));
        b.sleep("5ms");
        b.signal(c);
        b.log("signalled");
        b.yield();
        b.lock(m);
        b.broadcast(c);
        b.log("broadcast");
        b.unlock(m);
      });
      b.try({
        body: () => b.wunlock(l),
        catch: [{ kinds: "UnlockOfUnlocked", body: () => b.condWait(c) }],
      });
    });
  },
);

const plainTimes = program(
  "plain-times",
  { doc: "Waits that end in time, or in vain." },
  ({ proc, main }) => {
    const holder = proc("holder", { m: "mutex", s: "sem" }, (b, { m, s }) => {
      b.lock(m);
      b.acquire(s, 2);
      b.sleep("60ms");
      b.release(s, 2);
      b.unlock(m);
    });
    const impatient = proc("impatient", { m: "mutex", s: "sem", d: "dur" }, (b, { m, s, d }) => {
      const locked = b.lockFor("locked", m, d);
      b.log("{0}", locked);
      b.if(locked, () => b.unlock(m));
      const acquired = b.acquireFor("acquired", s, d, 2);
      b.log("{0}", acquired);
      b.if(acquired, () => b.release(s, 2));
    });
    const waiter = proc("waiter", { m: "mutex", c: "cond", d: "dur" }, (b, { m, c, d }) => {
      b.lock(m);
      const signalled = b.condWaitFor("signalled", c, d);
      b.log("{0}", signalled);
      b.unlock(m);
    });
    main((b) => {
      const m = b.mutex("m");
      const s = b.sem("s", 3);
      const other = b.mutex("other");
      const c = b.cond("c", other);
      b.scope("waitAll", () => {
        b.spawn(holder, { m, s });
        b.yield();
        b.spawn(impatient, { m, s, d: "20ms" });
        b.spawn(impatient, { m, s, d: "90ms" });
        b.spawn(waiter, { m: other, c, d: "10ms" });
        b.spawn(waiter, { m: other, c, d: "1s" });
        b.spawn(waiter, { m: other, c, d: "1s" });
        b.sleep("30ms");
        b.signal(c);
        b.yield();
        b.broadcast(c);
      });
    });
  },
);

const together = program(
  "plain-together",
  { doc: "A once that fails, an event, a barrier, a monitor.", shared: { full: cell(0) } },
  ({ shared, proc, main }) => {
    const fails = proc("fails", { n: "int" }, { returns: "int" }, (b, { n }) => {
      b.log("first {0}", n);
      b.sleep("5ms");
      b.throw("User:broken");
    });
    const party = proc("party", { o: "once", e: "event", r: "barrier", n: "int" }, (b, { o, e, r, n }) => {
      b.try({
        body: () => b.onceDo(o, fails, { n }),
        catch: [{ kinds: "User:broken", body: () => b.log("broken") }],
      });
      b.eventWait(e);
      b.log("set");
      b.repeat(2, "i", (i) => {
        b.barrierWait(r);
        b.log("round {0}", i);
      });
    });
    const take = proc("take", { m: "monitor" }, (b, { m }) =>
      b.repeat(2, { bind: "i", label: "taking" }, (i) =>
        b.enter(m, () => {
          b.defer(() => b.log("end"));
          const n = b.let("n", b.load("now", shared.full));
          b.while(eq(n, 0), { bound: 9 }, () => {
            b.monitorWait(m);
            b.assign(n, b.load("again", shared.full));
          });
          b.store(shared.full, sub(n, 1));
          b.if(gt(i, 0), () => b.break("taking"));
        }),
      ),
    );
    main((b) => {
      const o = b.once("o");
      const e = b.event("e");
      const r = b.barrier("r", 3);
      const m = b.monitor("m");
      b.scope("waitAll", () => {
        b.repeat(3, "n", (n) => b.spawn(party, { o, e, r, n }));
        b.spawn(take, { m });
        b.sleep("20ms");
        b.eventSet(e);
        b.eventSet(e);
        b.shield(() => b.yield());
        b.enter(m, () =>
          b.enter(m, () => {
            b.store(shared.full, 2);
            b.notifyAll(m);
          }),
        );
      });
      b.withToken(b.token("never"), () => b.log("nobody cancels this"));
    });
  },
);

const handlers = program(
  "plain-handlers",
  { doc: "Handlers that cannot fail; timers that call." },
  ({ proc, main }) => {
    const double = proc("double", { i: "int" }, { returns: "int" }, (b, { i }) => b.return(mul(i, 2)));
    const say = proc("say", { n: "int", value: "int" }, (b, { n, value }) => b.log("{0}: {1}", n, value));
    main((b) => {
      const p = b.promise("p");
      const value = b.onResolve("value", p, double);
      b.repeat(2, "n", (n) => {
        const next = b.let("next", add(n, 1));
        b.onResolve(value, say, { n: next });
        b.assign(next, 9);
      });
      b.callback("micro", say, { n: 0, value: 0 });
      const t = b.afterFunc("t", "30ms", say, { n: 3, value: 3 });
      const early = b.stopTimer("early", t);
      const pending = b.resetTimer("pending", t, "10ms");
      b.log("{0} {1}", early, pending);
      b.resolve(p, 21);
      b.sleep("60ms");
      const fired = b.resetTimer("fired", t, "5ms");
      const doubled = b.await("doubled", value);
      b.log("{0} {1}", fired, list(doubled));
    });
  },
);

const programs: Readonly<Record<string, Program>> = {
  PlainLocks: plainLocks,
  PlainTimes: plainTimes,
  PlainTogether: together,
  PlainHandlers: handlers,
};

export const operations: readonly Entry[] = [
  ...pythonEntries,
  ...Object.entries(programs).map(([key, each]) => entryOf(each, key)),
];
