import { exponential, fromParam, int, isOk, len, oneOf, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const allRaceAnySettled = program(
  "all-race-any-settled",
  {
    doc: "Each round makes many calls that may fail and waits for all of them, for the first to end, for the first success, or for every outcome.",
    params: {
      wait: oneOf("all", ["all", "race", "any", "settled"], { doc: "what a round waits for" }),
      calls: int(50, { min: 1, max: 1000, doc: "calls of a round" }),
      rounds: int(200, { min: 1, max: 100_000, doc: "rounds" }),
      failures: int(10_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a call fails",
        unit: "per million",
      }),
    },
    services: { backend: service({ latency: exponential("10ms"), failPerMillion: fromParam("failures") }) },
    policies: { onDetachedFailure: "ignore" },
  },
  ({ params, services, proc, main }) => {
    const call = proc("call", {}, (b) => b.callService(services.backend));
    main((b) => {
      b.repeat(params.rounds, () => {
        const asked = b.now("asked");
        const calls = b.list("calls");
        b.repeat(params.calls, () => {
          const t = b.spawn("t", call);
          b.push(calls, t);
        });
        b.try({
          body: () => {
            b.match(params.wait, [
              ["all", () => b.joinAll(calls)],
              ["race", () => b.joinAny(calls)],
              ["any", () => b.joinAny(calls, { firstSuccess: true })],
              [
                "settled",
                () => {
                  const outcomes = b.settleAll("outcomes", calls);
                  b.count("outcomes", len(outcomes));
                  b.forEach(outcomes, "outcome", (outcome) =>
                    b.if(isOk(outcome), () => b.count("successes")),
                  );
                },
              ],
            ]);
            b.count("good rounds");
          },
          catch: [{ kinds: "TaskFailed", body: () => b.count("failed rounds") }],
        });
        b.mark("answer", asked);
        b.settleAll(calls);
      });
    });
  },
);

/** Fifty services at one per cent: the story of a page that was down four times in ten. */
export default workload({
  id: "W45",
  program: allRaceAnySettled,
  question: "How often does a page that needs 50 calls succeed when one call in a hundred fails?",
  headline:
    "Waiting for all succeeds in 60.5 % of rounds on every runtime; settled always has 50 outcomes, any almost never fails.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "good rounds",
      min: 100,
      max: 142,
      because: "200 * 0.99^50 = 121, three standard errors are 21; W45",
    },
    {
      runtime: "*",
      kind: "count",
      name: "outcomes",
      min: 10_000,
      max: 10_000,
      when: { parameters: { wait: "settled" } },
      because: "200 * 50: settled always returns every outcome; W45",
    },
    {
      runtime: "*",
      kind: "count",
      name: "good rounds",
      min: 200,
      max: 200,
      when: { parameters: { wait: "any" } },
      because: "all 50 would have to fail: 0.01^50",
    },
  ],
});
