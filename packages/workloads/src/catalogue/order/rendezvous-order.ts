import { int, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const rendezvousOrder = program(
  "rendezvous-order",
  {
    doc: "Main sends a few items to a receiver; both log each item once they are past it.",
    params: {
      items: int(4, { min: 1, max: 1000, doc: "items sent" }),
      cap: int(0, { min: 0, max: 1000, doc: "capacity of the channel; 0 is a rendezvous" }),
    },
  },
  ({ params, proc, main }) => {
    const receiver = proc("receiver", { items: "chan" }, (b, { items }) => {
      b.range(items, "item", (item) => b.log("r{0}", item));
    });
    main((b) => {
      const items = b.chan("items", params.cap);
      const reader = b.spawn("reader", receiver, { items }, { deferred: true });
      b.repeat(params.items, "i", (i) => {
        b.send(items, i);
        b.log("s{0}", i);
      });
      b.close(items);
      b.join(reader);
    });
  },
);

/** Without a buffer, sender and receiver meet; the log tells who walks away first. */
export default workload({
  id: "W09",
  program: rendezvousOrder,
  question: "When a sender and a receiver meet at an unbuffered channel, who goes on first?",
  headline:
    "Go, Java and asyncio log r0 s0 s1 r1 r2 s2 s3 r3, for only the side that has to wait gives way; on Node every await does, and they alternate.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: ["go", "asyncio", "java"],
      kind: "log",
      equals: ["r0", "s0", "s1", "r1", "r2", "s2", "s3", "r3"],
      because:
        "ran on Go 1.26, JDK 25 with a SynchronousQueue and CPython 3.11 with a channel of futures; W09",
    },
    {
      runtime: "node",
      kind: "log",
      equals: ["s0", "r0", "s1", "r1", "s2", "r2", "s3", "r3"],
      because: "ran on Node 24 with a channel of promises: an await gives way even when the value is there",
    },
    {
      runtime: "go",
      kind: "log",
      equals: ["s0", "r0", "r1", "s1", "s2", "s3", "r2", "r3"],
      when: { parameters: { cap: 1 } },
      because: "ran on Go 1.26: a receiver takes from the buffer and refills it from the waiting sender",
    },
  ],
});
