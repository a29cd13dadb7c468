import { add, at, int, lt, mod, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

/** What a peer gets in answer to its ping; a ping is the number of who sent it. */
const PONG = -1;

const big = program(
  "big",
  {
    doc: "Every task sends a ping to another drawn at random, answers the pings of others, and sends its next when it has an answer.",
    params: {
      tasks: int(120, { min: 2, max: 10_000, doc: "tasks" }),
      pings: int(100, { min: 1, max: 100_000, doc: "pings that each sends", sweep: [100, 1_000, 20_000] }),
    },
  },
  ({ params, proc, main }) => {
    const peer = proc(
      "peer",
      { number: "int", inboxes: "list", busy: "group" },
      (b, { number, inboxes, busy }) => {
        const left = b.let("left", params.pings);
        b.send(at(inboxes, number), PONG);
        b.range(at(inboxes, number), "from", (from) => {
          b.if(
            lt(from, 0),
            () => {
              b.if(lt(left, 1), () => {
                b.groupDone(busy);
                b.continue();
              });
              b.assign(left, sub(left, 1));
              b.count("pings");
              const step = b.draw("step", "partner", uniform(0, 999_999));
              const partner = add(add(number, 1), mod(step, sub(params.tasks, 1)));
              b.send(at(inboxes, mod(partner, params.tasks)), number);
            },
            () => b.send(at(inboxes, from), PONG),
          );
        });
      },
    );
    main((b) => {
      const inboxes = b.list("inboxes");
      b.repeat(params.tasks, () => {
        // Room for a ping of everybody and one pong: nobody ever waits to send.
        const inbox = b.chan("inbox", add(params.tasks, 1));
        b.push(inboxes, inbox);
      });
      const busy = b.group("busy");
      b.groupAdd(busy, params.tasks);
      b.scope("waitAll", () => {
        b.repeat(params.tasks, "number", (number) => b.spawn(peer, { number, inboxes, busy }));
        b.groupWait(busy);
        b.forEach(inboxes, "inbox", (inbox) => b.close(inbox));
      });
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

/** Savina's big: all write to all, and no two partners stay together. */
export default workload({
  id: "W21",
  program: big,
  question: "What does a message cost when everybody writes to everybody?",
  headline:
    "Below a microsecond a message on Go, one or two on Node and a cold JVM, five on asyncio: two cores help little where everybody wakes everybody.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "pings",
      min: 12_000,
      max: 12_000,
      when: { profile: "any" },
      because: "arithmetic: 120 * 100",
    },
    takes("go", 0.6e6, 33e6, "ran: 8.7 to 10.9 ms on Go 1.26, two cores"),
    takes("asyncio", 22e6, 360e6, "ran: 120 ms on CPython 3.11"),
    takes("java", 0.9e6, 165e6, "ran: 34 to 55 ms on a cold JDK 25, two cores"),
    takes("node", 2.4e6, 170e6, "ran: 38 to 57 ms on Node 24"),
  ],
});
