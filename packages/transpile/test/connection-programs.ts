/** Programs of connections, the same for all four languages. Where two tasks could log, one waits for the other. */
import { add, checkOrThrow, eq, program } from "@orrery/program";
import type { Entry } from "../src/index.ts";

const echo = program("echo", { doc: "A server answers each client until it closes." }, ({ proc, main }) => {
  const serve = proc("serve", { listener: "listener", clients: "int" }, (b, { listener, clients }) =>
    b.repeat(clients, () => {
      const conn = b.accept("conn", listener);
      const open = b.let("open", true);
      b.while(open, { bound: 10 }, () => {
        const n = b.read("n", conn, 1000);
        b.log("got {0}", n);
        b.if(
          eq(n, 0),
          () => b.assign(open, false),
          () => b.write(conn, add(n, 1)),
        );
      });
      b.closeConn(conn);
    }),
  );
  main((b) => {
    const listener = b.listen("listener", 4);
    const server = b.spawn("server", serve, { listener, clients: 2 });
    b.repeat(2, "client", (client) => {
      const conn = b.connect("conn", listener);
      b.repeat(2, "i", (i) => {
        b.write(conn, add(add(client, i), 5));
        b.log("{0} back", b.read("back", conn, 1000));
      });
      b.closeConn(conn);
    });
    b.join(server);
    b.closeListener(listener);
    b.try({
      body: () => b.connect("late", listener),
      catch: [{ kinds: "Rejected", body: () => b.log("refused") }],
    });
  });
});

const closing = program(
  "closing",
  { doc: "Waits that are cancelled or closed, and a writer that waits for its reader." },
  ({ proc, main }) => {
    const reader = proc("reader", { conn: "conn" }, (b, { conn }) =>
      b.try({
        body: () => b.read(conn, 10),
        catch: [
          { kinds: "Rejected", body: () => b.log("rejected") },
          {
            kinds: "Cancelled",
            body: () => {
              b.log("cancelled");
              b.throw("Cancelled");
            },
          },
        ],
      }),
    );
    const accepts = proc("accepts", { listener: "listener" }, (b, { listener }) =>
      b.try({
        body: () => b.accept("conn", listener),
        catch: [{ kinds: "Rejected", body: () => b.log("no more") }],
      }),
    );
    const writer = proc("writer", { conn: "conn", bytes: "int" }, (b, { conn, bytes }) => {
      b.write(conn, bytes);
      b.log("written");
      b.closeConn(conn);
    });
    main((b) => {
      const listener = b.listen("listener", 4);
      const ours = b.connect("ours", listener);
      const theirs = b.accept("theirs", listener);
      const first = b.spawn("first", reader, { conn: ours });
      b.sleep("10ms");
      b.cancel(first);
      b.settleAll([first]);
      b.log("{0} at the other end", b.read("end", theirs, 10));
      b.closeConn(theirs);

      const client = b.connect("client", listener);
      const server = b.accept("server", listener);
      const second = b.spawn("second", reader, { conn: client });
      b.sleep("10ms");
      b.closeConn(client);
      b.join(second);
      b.closeConn(server);

      const source = b.connect("source", listener);
      const sink = b.accept("sink", listener);
      const task = b.spawn("task", writer, { conn: source, bytes: 20_000_000 });
      b.sleep("50ms");
      b.log("reading");
      const total = b.let("total", 0);
      const open = b.let("open", true);
      b.while(open, { bound: 100_000 }, () => {
        const n = b.read("n", sink, 1_000_000);
        b.assign(total, add(total, n));
        b.if(eq(n, 0), () => b.assign(open, false));
      });
      b.join(task);
      b.log("{0} read", total);
      b.closeConn(sink);

      const last = b.spawn("last", accepts, { listener });
      b.sleep("10ms");
      b.closeListener(listener);
      b.join(last);
    });
  },
);

/** The programs, by the name that each is known by. */
export const connectionEntries: readonly Entry[] = [echo, closing].map((each) => {
  const checked = checkOrThrow(each);
  const key = `${each.name[0]!.toUpperCase()}${each.name.slice(1)}`;
  return { key, program: checked.program, params: checked.params };
});
