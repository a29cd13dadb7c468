import { div, dur, eq, at, gt, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const c10k = program(
  "c10k",
  {
    doc: "Many connections are open and few of them send requests. Each has a task that waits for its requests, or one task serves whichever is ready.",
    params: {
      server: oneOf("task", ["task", "reactor", "socket"], {
        doc: "a task a connection, or one for all, over channels; or a task a TCP connection, of which a process can hold so many only",
      }),
      connections: int(10_000, {
        min: 1,
        max: 1_000_000,
        doc: "connections",
        sweep: [1000, 10_000, 100_000],
      }),
      quiet: int(100, { min: 1, max: 1_000_000, doc: "one connection in so many is active" }),
      rounds: int(10, { min: 1, max: 10_000, doc: "requests of each active connection" }),
      work: dur("20us", { min: 0, max: "1s", doc: "processor time of a request" }),
    },
  },
  ({ params, proc, main }) => {
    const handler = proc("handler", { requests: "chan", replies: "chan" }, (b, { requests, replies }) => {
      b.range(requests, "asked", (asked) => {
        b.cpu(params.work);
        b.mark("request", asked);
        b.send(replies, true);
      });
    });
    const serve = proc("serve", { conn: "conn" }, (b, { conn }) => {
      const asked = b.read("asked", conn, 1);
      b.while(gt(asked, 0), { spin: true }, () => {
        b.cpu(params.work);
        b.write(conn, 1);
        b.assign(asked, b.read("next", conn, 1));
      });
      b.closeConn(conn);
    });
    const acceptor = proc("acceptor", { listener: "listener" }, (b, { listener }) =>
      b.repeat(params.connections, () => b.spawn(serve, { conn: b.accept("conn", listener) })),
    );
    const client = proc("client", { conn: "conn" }, (b, { conn }) =>
      b.repeat(params.rounds, () => {
        const asked = b.now("asked");
        b.write(conn, 1);
        b.read(conn, 1);
        b.mark("request", asked);
        b.count("requests");
      }),
    );
    /** Every connection is made, then the active ones ask, then all are closed. */
    const overSockets = proc("overSockets", { active: "int" }, (b, { active }) => {
      const listener = b.listen("listener", params.connections);
      const connections = b.list("connections");
      b.scope("waitAll", () => {
        b.spawn(acceptor, { listener });
        b.repeat(params.connections, () => b.push(connections, b.connect("conn", listener)));
        b.scope("waitAll", () => b.repeat(active, "n", (n) => b.spawn(client, { conn: at(connections, n) })));
        b.forEach(connections, "each", (conn) => b.closeConn(conn));
      });
      b.closeListener(listener);
    });
    main((b) => {
      const active = b.let("active", div(params.connections, params.quiet));
      b.if(eq(params.server, "socket"), () => {
        b.call(overSockets, { active });
        b.return();
      });
      const replies = b.chan("replies", params.connections);
      const ready = b.chan("ready", params.connections);
      const connections = b.list("connections");
      b.scope("waitAll", () => {
        b.if(
          eq(params.server, "reactor"),
          () => {
            b.repeat(params.connections, () => b.push(connections, ready));
            b.spawn(handler, { requests: ready, replies });
          },
          () =>
            b.repeat(params.connections, () => {
              const requests = b.chan("requests", 1);
              b.push(connections, requests);
              b.spawn(handler, { requests, replies });
            }),
        );
        b.repeat(params.rounds, () => {
          b.repeat(active, "n", (n) => {
            const asked = b.now("asked");
            b.send(at(connections, n), asked);
            b.count("requests");
          });
          b.repeat(active, () => b.recv(replies));
        });
        b.if(
          eq(params.server, "reactor"),
          () => b.close(ready),
          () => b.forEach(connections, "each", (requests) => b.close(requests)),
        );
      });
    });
  },
);

/**
 * Connections are channels, so that ten thousand fit into any process, or sockets; a process for each is left out: what is
 * compared is who waits for them. The memory of a run tells what a waiting task costs.
 */
export default workload({
  id: "W79",
  program: c10k,
  question:
    "What do ten thousand connections cost, of which one in a hundred is active, with a task each and with one for all?",
  headline:
    "The work is the same either way; a task each costs 0.6 to 2.7 KB a connection, where a thread's stack would be megabytes.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "requests",
      min: 1000,
      max: 1000,
      when: { profile: "any" },
      because: "arithmetic: 10 of each of 100 active connections",
    },
    {
      runtime: "*",
      kind: "count",
      name: "requests",
      min: 1000,
      max: 1000,
      when: { parameters: { server: "socket", connections: 1000, quiet: 10 } },
      because: "arithmetic: 10 of each of 100 active connections",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p50",
      minNs: 0.02e6,
      maxNs: 50e6,
      because: "arithmetic: a request waits for at most 100 requests of 20 us and what they cost to pass on",
    },
  ],
});
