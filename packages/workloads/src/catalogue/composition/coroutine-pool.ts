import { dur, eq, gt, int, max, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const coroutinePool = program(
  "coroutine-pool",
  {
    doc: "Many jobs share a few places: a task for each job that waits for a place, or a task for each place that takes jobs.",
    params: {
      jobs: int(200, { min: 1, max: 100_000, doc: "jobs", sweep: [200, 1000] }),
      places: int(50, { min: 1, max: 10_000, doc: "jobs under way at a time" }),
      d: dur("100ms", { min: "1ms", max: "10s", doc: "length of a job" }),
      tasks: oneOf("perJob", ["perJob", "perPlace", "unguarded"], {
        doc: "a task for each job or for each place; or for each job, with the place held only while the task is started",
      }),
    },
  },
  ({ params, proc, main }) => {
    const work = proc("work", { working: "atomic" }, (b, { working }) => {
      const n = b.atomicAdd("n", working, 1);
      b.if(gt(n, params.places), () => b.count("beyond the limit"));
      b.sleep(params.d);
      b.atomicAdd(working, -1);
      b.count("done");
    });
    const guarded = proc(
      "guarded",
      { places: "sem", alive: "atomic", working: "atomic" },
      (b, { places, alive, working }) => {
        b.acquire(places);
        b.call(work, { working });
        b.release(places);
        b.atomicAdd(alive, -1);
      },
    );
    const place = proc(
      "place",
      { jobs: "chan", alive: "atomic", working: "atomic" },
      (b, { jobs, alive, working }) => {
        b.range(jobs, "job", () => b.call(work, { working }));
        b.atomicAdd(alive, -1);
      },
    );
    const unguarded = proc("unguarded", { alive: "atomic", working: "atomic" }, (b, { alive, working }) => {
      b.call(work, { working });
      b.atomicAdd(alive, -1);
    });
    main((b) => {
      const places = b.sem("places", params.places);
      const jobs = b.chan("jobs", params.jobs);
      const alive = b.atomic("alive");
      const working = b.atomic("working");
      const most = b.let("most", 0);
      const tasks = b.let("tasks", params.jobs);
      b.if(eq(params.tasks, "perPlace"), () => {
        b.assign(tasks, params.places);
        b.repeat(params.jobs, "job", (job) => b.send(jobs, job));
        b.close(jobs);
      });
      b.scope("waitAll", () => {
        b.repeat(tasks, () => {
          const n = b.atomicAdd("n", alive, 1);
          b.assign(most, max(most, n));
          b.match(params.tasks, [
            ["perJob", () => b.spawn(guarded, { places, alive, working })],
            ["perPlace", () => b.spawn(place, { jobs, alive, working })],
            [
              "unguarded",
              () => {
                b.acquire(places);
                b.spawn(unguarded, { alive, working });
                b.release(places);
              },
            ],
          ]);
        });
      });
      b.count("alive at once", most);
    });
  },
);

const takes = (s: number, parameters: Record<string, number | string>, because: string): Expectation => ({
  runtime: "*",
  kind: "makespan",
  minNs: s * 1e9,
  maxNs: s * 1.15e9 + 60e6,
  when: { parameters },
  because,
});
const alive = (tasks: number, parameters: Record<string, number | string>, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "alive at once",
  min: tasks,
  max: tasks,
  when: { parameters, profile: "any" },
  because,
});

const beyond = (jobs: number, parameters: Record<string, number | string>, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "beyond the limit",
  min: jobs,
  max: jobs,
  when: { parameters, profile: "any" },
  because,
});

/** A pool that maps over its jobs has made all their tasks before the first one ends. */
export default workload({
  id: "W47",
  program: coroutinePool,
  question: "Does a limit on the jobs under way also limit the tasks that are alive?",
  headline:
    "Both take ceil(jobs / places) * d on every runtime, but a task per job keeps all of them alive at once, a task per place only as many as there are places; a semaphore around the start of a task limits nothing.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    takes(0.4, {}, "arithmetic: 200 / 50 * 100 ms"),
    takes(0.4, { tasks: "perPlace" }, "arithmetic: 200 / 50 * 100 ms"),
    takes(2, { jobs: 1000 }, "arithmetic: 1000 / 50 * 100 ms; W47: 2.03 s"),
    alive(200, {}, "arithmetic: all are made before the first sleep is over"),
    alive(50, { tasks: "perPlace" }, "arithmetic: one task a place"),
    takes(0.1, { tasks: "unguarded" }, "arithmetic: all sleep together"),
    beyond(0, {}, "arithmetic: every job holds its place"),
    beyond(0, { tasks: "perPlace" }, "arithmetic: a place does one job at a time"),
    beyond(
      150,
      { tasks: "unguarded" },
      "arithmetic: 200 - 50: the place is free again before the job begins",
    ),
  ],
});
