import { int, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const phaseListing = program(
  "phase-listing",
  {
    doc: "Two timers of zero, a file read, an immediate, a tick and a promise are queued; the read queues a timer, an immediate and a tick again.",
    params: { bytes: int(1_024, { min: 1, max: 1_000_000, doc: "bytes read" }) },
  },
  ({ params, proc, main }) => {
    const say = proc("say", { what: "str" }, (b, { what }) => b.log("{0}", what));
    const sayValue = proc("sayValue", { what: "str", value: "int" }, (b, { what }) => b.log("{0}", what));
    const reader = proc("reader", {}, (b) => {
      b.fileRead(params.bytes);
      b.log("read");
      b.callback("timer", say, { what: "timer of the read" });
      b.callback("immediate", say, { what: "immediate of the read" });
      b.callback("next", say, { what: "tick of the read" });
    });
    main((b) => {
      b.callback("timer", say, { what: "timer 1" });
      b.callback("timer", say, { what: "timer 2" });
      b.spawn(reader);
      b.callback("immediate", say, { what: "immediate" });
      b.callback("next", say, { what: "tick" });
      const settled = b.promise("settled");
      b.resolve(settled, 0);
      b.onResolve(settled, sayValue, { what: "promise" });
      b.log("main");
    });
  },
);

/** The listing of every text on Node's phases, of which only a part has one order. */
export default workload({
  id: "W02",
  program: phaseListing,
  question: "In which order do timers, a file read, an immediate, a tick and a promise call back?",
  headline:
    "On Node tick and promise come first and the read's tick, immediate and timer follow each other, but when timers, immediate and read come hangs on the clock; asyncio has one queue, and Java calls the promise's handler at once.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O3"),
  expectations: [
    completes,
    {
      runtime: "asyncio",
      kind: "log",
      equals: [
        "main",
        "immediate",
        "tick",
        "promise",
        "timer 1",
        "timer 2",
        "read",
        "immediate of the read",
        "tick of the read",
        "timer of the read",
      ],
      because:
        "ran on CPython 3.11: call_soon for immediate and tick, and a timer that is due joins the queue a turn later",
    },
    {
      runtime: "java",
      kind: "log",
      equals: [
        "promise",
        "main",
        "timer 1",
        "timer 2",
        "read",
        "immediate",
        "tick",
        "timer of the read",
        "immediate of the read",
        "tick of the read",
      ],
      because:
        "ran on JDK 25, one carrier: a settled future calls at once, an executor takes the others in turn",
    },
  ],
});
