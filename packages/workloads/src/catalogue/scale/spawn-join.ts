import { div, int, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

const spawnJoin = program(
  "spawn-join",
  {
    doc: "Main starts a task that does nothing and waits for it, again and again.",
    params: {
      n: int(20_000, {
        min: 1,
        max: 10_000_000,
        doc: "tasks, one after the other",
        sweep: [1_000, 20_000, 1_000_000],
      }),
    },
  },
  ({ params, proc, main }) => {
    const nothing = proc("nothing", {}, (b) => b.return());
    main((b) => {
      const start = b.now("start");
      b.repeat(params.n, () => {
        const t = b.spawn("t", nothing);
        b.join(t);
      });
      const end = b.now("end");
      b.measure("one task", div(sub(end, start), params.n));
    });
  },
);

const oneTask = (runtime: RuntimeName, minNs: number, maxNs: number, because: string): Expectation => ({
  runtime,
  kind: "measure",
  name: "one task",
  stat: "mean",
  minNs,
  maxNs,
  because,
});

/** The cheapest thing that a runtime does for a task: start it and see it end. */
export default workload({
  id: "W15",
  program: spawnJoin,
  question: "What does it cost to start one task and to wait for its end?",
  headline:
    "A fraction of a microsecond on Node, which only calls a function, about one on Go, ten on asyncio and on a cold JVM, three on a warm one.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    oneTask("go", 150, 3_300, "ran: 0.78 to 1.07 us on Go 1.26, two cores"),
    oneTask("asyncio", 3_500, 54_000, "ran: 11.7 to 18 us on CPython 3.11"),
    oneTask("java", 250, 37_000, "ran: 11.3 to 12.3 us on a cold JDK 25, 2.6 us over a million tasks"),
    oneTask("node", 55, 2_100, "ran: 0.49 to 0.69 us on Node 24"),
  ],
});
