import { add, dur, eq, fromParam, gt, int, len, oneOf, program, service } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const batchedLoader = program(
  "batched-loader",
  {
    doc: "Many tasks ask for a key each. A loader gathers the keys that come within a window and asks the database once for all of them.",
    params: {
      keys: int(100, { min: 1, max: 10_000, doc: "keys, each asked for by a task of its own" }),
      window: oneOf("turn", ["none", "turn", "timer", "full"], {
        doc: "keys gathered: none, those that come before the loader has yielded once, those within `wait`, or all",
      }),
      wait: dur("5ms", { min: "1ms", max: "1s", doc: "window of the timer" }),
      connections: int(1, {
        min: 1,
        max: 1000,
        doc: "connections to the database, each with one query at a time",
        sweep: [1, 10, 20, 100],
      }),
      single: dur("10ms", { min: 0, max: "10s", doc: "length of a query for one key" }),
      batch: dur("50ms", { min: 0, max: "10s", doc: "length of a query for a batch" }),
    },
    services: {
      one: service({ latency: fromParam("single") }),
      many: service({ latency: fromParam("batch") }),
    },
  },
  ({ params, services, proc, main }) => {
    const flush = proc(
      "flush",
      { asked: "chan", pending: "atomic", connections: "sem" },
      (b, { asked, pending, connections }) => {
        b.atomicStore(pending, 0);
        const gathered = b.list("gathered");
        const more = b.let("more", true);
        b.while(more, { bound: add(params.keys, 1) }, () => {
          const [answer, ok] = b.tryRecv("answer", "ok", asked);
          b.assign(more, ok);
          b.if(ok, () => b.push(gathered, answer));
        });
        b.if(gt(len(gathered), 0), () => {
          b.acquire(connections);
          b.callService(services.many);
          b.release(connections);
          b.count("queries");
        });
        b.forEach(gathered, "each", (each) => b.resolve(each, true));
      },
    );
    const dispatch = proc(
      "dispatch",
      { asked: "chan", pending: "atomic", connections: "sem" },
      (b, { asked, pending, connections }) => {
        b.if(
          eq(params.window, "turn"),
          () => b.yield(),
          () => b.sleep(params.wait),
        );
        b.call(flush, { asked, pending, connections });
      },
    );
    const load = proc(
      "load",
      { asked: "chan", pending: "atomic", connections: "sem" },
      (b, { asked, pending, connections }) => {
        const answer = b.promise("answer");
        b.send(asked, answer);
        const n = b.atomicAdd("n", pending, 1);
        b.if(
          eq(params.window, "full"),
          () => b.if(eq(n, params.keys), () => b.call(flush, { asked, pending, connections })),
          () => b.if(eq(n, 1), () => b.spawn(dispatch, { asked, pending, connections })),
        );
        b.await(answer);
        b.count("answers");
      },
    );
    const query = proc("query", { connections: "sem" }, (b, { connections }) => {
      b.acquire(connections);
      b.callService(services.one);
      b.release(connections);
      b.count("queries");
      b.count("answers");
    });
    main((b) => {
      const asked = b.chan("asked", params.keys);
      const pending = b.atomic("pending");
      const connections = b.sem("connections", params.connections);
      b.scope("waitAll", () => {
        b.repeat(params.keys, () => {
          b.if(
            eq(params.window, "none"),
            () => b.spawn(query, { connections }),
            () => b.spawn(load, { asked, pending, connections }),
          );
        });
      });
    });
  },
);

const queries = (
  runtime: Expectation["runtime"],
  count: number,
  parameters: Parameters,
  because: string,
): Expectation => ({
  runtime,
  kind: "count",
  name: "queries",
  min: count,
  max: count,
  when: { parameters },
  because,
});
const takes = (ms: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "makespan",
  minNs: ms * 1e6,
  maxNs: ms * 1.6e6 + 50e6,
  when: { parameters },
  because,
});

/** A loader needs to know when everybody has asked; only a loop has a moment that means it. */
export default workload({
  id: "W48",
  program: batchedLoader,
  question: "How many queries do a hundred keys need when a loader gathers those of one turn of the runtime?",
  headline:
    "Where a yield lets all that are ready ask first, on asyncio, Java and Node, one query does; on Go the loader is back too early and makes two; a timer or a full batch makes it one everywhere.",
  group: "composition",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "answers",
      min: 100,
      max: 100,
      when: { profile: "any" },
      because: "arithmetic: an answer for every key",
    },
    queries(["asyncio", "java", "node"], 1, {}, "ran: the loader goes on when all have asked; W48"),
    queries(
      "go",
      2,
      {},
      "ran: Gosched queues globally, where a P looks before its own queue at every 61st turn",
    ),
    queries("*", 100, { window: "none" }, "arithmetic: a query for every key"),
    queries("*", 1, { window: "timer" }, "arithmetic: all ask within 5 ms; W48"),
    queries("*", 1, { window: "full" }, "arithmetic: the last to ask sends the batch; W48"),
    takes(1000, { window: "none" }, "arithmetic: 100 * 10 ms on one connection; W48"),
    takes(50, { window: "none", connections: 20 }, "arithmetic: 100 * 10 ms / 20, as long as the batch"),
    takes(50, { window: "full" }, "arithmetic: one batch of 50 ms"),
  ],
});
