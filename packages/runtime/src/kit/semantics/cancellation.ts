/** Cancellation on request: when it is delivered, when not, and who hears of it. */
import { not } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const cancellationChecks: readonly Check[] = [
  {
    name: "a cancelled task gets Cancelled at its next cancellation point, once",
    run: (model) =>
      expectLog(
        model,
        write("cancel", ({ proc, main }) => {
          const victim = proc("victim", { ch: "chan" }, (b, { ch }) => {
            b.try({
              body: () => b.recv(ch),
              catch: [{ kinds: "Cancelled", body: () => b.log("cancelled") }],
            });
            const again = b.isCancelled("again");
            b.sleep("2ms");
            b.log("{0}", again);
          });
          const busy = proc("busy", { started: "event" }, (b, { started }) => {
            b.eventSet(started);
            const asked = b.let("asked", false);
            b.while(not(asked), { bound: 100_000 }, () => {
              b.yield();
              const now = b.isCancelled("now");
              b.assign(asked, now);
            });
            b.log("asked");
            b.check();
            b.log("never");
          });
          main((b) => {
            const ch = b.chan("ch");
            const v = b.spawn("v", victim, { ch });
            b.sleep("5ms");
            b.cancel(v);
            b.join(v);
            b.cancel(v);
            const started = b.event("started");
            const w = b.spawn("w", busy, { started });
            b.eventWait(started);
            b.cancel(w);
            b.try({ body: () => b.join(w), catch: [{ kinds: "TaskFailed", body: () => b.log("gone") }] });
          });
        }),
        ["cancelled", "false", "asked", "gone"],
      ),
  },
  {
    name: "a shield keeps a cancellation out until it ends",
    run: (model) =>
      expectLog(
        model,
        write("shield", ({ proc, main }) => {
          const careful = proc("careful", {}, (b) => {
            b.shield(() => {
              b.sleep("20ms");
              b.log("finished");
            });
            b.sleep("20ms");
            b.log("never");
          });
          main((b) => {
            const t = b.spawn("t", careful);
            b.sleep("5ms");
            b.cancel(t);
            b.try({ body: () => b.join(t), catch: [{ kinds: "TaskFailed", body: () => b.log("gone") }] });
          });
        }),
        ["finished", "gone"],
      ),
  },
  {
    name: "a token cancels every block that runs under it, and those that begin later",
    run: (model) =>
      expectLog(
        model,
        write("token", ({ proc, main }) => {
          const worker = proc("worker", { k: "token", n: "int" }, (b, { k, n }) => {
            b.try({
              body: () => b.withToken(k, () => b.sleep("100ms")),
              catch: [{ kinds: "Cancelled", body: () => b.log("w{0}", n) }],
            });
            b.sleep("1ms");
          });
          main((b) => {
            const k = b.token("k");
            b.scope("waitAll", () => {
              b.spawn(worker, { k, n: 1 });
              b.sleep("5ms");
              b.withToken(k, () => b.log("under it"));
              b.cancelToken(k);
              b.sleep("5ms");
              b.spawn(worker, { k, n: 2 });
            });
            b.log("done");
          });
        }),
        ["under it", "w1", "w2", "done"],
      ),
  },
  {
    name: "a wait for a lock, a condition, a barrier or an event is given up when it is cancelled, and harms nobody else",
    run: (model) =>
      expectLog(
        model,
        write("waits", ({ proc, main }) => {
          const waiter = proc(
            "waiter",
            { kind: "int", l: "rwlock", m: "mutex", c: "cond", r: "barrier", e: "event" },
            (b, { kind, l, m, c, r, e }) => {
              b.try({
                body: () =>
                  b.match(kind, [
                    [0, () => b.rlock(l)],
                    [1, () => b.wlock(l)],
                    [2, () => b.barrierWait(r)],
                    [3, () => b.eventWait(e)],
                    [
                      4,
                      () => {
                        b.lock(m);
                        b.try({ body: () => b.condWait(c), finally: () => b.unlock(m) });
                      },
                    ],
                  ]),
                catch: [{ kinds: "Cancelled", body: () => b.log("{0} gives up", kind) }],
              });
            },
          );
          main((b) => {
            const l = b.rwlock("l");
            const m = b.mutex("m");
            const c = b.cond("c", m);
            const r = b.barrier("r", 2);
            const e = b.event("e");
            b.wlock(l);
            const tasks = b.list("tasks");
            b.repeat(5, "kind", (kind) => {
              const t = b.spawn("t", waiter, { kind, l, m, c, r, e });
              b.push(tasks, t);
            });
            b.sleep("5ms");
            b.forEach(tasks, "t", (t) => {
              b.cancel(t);
              b.join(t);
            });
            b.wunlock(l);
            b.wlock(l);
            b.wunlock(l);
            b.lock(m);
            b.unlock(m);
            const other = b.spawn("other", waiter, { kind: 2, l, m, c, r, e });
            b.barrierWait(r);
            b.join(other);
            b.log("all is well");
          });
        }),
        [0, 1, 2, 3, 4].map((kind) => `${kind} gives up`).concat("all is well"),
      ),
  },
];
