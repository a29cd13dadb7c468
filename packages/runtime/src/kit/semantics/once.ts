/** Once, events, barriers. */
import { add, cell, eq, type E, mul, program } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const onceChecks: readonly Check[] = [
  {
    name: "a once calls once, late callers wait until the first has ended, and a failure counts as done",
    run: (model) =>
      expectLog(
        model,
        program("once", { doc: "once", shared: { calls: cell(0) } }, ({ shared, proc, main }) => {
          const init = proc("init", {}, (b) => {
            const n = b.load("n", shared.calls);
            b.store(shared.calls, add(n, 1));
            b.sleep("10ms");
            b.log("ready");
          });
          const fails = proc("fails", {}, (b) => b.throw("User:broken"));
          const user = proc("user", { o: "once" }, (b, { o }) => {
            b.onceDo(o, init);
            b.count("used");
          });
          main((b) => {
            const o = b.once("o");
            b.scope("waitAll", () => b.repeat(3, () => b.spawn(user, { o })));
            const n = b.load("n", shared.calls);
            b.log("{0} call", n);
            const broken = b.once("broken");
            b.try({
              body: () => b.onceDo(broken, fails),
              catch: [{ kinds: "User:broken", body: () => b.log("raises") }],
            });
            b.onceDo(broken, fails);
            b.log("done");
          });
        }),
        ["ready", "1 call", "raises", "done"],
      ),
  },
  {
    name: "an event lets all go who wait for it, and whoever comes later",
    run: (model) =>
      expectLog(
        model,
        write("event", ({ proc, main }) => {
          const waiter = proc("waiter", { e: "event", after: "atomic" }, (b, { e, after }) => {
            b.eventWait(e);
            b.atomicAdd(after, 1);
          });
          main((b) => {
            const e = b.event("e");
            const after = b.atomic("after");
            const tasks = b.list("tasks");
            b.repeat(3, () => {
              const t = b.spawn("t", waiter, { e, after });
              b.push(tasks, t);
            });
            b.sleep("5ms");
            const none = b.atomicLoad("none", after);
            b.eventSet(e);
            b.eventSet(e);
            b.joinAll(tasks);
            b.eventWait(e);
            const all = b.atomicLoad("all", after);
            b.log("{0} {1}", none, all);
          });
        }),
        ["0 3"],
      ),
  },
  {
    name: "a barrier lets its parties go together, again and again",
    run: (model) =>
      expectLog(
        model,
        write("barrier", ({ proc, main }) => {
          const party = proc("party", { r: "barrier", arrived: "atomic" }, (b, { r, arrived }) => {
            b.repeat(3, "round", (round) => {
              b.sleep("2ms");
              b.atomicAdd(arrived, 1);
              b.barrierWait(r);
              const n = b.atomicLoad("n", arrived);
              b.measure("arrived", n);
              b.expect(isFull(n, round), "all had come");
              b.barrierWait(r);
            });
          });
          main((b) => {
            const r = b.barrier("r", 3);
            const arrived = b.atomic("arrived");
            b.scope("waitAll", () => b.repeat(3, () => b.spawn(party, { r, arrived })));
            const n = b.atomicLoad("n", arrived);
            b.log("{0}", n);
          });
        }),
        ["9"],
      ),
  },
];

/** Three have come in each round so far. */
const isFull = (n: E<"int">, round: E<"int">): E<"bool"> => eq(n, mul(add(round, 1), 3));
