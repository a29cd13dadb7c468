import { and, at, bool, dur, exponential, ge, gt, int, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const debounceThrottle = program(
  "debounce-throttle",
  {
    doc: "Calls arrive at random and each caller waits for an answer; only the last call of a burst is passed on, or only one in each window.",
    params: {
      mode: oneOf("debounce", ["debounce", "throttle"], {
        doc: "a call is passed on when none has come for a window, or when none has been passed on for a window",
      }),
      share: bool(false, { doc: "whether the callers of a burst share the answer of the last" }),
      calls: int(40, { min: 1, max: 10_000, doc: "calls, 10 ms apart in the mean" }),
      window: dur("20ms", { min: "1ms", max: "10s", doc: "the window", sweep: ["5ms", "20ms", "100ms"] }),
    },
  },
  ({ params, proc, main }) => {
    const caller = proc("caller", { answer: "promise" }, (b, { answer }) => {
      b.await(answer);
      b.count("answers");
    });
    const pass = proc("pass", { answer: "promise" }, (b, { answer }) => {
      b.count("passed on");
      b.resolve(answer, true);
    });
    main((b) => {
      const answers = b.list("answers");
      const timers = b.list("timers");
      const last = b.let("last", sub("0ms", params.window));
      b.repeat(params.calls, "call", (call) => {
        const gap = b.draw("gap", "arrivals", exponential("10ms"));
        b.sleep(gap);
        const own = b.promise("own");
        b.match(params.mode, [
          [
            "debounce",
            () => {
              const answer = b.let("answer", own);
              b.if(gt(call, 0), () => {
                const early = b.stopTimer("early", at(timers, sub(call, 1)));
                b.if(and(params.share, early), () => b.assign(answer, at(answers, sub(call, 1))));
              });
              b.push(answers, answer);
              b.spawn(caller, { answer });
              const timer = b.afterFunc("timer", params.window, pass, { answer });
              b.push(timers, timer);
            },
          ],
          [
            "throttle",
            () => {
              b.spawn(caller, { answer: own });
              const arrived = b.now("arrived");
              b.if(
                ge(sub(arrived, last), params.window),
                () => {
                  b.assign(last, arrived);
                  b.call(pass, { answer: own });
                },
                () => b.resolve(own, false),
              );
            },
          ],
        ]);
      });
    });
  },
);

const counts = (
  name: "passed on" | "answers",
  min: number,
  max: number,
  parameters: Parameters,
  because: string,
): Expectation => ({ runtime: "*", kind: "count", name, min, max, when: { parameters }, because });

/** The promise that a debounce gives back is only ever kept for the last caller. */
export default workload({
  id: "W50",
  program: debounceThrottle,
  question: "How many calls does a debounce or a throttle pass on, and who is left waiting?",
  headline:
    "A throttle passes on one call a window at most, a debounce the last of each burst, and on every runtime the earlier callers wait for ever unless they share its answer.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    counts(
      "passed on",
      4,
      16,
      {},
      "arithmetic: 1 + 39 * exp(-20 ms / 10 ms) = 6, give or take; seed 1 gives 9 to 11",
    ),
    counts("answers", 4, 16, {}, "arithmetic: one for each call that is passed on"),
    counts("answers", 40, 40, { share: true }, "arithmetic: one for every caller"),
    counts(
      "passed on",
      10,
      26,
      { mode: "throttle" },
      "arithmetic: at most one in 20 ms of some 450 ms, and the first",
    ),
    counts("answers", 40, 40, { mode: "throttle" }, "arithmetic: who is not passed on is told so at once"),
  ],
});
