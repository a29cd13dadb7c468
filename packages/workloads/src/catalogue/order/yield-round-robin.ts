import { add, int, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const yieldRoundRobin = program(
  "yield-round-robin",
  {
    doc: "A few tasks log and yield, round after round.",
    params: {
      tasks: int(3, { min: 1, max: 100, doc: "tasks that take turns" }),
      rounds: int(3, { min: 1, max: 1000, doc: "turns of each task" }),
    },
  },
  ({ params, proc, main }) => {
    const turns = proc("turns", { number: "int" }, (b, { number }) => {
      b.repeat(params.rounds, "round", (round) => {
        b.log("t{0}.{1}", number, add(round, 1));
        b.yield();
      });
    });
    main((b) => {
      const all = b.list("all");
      b.repeat(params.tasks, "i", (i) => {
        const t = b.spawn("t", turns, { number: add(i, 1) });
        b.push(all, t);
      });
      b.joinAll(all);
    });
  },
);

/** Yielding takes turns everywhere; only the first turn differs. */
export default workload({
  id: "W05",
  program: yieldRoundRobin,
  question: "When every task yields after each step, in which order do they take turns?",
  headline: "All four rotate; Go starts the round with the task spawned last, the others with the first.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "go",
      kind: "log",
      equals: ["t3.1", "t1.1", "t2.1", "t3.2", "t1.2", "t2.2", "t3.3", "t1.3", "t2.3"],
      because: "ran, GOMAXPROCS=1; runnext first, then Gosched appends to the global queue",
    },
    {
      runtime: ["asyncio", "java", "node"],
      kind: "log",
      equals: ["t1.1", "t2.1", "t3.1", "t1.2", "t2.2", "t3.2", "t1.3", "t2.3", "t3.3"],
      because: "ran, one carrier in Java; FIFO from the first round on",
    },
  ],
});
