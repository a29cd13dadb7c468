/** Joins see results, scopes wait and cancel, a race has one winner, a request to stop ends a wait. */
import { at, eq, isOk, mul, none } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const tasksChecks: readonly Check[] = [
  {
    name: "a join sees the result, and a failure as TaskFailed",
    run: (model) =>
      expectLog(
        model,
        write("join", ({ proc, main }) => {
          const good = proc("good", { n: "int" }, { returns: "int" }, (b, { n }) => {
            b.sleep("1ms");
            b.return(mul(n, n));
          });
          const bad = proc("bad", {}, (b) => b.throw("User:boom"));
          main((b) => {
            const tasks = b.list("tasks");
            b.repeat(4, "i", (i) => {
              const t = b.spawn("t", good, { n: i });
              b.push(tasks, t);
            });
            const results = b.joinAll("results", tasks);
            b.log("{0}", results);
            const again = b.join("again", at(tasks, 3));
            b.log("{0}", again);
            const failing = b.spawn("failing", bad);
            b.try({
              body: () => b.join(failing),
              catch: [{ kinds: "TaskFailed", body: () => b.log("failed") }],
            });
            const mixed = b.list("mixed", failing, at(tasks, 1));
            const settled = b.settleAll("settled", mixed);
            b.log("{0} {1}", isOk(at(settled, 0)), isOk(at(settled, 1)));
            b.try({
              body: () => b.joinAll(mixed),
              catch: [{ kinds: "TaskFailed", body: () => b.log("all failed") }],
            });
          });
        }),
        ["[0 1 4 9]", "9", "failed", "false true", "all failed"],
      ),
  },
  {
    name: "joinAny takes the first to end, and its losers run on",
    run: (model) =>
      expectLog(
        model,
        write("join-any", ({ proc, main }) => {
          const worker = proc("worker", { d: "dur", n: "int" }, { returns: "int" }, (b, { d, n }) => {
            b.sleep(d);
            b.log("end {0}", n);
            b.return(n);
          });
          main((b) => {
            const slow = b.spawn("slow", worker, { d: "30ms", n: 1 });
            const quick = b.spawn("quick", worker, { d: "10ms", n: 2 });
            const both = b.list("both", slow, quick);
            const first = b.joinAny("first", both);
            b.log("first {0}", first);
            b.join(slow);
          });
        }),
        ["end 2", "first 2", "end 1"],
      ),
  },
  {
    name: "a scope waits for its children and cancels siblings of a failure when asked to",
    run: (model) =>
      expectLog(
        model,
        write("scope", ({ proc, main }) => {
          const sleeper = proc("sleeper", { d: "dur", n: "int" }, (b, { d, n }) => {
            b.try({
              body: () => {
                b.sleep(d);
                b.log("end {0}", n);
              },
              catch: [
                {
                  kinds: "Cancelled",
                  body: () => {
                    b.log("cancelled {0}", n);
                    b.throw("Cancelled");
                  },
                },
              ],
            });
          });
          const failing = proc("failing", { d: "dur" }, (b, { d }) => {
            b.sleep(d);
            b.throw("User:boom");
          });
          main((b) => {
            b.scope("waitAll", () => {
              b.spawn(sleeper, { d: "20ms", n: 1 });
              b.spawn(sleeper, { d: "10ms", n: 2 });
            });
            b.log("closed");
            b.try({
              body: () =>
                b.scope("cancelSiblings", () => {
                  b.spawn(sleeper, { d: "50ms", n: 3 });
                  b.spawn(failing, { d: "10ms" });
                }),
              catch: [{ kinds: "TaskFailed", body: () => b.log("scope failed") }],
            });
            b.try({
              body: () =>
                b.scope("waitAll", () => {
                  b.spawn(sleeper, { d: "30ms", n: 4 });
                  b.spawn(failing, { d: "10ms" });
                }),
              catch: [{ kinds: "TaskFailed", body: () => b.log("scope failed") }],
            });
          });
        }),
        ["end 2", "end 1", "closed", "cancelled 3", "scope failed", "end 4", "scope failed"],
      ),
  },
  {
    name: "a task that starts in a scope that has failed already is cancelled like its siblings",
    run(model) {
      const source = write("late-child", ({ proc, main }) => {
        const bad = proc("bad", {}, (b) => b.throw("User:boom"));
        const stuck = proc("stuck", {}, (b) => b.recv(none));
        main((b) =>
          b.try({
            body: () =>
              b.scope("cancelSiblings", () => {
                b.spawn(bad);
                b.block("5ms");
                b.spawn(stuck);
              }),
            catch: [{ kinds: "TaskFailed", body: () => b.log("scope failed") }],
          }),
        );
      });
      for (const cores of [1, 4]) expectLog(model, source, ["scope failed"], { cores });
    },
  },
  {
    name: "a race gives the first success, cancels the losers and waits for them",
    run: (model) =>
      expectLog(
        model,
        write("race", ({ proc, main }) => {
          const runner = proc("runner", { d: "dur", n: "int" }, { returns: "int" }, (b, { d, n }) => {
            b.try({
              body: () => b.sleep(d),
              catch: [
                {
                  kinds: "Cancelled",
                  body: () => {
                    b.log("cancelled {0}", n);
                    b.throw("Cancelled");
                  },
                },
              ],
            });
            b.if(eq(n, 0), () => b.throw("User:early"));
            b.return(n);
          });
          main((b) => {
            const winner = b.scopeRace("winner", () => {
              b.spawn(runner, { d: "5ms", n: 0 });
              b.spawn(runner, { d: "10ms", n: 1 });
              b.spawn(runner, { d: "90ms", n: 2 });
            });
            b.log("winner {0}", winner);
          });
        }),
        ["cancelled 2", "winner 1"],
      ),
  },
  {
    name: "cancellation ends waits on channels, locks, semaphores, groups, promises and joins",
    run: (model) =>
      expectLog(
        model,
        write("cancel-points", ({ proc, main }) => {
          const idle = proc("idle", { m: "mutex" }, (b, { m }) => {
            b.lock(m);
            b.sleep("40ms");
            b.unlock(m);
          });
          const waiter = proc(
            "waiter",
            {
              n: "int",
              ch: "chan",
              m: "mutex",
              s: "sem",
              g: "group",
              p: "promise",
              t: "task",
              stopped: "atomic",
            },
            (b, { n, ch, m, s, g, p, t, stopped }) => {
              b.try({
                body: () =>
                  b.match(n, [
                    [0, () => b.recv(ch)],
                    [1, () => b.send(none, 1)],
                    [2, () => b.lock(m)],
                    [3, () => b.acquire(s)],
                    [4, () => b.groupWait(g)],
                    [5, () => b.await(p)],
                    [6, () => b.join(t)],
                    [7, () => b.select([b.onRecv(ch, () => b.log("no")), b.onRecv(none, () => b.log("no"))])],
                  ]),
                catch: [
                  {
                    kinds: "Cancelled",
                    body: () => {
                      b.atomicAdd(stopped, 1);
                      b.throw("Cancelled");
                    },
                  },
                ],
              });
            },
          );
          const failing = proc("failing", {}, (b) => {
            b.sleep("10ms");
            b.throw("User:stop");
          });
          main((b) => {
            const ch = b.chan("ch");
            const m = b.mutex("m");
            const s = b.sem("s", 0);
            const g = b.group("g");
            b.groupAdd(g, 1);
            const p = b.promise("p");
            const stopped = b.atomic("stopped");
            const t = b.spawn("t", idle, { m });
            b.sleep("2ms");
            b.try({
              body: () =>
                b.scope("cancelSiblings", () => {
                  b.repeat(8, "n", (n) => b.spawn(waiter, { n, ch, m, s, g, p, t, stopped }));
                  b.spawn(failing);
                }),
              catch: [{ kinds: "TaskFailed", body: () => b.log("scope failed") }],
            });
            const count = b.atomicLoad("count", stopped);
            b.log("stopped {0}", count);
            b.lock(m);
            b.unlock(m);
            const sent = b.trySend("sent", ch, 1);
            b.log("{0}", sent);
          });
        }),
        ["scope failed", "stopped 8", "false"],
      ),
  },
];
