import { add, at, div, eq, int, list, lt, mod, mul, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

const chameneos = program(
  "chameneos",
  {
    doc: "Creatures of three colours come to one mall, are paired there, change colour and come again until enough have met.",
    params: {
      creatures: int(100, { min: 2, max: 10_000, doc: "creatures" }),
      meetings: int(10_000, {
        min: 1,
        max: 1_000_000,
        doc: "meetings of two",
        sweep: [1_000, 10_000, 200_000],
      }),
    },
  },
  ({ params, proc, main }) => {
    const creature = proc(
      "creature",
      { mall: "chan", colour: "int" },
      { returns: "int" },
      (b, { mall, colour }) => {
        const own = b.let("own", colour);
        const met = b.let("met", 0);
        const replies = b.chan("replies", 1);
        b.while(true, { bound: add(params.meetings, 1) }, () => {
          b.send(mall, list(own, replies));
          const other = b.recv("other", replies);
          b.if(lt(other, 0), () => b.break());
          b.assign(met, add(met, 1));
          // The third colour, or their own when both have the same.
          b.assign(own, mod(mul(2, add(own, other)), 3));
        });
        b.return(met);
      },
    );
    main((b) => {
      const mall = b.chan("mall");
      const tasks = b.list("tasks");
      b.repeat(params.creatures, "i", (i) => {
        const t = b.spawn("t", creature, { mall, colour: mod(i, 3) });
        b.push(tasks, t);
      });
      b.repeat(params.meetings, () => {
        const first = b.recv("first", mall);
        const second = b.recv("second", mall);
        b.send(at(first, 1), at(second, 0));
        b.send(at(second, 1), at(first, 0));
      });
      b.repeat(params.creatures, () => {
        const late = b.recv("late", mall);
        b.send(at(late, 1), -1);
      });
      const sum = b.let("sum", 0);
      const squares = b.let("squares", 0);
      const met = b.joinAll("met", tasks);
      b.forEach(met, "times", (times) => {
        b.assign(sum, add(sum, times));
        b.assign(squares, add(squares, mul(times, times)));
        b.if(eq(times, 0), () => b.count("never met"));
      });
      b.count("met", sum);
      // Jain's index: 1000 when all have met equally often, 1000 / n when one has had all meetings.
      b.count("fairness per mille", div(mul(1000, mul(sum, sum)), mul(params.creatures, squares)));
    });
  },
);

const takes = (runtime: RuntimeName, minNs: number, maxNs: number, because: string): Expectation => ({
  runtime,
  kind: "makespan",
  minNs,
  maxNs,
  because,
});

/** Many tasks want the same one: who gets its attention, and how often? */
export default workload({
  id: "W20",
  program: chameneos,
  question:
    "When a hundred tasks queue at one, how many meetings does it arrange, and does everybody get a share?",
  headline:
    "Go, asyncio and Node give everybody the same share; on Java a few that are awake can keep all meetings, while those just started wait in a queue that no busy carrier looks at.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "met",
      min: 20_000,
      max: 20_000,
      when: { profile: "any" },
      because: "arithmetic: two creatures a meeting",
    },
    takes("go", 1e6, 21e6, "ran: 6.2 to 6.8 ms on Go 1.26, two cores"),
    takes("asyncio", 40e6, 470e6, "ran: 137 to 157 ms on CPython 3.11"),
    takes("java", 1.5e6, 330e6, "ran: 65 to 130 ms on a cold JDK 25, two cores"),
    takes("node", 5e6, 140e6, "ran: 38 to 46 ms on Node 24"),
    {
      runtime: ["asyncio", "node"],
      kind: "count",
      name: "fairness per mille",
      min: 980,
      max: 1000,
      because: "ran: 1000 on CPython 3.11 and Node 24",
    },
    {
      runtime: "go",
      kind: "count",
      name: "fairness per mille",
      min: 600,
      max: 1000,
      because: "ran: 998 to 999 on Go 1.26, two cores, and 844 on a busy computer",
    },
    {
      runtime: "java",
      kind: "count",
      name: "never met",
      min: 98,
      max: 98,
      when: { options: { parallelism: "1", maxPoolSize: "1" } },
      because:
        "ran on JDK 25, one carrier, and on two carriers as well: those just started wait in a queue that a carrier with work of its own does not look at",
    },
  ],
});
