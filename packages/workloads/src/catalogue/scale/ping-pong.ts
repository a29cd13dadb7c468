import { int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const pingPong = program(
  "ping-pong",
  {
    doc: "Two tasks send a ball to and fro over two unbuffered channels.",
    params: { rounds: int(40_000, { min: 1, max: 1_000_000, doc: "times the ball goes there and back" }) },
  },
  ({ params, proc, main }) => {
    const ping = proc("ping", { there: "chan", back: "chan" }, (b, { there, back }) => {
      b.repeat(params.rounds, "round", (round) => {
        b.send(there, round);
        b.recv(back);
        b.count("rounds");
      });
    });
    const pong = proc("pong", { there: "chan", back: "chan" }, (b, { there, back }) => {
      b.repeat(params.rounds, () => {
        const ball = b.recv("ball", there);
        b.send(back, ball);
      });
    });
    main((b) => {
      const there = b.chan("there");
      const back = b.chan("back");
      const tasks = [b.spawn("first", ping, { there, back }), b.spawn("second", pong, { there, back })];
      b.joinAll(tasks);
    });
  },
);

/** Nothing but waking each other: the price of one hand-over, twice a round. */
export default workload({
  id: "W16",
  program: pingPong,
  question: "What does it cost to wake another task, again and again?",
  headline:
    "Go, Java and Node hand over in a fraction of a microsecond as long as both tasks share a worker; asyncio needs several.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "rounds",
      min: 40_000,
      max: 40_000,
      when: { profile: "any" },
      because: "one count a round",
    },
    {
      runtime: "go",
      kind: "makespan",
      minNs: 4e6,
      maxNs: 60e6,
      because: "ran: 9.0 to 13.7 ms on Go 1.26",
    },
    {
      runtime: "java",
      kind: "makespan",
      minNs: 6e6,
      maxNs: 200e6,
      because:
        "ran: 18 to 100 ms on JDK 25, one and two carriers, with SynchronousQueue and with park and unpark",
    },
    {
      runtime: "node",
      kind: "makespan",
      minNs: 10e6,
      maxNs: 120e6,
      because: "ran: 40 to 53 ms on Node 24 with a channel of promises",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 0.1e9,
      maxNs: 1e9,
      because: "ran: 0.30 to 0.35 s on CPython 3.11, with Queue(1) and with a channel of futures",
    },
  ],
});
