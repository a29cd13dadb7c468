import { eq, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const selectFairness = program(
  "select-fairness",
  {
    doc: "Two channels always have a value; a task picks from either, again and again.",
    params: {
      picks: int(10_000, { min: 1, max: 1_000_000, doc: "values taken" }),
      pattern: oneOf("select", ["select", "priority"], {
        doc: "one select, or first a look at the urgent channel and a select only when it is empty",
      }),
    },
  },
  ({ params, main }) => {
    main((b) => {
      const urgent = b.chan("urgent", params.picks);
      const usual = b.chan("usual", params.picks);
      b.repeat(params.picks, "i", (i) => {
        b.send(urgent, i);
        b.send(usual, i);
      });
      b.repeat(params.picks, () => {
        b.if(eq(params.pattern, "priority"), () => {
          const [, ready] = b.tryRecv("first", "ready", urgent);
          b.if(ready, () => {
            b.count("urgent");
            b.continue();
          });
        });
        b.select([b.onRecv(urgent, () => b.count("urgent")), b.onRecv(usual, () => b.count("usual"))]);
      });
    });
  },
);

/** A select has no favourite; who wants one has to write it. */
export default workload({
  id: "W08",
  program: selectFairness,
  question: "Of two channels that are always ready, how often does a select take the first?",
  headline:
    "Half of the time everywhere, for the policy is Go's random choice; priority is a pattern of the program, and then the other channel gets nothing.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "urgent",
      min: 4850,
      max: 5150,
      when: { profile: "any" },
      because: "arithmetic: 10000 / 2, and three standard errors of 50; W08",
    },
    {
      runtime: "*",
      kind: "count",
      name: "usual",
      min: 0,
      max: 0,
      when: { parameters: { pattern: "priority" }, profile: "any" },
      because: "arithmetic: the urgent channel has a value for every pick",
    },
  ],
});
