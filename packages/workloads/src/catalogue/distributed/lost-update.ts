import { add, cell, int, mul, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const lostUpdate = program(
  "lost-update",
  {
    doc: "Tasks read a shared number, perhaps let others run, and write it back raised by one.",
    params: {
      between: oneOf("yield", ["nothing", "yield", "wait"], {
        doc: "what a task does between reading and writing",
      }),
      tasks: int(2, { min: 1, max: 1000, doc: "tasks", sweep: [1, 2, 10] }),
      rounds: int(100, { min: 1, max: 1_000_000, doc: "updates of each" }),
    },
    shared: { number: cell(0) },
  },
  ({ params, shared, proc, main }) => {
    const adder = proc("adder", {}, (b) => {
      b.repeat(params.rounds, () => {
        const seen = b.load("seen", shared.number);
        b.match(params.between, [
          ["yield", () => b.yield()],
          ["wait", () => b.sleep("1ms")],
        ]);
        b.store(shared.number, add(seen, 1));
      });
    });
    main((b) => {
      b.scope("waitAll", () => b.repeat(params.tasks, () => b.spawn(adder)));
      const number = b.load("number", shared.number);
      b.count("lost", sub(mul(params.tasks, params.rounds), number));
    });
  },
);

/** On a loop only a wait can lose an update; between threads any two statements can, seen or not. */
export default workload({
  id: "W83",
  program: lostUpdate,
  question: "How many of 200 updates by two tasks are lost when they yield between reading and writing?",
  headline:
    "On asyncio and Node the 100 of one task, and none without the yield; Go and Java may lose some in either case, though hardly ever without it.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: ["asyncio", "node"],
      kind: "count",
      name: "lost",
      min: 100,
      max: 100,
      when: { profile: "any" },
      because:
        "arithmetic: the two take turns, so each value is read twice and written twice; W83: 100 of 200",
    },
    {
      runtime: ["asyncio", "node"],
      kind: "count",
      name: "lost",
      min: 0,
      max: 0,
      when: { parameters: { between: "nothing" }, profile: "any" },
      because: "arithmetic: nothing runs on a loop between two statements that do not wait; W83: 0",
    },
    {
      runtime: "*",
      kind: "count",
      name: "lost",
      min: 20,
      max: 100,
      when: { parameters: { between: "wait" } },
      because:
        "arithmetic: both sleep 1 ms from one reading to the next, so nearly every value is read by both",
    },
  ],
});
