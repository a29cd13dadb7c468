import { dur, int, oneOf, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const webMix = program(
  "web-mix",
  {
    doc: "Many connections ask a server at once for a text, a row, several rows, a page made of rows, or changes of rows; a few connections to the database are shared.",
    params: {
      ask: oneOf("queries", ["json", "query", "queries", "fortunes", "updates"], {
        doc: "what a request asks for",
      }),
      connections: int(256, { min: 1, max: 100_000, doc: "connections", sweep: [16, 64, 256] }),
      requests: int(1, { min: 1, max: 10_000, doc: "requests of each, one after the other" }),
      rows: int(5, { min: 1, max: 100, doc: "rows of queries and updates", sweep: [1, 5, 10, 15, 20] }),
      pool: int(32, { min: 1, max: 10_000, doc: "connections to the database", sweep: [8, 32, 128] }),
      render: dur("50us", {
        min: 0,
        max: "1s",
        doc: "processor time of a reply; a page of fortunes takes four times as long",
      }),
    },
    services: { database: service({ latency: "5ms" }) },
  },
  ({ params, services, proc, main }) => {
    const query = proc("query", { pool: "sem" }, (b, { pool }) => {
      b.acquire(pool);
      b.callService(services.database);
      b.release(pool);
    });
    const connection = proc("connection", { pool: "sem" }, (b, { pool }) => {
      b.repeat(params.requests, () => {
        const asked = b.now("asked");
        b.match(params.ask, [
          ["json", () => {}],
          ["query", () => b.call(query, { pool })],
          ["queries", () => b.repeat(params.rows, () => b.call(query, { pool }))],
          [
            "fortunes",
            () => {
              b.call(query, { pool });
              b.repeat(3, () => b.cpu(params.render));
            },
          ],
          [
            "updates",
            () =>
              b.repeat(params.rows, () => {
                b.call(query, { pool });
                b.call(query, { pool });
              }),
          ],
        ]);
        b.cpu(params.render);
        b.mark("request", asked);
        b.count("replies");
      });
    });
    main((b) => {
      const pool = b.sem("pool", params.pool);
      b.scope("waitAll", () => b.repeat(params.connections, () => b.spawn(connection, { pool })));
    });
  },
);

/** The web frameworks' well-known round: the more a request asks of the database, the less the runtime matters. */
export default workload({
  id: "W80",
  program: webMix,
  question:
    "How long do 256 requests of five queries each take, when 32 connections to the database are shared?",
  headline:
    "Requests times queries times their time by the pool, 200 ms and little more, on every runtime; only plain texts tell runtimes apart.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: ["go", "asyncio", "node"],
      kind: "makespan",
      minNs: 195e6,
      maxNs: 500e6,
      because: "arithmetic: 256 * 5 queries of 5 ms / 32 = 200 ms, and what calls cost; W80: pool / (N * t)",
    },
    {
      runtime: "java",
      kind: "makespan",
      minNs: 195e6,
      maxNs: 1e9,
      because: "arithmetic: 200 ms as on the others; ran: 423 to 493 ms by a cold JVM",
    },
    {
      runtime: ["go", "asyncio", "node"],
      kind: "makespan",
      minNs: 780e6,
      maxNs: 2.4e9,
      when: { parameters: { rows: 20 } },
      because: "arithmetic: 256 * 20 queries of 5 ms / 32 = 800 ms, and what calls cost; W80",
    },
    {
      runtime: ["go", "asyncio", "node"],
      kind: "makespan",
      minNs: 39e6,
      maxNs: 150e6,
      when: { parameters: { ask: "query" } },
      because: "arithmetic: 256 queries of 5 ms / 32 = 40 ms, and what calls cost",
    },
    {
      runtime: ["go", "asyncio", "node"],
      kind: "makespan",
      minNs: 39e6,
      maxNs: 200e6,
      when: { parameters: { ask: "fortunes" } },
      because: "arithmetic: 40 ms as for one query, and 200 us of a processor a page",
    },
    {
      runtime: ["go", "asyncio", "node"],
      kind: "makespan",
      minNs: 390e6,
      maxNs: 900e6,
      when: { parameters: { ask: "updates" } },
      because: "arithmetic: 256 * 5 * 2 queries of 5 ms / 32 = 400 ms, and what calls cost",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 3e6,
      maxNs: 300e6,
      when: { parameters: { ask: "json" } },
      because:
        "arithmetic: 256 * 50 us = 12.8 ms on one core, less on several; cold code and a busy computer take longer",
    },
  ],
});
