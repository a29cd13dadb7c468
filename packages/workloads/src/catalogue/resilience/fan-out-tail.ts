import { div, dur, gt, int, lt, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const fanOutTail = program(
  "fan-out-tail",
  {
    doc: "Each request asks many leaves at once and has to wait for the slowest of them.",
    params: {
      requests: int(30, { min: 1, max: 100_000, doc: "requests" }),
      gap: dur("10ms", { min: 0, max: "1h", doc: "time between two requests" }),
      leaves: int(100, { min: 1, max: 10_000, doc: "leaves that a request asks", sweep: [1, 10, 100] }),
      slowShare: int(10_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a leaf is slow",
        unit: "per million",
        sweep: [100, 1000, 10_000],
      }),
      fast: dur("20ms", { min: 0, max: "1h", doc: "answer of a leaf", sweep: ["20ms", "100ms"] }),
      slow: dur("300ms", { min: 0, max: "1h", doc: "answer of a slow leaf", sweep: ["300ms", "1s"] }),
    },
  },
  ({ params, proc, main }) => {
    const leaf = proc("leaf", {}, (b) => {
      const asked = b.now("asked");
      const roll = b.draw("roll", "slow", uniform(0, 999_999));
      b.if(
        lt(roll, params.slowShare),
        () => b.sleep(params.slow),
        () => b.sleep(params.fast),
      );
      b.mark("leaf", asked);
    });
    const request = proc("request", {}, (b) => {
      const asked = b.now("asked");
      b.scope("waitAll", () => b.repeat(params.leaves, () => b.spawn(leaf)));
      const answered = b.now("answered");
      b.measure("request", sub(answered, asked));
      b.if(gt(sub(answered, asked), div(params.slow, 2)), () => b.count("slow requests"));
    });
    main((b) => {
      b.scope("waitAll", () =>
        b.repeat(params.requests, () => {
          b.spawn(request);
          b.sleep(params.gap);
        }),
      );
    });
  },
);

/** The tail at scale: what is rare at a leaf is the rule at the root. */
export default workload({
  id: "W65",
  program: fanOutTail,
  question: "How often is a request slow that asks 100 leaves of which one in a hundred is slow?",
  headline: "63.4 % of requests are slow, on every runtime, and so is the median.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "slow requests",
      min: 12,
      max: 26,
      because: "arithmetic: 30 * (1 - 0.99^100) = 19, three standard errors are 7.9; W65",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "leaf",
      stat: "p50",
      minNs: 20e6,
      maxNs: 150e6,
      because: "arithmetic: 99 in a hundred leaves are fast",
    },
    {
      runtime: "*",
      kind: "measure",
      name: "request",
      stat: "p50",
      minNs: 298e6,
      maxNs: 600e6,
      because:
        "arithmetic: more than half of the requests meet a slow leaf, which Node may end 1 ms early; W65",
    },
  ],
});
