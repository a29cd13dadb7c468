import { add, div, dur, fromParam, int, lt, min, mul, program, service, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const retryBackoff = program(
  "retry-backoff",
  {
    doc: "Each client calls a service that often fails, and tries again after pauses that grow.",
    params: {
      clients: int(1000, { min: 1, max: 100_000, doc: "clients, all at once" }),
      attempts: int(3, { min: 1, max: 20, doc: "calls of a client at most", sweep: [1, 2, 3, 4, 5] }),
      failures: int(300_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a call fails",
        unit: "per million",
        sweep: [10_000, 100_000, 300_000, 500_000],
      }),
      base: dur("100ms", {
        min: 0,
        max: "10m",
        doc: "pause after the first failure",
        sweep: ["100ms", "1s"],
      }),
      factor: int(2, { min: 1, max: 10, doc: "how many times longer each pause is than the one before" }),
      cap: dur("10s", { min: 0, max: "1h", doc: "longest pause", sweep: ["10s", "30s"] }),
      jitter: int(10, { min: 0, max: 100, doc: "how far a pause is moved at most, up or down", unit: "%" }),
    },
    services: { backend: service({ latency: "5ms", failPerMillion: fromParam("failures") }) },
  },
  ({ params, services, proc, main }) => {
    const client = proc("client", {}, (b) => {
      const pause = b.let("pause", params.base);
      b.repeat(params.attempts, "attempt", (attempt) => {
        b.count("calls");
        b.try({
          body: () => {
            b.callService(services.backend);
            b.count("successes");
            b.return();
          },
          catch: [{ kinds: "Rejected", body: () => b.count("failures") }],
        });
        b.if(lt(attempt, sub(params.attempts, 1)), () => {
          const roll = b.draw("roll", "jitter", uniform(0, 200));
          const moved = b.let(
            "moved",
            add(pause, div(mul(mul(pause, params.jitter), sub(roll, 100)), 10_000)),
          );
          b.measure("pause", moved);
          b.sleep(moved);
          b.assign(pause, min(mul(pause, params.factor), params.cap));
        });
      });
      b.count("gave up");
    });
    main((b) => b.scope("waitAll", () => b.repeat(params.clients, () => b.spawn(client))));
  },
);

/** What retries buy and what they cost is arithmetic, the same on every runtime: p^k failures are left, for 1/(1-p) calls. */
export default workload({
  id: "W61",
  program: retryBackoff,
  question: "How many calls still fail after two retries, and how much more load is that?",
  headline: "On every runtime 97.3 % of clients succeed where 70 % of calls do, for 1.39 times the calls.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "successes",
      min: 957,
      max: 989,
      when: { profile: "any" },
      because: "arithmetic: 1000 * (1 - 0.3^3) = 973, three standard errors are 15; W61",
    },
    {
      runtime: "*",
      kind: "count",
      name: "calls",
      min: 1328,
      max: 1452,
      when: { profile: "any" },
      because: "arithmetic: 1000 * (1 - 0.3^3) / (1 - 0.3) = 1390, three standard errors are 61; W61",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "pause",
      stat: "min",
      minNs: 90e6,
      maxNs: 100e6,
      when: { profile: "any" },
      because: "arithmetic: 100 ms less a tenth at most",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "pause",
      stat: "max",
      minNs: 200e6,
      maxNs: 220e6,
      when: { profile: "any" },
      because: "arithmetic: twice 100 ms and a tenth more at most",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "pause",
      stat: "max",
      minNs: 4e9,
      maxNs: 4e9,
      when: {
        parameters: { attempts: 4, base: 1e9, cap: 30e9, jitter: 0, clients: 100 },
        profile: "any",
      },
      because: "arithmetic: pauses of 1, 2 and 4 s; W61",
    },
  ],
});
