/** Timers that send and call, tickers, deadlines. */
import { ge, lt, sub } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const timersChecks: readonly Check[] = [
  {
    name: "a timer sends once; stopped in time it does not; reset it starts anew with an empty channel",
    run: (model) =>
      expectLog(
        model,
        write("timer", ({ main }) => {
          main((b) => {
            const soon = b.after("soon", "5ms");
            const first = b.recv("first", soon);
            const [t, c] = b.timer("t", "c", "10ms");
            const early = b.stopTimer("early", t);
            b.sleep("20ms");
            const [, nothing] = b.tryRecv("v", "nothing", c);
            const stopped = b.stopTimer("stopped", t);
            b.log("{0} {1} {2} {3}", first, early, nothing, stopped);
            const idle = b.resetTimer("idle", t, "5ms");
            b.sleep("20ms");
            const fired = b.resetTimer("fired", t, "30ms");
            const [, old] = b.tryRecv("w", "old", c);
            b.recv(c);
            b.log("{0} {1} {2}", idle, fired, old);
          });
        }),
        ["1 true false false", "false false false"],
      ),
  },
  {
    name: "afterFunc starts a task in time, unless it is stopped; the program waits for it",
    run: (model) =>
      expectLog(
        model,
        write("after-func", ({ proc, main }) => {
          const say = proc("say", { n: "int" }, (b, { n }) => {
            b.sleep("2ms");
            b.log("{0}", n);
          });
          main((b) => {
            const t = b.afterFunc("t", "10ms", say, { n: 1 });
            b.afterFunc("20ms", say, { n: 2 });
            const stopped = b.stopTimer("stopped", t);
            b.log("{0}", stopped);
            const again = b.resetTimer("again", t, "40ms");
            b.log("{0}", again);
          });
        }),
        ["true", "false", "2", "1"],
      ),
  },
  {
    name: "a ticker that drops stays on its grid, one that drifts does not, one that bursts makes up",
    run: (model) =>
      expectLog(
        model,
        write("ticker", ({ proc, main }) => {
          const count = proc("count", { c: "chan", stop: "chan" }, { returns: "int" }, (b, { c, stop }) => {
            const n = b.let("n", 0);
            b.while(true, { bound: 100 }, () =>
              b.select([b.onRecv(c, "v", (v) => b.assign(n, v)), b.onRecv(stop, () => b.return(n))]),
            );
            b.return(n);
          });
          main((b) => {
            const stop = b.chan("stop");
            const [t, c] = b.ticker("t", "c", "10ms", "drop");
            const counting = b.spawn("counting", count, { c, stop });
            b.sleep("45ms");
            b.stopTimer(t);
            b.sleep("30ms");
            b.send(stop, 0);
            const n = b.join("n", counting);
            b.log("{0}", n);
          });
        }),
        ["4"],
      ),
  },
  {
    name: "a deadline cancels what takes longer, cleans up first, and leaves alone what ends in time",
    run: (model) =>
      expectLog(
        model,
        write("deadline", ({ main }) => {
          main((b) => {
            b.deadline("50ms", () => {
              b.sleep("5ms");
              b.log("in time");
            });
            const start = b.now("start");
            b.try({
              body: () =>
                b.deadline("10ms", () =>
                  b.try({
                    body: () => b.sleep("100ms"),
                    catch: [
                      {
                        kinds: "Cancelled",
                        body: () => {
                          b.log("cleaning");
                          b.sleep("20ms");
                          b.throw("Cancelled");
                        },
                      },
                    ],
                  }),
                ),
              catch: [{ kinds: "Timeout", body: () => b.log("timeout") }],
            });
            const end = b.now("end");
            b.expect(ge(sub(end, start), "28ms"), "the clean-up is waited for");
            b.expect(lt(sub(end, start), "60ms"), "and no more");
            b.sleep("5ms");
            b.deadline("5ms", () => b.cpu("10ms"));
            b.sleep("1ms");
            b.log("never noticed");
          });
        }),
        ["in time", "cleaning", "timeout", "never noticed"],
      ),
  },
  {
    name: "of two deadlines the outer one raises when it is the shorter",
    run: (model) =>
      expectLog(
        model,
        write("nested", ({ main }) => {
          main((b) => {
            b.try({
              body: () =>
                b.deadline("10ms", () =>
                  b.try({
                    body: () => b.deadline("50ms", () => b.sleep("100ms")),
                    catch: [{ kinds: "Timeout", body: () => b.log("inner") }],
                  }),
                ),
              catch: [{ kinds: "Timeout", body: () => b.log("outer") }],
            });
          });
        }),
        ["outer"],
      ),
  },
];
