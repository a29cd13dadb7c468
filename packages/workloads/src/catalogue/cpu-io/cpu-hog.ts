import { dur, int, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const cpuHog = program(
  "cpu-hog",
  {
    doc: "One task sleeps a moment; then a few others use the processor without a pause. How late does the sleeper wake?",
    params: {
      hogs: int(4, { min: 0, max: 1000, doc: "tasks that only compute", sweep: [1, 2, 4, 8] }),
      work: dur("100ms", { min: 0, max: "10s", doc: "processor time of each" }),
      nap: dur("1ms", { min: "1ms", max: "1s", doc: "how long the sleeper means to sleep" }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => {
      const asleep = b.now("asleep");
      b.sleep(params.nap);
      const awake = b.now("awake");
      b.measure("lateness", sub(sub(awake, asleep), params.nap));
    });
    const hog = proc("hog", {}, (b) => b.cpu(params.work));
    main((b) => {
      b.scope("waitAll", () => {
        b.spawn(sleeper);
        b.repeat(params.hogs, () => b.spawn(hog));
      });
    });
  },
);

/** The clearest single picture of preemption: who takes the processor away from a task that will not give it up? */
export default workload({
  id: "W34",
  program: cpuHog,
  question: "How late does a 1 ms sleeper wake when four tasks compute for 100 ms each on one worker?",
  headline:
    "Go preempts a hog after 10 to 20 ms and the sleeper runs; on the other three it waits for all four hogs.",
  group: "cpu-io",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "go",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 13e6,
      maxNs: 40e6,
      because:
        "ran: 14.2 to 26.0 ms on Go 1.26, mostly 19.1: the sleeper waits for a second slice, which sysmon ends at its second 10 ms look; W34: 17 to 23 ms",
    },
    {
      runtime: ["asyncio", "java", "node"],
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 300e6,
      maxNs: 700e6,
      because: "ran: 398 to 430 ms on CPython 3.11, JDK 25 and Node 24; W34: 360 to 670 ms",
    },
  ],
});
