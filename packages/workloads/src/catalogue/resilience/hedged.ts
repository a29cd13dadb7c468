import { dur, int, lt, program, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const hedged = program(
  "hedged",
  {
    doc: "A request that has no answer after a while is sent a second time, and the first answer counts.",
    params: {
      requests: int(400, { min: 1, max: 1_000_000, doc: "requests" }),
      gap: dur("1ms", { min: 0, max: "1h", doc: "time between two requests" }),
      hedge: dur("50ms", {
        min: 0,
        max: "1h",
        doc: "how long a request waits before it is sent again; an hour is never",
        sweep: ["20ms", "50ms", "100ms", "1h"],
      }),
      slowShare: int(50_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that an answer is slow",
        unit: "per million",
        sweep: [1000, 10_000, 50_000],
      }),
      fast: dur("10ms", { min: 0, max: "1h", doc: "time of an answer" }),
      slow: dur("300ms", { min: 0, max: "1h", doc: "time of a slow answer", sweep: ["300ms", "1800ms"] }),
    },
  },
  ({ params, proc, main }) => {
    const ask = proc("ask", { answer: "chan" }, (b, { answer }) => {
      const roll = b.draw("roll", "slow", uniform(0, 999_999));
      b.if(
        lt(roll, params.slowShare),
        () => b.sleep(params.slow),
        () => b.sleep(params.fast),
      );
      b.send(answer, true);
    });
    const request = proc("request", {}, (b) => {
      const asked = b.now("asked");
      const answer = b.chan("answer", 2);
      b.spawn(ask, { answer });
      b.select(
        [
          b.onRecv(answer, () => {
            b.mark("request", asked);
            b.return();
          }),
        ],
        { timeout: { dur: params.hedge, body: () => b.count("hedges") } },
      );
      b.spawn(ask, { answer });
      b.recv(answer);
      b.mark("request", asked);
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

/** A share p of slow answers becomes p * p for a share p of requests more. */
export default workload({
  id: "W66",
  program: hedged,
  question:
    "What does it do to the slowest answers to ask again after 50 ms, and how much more load is that?",
  headline:
    "On every runtime the 99th percentile falls from the slow answer's 300 ms to 60 ms, for one request in twenty sent twice.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "hedges",
      min: 7,
      max: 33,
      because: "arithmetic: 400 * 0.05 = 20, three standard errors are 13; W66",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p99",
      minNs: 58e6,
      maxNs: 150e6,
      because: "arithmetic: 50 ms and a fast answer of 10 ms; slow twice is one in 400",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p99",
      minNs: 298e6,
      maxNs: 500e6,
      when: { parameters: { hedge: 3600e9 } },
      because: "arithmetic: one answer in twenty is slow, and nobody asks again",
    },
  ],
});
