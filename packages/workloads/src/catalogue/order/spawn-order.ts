import { add, int, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const spawnOrder = program(
  "spawn-order",
  {
    doc: "Main starts n tasks and then logs; each task logs its number.",
    params: { n: int(4, { min: 1, max: 1000, doc: "tasks spawned" }) },
  },
  ({ params, proc, main }) => {
    const task = proc("task", { number: "int" }, (b, { number }) => {
      b.log("t{0}", number);
    });
    main((b) => {
      const tasks = b.list("tasks");
      b.repeat(params.n, "i", (i) => {
        const t = b.spawn("t", task, { number: add(i, 1) });
        b.push(tasks, t);
      });
      b.log("main");
      b.joinAll(tasks);
    });
  },
);

/** Starting a task is one word in every runtime, and means three different things. */
export default workload({
  id: "W04",
  program: spawnOrder,
  question: "Who runs first: the spawner, the oldest of its tasks or the newest?",
  headline:
    "Go runs the newest task first, asyncio and Java the oldest, and Node runs each before its spawner goes on.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "go",
      kind: "log",
      equals: ["main", "t4", "t1", "t2", "t3"],
      when: { profile: "any" },
      because: "ran, GOMAXPROCS=1; the newest goroutine takes runnext",
    },
    {
      runtime: ["asyncio", "java"],
      kind: "log",
      equals: ["main", "t1", "t2", "t3", "t4"],
      when: { profile: "any" },
      because: "ran, one carrier in Java; spawning appends to a FIFO queue",
    },
    {
      runtime: "node",
      kind: "log",
      equals: ["t1", "t2", "t3", "t4", "main"],
      when: { profile: "any" },
      because: "ran; calling an async function runs it to its first await",
    },
  ],
});
