import { at, dur, eq, ge, int, len, list, mod, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const limitOrder = program(
  "limit-order",
  {
    doc: "A list of jobs, every tenth of them slow, is worked off with a few under way at a time.",
    params: {
      jobs: int(30, { min: 1, max: 10_000, doc: "jobs" }),
      limit: int(3, { min: 1, max: 1000, doc: "jobs under way at a time", sweep: [1, 3, 10] }),
      admit: oneOf("oldest", ["oldest", "any", "batch"], {
        doc: "the next job starts when the oldest has ended, when any has, or when all of the batch have",
      }),
      fast: dur("5ms", { min: "1ms", max: "10s", doc: "length of most jobs", sweep: ["5ms", "20ms"] }),
      slow: dur("125ms", {
        min: "1ms",
        max: "60s",
        doc: "length of every tenth job",
        sweep: ["125ms", "500ms"],
      }),
    },
  },
  ({ params, proc, main }) => {
    const job = proc("job", { number: "int" }, (b, { number }) => {
      b.if(
        eq(mod(number, 10), 0),
        () => b.sleep(params.slow),
        () => b.sleep(params.fast),
      );
      b.count("done");
    });
    const worker = proc("worker", { numbers: "chan" }, (b, { numbers }) => {
      b.range(numbers, "number", (number) => b.call(job, { number }));
    });
    main((b) => {
      b.match(params.admit, [
        [
          "oldest",
          () => {
            const started = b.list("started");
            b.repeat(params.jobs, "number", (number) => {
              b.if(ge(number, params.limit), () => b.join(at(started, sub(number, params.limit))));
              const t = b.spawn("t", job, { number });
              b.push(started, t);
            });
            b.joinAll(started);
          },
        ],
        [
          "any",
          () => {
            const numbers = b.chan("numbers", params.jobs);
            b.repeat(params.jobs, "number", (number) => b.send(numbers, number));
            b.close(numbers);
            b.scope("waitAll", () => b.repeat(params.limit, () => b.spawn(worker, { numbers })));
          },
        ],
        [
          "batch",
          () => {
            const batch = b.let("batch", list());
            b.repeat(params.jobs, "number", (number) => {
              b.if(eq(len(batch), params.limit), () => {
                b.joinAll(batch);
                b.assign(batch, list());
              });
              const t = b.spawn("t", job, { number });
              b.push(batch, t);
            });
            b.joinAll(batch);
          },
        ],
      ]);
    });
  },
);

const takes = (ms: number, parameters: Record<string, number | string>, because: string): Expectation => ({
  runtime: "*",
  kind: "makespan",
  minNs: ms * 1e6,
  maxNs: ms * 1.25e6,
  when: { parameters },
  because,
});

/** "Limit the concurrency" has three meanings, and two of them pay for the head of the line. The guide's lengths are four times these. */
export default workload({
  id: "W46",
  program: limitOrder,
  question: "What does a limit of three cost when every tenth job is slow, and who may start next?",
  headline:
    "Waiting for the oldest or for a whole batch takes twice as long as starting whenever any job has ended, on every runtime.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "done",
      min: 30,
      max: 30,
      when: { profile: "any" },
      because: "arithmetic: every job once",
    },
    takes(
      410,
      {},
      "arithmetic: 3 * 125 ms + 7 * 5 ms: nobody overtakes a slow job; a quarter of W46's 1646 ms",
    ),
    takes(410, { admit: "batch" }, "arithmetic: of ten batches three take 125 ms and seven 5 ms"),
    takes(195, { admit: "any" }, "ran: 200 to 212 ms: the slow jobs overlap; a quarter of W46's 782 ms"),
    takes(1640, { fast: 20e6, slow: 500e6 }, "W46: 1646 ms"),
    takes(780, { admit: "any", fast: 20e6, slow: 500e6 }, "W46: 782 ms"),
  ],
});
