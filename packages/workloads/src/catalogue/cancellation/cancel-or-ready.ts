import { eq, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const cancelOrReady = program(
  "cancel-or-ready",
  {
    doc: "A receiver is told to stop while an item is ready for it: by a done channel in its select, or by a cancellation.",
    params: {
      by: oneOf("done", ["done", "cancel"], { doc: "how the receiver is told" }),
      rounds: int(1000, { min: 1, max: 1_000_000, doc: "rounds" }),
    },
  },
  ({ params, proc, main }) => {
    const receiver = proc(
      "receiver",
      { items: "chan", done: "chan", go: "chan" },
      (b, { items, done, go }) => {
        b.shield(() => b.recv(go));
        b.select([b.onRecv(items, () => b.count("taken")), b.onRecv(done, () => b.count("stopped"))]);
      },
    );
    main((b) => {
      b.repeat(params.rounds, () => {
        const items = b.chan("items", 1);
        const done = b.chan("done");
        const go = b.chan("go", 1);
        const t = b.spawn("t", receiver, { items, done, go });
        b.send(items, "an item");
        b.if(
          eq(params.by, "done"),
          () => b.close(done),
          () => b.cancel(t),
        );
        b.send(go, true);
        b.settleAll([t]);
        const [, kept] = b.tryRecv("item", "kept", items);
        b.if(kept, () => b.count("kept"));
      });
    });
  },
);

const counts = (name: string, min: number, max: number, by: string, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name,
  min,
  max,
  when: { parameters: { by } },
  because,
});

/** A done channel is one more channel; a cancellation is not one of the cases. */
export default workload({
  id: "W58",
  program: cancelOrReady,
  question: "Who wins when an item and the order to stop are both there?",
  headline:
    "Between an item and a done channel a select tosses a coin; a cancellation always wins and leaves the item where it was, on every runtime.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    counts(
      "stopped",
      452,
      548,
      "done",
      "arithmetic: 500 and three standard errors of 16; W58: 999 of 2000 on Go",
    ),
    counts("taken", 452, 548, "done", "arithmetic: 500 and three standard errors of 16; W58"),
    counts("kept", 452, 548, "done", "arithmetic: one for each that stopped"),
    counts("taken", 0, 0, "cancel", "W58: asyncio and Java raise and leave the item in the queue"),
    counts("kept", 1000, 1000, "cancel", "arithmetic: no item is taken, and none is lost"),
  ],
});
