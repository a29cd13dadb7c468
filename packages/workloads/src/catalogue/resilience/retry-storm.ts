import { add, dur, eq, ge, gt, int, ne, oneOf, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const retryStorm = program(
  "retry-storm",
  {
    doc: "Clients of a service that is nearly full give up after a while and ask again. What they gave up is served all the same. Once, a few more come.",
    params: {
      retry: oneOf("always", ["always", "budget", "never"], {
        doc: "whether a client asks again: always, for as many as a tenth of all requests, or never",
      }),
      retries: int(3, { min: 0, max: 20, doc: "times that a client asks again at most" }),
      requests: int(120, { min: 1, max: 1_000_000, doc: "requests besides the spike" }),
      gap: dur("13ms", {
        min: 0,
        max: "1h",
        doc: "time between two requests; the service can serve one every 10 ms",
      }),
      patience: dur("120ms", { min: 0, max: "1h", doc: "how long a client waits for an answer" }),
      spike: int(12, { min: 0, max: 100_000, doc: "requests that come at once", sweep: [0, 6, 12, 24] }),
      spikeAt: int(20, { min: 0, max: 1_000_000, doc: "the request that they come with" }),
      calmAt: int(80, { min: 0, max: 1_000_000, doc: "the request from which on answers are counted" }),
    },
    services: { backend: service({ servers: 4, latency: "40ms" }) },
    policies: { end: "main" },
  },
  ({ params, services, proc, main }) => {
    const call = proc("call", { answer: "chan" }, (b, { answer }) => {
      b.count("calls");
      b.callService(services.backend);
      b.send(answer, true);
    });
    const mayRetry = proc("mayRetry", { tenths: "atomic" }, { returns: "bool" }, (b, { tenths }) => {
      b.if(ne(params.retry, "budget"), () => b.return(eq(params.retry, "always")));
      const left = b.atomicAdd("left", tenths, -10);
      b.if(ge(left, 0), () => b.return(true));
      b.atomicAdd(tenths, 10);
      b.return(false);
    });
    const request = proc("request", { calm: "bool", tenths: "atomic" }, (b, { calm, tenths }) => {
      b.atomicAdd(tenths, 1);
      b.repeat(add(params.retries, 1), "attempt", (attempt) => {
        b.if(gt(attempt, 0), () => {
          const again = b.call("again", mayRetry, { tenths });
          b.if(eq(again, false), () => b.return());
        });
        const answer = b.chan("answer", 1);
        b.spawn(call, { answer });
        b.select(
          [
            b.onRecv(answer, () => {
              b.count("answered");
              b.if(calm, () => b.count("answered when calm"));
              b.return();
            }),
          ],
          { timeout: { dur: params.patience, body: () => b.count("timeouts") } },
        );
      });
    });
    main((b) => {
      const tenths = b.atomic("tenths");
      b.scope("waitAll", () =>
        b.repeat(params.requests, "n", (n) => {
          b.if(eq(n, params.spikeAt), () =>
            b.repeat(params.spike, () => b.spawn(request, { calm: false, tenths })),
          );
          b.spawn(request, { calm: ge(n, params.calmAt), tenths });
          b.sleep(params.gap);
        }),
      );
    });
  },
);

/** A metastable failure: the cause is gone, and the retries keep it alive. */
export default workload({
  id: "W68",
  program: retryStorm,
  question: "Does a service at 77 % load recover from a dozen more requests when clients time out and retry?",
  headline:
    "With three retries each it stays down for good on every runtime; with a budget of a tenth or none it is back within half a second.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "answered when calm",
      min: 0,
      max: 8,
      because:
        "arithmetic: requests that time out are sent four times, 310 a second where 100 can be served; W68: it stays collapsed",
    },
    ...(["budget", "never"] as const).map(
      (retry): Expectation => ({
        runtime: "*",
        kind: "count",
        name: "answered when calm",
        min: 25,
        max: 40,
        when: { parameters: { retry } },
        because:
          "arithmetic: at most 85 requests a second where 100 can be served, so the queue of a dozen drains; W68",
      }),
    ),
  ],
});
