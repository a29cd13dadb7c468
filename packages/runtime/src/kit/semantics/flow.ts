/** Control flow, errors, and failures that nobody waits for. */
import { add, at, eq, isOk, len, lt, mul, none, program } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { ensure, expectLog, runToEnd, same, write } from "../harness.ts";

export const flowChecks: readonly Check[] = [
  {
    name: "control flow: loops, labels, match, calls, recursion",
    run: (model) =>
      expectLog(
        model,
        write("control", ({ proc, main }) => {
          const fact = proc("fact", { n: "int" }, { returns: "int" }, (b, { n }, self) => {
            b.if(lt(n, 2), () => b.return(1));
            const rest = b.call("rest", self, { n: add(n, -1) });
            b.return(mul(n, rest));
          });
          main((b) => {
            const f = b.call("f", fact, { n: 10 });
            b.log("{0}", f);
            b.repeat(3, { bind: "i", label: "outer" }, (i) => {
              b.repeat(3, "j", (j) => {
                b.if(eq(j, 1), () => b.continue("outer"));
                b.if(eq(i, 2), () => b.break("outer"));
                b.log("{0}{1}", i, j);
              });
            });
            b.match(
              f,
              [
                [1, () => b.log("one")],
                [3628800, () => b.log("ten")],
              ],
              () => b.log("other"),
            );
            const items = b.list("items", 1, 2, 3);
            b.push(items, 4);
            b.forEach(items, "x", (x) => b.log("x{0}", x));
            b.log("{0} {1}", len(items), at(items, 9));
          });
        }),
        ["3628800", "00", "10", "ten", "x1", "x2", "x3", "x4", "4 none"],
      ),
  },
  {
    name: "try, catch, finally and defer run in order, also when left by return, break or an error in them",
    run: (model) =>
      expectLog(
        model,
        write("unwinding", ({ proc, main }) => {
          const p = proc("p", { how: "int" }, { returns: "int" }, (b, { how }) => {
            b.defer(() => b.log("defer1"));
            b.defer(() => b.log("defer2"));
            b.repeat(2, () => {
              b.try({
                body: () => {
                  b.if(eq(how, 0), () => b.return(10));
                  b.if(eq(how, 1), () => b.break());
                  b.if(eq(how, 2), () => b.throw("User:a"));
                  b.if(eq(how, 3), () => b.throw("User:b"));
                },
                catch: [{ kinds: "User:a", body: () => b.log("caught") }],
                finally: () => b.log("finally"),
              });
              b.log("after");
            });
            b.return(20);
          });
          main((b) => {
            b.repeat(4, "how", (how) => {
              b.try({
                body: () => {
                  const r = b.call("r", p, { how });
                  b.log("= {0}", r);
                },
                catch: [{ kinds: "*", body: () => b.log("escaped") }],
              });
            });
            b.try({
              body: () =>
                b.try({
                  body: () => b.throw("User:first"),
                  finally: () => b.throw("User:second"),
                }),
              catch: [{ kinds: "User:second", body: () => b.log("second replaces first") }],
            });
          });
        }),
        [
          ...["finally", "defer2", "defer1", "= 10"],
          ...["finally", "defer2", "defer1", "= 20"],
          ...["caught", "finally", "after", "caught", "finally", "after", "defer2", "defer1", "= 20"],
          ...["finally", "defer2", "defer1", "escaped"],
          "second replaces first",
        ],
      ),
  },
  {
    name: "an uncaught failure of main fails the run; of a detached task as the policy says",
    run(model) {
      const failing = write("failing-main", ({ main }) => main((b) => b.throw("User:boom")));
      const failed = runToEnd(model, failing);
      same("outcome", failed.outcome, "failed");
      ensure(failed.diagnostics.length > 0, () => "no diagnostic of the uncaught failure");
      for (const [policy, outcome] of [
        ["abort", "failed"],
        ["ignore", "completed"],
      ] as const) {
        const source = program(
          "detached",
          { doc: "detached", policies: { onDetachedFailure: policy } },
          ({ proc, main }) => {
            const bad = proc("bad", {}, (b) => b.throw("User:boom"));
            main((b) => {
              b.detach(bad);
              b.sleep("5ms");
            });
          },
        );
        same(`outcome under ${policy}`, runToEnd(model, source).outcome, outcome);
      }
    },
  },
  {
    name: "the failure of a task that nobody joins is told",
    run(model) {
      const source = write("unobserved", ({ proc, main }) => {
        const bad = proc("bad", {}, (b) => b.throw("User:boom"));
        main((b) => {
          const seen = b.spawn("seen", bad);
          b.settleAll(b.list("tasks", seen));
          b.spawn(bad);
          b.sleep("5ms");
        });
      });
      const result = runToEnd(model, source);
      same("outcome", result.outcome, "completed");
      same(
        "diagnostics",
        result.diagnostics.filter(({ kind }) => kind === "failure never observed").map(({ text }) => text),
        ["main/bad[1]: User:boom"],
      );
    },
  },
  {
    name: "integers overflow loudly, none is not a number, asserts fail",
    run: (model) =>
      expectLog(
        model,
        write("faults", ({ main }) => {
          main((b) => {
            const big = b.let("big", Number.MAX_SAFE_INTEGER);
            const empty = b.list("empty");
            const gaps = b.list("gaps", none);
            for (const deref of [() => b.joinAll(gaps), () => b.let("z", isOk(at(empty, 0)))])
              b.try({ body: deref, catch: [{ kinds: "NoneDeref", body: () => b.log("none") }] });
            b.try({
              body: () => b.let("x", add(big, 1)),
              catch: [{ kinds: "Overflow", body: () => b.log("overflow") }],
            });
            b.try({
              body: () => b.let("y", add(at(empty, 0), 1)),
              catch: [{ kinds: "NoneDeref", body: () => b.log("none") }],
            });
            b.try({
              body: () => b.assert(lt(big, 0), "no"),
              catch: [{ kinds: "AssertFailed", body: () => b.log("assert") }],
            });
            b.try({
              body: () => b.while(true, { bound: 3 }, () => b.log("turn")),
              catch: [{ kinds: "AssertFailed", body: () => b.log("bound") }],
            });
          });
        }),
        ["none", "none", "overflow", "none", "assert", "turn", "turn", "turn", "bound"],
      ),
  },
];
