/** A mutex excludes, a semaphore bounds, a group counts, a promise settles once. */
import { add, cells, eq, lt, not, program } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const locksChecks: readonly Check[] = [
  {
    name: "a mutex excludes, tryLock tells, unlocking a free one raises",
    run: (model) =>
      expectLog(
        model,
        program("mutex", { doc: "mutex", shared: { inside: cells(2, 0) } }, ({ shared, proc, main }) => {
          const [inside, overlaps] = [shared.inside.at(0), shared.inside.at(1)];
          const worker = proc("worker", { m: "mutex" }, (b, { m }) => {
            b.repeat(5, () => {
              b.lock(m);
              const n = b.load("n", inside);
              b.if(not(eq(n, 0)), () => b.store(overlaps, 1));
              b.store(inside, 1);
              b.yield();
              b.store(inside, 0);
              b.unlock(m);
            });
          });
          main((b) => {
            const m = b.mutex("m");
            const tasks = b.list("tasks");
            b.repeat(4, () => {
              const t = b.spawn("t", worker, { m });
              b.push(tasks, t);
            });
            b.joinAll(tasks);
            const o = b.load("o", overlaps);
            b.log("overlaps {0}", o);
            const first = b.tryLock("first", m);
            const second = b.tryLock("second", m);
            b.log("{0} {1}", first, second);
            b.unlock(m);
            b.try({
              body: () => b.unlock(m),
              catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("raises") }],
            });
          });
        }),
        ["overlaps 0", "true false", "raises"],
      ),
  },
  {
    name: "a semaphore bounds how many are inside; a group waits for all and never goes below zero",
    run: (model) =>
      expectLog(
        model,
        write("sem-group", ({ proc, main }) => {
          const worker = proc(
            "worker",
            { s: "sem", g: "group", inside: "atomic", peak: "atomic" },
            (b, { s, g, inside, peak }) => {
              b.acquire(s);
              const n = b.atomicAdd("n", inside, 1);
              const p = b.atomicLoad("p", peak);
              b.if(lt(p, n), () => b.atomicStore(peak, n));
              b.sleep("2ms");
              b.atomicAdd(inside, -1);
              b.release(s);
              b.groupDone(g);
            },
          );
          main((b) => {
            const s = b.sem("s", 3);
            const g = b.group("g");
            const inside = b.atomic("inside");
            const peak = b.atomic("peak");
            b.groupAdd(g, 10);
            b.repeat(10, () => b.spawn(worker, { s, g, inside, peak }));
            b.groupWait(g);
            const p = b.atomicLoad("p", peak);
            b.log("peak {0}", p);
            b.try({
              body: () => b.groupDone(g),
              catch: [{ kinds: "NegativeGroup", body: () => b.log("raises") }],
            });
            const swapped = b.atomicCas("swapped", peak, 3, 30);
            const missed = b.atomicCas("missed", peak, 3, 31);
            b.log("{0} {1}", swapped, missed);
          });
        }),
        ["peak 3", "raises", "true false"],
      ),
  },
  {
    name: "a promise settles once; everyone who awaits sees it",
    run: (model) =>
      expectLog(
        model,
        write("promise", ({ proc, main }) => {
          const waiter = proc("waiter", { p: "promise" }, { returns: "int" }, (b, { p }) => {
            const v = b.await("v", p);
            b.return(add(v, 1));
          });
          main((b) => {
            const p = b.promise("p");
            const tasks = b.list("tasks");
            b.repeat(3, () => {
              const t = b.spawn("t", waiter, { p });
              b.push(tasks, t);
            });
            b.sleep("5ms");
            b.resolve(p, 41);
            b.resolve(p, 1);
            b.reject(p, "User:late");
            const seen = b.joinAll("seen", tasks);
            b.log("{0}", seen);
            const bad = b.promise("bad");
            b.reject(bad, "User:no");
            b.try({ body: () => b.await(bad), catch: [{ kinds: "User:no", body: () => b.log("rejected") }] });
          });
        }),
        ["[42 42 42]", "rejected"],
      ),
  },
  ...(["fifo", "barging"] as const).map(
    (fairness): Check => ({
      name: `a semaphore that is ${fairness} ${fairness === "fifo" ? "lets nobody pass who comes later" : "gives its permits to who comes for them, and to who waits in the end"}`,
      run: (model) =>
        expectLog(
          model,
          write("fairness", ({ proc, main }) => {
            const waiter = proc("waiter", { s: "sem", n: "int" }, (b, { s, n }) => {
              b.try({ body: () => b.acquire(s), finally: () => b.log("w{0}", n) });
              b.release(s);
            });
            main((b) => {
              const s = b.sem("s", 1, fairness);
              b.acquire(s);
              const gone = b.spawn("gone", waiter, { s, n: 0 });
              b.sleep("5ms");
              const t = b.spawn("t", waiter, { s, n: 1 });
              b.sleep("5ms");
              b.cancel(gone);
              b.settleAll([gone]);
              const inTime = b.acquireFor("inTime", s, "1ms");
              b.log("{0}", inTime);
              b.release(s);
              b.acquire(s);
              b.log("main");
              b.sleep("5ms");
              b.release(s);
              b.join(t);
            });
          }),
          fairness === "fifo" ? ["w0", "false", "w1", "main"] : ["w0", "false", "main", "w1"],
        ),
    }),
  ),
  ...(["fifo", "barging"] as const).map(
    (lockFairness): Check => ({
      name: `lockFairness ${lockFairness}: a mutex ${lockFairness === "fifo" ? "goes to who waits longest" : "goes to whoever comes to lock it, and to who waits in the end"}`,
      run: (model) =>
        expectLog(
          model,
          program("lock-fairness", { doc: "Who is next?", policies: { lockFairness } }, ({ proc, main }) => {
            const waiter = proc("waiter", { m: "mutex", n: "int" }, (b, { m, n }) => {
              b.try({ body: () => b.lock(m), finally: () => b.log("w{0}", n) });
              b.unlock(m);
            });
            main((b) => {
              const m = b.mutex("m");
              const c = b.cond("c", m);
              b.lock(m);
              const gone = b.spawn("gone", waiter, { m, n: 0 });
              b.sleep("5ms");
              const t = b.spawn("t", waiter, { m, n: 1 });
              b.sleep("5ms");
              b.cancel(gone);
              b.settleAll([gone]);
              const inTime = b.lockFor("inTime", m, "1ms");
              b.log("{0}", inTime);
              b.unlock(m);
              const atOnce = b.tryLock("atOnce", m);
              b.log("{0}", atOnce);
              b.if(not(atOnce), () => b.lock(m));
              b.log("main");
              const signalled = b.condWaitFor("signalled", c, "5ms");
              b.log("{0}", signalled);
              b.unlock(m);
              b.join(t);
            });
          }),
          lockFairness === "fifo"
            ? ["w0", "false", "false", "w1", "main", "false"]
            : ["w0", "false", "true", "main", "w1", "false"],
        ),
    }),
  ),
];
