/** Connections: what is written is read, a writer waits for its reader, ends and failures arrive, a cancelled wait closes. */
import { add, eq, sub } from "@orrery/program";
import type { Check } from "../../kit.ts";
import { expectLog, write } from "../harness.ts";

export const connectionChecks: readonly Check[] = [
  {
    name: "a server echoes its clients, and each side reads the end when the other has closed",
    run: (model) =>
      expectLog(
        model,
        write("echo", ({ proc, main }) => {
          const serve = proc("serve", { conn: "conn" }, (b, { conn }) => {
            const open = b.let("open", true);
            b.while(open, { bound: 100 }, () => {
              const n = b.read("n", conn, 1000);
              b.if(
                eq(n, 0),
                () => b.assign(open, false),
                () => b.write(conn, n),
              );
            });
            b.closeConn(conn);
          });
          const accept = proc(
            "accept",
            { listener: "listener", clients: "int" },
            (b, { listener, clients }) => {
              const tasks = b.list("tasks");
              b.repeat(clients, () => {
                const conn = b.accept("conn", listener);
                b.push(tasks, b.spawn("t", serve, { conn }));
              });
              b.joinAll(tasks);
            },
          );
          main((b) => {
            const listener = b.listen("listener", 8);
            const server = b.spawn("server", accept, { listener, clients: 2 });
            b.repeat(2, "i", (i) => {
              const conn = b.connect("conn", listener);
              b.write(conn, add(i, 5));
              b.log("{0} back", b.read("n", conn, 100));
              b.closeConn(conn);
            });
            b.join(server);
            b.closeListener(listener);
            b.try({
              body: () => b.connect("late", listener),
              catch: [{ kinds: "Rejected", body: () => b.log("refused") }],
            });
          });
        }),
        ["5 back", "6 back", "refused"],
      ),
  },
  {
    name: "a writer waits until the reader has made room",
    run: (model) =>
      expectLog(
        model,
        write("flow", ({ proc, main }) => {
          const total = 20_000_000;
          const writer = proc("writer", { conn: "conn" }, (b, { conn }) => {
            b.write(conn, total);
            b.log("written");
            b.closeConn(conn);
          });
          main((b) => {
            const listener = b.listen("listener", 1);
            const conn = b.connect("conn", listener);
            const t = b.spawn("t", writer, { conn: b.accept("accepted", listener) });
            b.sleep("20ms");
            b.log("reading");
            const left = b.let("left", total);
            const open = b.let("open", true);
            b.while(open, { bound: 100_000 }, () => {
              const n = b.read("n", conn, 1_000_000);
              b.assign(left, sub(left, n));
              b.if(eq(n, 0), () => b.assign(open, false));
            });
            b.join(t);
            b.log("{0} left", left);
          });
        }),
        ["reading", "written", "0 left"],
      ),
  },
  {
    name: "closing wakes who waits on it, and a cancelled wait closes what it waited for",
    run: (model) =>
      expectLog(
        model,
        write("closing", ({ proc, main }) => {
          const reader = proc("reader", { conn: "conn" }, (b, { conn }) =>
            b.try({
              body: () => b.log("{0} bytes", b.read("n", conn, 10)),
              catch: [
                { kinds: "Cancelled", body: () => b.log("cancelled") },
                { kinds: "Rejected", body: () => b.log("rejected") },
              ],
            }),
          );
          const accept = proc("accept", { listener: "listener" }, (b, { listener }) =>
            b.try({
              body: () => b.accept("conn", listener),
              catch: [{ kinds: "Rejected", body: () => b.log("no more") }],
            }),
          );
          main((b) => {
            const listener = b.listen("listener", 1);
            const ours = b.connect("ours", listener);
            const theirs = b.accept("theirs", listener);
            const first = b.spawn("first", reader, { conn: ours });
            b.sleep("5ms");
            b.cancel(first);
            b.join(first);
            b.log("{0} at the other end", b.read("n", theirs, 10));
            const second = b.connect("other", listener);
            b.accept("unused", listener);
            const waiting = b.spawn("waiting", reader, { conn: second });
            const accepting = b.spawn("accepting", accept, { listener });
            b.sleep("5ms");
            b.closeConn(second);
            b.join(waiting);
            b.closeListener(listener);
            b.join(accepting);
          });
        }),
        ["cancelled", "0 at the other end", "rejected", "no more"],
      ),
  },
];
