import { dur, eq, int, oneOf, program } from "@orrery/program";
import { everywhere, workload } from "../../workload.ts";

const reentrantBulkhead = program(
  "reentrant-bulkhead",
  {
    doc: "Every first call fails and is retried through the same bulkhead, from inside it or after leaving it.",
    params: {
      callers: int(10, { min: 1, max: 1000, doc: "callers", sweep: [9, 10, 11] }),
      limit: int(10, { min: 1, max: 1000, doc: "calls inside at a time" }),
      retry: oneOf("inside", ["inside", "outside"], {
        doc: "whether a caller keeps its place while it retries",
      }),
      work: dur("10ms", { min: 0, max: "1h", doc: "time of a call" }),
    },
  },
  ({ params, proc, main }) => {
    const caller = proc("caller", { places: "sem" }, (b, { places }) => {
      b.acquire(places);
      b.sleep(params.work);
      b.count("failed");
      b.if(eq(params.retry, "outside"), () => b.release(places));
      b.acquire(places);
      b.sleep(params.work);
      b.count("completed");
      b.release(places);
      b.if(eq(params.retry, "inside"), () => b.release(places));
    });
    main((b) => {
      const places = b.sem("places", params.limit);
      b.scope("waitAll", () => b.repeat(params.callers, () => b.spawn(caller, { places })));
    });
  },
);

/** The same as a task of a pool that waits for a task it has given to the same pool. */
export default workload({
  id: "W64",
  program: reentrantBulkhead,
  question: "What happens when every call inside a bulkhead fails and is retried through the bulkhead?",
  headline:
    "None of ten callers comes back on any runtime, for each holds the place another waits for; one caller fewer or leaving first cures it.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      when: { profile: "any" },
      because: "arithmetic: ten places are held by ten who wait for an eleventh; W64",
    },
    {
      runtime: "*",
      kind: "count",
      name: "completed",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: nobody gets a second place; W64: 0 of 10",
    },
    {
      runtime: "*",
      kind: "count",
      name: "completed",
      min: 9,
      max: 9,
      when: { parameters: { callers: 9 }, profile: "any" },
      because: "arithmetic: one place is left, and whoever gets it gives two back",
    },
    {
      runtime: "*",
      kind: "count",
      name: "completed",
      min: 10,
      max: 10,
      when: { parameters: { retry: "outside" }, profile: "any" },
      because: "arithmetic: who waits for a place holds none",
    },
  ],
});
