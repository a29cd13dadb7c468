import { div, dur, int, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const chunkedHog = program(
  "chunked-hog",
  {
    doc: "As cpu-hog, but the tasks that compute yield after every chunk of their work.",
    params: {
      hogs: int(4, { min: 0, max: 1000, doc: "tasks that compute" }),
      work: dur("100ms", { min: 0, max: "10s", doc: "processor time of each" }),
      chunk: dur("5ms", {
        min: "1us",
        max: "1s",
        doc: "work between two yields",
        sweep: ["1ms", "5ms", "20ms"],
      }),
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
    const hog = proc("hog", {}, (b) => {
      b.repeat(div(params.work, params.chunk), () => {
        b.cpu(params.chunk);
        b.yield();
      });
    });
    main((b) => {
      b.scope("waitAll", () => {
        b.spawn(sleeper);
        b.repeat(params.hogs, () => b.spawn(hog));
      });
    });
  },
);

/** The cure for a cpu-hog where nobody preempts: give way now and then. */
export default workload({
  id: "W35",
  program: chunkedHog,
  question: "How late does the sleeper wake when the hogs yield after each chunk, and what does that cost?",
  headline:
    "With 5 ms chunks of four hogs the sleeper is late by one chunk on Go, one round (20 ms) on Node, three rounds on asyncio; on one Java carrier yielding does not help at all.",
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
      minNs: 2e6,
      maxNs: 12e6,
      because: "ran: 4.1 ms on Go 1.26: the timer is looked at after the chunk that was running",
    },
    {
      runtime: "node",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 15e6,
      maxNs: 25e6,
      because: "ran: 20.0 ms on Node 24: one chunk of each hog, then the timers phase",
    },
    {
      runtime: "asyncio",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 50e6,
      maxNs: 70e6,
      because:
        "ran: 60 to 62 ms on CPython 3.11: one chunk of each hog until the timer is looked at, two more until the sleeper's step",
    },
    {
      runtime: "java",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 300e6,
      maxNs: 700e6,
      because:
        "ran: 406 to 437 ms on JDK 25: yielding hogs rejoin the queue that their carrier polls, ahead of the woken sleeper",
    },
  ],
});
