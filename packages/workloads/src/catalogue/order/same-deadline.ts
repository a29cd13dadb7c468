import { add, dur, int, mul, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const sameDeadline = program(
  "same-deadline",
  {
    doc: "Tasks that sleep equally long, or each a little shorter than the one before it, log when they wake.",
    params: {
      n: int(5, { min: 1, max: 1_000, doc: "sleepers" }),
      d: dur("10ms", { min: "1ms", max: "10s", doc: "how long the last of them sleeps" }),
      gap: dur(0, {
        min: 0,
        max: "1s",
        doc: "how much longer each sleeps than the next",
        sweep: [0, "1ms", "5ms"],
      }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", { number: "int" }, (b, { number }) => {
      b.sleep(add(params.d, mul(params.gap, sub(params.n, number))));
      b.log("t{0}", number);
    });
    main((b) => {
      const tasks = b.list("tasks");
      b.repeat(params.n, "i", (i) => {
        const t = b.spawn("t", sleeper, { number: add(i, 1) });
        b.push(tasks, t);
      });
      b.joinAll(tasks);
    });
  },
);

/** Equal deadlines are equal only on paper: a heap, a list or a queue breaks the tie. */
export default workload({
  id: "W07",
  program: sameDeadline,
  question: "Of timers that are due together, whose task runs first?",
  headline:
    "The oldest first on asyncio, Java and Node; on Go each woken task takes the runnext slot from the one before, so that the last of a batch runs first and the batches hang on the clock.",
  group: "order",
  options: oneWorker,
  levels: { ...everywhere("O1"), go: "O3" },
  expectations: [
    completes,
    {
      runtime: ["asyncio", "java", "node"],
      kind: "log",
      equals: ["t1", "t2", "t3", "t4", "t5"],
      because: "ran on CPython 3.11, JDK 25 and Node 24",
    },
    {
      runtime: "*",
      kind: "log",
      equals: ["t5", "t4", "t3", "t2", "t1"],
      when: { parameters: { gap: 5e6 } },
      because: "arithmetic: the last has the earliest deadline, by 5 ms",
    },
  ],
});
