import { add, at, eq, int, mod, program, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const threadRing = program(
  "thread-ring",
  {
    doc: "Tasks in a ring pass a number on, one less each time; the one that gets zero says so and closes the ring.",
    params: {
      tasks: int(100, { min: 1, max: 10_000, doc: "tasks in the ring" }),
      hops: int(100_000, { min: 0, max: 10_000_000, doc: "times the number is passed on" }),
    },
  },
  ({ params, proc, main }) => {
    const member = proc(
      "member",
      { number: "int", inbox: "chan", outbox: "chan" },
      (b, { number, inbox, outbox }) => {
        b.range(inbox, "left", (left) => {
          b.if(eq(left, 0), () => {
            b.log("t{0}", number);
            b.break();
          });
          b.count("hops");
          b.send(outbox, sub(left, 1));
        });
        b.close(outbox);
      },
    );
    main((b) => {
      const boxes = b.list("boxes");
      b.repeat(params.tasks, () => {
        const box = b.chan("box");
        b.push(boxes, box);
      });
      b.scope("waitAll", () => {
        b.repeat(params.tasks, "i", (i) => {
          b.spawn(member, {
            number: add(i, 1),
            inbox: at(boxes, i),
            outbox: at(boxes, mod(add(i, 1), params.tasks)),
          });
        });
        b.send(at(boxes, 0), params.hops);
      });
    });
  },
);

/** One wake-up after another and nothing else to do: more cores cannot help. */
export default workload({
  id: "W17",
  program: threadRing,
  question: "What does a hop cost when a hundred tasks take turns and only one can ever run?",
  headline:
    "No runtime gains from more cores here; what counts is whether the next task is woken on the same worker.",
  group: "scale",
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "log",
      equals: ["t1"],
      when: { profile: "any" },
      because: "zero arrives at task hops % tasks + 1",
    },
    {
      runtime: "*",
      kind: "count",
      name: "hops",
      min: 100_000,
      max: 100_000,
      when: { profile: "any" },
      because: "the number starts at 100000 and loses one each time",
    },
    {
      runtime: "go",
      kind: "makespan",
      minNs: 5e6,
      maxNs: 80e6,
      because: "ran: 12 to 23 ms on Go 1.26",
    },
    {
      runtime: "java",
      kind: "makespan",
      minNs: 7e6,
      maxNs: 400e6,
      because:
        "ran: 22 to 232 ms on JDK 25, one and two carriers, with SynchronousQueue and with park and unpark",
    },
    {
      runtime: "node",
      kind: "makespan",
      minNs: 10e6,
      maxNs: 150e6,
      because: "ran: 45 to 73 ms on Node 24 with a channel of promises",
    },
    {
      runtime: "asyncio",
      kind: "makespan",
      minNs: 0.1e9,
      maxNs: 1.4e9,
      because: "ran: 0.29 to 0.68 s on CPython 3.11, with a channel of futures and with Queue(1)",
    },
  ],
});
