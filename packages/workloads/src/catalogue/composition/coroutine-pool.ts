import { dur, int, max, oneOf, program } from "@orrery/program";
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
      tasks: oneOf("perJob", ["perJob", "perPlace"], { doc: "what there is a task for" }),
    },
  },
  ({ params, proc, main }) => {
    const work = proc("work", {}, (b) => {
      b.sleep(params.d);
      b.count("done");
    });
    const guarded = proc("guarded", { places: "sem", alive: "atomic" }, (b, { places, alive }) => {
      b.acquire(places);
      b.call(work);
      b.release(places);
      b.atomicAdd(alive, -1);
    });
    const place = proc("place", { jobs: "chan", alive: "atomic" }, (b, { jobs, alive }) => {
      b.range(jobs, "job", () => b.call(work));
      b.atomicAdd(alive, -1);
    });
    main((b) => {
      const alive = b.atomic("alive");
      const most = b.let("most", 0);
      b.scope("waitAll", () => {
        b.match(params.tasks, [
          [
            "perJob",
            () => {
              const places = b.sem("places", params.places);
              b.repeat(params.jobs, () => {
                const n = b.atomicAdd("n", alive, 1);
                b.assign(most, max(most, n));
                b.spawn(guarded, { places, alive });
              });
            },
          ],
          [
            "perPlace",
            () => {
              const jobs = b.chan("jobs", params.jobs);
              b.repeat(params.jobs, "job", (job) => b.send(jobs, job));
              b.close(jobs);
              b.repeat(params.places, () => {
                const n = b.atomicAdd("n", alive, 1);
                b.assign(most, max(most, n));
                b.spawn(place, { jobs, alive });
              });
            },
          ],
        ]);
      });
      b.count("alive at once", most);
    });
  },
);

const takes = (s: number, parameters: Record<string, number | string>, because: string): Expectation => ({
  runtime: "*",
  kind: "makespan",
  minNs: s * 1e9,
  maxNs: s * 1.15e9,
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

/** A pool that maps over its jobs has made all their tasks before the first one ends. */
export default workload({
  id: "W47",
  program: coroutinePool,
  question: "Does a limit on the jobs under way also limit the tasks that are alive?",
  headline:
    "Both take ceil(jobs / places) * d on every runtime, but a task per job keeps all of them alive at once, a task per place only as many as there are places.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    takes(0.4, {}, "arithmetic: 200 / 50 * 100 ms"),
    takes(0.4, { tasks: "perPlace" }, "arithmetic: 200 / 50 * 100 ms"),
    takes(2, { jobs: 1000 }, "arithmetic: 1000 / 50 * 100 ms; W47: 2.03 s"),
    alive(200, {}, "arithmetic: all are made before the first sleep is over"),
    alive(50, { tasks: "perPlace" }, "arithmetic: one task a place"),
  ],
});
