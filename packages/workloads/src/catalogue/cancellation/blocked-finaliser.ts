import { dur, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const blockedFinaliser = program(
  "blocked-finaliser",
  {
    doc: "Work under a deadline takes too long, and what it does to clean up takes its time as well.",
    params: {
      deadline: dur("10ms", { min: "1ms", max: "10s", doc: "time for the work" }),
      work: dur("100ms", { min: 0, max: "60s", doc: "time that the work takes" }),
      cleanup: dur("20ms", { min: 0, max: "60s", doc: "time that the cleaning up takes" }),
      how: oneOf("wait", ["wait", "shield", "handOver"], {
        doc: "the cleaning up is waited for, shielded from the deadline as well, or left to a task of its own",
      }),
    },
  },
  ({ params, proc, main }) => {
    const cleanUp = proc("cleanUp", {}, (b) => {
      b.sleep(params.cleanup);
      b.count("cleaned up");
    });
    main((b) => {
      const start = b.now("start");
      b.try({
        body: () =>
          b.deadline(params.deadline, () =>
            b.try({
              body: () => b.sleep(params.work),
              finally: () =>
                b.match(params.how, [
                  ["wait", () => b.call(cleanUp)],
                  ["shield", () => b.shield(() => b.call(cleanUp))],
                  ["handOver", () => b.detach(cleanUp)],
                ]),
            }),
          ),
        catch: [{ kinds: "Timeout", body: () => b.count("timeouts") }],
      });
      b.mark("given up", start);
    });
  },
);

const givenUp = (ms: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "mark",
  name: "given up",
  stat: "max",
  minNs: ms * 1e6,
  maxNs: (ms + 15) * 1e6,
  when: { parameters },
  because,
});

const cleanedUp = (count: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "cleaned up",
  min: count,
  max: count,
  when: { parameters },
  because,
});

/** A deadline says when to begin to stop. */
export default workload({
  id: "W59",
  program: blockedFinaliser,
  question: "When does a deadline of 10 ms raise, if the work takes 20 ms to clean up?",
  headline:
    "After 30 ms on every runtime, for the block ends only when it has cleaned up; handing the cleaning up to another task keeps the 10 ms. Work that ends just in time has its cleaning up cut short, if no shield is around it.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "timeouts",
      min: 1,
      max: 1,
      because: "arithmetic: the work takes longer than its deadline",
    },
    cleanedUp(1, {}, "arithmetic: a cancellation is delivered once, and not to what it set off"),
    givenUp(30, {}, "arithmetic: 10 ms + 20 ms; W59: asyncio raises at 30 ms"),
    givenUp(10, { how: "handOver" }, "arithmetic: the block has nothing to wait for"),
    givenUp(30, { how: "shield" }, "arithmetic: 10 ms + 20 ms"),
    givenUp(10, { work: 8e6 }, "ran: 10.3 to 15.2 ms: the cleaning up began in time and is cut short"),
    cleanedUp(0, { work: 8e6 }, "ran: nobody shielded it"),
    givenUp(28, { work: 8e6, how: "shield" }, "arithmetic: 8 ms of work in time and 20 ms of cleaning up"),
    cleanedUp(1, { work: 8e6, how: "shield" }, "arithmetic: a shield keeps the deadline out"),
  ],
});
