import { add, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters, RuntimeName } from "../../workload.ts";

const counting = program(
  "counting",
  {
    doc: "A producer sends one value after the other to a task that only counts them.",
    params: {
      n: int(50_000, { min: 1, max: 10_000_000, doc: "values sent", sweep: [10_000, 50_000, 1_000_000] }),
      cap: int(0, { min: 0, max: 1_000_000, doc: "capacity of the channel", sweep: [0, 1, 16, 128, 1024] }),
    },
  },
  ({ params, proc, main }) => {
    const counter = proc("counter", { inbox: "chan" }, { returns: "int" }, (b, { inbox }) => {
      const seen = b.let("seen", 0);
      b.range(inbox, "value", () => b.assign(seen, add(seen, 1)));
      b.return(seen);
    });
    main((b) => {
      const inbox = b.chan("inbox", params.cap);
      const task = b.spawn("task", counter, { inbox });
      b.repeat(params.n, "i", (i) => b.send(inbox, i));
      b.close(inbox);
      const seen = b.join("seen", task);
      b.count("received", seen);
    });
  },
);

const takes = (
  runtime: RuntimeName,
  minNs: number,
  maxNs: number,
  because: string,
  parameters: Parameters = {},
): Expectation => ({ runtime, kind: "makespan", minNs, maxNs, when: { parameters }, because });

/** Savina's counting actor: one wake-up a value, or one for a whole buffer of them? */
export default workload({
  id: "W18",
  program: counting,
  question: "What does it cost to send a value to another task, and how much of that does a buffer save?",
  headline:
    "A buffer saves Go, Java and asyncio most of it, for one wake-up then serves many values; on Node every await is a turn of its own and a buffer changes nothing.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "received",
      min: 50_000,
      max: 50_000,
      when: { profile: "any" },
      because: "arithmetic: every value is received once",
    },
    takes("go", 3e6, 40e6, "ran: 10.3 ms on Go 1.26"),
    takes("asyncio", 0.08e9, 1.4e9, "ran: 0.46 s on CPython 3.11"),
    takes("java", 7e6, 500e6, "ran: 168 ms on a cold JDK 25, and 303 ms for a million"),
    takes("node", 6e6, 100e6, "ran: 33 ms on Node 24"),
    takes("go", 0.5e6, 5e6, "ran: 1.5 ms on Go 1.26", { cap: 128 }),
    takes("asyncio", 25e6, 250e6, "ran: 74 ms on CPython 3.11", { cap: 128 }),
    takes("java", 0.7e6, 110e6, "ran: 37 ms on a cold JDK 25, and 70 ms for a million", { cap: 128 }),
    takes("node", 6e6, 100e6, "ran: 31 ms on Node 24", { cap: 128 }),
  ],
});
