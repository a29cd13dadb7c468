import { dur, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

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

/** `steps` is ceil(n / workers); each takes d, and asyncio rounds what is left of a sleep up to whole milliseconds. */
const withoutCosts = (parameters: Parameters, steps: number): readonly Expectation[] => {
  const minNs = steps * 100e6;
  const premise = { kind: "makespan", minNs, when: { profile: "zero", parameters } } as const;
  const because = `${steps} * 100 ms`;
  return [
    { ...premise, runtime: ["go", "java", "node"], maxNs: minNs, because },
    {
      ...premise,
      runtime: "asyncio",
      maxNs: minNs + steps * 1e6,
      because: `${because}, and up to 1 ms for each`,
    },
  ];
};

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
    ...withoutCosts({}, 100),
    ...withoutCosts({ n: 401 }, 3),
    {
      runtime: "*",
      kind: "makespan",
      minNs: 10e9,
      maxNs: 10.4e9,
      because: "ran: 10.234 s on CPython 3.11, 10.087 s on a Java pool; W12",
    },
  ],
});
