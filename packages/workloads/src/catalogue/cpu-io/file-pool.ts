import { dur, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const filePool = program(
  "file-pool",
  {
    doc: "A few file reads hang for a while (a slow mount, a pipe without a writer); then another task asks for the status of a file.",
    params: {
      opens: int(4, { min: 0, max: 1000, doc: "reads that hang", sweep: [1, 2, 4, 8, 16] }),
      stall: dur("200ms", { min: 0, max: "10s", doc: "how long each hangs" }),
      bytes: int(1024, { min: 0, max: 1_000_000_000, doc: "size of each file", unit: "B" }),
    },
  },
  ({ params, proc, main }) => {
    const slowRead = proc("slowRead", {}, (b) => b.fileRead(params.bytes, { stall: params.stall }));
    main((b) => {
      b.scope("waitAll", () => {
        b.repeat(params.opens, () => b.spawn(slowRead));
        const asked = b.now("asked");
        b.yield();
        b.fileStat();
        b.mark("stat", asked);
      });
    });
  },
);

/** Files have no readiness to poll for, so somebody has to wait for them. */
export default workload({
  id: "W38",
  program: filePool,
  question: "Does a quick file operation wait behind four that hang?",
  headline:
    "On Node the stat waits for the pool of four, on Java for a carrier; asyncio's larger pool and Go's new threads answer at once.",
  group: "cpu-io",
  options: { node: { UV_THREADPOOL_SIZE: "4" } },
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "node",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 195e6,
      maxNs: 215e6,
      because: "ran: 202 ms; the pool has four threads; W38",
    },
    {
      runtime: "node",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 0,
      maxNs: 8e6,
      when: { parameters: { opens: 3 } },
      because: "ran: 1 ms on Node 24 with three reads for four threads",
    },
    {
      runtime: "java",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 195e6,
      maxNs: 215e6,
      when: { cores: 4, options: { parallelism: "4" } },
      because:
        "ran on JDK 25 with four carriers: the stat waits until the reads end, and 2.5 ms with five carriers",
    },
    {
      runtime: "go",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 0,
      maxNs: 12e6,
      because: "ran: 0.07 to 0.13 ms on Go 1.26: each blocked read has its own thread",
    },
    {
      runtime: "asyncio",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 0,
      maxNs: 12e6,
      when: { cores: 4 },
      because: "ran: 6.4 ms on CPython 3.11 with six threads; min(32, cores + 4) are eight here",
    },
    {
      runtime: "asyncio",
      kind: "mark",
      name: "stat",
      stat: "max",
      minNs: 195e6,
      maxNs: 225e6,
      when: { cores: 4, parameters: { opens: 8 } },
      because: "ran on CPython 3.11 with as many reads as threads: the stat waits; min(32, 4 + 4) = 8",
    },
  ],
});
