/** Nothing is lost or repeated, values go to who waits longest, a select commits once. */
import { add, duration, eq, mul, none, program } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, runToEnd, same, texts, write } from "../harness.ts";

export const channelsChecks: readonly Check[] = [
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
];
