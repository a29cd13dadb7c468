/** Semantics fixed by the language: nothing lost, FIFO hand-off, joins see results, a select commits once, errors arrive. */
import {
  add,
  at,
  cells,
  constant,
  duration,
  eq,
  isOk,
  len,
  lt,
  mul,
  none,
  not,
  program,
  service,
} from "@orrery/program";
import type { Check } from "../kit.ts";
import { ensure, expectLog, runToEnd, same, texts, write } from "./harness.ts";

export const semanticChecks: readonly Check[] = [
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
  ...[0, 1, 3].map(
    (cap): Check => ({
      name: `a channel of capacity ${cap} loses and repeats nothing and keeps each sender's order`,
      run(model) {
        const result = runToEnd(
          model,
          write("transfer", ({ proc, main }) => {
            const sender = proc(
              "sender",
              { out: "chan", from: "int", done: "group" },
              (b, { out, from, done }) => {
                b.repeat(20, "i", (i) => {
                  b.send(out, add(mul(from, 100), i));
                  b.if(eq(i, 7), () => b.yield());
                });
                b.groupDone(done);
              },
            );
            const receiver = proc("receiver", { from: "chan" }, (b, { from }) => {
              b.range(from, "v", (v) => b.log("{0}", v));
            });
            main((b) => {
              const ch = b.chan("ch", cap);
              const done = b.group("done");
              b.groupAdd(done, 3);
              const receivers = b.list("receivers");
              b.repeat(2, () => {
                const r = b.spawn("r", receiver, { from: ch });
                b.push(receivers, r);
              });
              b.repeat(3, "s", (s) => b.spawn(sender, { out: ch, from: s, done }));
              b.groupWait(done);
              b.close(ch);
              b.joinAll(receivers);
            });
          }),
          { cores: 1 },
        );
        same("outcome", result.outcome, "completed");
        const values = texts(result).map(Number);
        const expected = [0, 1, 2].flatMap((s) => Array.from({ length: 20 }, (_, i) => s * 100 + i));
        same(
          "values received",
          values.toSorted((a, b) => a - b),
          expected,
        );
        for (const receiver of new Set(result.log.map(({ task }) => task)))
          for (const s of [0, 1, 2]) {
            const own = result.log.filter(
              (line) => line.task === receiver && Math.trunc(Number(line.text) / 100) === s,
            );
            const order = own.map(({ text }) => Number(text));
            same(
              `order of sender ${s} at ${receiver}`,
              order,
              order.toSorted((a, b) => a - b),
            );
          }
      },
    }),
  ),
  {
    name: "a send hands its value to the receiver that waits longest",
    run: (model) =>
      expectLog(
        model,
        write("fifo-handoff", ({ proc, main }) => {
          const receiver = proc("receiver", { ch: "chan", n: "int", d: "dur" }, (b, { ch, n, d }) => {
            b.sleep(d);
            const v = b.recv("v", ch);
            b.sleep(mul(n, duration("1ms"))); // logs in the order of n, whatever order they were woken in
            b.log("{0} got {1}", n, v);
          });
          main((b) => {
            const ch = b.chan("ch");
            const tasks = b.list("tasks");
            b.repeat(3, "i", (i) => {
              const t = b.spawn("t", receiver, { ch, n: add(i, 1), d: mul(add(i, 1), duration("10ms")) });
              b.push(tasks, t);
            });
            b.sleep("100ms");
            b.repeat(3, "v", (v) => b.send(ch, v));
            b.joinAll(tasks);
          });
        }),
        ["1 got 0", "2 got 1", "3 got 2"],
      ),
  },
  {
    name: "closing wakes every receiver; sending and closing again raise",
    run: (model) =>
      expectLog(
        model,
        write("close", ({ proc, main }) => {
          const receiver = proc("receiver", { ch: "chan" }, { returns: "int" }, (b, { ch }) => {
            const [, ok] = b.recvOk("v", "ok", ch);
            b.if(ok, () => b.return(1));
            b.return(0);
          });
          const sender = proc("sender", { ch: "chan" }, { returns: "int" }, (b, { ch }) => {
            b.try({
              body: () => b.send(ch, 1),
              catch: [{ kinds: "ChannelClosed", body: () => b.return(7) }],
            });
            b.return(8);
          });
          main((b) => {
            const ch = b.chan("ch");
            const tasks = b.list("tasks");
            b.repeat(3, () => {
              const t = b.spawn("t", receiver, { ch });
              b.push(tasks, t);
            });
            b.sleep("5ms");
            b.close(ch);
            const oks = b.joinAll("oks", tasks);
            b.log("{0}", oks);
            b.try({
              body: () => b.send(ch, 1),
              catch: [{ kinds: "ChannelClosed", body: () => b.log("send raises") }],
            });
            b.try({
              body: () => b.close(ch),
              catch: [{ kinds: "CloseOfClosed", body: () => b.log("close raises") }],
            });
            const buffered = b.chan("buffered", 2);
            b.send(buffered, 5);
            b.close(buffered);
            const [x, okX] = b.recvOk("x", "okX", buffered);
            b.log("{0} {1}", x, okX);
            const [y, okY] = b.recvOk("y", "okY", buffered);
            b.log("{0} {1}", y, okY);
            const parked = b.chan("parked");
            const s = b.spawn("s", sender, { ch: parked });
            b.sleep("5ms");
            b.close(parked);
            const r = b.join("r", s);
            b.log("{0}", r);
          });
        }),
        ["[0 0 0]", "send raises", "close raises", "5 true", "none false", "7"],
      ),
  },
  {
    name: "trySend, tryRecv, len and cap tell the state and never wait",
    run: (model) =>
      expectLog(
        model,
        write("try", ({ main }) => {
          main((b) => {
            const ch = b.chan("ch", 1);
            const sent = b.trySend("sent", ch, 1);
            const full = b.trySend("full", ch, 2);
            const n = b.chanLen("n", ch);
            const c = b.chanCap("c", ch);
            const [v, got] = b.tryRecv("v", "got", ch);
            const [, empty] = b.tryRecv("w", "empty", ch);
            b.log("{0} {1} {2} {3} {4} {5} {6}", sent, full, n, c, v, got, empty);
          });
        }),
        ["true false 1 1 1 true false"],
      ),
  },
  {
    name: "a select commits to one case and takes one value",
    run(model) {
      const result = runToEnd(
        model,
        write("select-once", ({ proc, main }) => {
          const sender = proc("sender", { out: "chan" }, (b, { out }) => {
            b.repeat(10, "i", (i) => b.send(out, i));
          });
          main((b) => {
            const left = b.chan("left");
            const right = b.chan("right");
            b.spawn(sender, { out: left });
            b.spawn(sender, { out: right });
            b.repeat(20, () =>
              b.select([
                b.onRecv(left, "l", (l) => b.log("l{0}", l)),
                b.onRecv(right, "r", (r) => b.log("r{0}", r)),
              ]),
            );
          });
        }),
      );
      same("outcome", result.outcome, "completed");
      for (const side of ["l", "r"])
        same(
          `values from ${side}`,
          texts(result).filter((text) => text.startsWith(side)),
          Array.from({ length: 10 }, (_, i) => side + i),
        );
    },
  },
  {
    name: "select: default, timeout, closed and none channels, sends",
    run: (model) =>
      expectLog(
        model,
        write("select-cases", ({ proc, main }) => {
          const taker = proc("taker", { ch: "chan" }, { returns: "int" }, (b, { ch }) => {
            const v = b.recv("v", ch);
            b.return(v);
          });
          main((b) => {
            const ch = b.chan("ch");
            b.select([b.onRecv(ch, () => b.log("never"))], { otherwise: () => b.log("default") });
            b.select([b.onRecv(ch, () => b.log("never"))], {
              timeout: { dur: "10ms", body: () => b.log("timeout") },
            });
            b.select([b.onRecv(none, () => b.log("never"))], {
              timeout: { dur: "10ms", body: () => b.log("none never fires") },
            });
            const t = b.spawn("t", taker, { ch });
            b.select([b.onSend(ch, 42, () => b.log("sent"))]);
            const got = b.join("got", t);
            b.log("{0}", got);
            b.close(ch);
            b.select([b.onRecvOk(ch, "v", "ok", (_, ok) => b.log("closed {0}", ok))]);
          });
        }),
        ["default", "timeout", "none never fires", "sent", "42", "closed false"],
      ),
  },
  ...(["first", "rotating"] as const).map(
    (selectPolicy): Check => ({
      name: `selectPolicy ${selectPolicy} decides between ready cases`,
      run: (model) =>
        expectLog(
          model,
          program("select-policy", { doc: "Two full channels.", policies: { selectPolicy } }, ({ main }) => {
            main((b) => {
              const left = b.chan("left", 4);
              const right = b.chan("right", 4);
              b.repeat(4, () => {
                b.send(left, 0);
                b.send(right, 0);
              });
              b.repeat(4, () =>
                b.select([b.onRecv(left, () => b.log("left")), b.onRecv(right, () => b.log("right"))]),
              );
            });
          }),
          selectPolicy === "first" ? ["left", "left", "left", "left"] : ["left", "right", "left", "right"],
        ),
    }),
  ),
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
  {
    name: "time passes: sleep is never early, cpu and block last as long as they say, deadlines keep their order",
    run(model) {
      const source = write("time", ({ proc, main }) => {
        const sleeper = proc("sleeper", { d: "dur" }, (b, { d }) => {
          b.sleep(d);
          b.log("{0}", d);
        });
        main((b) => {
          const tasks = b.list("tasks");
          b.forEach(b.list("ds", "30ms", "10ms", "20ms"), "d", (d) => {
            const t = b.spawn("t", sleeper, { d });
            b.push(tasks, t);
          });
          b.joinAll(tasks);
          const t0 = b.now("t0");
          b.cpu("5ms");
          b.mark("cpu", t0);
          const t1 = b.now("t1");
          b.block("5ms");
          b.mark("block", t1);
          const t2 = b.now("t2");
          b.offload("5ms");
          b.mark("offload", t2);
          const t3 = b.now("t3");
          b.sleep("5ms");
          b.mark("sleep", t3);
          const t4 = b.now("t4");
          b.fileRead(4096, { stall: "5ms" });
          b.mark("file", t4);
          b.fileStat();
        });
      });
      const result = runToEnd(model, source);
      same("outcome", result.outcome, "completed");
      same("wake-ups", texts(result), ["10000000", "20000000", "30000000"]);
      for (const [name, mark] of Object.entries(result.marks))
        ensure(
          mark.minNs >= 5_000_000 && mark.maxNs < 12_000_000,
          () => `${name}: 5 ms took ${mark.maxNs} ns`,
        );
    },
  },
  {
    name: "a service answers after its latency, refuses beyond its queue, and requests overlap",
    run(model) {
      const source = program(
        "calls",
        {
          doc: "calls",
          services: {
            wide: service({ servers: null, latency: constant("20ms") }),
            narrow: service({ servers: 1, queueLimit: 1, latency: constant("20ms") }),
            broken: service({ latency: constant("1ms"), failPerMillion: 1_000_000 }),
          },
        },
        ({ services, proc, main }) => {
          const caller = proc("caller", { which: "int" }, { returns: "int" }, (b, { which }) => {
            b.try({
              body: () =>
                b.match(which, [
                  [0, () => b.callService(services.wide)],
                  [1, () => b.callService(services.narrow)],
                ]),
              catch: [{ kinds: "Rejected", body: () => b.return(0) }],
            });
            b.return(1);
          });
          main((b) => {
            b.repeat(2, "which", (which) => {
              const tasks = b.list("tasks");
              const t0 = b.now("t0");
              b.repeat(5, () => {
                const t = b.spawn("t", caller, { which });
                b.push(tasks, t);
              });
              const oks = b.joinAll("oks", tasks);
              b.mark("round", t0);
              const sum = b.let("sum", 0);
              b.forEach(oks, "ok", (ok) => b.assign(sum, add(sum, ok)));
              b.log("{0}", sum);
            });
            b.try({
              body: () => b.callService(services.broken),
              catch: [{ kinds: "Rejected", body: () => b.log("failed") }],
            });
          });
        },
      );
      const result = runToEnd(model, source);
      same("outcome", result.outcome, "completed");
      same("answers", texts(result), ["5", "2", "failed"]);
      const { minNs, maxNs } = result.marks["round"]!;
      ensure(minNs >= 20_000_000 && minNs < 25_000_000, () => `five calls at a time took ${minNs} ns`);
      ensure(
        maxNs >= 40_000_000 && maxNs < 47_000_000,
        () => `two calls one after the other took ${maxNs} ns`,
      );
    },
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
