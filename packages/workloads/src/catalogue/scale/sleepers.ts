import { dur, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const sleepers = program(
  "sleepers",
  {
    doc: "Main starts n tasks that sleep, and waits for all of them.",
    params: {
      n: int(100_000, {
        min: 1,
        max: 1_000_000,
        doc: "sleeping tasks",
        sweep: [1_000, 10_000, 100_000, 1_000_000],
      }),
      d: dur("100ms", { min: "1ms", max: "60s", doc: "how long each sleeps" }),
      join: oneOf("each", ["each", "all"], {
        doc: "how main waits: for each task in turn, or for all at once",
      }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => b.sleep(params.d));
    main((b) => {
      const tasks = b.list("tasks");
      b.repeat(params.n, () => {
        const t = b.spawn("t", sleeper);
        b.push(tasks, t);
      });
      b.match(params.join, [
        ["each", () => b.forEach(tasks, "task", (task) => b.join(task))],
        ["all", () => b.joinAll(tasks)],
      ]);
    });
  },
);

/** The benchmark that sells lightweight tasks: what do a hundred thousand of them cost? */
export default workload({
  id: "W11",
  program: sleepers,
  question: "How much longer than one sleep do 100 000 sleeping tasks take, and how much memory?",
  headline:
    "Go, Java and Node end within about twice the sleep; asyncio needs several times as long, and longer still through gather.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "go",
      kind: "makespan",
      minNs: 105e6,
      maxNs: 450e6,
      because: "ran: 190 to 330 ms on Go 1.26, two cores; W11: 214 ms",
    },
    {
      runtime: "java",
      kind: "makespan",
      minNs: 105e6,
      maxNs: 450e6,
      because: "ran: 344 ms cold and 153 to 205 ms warm on JDK 25, two cores; W11: 210 ms",
    },
    {
      runtime: "node",
      kind: "makespan",
      minNs: 105e6,
      maxNs: 450e6,
      because: "ran: 214 to 342 ms on Node 24; W11: 215 ms",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 0.5e9,
      maxNs: 3e9,
      because: "ran: 1.54 to 1.66 s on CPython 3.11",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 0.6e9,
      maxNs: 4.5e9,
      when: { parameters: { join: "all" } },
      because: "ran: 1.9 to 2.1 s through gather on CPython 3.11; W11: 3.6 s",
    },
  ],
});
