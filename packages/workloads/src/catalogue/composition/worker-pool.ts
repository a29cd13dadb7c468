import { bool, exponential, int, lt, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const workerPool = program(
  "worker-pool",
  {
    doc: "Workers take jobs from one channel and send results on another.",
    params: {
      jobs: int(1000, { min: 1, max: 100_000, doc: "jobs" }),
      workers: int(10, { min: 1, max: 1000, doc: "workers", sweep: [1, 5, 10, 50] }),
      collect: bool(true, { doc: "whether main reads the results" }),
    },
    services: { backend: service({ latency: exponential("10ms") }) },
  },
  ({ params, services, proc, main }) => {
    const worker = proc("worker", { jobs: "chan", results: "chan" }, (b, { jobs, results }) => {
      b.range(jobs, "job", (job) => {
        b.callService(services.backend);
        b.send(results, job);
      });
    });
    main((b) => {
      const jobs = b.chan("jobs", params.jobs);
      const results = b.chan("results");
      b.repeat(params.jobs, "job", (job) => b.send(jobs, job));
      b.close(jobs);
      b.repeat(params.workers, () => b.spawn(worker, { jobs, results }));
      b.if(params.collect, () => {
        const newest = b.let("newest", -1);
        b.repeat(params.jobs, () => {
          const job = b.recv("result", results);
          b.count("results");
          b.if(
            lt(job, newest),
            () => b.count("overtaken"),
            () => b.assign(newest, job),
          );
        });
      });
    });
  },
);

/** The pattern every tutorial has, and what happens when nobody reads the results. */
export default workload({
  id: "W43",
  program: workerPool,
  question:
    "How fast is a pool of workers, do results keep the order of the jobs, and what if nobody reads them?",
  headline:
    "About workers / 10 ms jobs a second and many overtakings on every runtime; unread results leave every worker waiting for ever.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "results",
      min: 1000,
      max: 1000,
      when: { profile: "any" },
      because: "one result a job",
    },
    {
      runtime: "*",
      kind: "count",
      name: "overtaken",
      min: 300,
      max: 1000,
      because: "with ten exponential services at a time most results are not the newest yet",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 0.85e9,
      maxNs: 1.25e9,
      because: "1000 * 10 ms / 10, three standard errors of the mean and the last jobs' tail",
    },
    {
      runtime: "*",
      kind: "leaked",
      tasks: 10,
      when: { parameters: { collect: false }, profile: "any" },
      because: "every worker waits to send its first result; W43",
    },
  ],
});
