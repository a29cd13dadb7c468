import { dur, fromParam, int, program, service } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const hybridPipeline = program(
  "hybrid-pipeline",
  {
    doc: "Each job fetches something, computes on a pool of workers, and stores the result; `slots` jobs are under way at most.",
    params: {
      n: int(100, { min: 1, max: 10_000, doc: "jobs" }),
      slots: int(100, { min: 1, max: 10_000, doc: "jobs under way at a time" }),
      workers: int(4, { min: 1, max: 256, doc: "workers of the computing pool", sweep: [1, 2, 4, 8] }),
      fetch: dur("20ms", { min: 0, max: "10s", doc: "time of the first request" }),
      work: dur("30ms", { min: 0, max: "10s", doc: "processor time of the middle" }),
      store: dur("10ms", { min: 0, max: "10s", doc: "time of the last request" }),
    },
    services: {
      source: service({ latency: fromParam("fetch") }),
      sink: service({ latency: fromParam("store") }),
    },
  },
  ({ params, services, proc, main }) => {
    const job = proc("job", { slots: "sem" }, (b, { slots }) => {
      b.acquire(slots);
      b.callService(services.source);
      b.offload(params.work, { workers: params.workers });
      b.callService(services.sink);
      b.count("done");
      b.release(slots);
    });
    main((b) => {
      const slots = b.sem("slots", params.slots);
      b.scope("waitAll", () => b.repeat(params.n, () => b.spawn(job, { slots })));
    });
  },
);

/** Input, computing, output: the middle sets the pace, if it can use the cores. */
export default workload({
  id: "W41",
  program: hybridPipeline,
  question: "How long do 100 jobs of 20 ms input, 30 ms computing on four workers and 10 ms output take?",
  headline:
    "Go, Java and Node keep four cores busy and end near 780 ms; asyncio's threads share one lock and need 3 s.",
  group: "cpu-io",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "done",
      min: 100,
      max: 100,
      when: { profile: "any" },
      because: "every job is done once",
    },
    {
      runtime: ["go", "java", "node"],
      kind: "makespan",
      minNs: 780e6,
      maxNs: 860e6,
      when: { cores: 4 },
      because: "20 ms + 100 * 30 ms / 4 + 10 ms = 780 ms; W41",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 3.03e9,
      maxNs: 3.4e9,
      because: "20 ms + 100 * 30 ms under one interpreter lock + 10 ms = 3.03 s; W41",
    },
  ],
});
