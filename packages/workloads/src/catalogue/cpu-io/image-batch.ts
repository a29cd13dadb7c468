import { dur, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, When } from "../../workload.ts";

const imageBatch = program(
  "image-batch",
  {
    doc: "Images are converted on a pool of workers; converting is nothing but computing.",
    params: {
      images: int(80, { min: 1, max: 10_000, doc: "images", sweep: [80, 1000] }),
      work: dur("5ms", { min: 0, max: "10s", doc: "processor time of one image", sweep: ["5ms", "120ms"] }),
      workers: int(8, { min: 1, max: 256, doc: "workers of the pool", sweep: [1, 2, 4, 8, 10] }),
    },
  },
  ({ params, proc, main }) => {
    const convert = proc("convert", {}, (b) => {
      b.offload(params.work, { workers: params.workers });
      b.count("converted");
    });
    main((b) => b.scope("waitAll", () => b.repeat(params.images, () => b.spawn(convert))));
  },
);

const takes = (
  runtime: Expectation["runtime"],
  minMs: number,
  maxMs: number,
  when: When,
  because: string,
): Expectation => ({ runtime, kind: "makespan", minNs: minMs * 1e6, maxNs: maxMs * 1e6, when, because });

const inGuide = { images: 1000, work: 120e6 };

/** A pool cannot supply more processors than there are. */
export default workload({
  id: "W42",
  program: imageBatch,
  question: "How much faster does a batch of images get with eight workers instead of one?",
  headline:
    "images * work / min(workers, cores) on Go, Java and Node, however large the pool; on asyncio no faster than with one, for its threads share one lock.",
  group: "cpu-io",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "converted",
      min: 80,
      max: 80,
      when: { profile: "any" },
      because: "arithmetic: every image once",
    },
    takes(["go", "java"], 100, 120, { cores: 4 }, "arithmetic: 80 * 5 ms / 4 cores, not / 8 workers"),
    takes("node", 100, 200, { cores: 4 }, "arithmetic: 80 * 5 ms / 4 cores, once the workers have started"),
    takes("asyncio", 400, 450, { cores: 4 }, "arithmetic: 80 * 5 ms under one interpreter lock"),
    takes("*", 400, 450, { cores: 4, parameters: { workers: 1 } }, "arithmetic: 80 * 5 ms"),
    takes(
      ["go", "java", "node"],
      15_000,
      16_000,
      { cores: 8, parameters: inGuide },
      "arithmetic: 1000 * 120 ms / 8; W42",
    ),
    takes(
      ["go", "java", "node"],
      15_000,
      16_000,
      { cores: 8, parameters: { ...inGuide, workers: 10 } },
      "arithmetic: ten workers on eight cores are no faster; W42's 12 s need ten cores",
    ),
    takes(
      ["go", "java", "node"],
      12_000,
      13_000,
      { cores: 10, parameters: { ...inGuide, workers: 10 } },
      "arithmetic: 1000 * 120 ms / 10; W42",
    ),
  ],
});
