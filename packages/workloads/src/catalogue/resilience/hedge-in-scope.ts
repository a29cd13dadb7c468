import { dur, eq, gt, int, lt, oneOf, program, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const hedgeInScope = program(
  "hedge-in-scope",
  {
    doc: "A request and its hedge are tasks of one scope, which cancels the loser, waits for it, or closes the channel it will send to.",
    params: {
      loser: oneOf("cancel", ["cancel", "wait", "close"], { doc: "what becomes of the slower of the two" }),
      requests: int(200, { min: 1, max: 1_000_000, doc: "requests" }),
      gap: dur("1ms", { min: 0, max: "1h", doc: "time between two requests" }),
      hedge: dur("50ms", { min: 0, max: "1h", doc: "how long a request waits before it is sent again" }),
      slowShare: int(50_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that an answer is slow",
        unit: "per million",
      }),
      fast: dur("10ms", { min: 0, max: "1h", doc: "time of an answer" }),
      slow: dur("300ms", { min: 0, max: "1h", doc: "time of a slow answer" }),
    },
  },
  ({ params, proc, main }) => {
    const ask = proc(
      "ask",
      { pause: "dur", answer: "chan", answered: "atomic" },
      (b, { pause, answer, answered }) => {
        b.if(gt(pause, "0ns"), () => b.sleep(pause));
        const late = b.atomicLoad("late", answered);
        b.if(eq(late, 1), () => b.return());
        b.count("sent");
        const roll = b.draw("roll", "slow", uniform(0, 999_999));
        b.if(
          lt(roll, params.slowShare),
          () => b.sleep(params.slow),
          () => b.sleep(params.fast),
        );
        b.atomicStore(answered, 1);
        b.send(answer, true);
      },
    );
    const request = proc("request", {}, (b) => {
      const asked = b.now("asked");
      const answer = b.chan("answer", 2);
      const answered = b.atomic("answered");
      const both = () => {
        b.spawn(ask, { pause: "0ns", answer, answered });
        b.spawn(ask, { pause: params.hedge, answer, answered });
      };
      b.match(params.loser, [
        ["cancel", () => b.scopeRace(both)],
        [
          "wait",
          () =>
            b.scope("waitAll", () => {
              both();
              b.recv(answer);
            }),
        ],
        [
          "close",
          () =>
            b.try({
              body: () =>
                b.scope("waitAll", () => {
                  both();
                  b.recv(answer);
                  b.close(answer);
                }),
              catch: [{ kinds: "TaskFailed", body: () => b.count("failed") }],
            }),
        ],
      ]);
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

/** A scope ends with its last task: a hedge gains nothing where the loser is not cancelled. */
export default workload({
  id: "W67",
  program: hedgeInScope,
  question: "Does hedging shorten a request whose scope waits for the slower of the two?",
  headline:
    "Only where the scope cancels the loser; one that waits is as slow as without a hedge, and closing the channel makes the loser fail the request as well.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p99",
      minNs: 58e6,
      maxNs: 150e6,
      because: "arithmetic: 50 ms and a fast answer of 10 ms",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p99",
      minNs: 298e6,
      maxNs: 500e6,
      when: { parameters: { loser: "wait" } },
      because: "arithmetic: one request in twenty waits for its slow first half; W67: no gain",
    },
    {
      runtime: "*",
      kind: "mark",
      name: "request",
      stat: "p99",
      minNs: 298e6,
      maxNs: 500e6,
      when: { parameters: { loser: "close" } },
      because: "arithmetic: the scope waits for the loser all the same; W67",
    },
    {
      runtime: "*",
      kind: "count",
      name: "failed",
      min: 1,
      max: 22,
      when: { parameters: { loser: "close" } },
      because:
        "arithmetic: each of the 10 slow halves sends on a closed channel, three standard errors are 9; W67: a loser's send throws",
    },
  ],
});
