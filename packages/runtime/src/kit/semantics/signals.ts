/** A select on promises, tokens and events: each stays ready for good, one case commits, nobody is left waiting. */
import { none } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const signalsChecks: readonly Check[] = [
  {
    name: "a select finds what is settled, cancelled or set already, as often as it looks",
    run: (model) =>
      expectLog(
        model,
        write("signals-ready", ({ main }) =>
          main((b) => {
            const p = b.promise("p");
            const token = b.token("token");
            const e = b.event("e");
            const look = (): void => {
              b.select([b.onSettled(p, "v", (v) => b.log("settled {0}", v))], {
                otherwise: () => b.log("-"),
              });
              b.select([b.onCancelled(token, () => b.log("cancelled"))], { otherwise: () => b.log("-") });
              b.select([b.onSet(e, () => b.log("set"))], { otherwise: () => b.log("-") });
            };
            look();
            b.resolve(p, 7);
            b.cancelToken(token);
            b.eventSet(e);
            look();
            look();
          }),
        ),
        ["-", "-", "-", "settled 7", "cancelled", "set", "settled 7", "cancelled", "set"],
      ),
  },
  {
    name: "a select waits for what another task settles, cancels or sets",
    run: (model) =>
      expectLog(
        model,
        write("signals-wait", ({ proc, main }) => {
          const later = proc("later", { p: "promise", t: "token", e: "event" }, (b, { p, t, e }) => {
            b.sleep("5ms");
            b.eventSet(e);
            b.sleep("5ms");
            b.cancelToken(t);
            b.sleep("5ms");
            b.resolve(p, 7);
          });
          main((b) => {
            const ch = b.chan("ch");
            const p = b.promise("p");
            const t = b.token("t");
            const e = b.event("e");
            b.spawn(later, { p, t, e });
            const others = (): [ReturnType<typeof b.onRecv>, ReturnType<typeof b.onSettled>] => [
              b.onRecv(ch, () => b.log("never")),
              b.onSettled(p, "v", (v) => b.log("settled {0}", v)),
            ];
            b.select([
              ...others(),
              b.onCancelled(t, () => b.log("too early")),
              b.onSet(e, () => b.log("set")),
            ]);
            b.select([...others(), b.onCancelled(t, () => b.log("cancelled"))]);
            b.select([...others()], { timeout: { dur: "1ms", body: () => b.log("timeout") } });
            b.select(others());
          });
        }),
        ["set", "cancelled", "timeout", "settled 7"],
      ),
  },
  {
    name: "a select raises what its promise was rejected with, also a derived one",
    run: (model) =>
      expectLog(
        model,
        write("signals-rejected", ({ proc, main }) => {
          const pass = proc("pass", { v: "int" }, { returns: "int" }, (b, { v }) => b.return(v));
          const later = proc("later", { p: "promise", q: "promise" }, (b, { p, q }) => {
            b.sleep("5ms");
            b.reject(p, "User:broken");
            b.sleep("5ms");
            b.resolve(q, 3);
          });
          main((b) => {
            const p = b.promise("p");
            const q = b.promise("q");
            const derived = b.onResolve("derived", p, pass, {});
            const next = b.onResolve("next", q, pass, {});
            b.spawn(later, { p, q });
            b.repeat(2, () =>
              b.try({
                body: () =>
                  b.select([b.onSettled(derived, () => b.log("no")), b.onSettled(q, () => b.log("no"))]),
                catch: [{ kinds: "User:broken", body: () => b.log("broken") }],
              }),
            );
            b.select([b.onSettled(next, "v", (v) => b.log("next {0}", v))]);
          });
        }),
        ["broken", "broken", "next 3"],
      ),
  },
  {
    name: "a select that has gone on, given up or been cancelled waits nowhere any more",
    run: (model) =>
      expectLog(
        model,
        write("signals-gone", ({ proc, main }) => {
          const selector = proc(
            "selector",
            { p: "promise", e: "event", ch: "chan", quit: "chan" },
            (b, { p, e, ch, quit }) => {
              b.select([
                b.onSettled(p, () => b.log("no")),
                b.onSet(e, () => b.log("set")),
                b.onRecv(ch, () => b.log("no")),
              ]);
              b.select([b.onRecv(quit, () => b.log("quit"))]);
            },
          );
          const patient = proc("patient", { p: "promise", e: "event" }, (b, { p, e }) => {
            b.try({
              body: () => b.select([b.onSettled(p, () => b.log("no")), b.onSet(e, () => b.log("no"))]),
              finally: () => b.log("patient ends"),
            });
          });
          main((b) => {
            const p = b.promise("p");
            const e = b.event("e");
            const ch = b.chan("ch");
            const quit = b.chan("quit");
            const s = b.spawn("s", selector, { p, e, ch, quit });
            const t = b.spawn("t", patient, { p, e });
            b.sleep("5ms");
            b.cancel(t);
            b.settleAll([t]);
            b.eventSet(e);
            b.sleep("5ms");
            const taken = b.trySend("taken", ch, 1);
            b.log("{0}", taken);
            b.resolve(p, 1);
            b.sleep("5ms");
            b.send(quit, 1);
            b.join(s);
          });
        }),
        ["patient ends", "set", "false", "quit"],
      ),
  },
  {
    name: "none is no promise, token or event",
    run: (model) =>
      expectLog(
        model,
        write("signals-none", ({ main }) =>
          main((b) =>
            b.try({
              body: () => b.select([b.onSet(none, () => b.log("no"))]),
              catch: [{ kinds: "NoneDeref", body: () => b.log("none") }],
            }),
          ),
        ),
        ["none"],
      ),
  },
];
