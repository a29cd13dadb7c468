import { dur, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../workload.ts";

const poolCeiling = program(
  "pool-ceiling",
  {
    doc: "A fixed number of workers takes n jobs that only sleep.",
    params: {
      n: int(20_000, { min: 0, max: 1_000_000, doc: "jobs" }),
      workers: int(200, { min: 1, max: 100_000, doc: "workers of the pool", sweep: [50, 100, 200, 400] }),
      d: dur("100ms", { min: "1ms", max: "60s", doc: "how long a job sleeps" }),
    },
  },
  ({ params, proc, main }) => {
    const worker = proc("worker", { jobs: "chan" }, (b, { jobs }) => {
      b.range(jobs, "job", () => {
        b.sleep(params.d);
        b.count("done");
      });
    });
    main((b) => {
      const jobs = b.chan("jobs", params.n);
      b.repeat(params.n, "i", (i) => b.send(jobs, i));
      b.close(jobs);
      b.scope("waitAll", () => {
        b.repeat(params.workers, () => b.spawn(worker, { jobs }));
      });
    });
  },
);

/** A pool is a ceiling: the makespan climbs in steps of one job. */
export default workload({
  id: "W12",
  program: poolCeiling,
  question: "How long do n sleeping jobs take on a pool of w workers?",
  headline: "ceil(n / w) * d on every runtime: a pool limits, whatever it is made of.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "done",
      min: 20_000,
      max: 20_000,
      when: { profile: "any" },
      because: "every job is done once",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 10e9,
      maxNs: 10e9,
      when: { profile: "zero" },
      because: "ceil(20000 / 200) * 100 ms",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 300e6,
      maxNs: 300e6,
      when: { profile: "zero", parameters: { n: 401 } },
      because: "ceil(401 / 200) * 100 ms",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 10e9,
      maxNs: 10.4e9,
      because: "ran: 10.087 s on a Java pool; W12",
    },
  ],
});
