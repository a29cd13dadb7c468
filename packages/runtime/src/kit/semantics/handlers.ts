/** Handlers of promises, and calls from the runtime's queues. */
import { add, program, cell } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const handlersChecks: readonly Check[] = [
  {
    name: "a handler gets the value, what it returns settles the next promise, and a rejection passes all handlers",
    run: (model) =>
      expectLog(
        model,
        write("on-resolve", ({ proc, main }) => {
          const more = proc("more", { by: "int", v: "int" }, { returns: "int" }, (b, { by, v }) =>
            b.return(add(v, by)),
          );
          const broken = proc("broken", { v: "int" }, { returns: "int" }, (b, { v }) => {
            b.log("got {0}", v);
            b.throw("User:broken");
          });
          main((b) => {
            const p = b.promise("p");
            const q = b.onResolve("q", p, more, { by: 1 });
            const r = b.onResolve("r", q, more, { by: 10 });
            b.resolve(p, 1);
            const v = b.await("v", r);
            b.log("{0}", v);
            const late = b.onResolve("late", p, more, { by: 5 });
            const w = b.await("w", late);
            b.log("{0}", w);
            const bad = b.onResolve("bad", p, broken);
            const passed = b.onResolve("passed", bad, more, { by: 1 });
            b.try({
              body: () => b.await(passed),
              catch: [{ kinds: "User:broken", body: () => b.log("raises") }],
            });
          });
        }),
        ["12", "6", "got 1", "raises"],
      ),
  },
  {
    name: "a handler that returns a promise makes the next one follow it",
    run: (model) =>
      expectLog(
        model,
        write("adopt", ({ proc, main }) => {
          const give = proc(
            "give",
            { inner: "promise", v: "int" },
            { returns: "promise" },
            (b, { inner, v }) => {
              b.log("handler {0}", v);
              b.return(inner);
            },
          );
          main((b) => {
            const p = b.promise("p");
            const inner = b.promise("inner");
            const q = b.onResolve("q", p, give, { inner });
            b.resolve(p, 1);
            b.sleep("5ms");
            b.log("inner");
            b.resolve(inner, 42);
            const v = b.await("v", q);
            b.log("{0}", v);
          });
        }),
        ["handler 1", "inner", "42"],
      ),
  },
  {
    name: "the program does not end before the handlers of handlers, which wait for nobody",
    run: (model) =>
      expectLog(
        model,
        write("last-handlers", ({ proc, main }) => {
          const give = proc("give", { inner: "promise", v: "int" }, { returns: "promise" }, (b, { inner }) =>
            b.return(inner),
          );
          const more = proc("more", { v: "int" }, { returns: "int" }, (b, { v }) => {
            b.log("{0}", v);
            b.return(add(v, 1));
          });
          main((b) => {
            const p = b.promise("p");
            const inner = b.promise("inner");
            const q = b.onResolve("q", p, more);
            const r = b.onResolve("r", q, more);
            const s = b.onResolve("s", r, give, { inner });
            b.onResolve(s, more);
            b.resolve(inner, 40);
            b.resolve(p, 1);
          });
        }),
        ["1", "2", "40"],
      ),
  },
  {
    name: "queued calls all run, and the program does not end before them",
    run: (model) =>
      expectLog(
        model,
        program("callback", { doc: "callback", shared: { sum: cell(0) } }, ({ shared, proc, main }) => {
          const plus = proc("plus", { n: "int" }, (b, { n }) => {
            const seen = b.load("seen", shared.sum);
            const sum = b.let("sum", add(seen, n));
            b.store(shared.sum, sum);
            b.log("{0}", sum);
          });
          main((b) => {
            b.callback("micro", plus, { n: 1 });
            b.sleep("5ms");
            b.callback("next", plus, { n: 10 });
            b.sleep("5ms");
            b.callback("immediate", plus, { n: 100 });
            b.sleep("5ms");
            b.callback("timer", plus, { n: 1000 });
          });
        }),
        ["1", "11", "111", "1111"],
      ),
  },
];
