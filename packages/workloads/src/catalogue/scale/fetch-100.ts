import { dur, fromParam, int, oneOf, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const fetch100 = program(
  "fetch-100",
  {
    doc: "n requests of the same length: one after the other, by a pool of workers, or all at once.",
    params: {
      n: int(100, { min: 1, max: 100_000, doc: "requests" }),
      d: dur("1s", { min: "1ms", max: "60s", doc: "how long the server takes for one" }),
      mode: oneOf("async", ["seq", "pool", "async"], {
        doc: "one after the other, by a pool, or a task for each",
      }),
      workers: int(100, { min: 1, max: 10_000, doc: "workers of the pool", sweep: [10, 25, 50, 100] }),
    },
    services: { web: service({ latency: fromParam("d") }) },
  },
  ({ params, services, proc, main }) => {
    const fetch = proc("fetch", {}, (b) => b.callService(services.web));
    const worker = proc("worker", { requests: "chan" }, (b, { requests }) => {
      b.range(requests, "request", () => b.callService(services.web));
    });
    main((b) => {
      b.match(params.mode, [
        ["seq", () => b.repeat(params.n, () => b.callService(services.web))],
        [
          "pool",
          () => {
            const requests = b.chan("requests", params.n);
            b.repeat(params.n, "i", (i) => b.send(requests, i));
            b.close(requests);
            b.scope("waitAll", () => b.repeat(params.workers, () => b.spawn(worker, { requests })));
          },
        ],
        ["async", () => b.scope("waitAll", () => b.repeat(params.n, () => b.spawn(fetch)))],
      ]);
    });
  },
);

const takes = (parameters: Record<string, number | string>, s: number, because: string): Expectation => ({
  runtime: "*",
  kind: "makespan",
  minNs: s * 1e9,
  maxNs: s * 1.2e9,
  when: { parameters },
  because,
});

/** Waiting is free when it is done together. */
export default workload({
  id: "W13",
  program: fetch100,
  question: "How long do 100 requests of one second take in sequence, on a pool, and with a task each?",
  headline: "100 s in sequence, 1 s with 100 workers or a task each, 2 s with 50 workers, on every runtime.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    takes({}, 1, "ran: 1.003 s on asyncio; W13"),
    takes({ mode: "seq" }, 100, "100 * 1 s"),
    takes({ mode: "pool" }, 1, "ran: 1.015 s on 100 threads; W13"),
    takes({ mode: "pool", workers: 50 }, 2, "ran: 2.03 s on 50 threads; W13"),
  ],
});
