import { dur, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const executorChoice = program(
  "executor-choice",
  {
    doc: "Main hands a few jobs to an executor and says when it has: the executor runs them in the caller, in tasks of their own, on a pool, or later.",
    params: {
      executor: oneOf("task", ["inline", "task", "pool", "delayed"], { doc: "who runs a job" }),
      jobs: int(3, { min: 1, max: 100, doc: "jobs" }),
      workers: int(2, { min: 1, max: 100, doc: "workers of the pool" }),
      delay: dur("10ms", { min: "1ms", max: "10s", doc: "how much later" }),
    },
  },
  ({ params, proc, main }) => {
    const run = proc("run", { job: "int" }, (b, { job }) => b.log("job {0}", job));
    const later = proc("later", { job: "int" }, (b, { job }) => {
      b.sleep(params.delay);
      b.call(run, { job });
    });
    const worker = proc("worker", { queue: "chan" }, (b, { queue }) => {
      b.range(queue, "job", (job) => b.call(run, { job }));
    });
    main((b) => {
      const queue = b.chan("queue", params.jobs);
      b.scope("waitAll", () => {
        b.match(params.executor, [
          ["pool", () => b.repeat(params.workers, () => b.spawn(worker, { queue }))],
        ]);
        b.repeat(params.jobs, "job", (job) => {
          b.match(params.executor, [
            ["inline", () => b.call(run, { job })],
            ["task", () => b.spawn(run, { job })],
            ["pool", () => b.send(queue, job)],
            ["delayed", () => b.spawn(later, { job })],
          ]);
          b.log("handed {0}", job);
        });
        b.close(queue);
      });
      b.log("all done");
    });
  },
);

const handed = ["handed 0", "handed 1", "handed 2"];
const logs = (
  executor: string,
  runtime: Expectation["runtime"],
  lines: readonly string[],
  because: string,
): Expectation => ({
  runtime,
  kind: "log",
  equals: [...lines, "all done"],
  when: { parameters: { executor } },
  because,
});

/** The same program with one word changed: who runs a job decides whether it has run when main goes on. */
export default workload({
  id: "W52",
  program: executorChoice,
  question: "What does the choice of the executor change for those who hand it jobs?",
  headline:
    "Inline, each job has run before main goes on, and on Node a new task and an idle pool are no different; elsewhere main first hands all over.",
  group: "composition",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    logs(
      "inline",
      "*",
      ["job 0", "handed 0", "job 1", "handed 1", "job 2", "handed 2"],
      "arithmetic: plain calls",
    ),
    logs("task", "go", [...handed, "job 2", "job 0", "job 1"], "ran on Go 1.26: the newest task is runnext"),
    logs(
      "task",
      ["asyncio", "java"],
      [...handed, "job 0", "job 1", "job 2"],
      "ran on CPython 3.11 and JDK 25: tasks are queued, first come first served",
    ),
    logs(
      "task",
      "node",
      ["job 0", "handed 0", "job 1", "handed 1", "job 2", "handed 2"],
      "ran on Node 24: an async call runs at once up to its first await",
    ),
    logs(
      "pool",
      ["asyncio", "go", "java"],
      [...handed, "job 0", "job 1", "job 2"],
      "ran on Go 1.26, CPython 3.11 and JDK 25: the channel has room for all, so main never waits",
    ),
    logs(
      "pool",
      "node",
      ["job 0", "handed 0", "job 1", "handed 1", "job 2", "handed 2"],
      "ran on Node 24: an idle worker takes its job while main awaits the send",
    ),
    logs(
      "delayed",
      ["asyncio", "java", "node"],
      [...handed, "job 0", "job 1", "job 2"],
      "ran on CPython 3.11, JDK 25 and Node 24: timers of one length fire in the order they were set",
    ),
    logs(
      "delayed",
      "go",
      [...handed, "job 1", "job 2", "job 0"],
      "ran on Go 1.26: the newest task was the first to sleep and wakes first, then gives way to the others",
    ),
  ],
});
