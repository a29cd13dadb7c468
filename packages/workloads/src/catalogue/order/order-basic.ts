import { dur, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const orderBasic = program(
  "order-basic",
  {
    doc: "A timeout of zero, a continuation of a settled promise and plain code: which line comes first?",
    params: { timeout: dur(0, { min: 0, max: "1s", doc: "how long the first task sleeps" }) },
  },
  ({ params, proc, main }) => {
    const timeout = proc("timeout", {}, (b) => {
      b.sleep(params.timeout);
      b.log("1 timeout");
    });
    const promise = proc("promise", {}, (b) => {
      b.yieldMicro();
      b.log("2 promise");
    });
    main((b) => {
      const first = b.spawn("first", timeout);
      const second = b.spawn("second", promise);
      b.log("3 sync");
      b.joinAll([first, second]);
    });
  },
);

/** The opener of every tutorial on the event loop, asked of four runtimes. */
export default workload({
  id: "W01",
  program: orderBasic,
  question:
    "A zero timeout, a settled promise and plain code are started in this order: in which order do they log?",
  headline:
    "Node logs the promise before the timer it lifts to 1 ms; elsewhere a sleep of zero is at most a yield and the timeout wins.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "node",
      kind: "log",
      equals: ["3 sync", "2 promise", "1 timeout"],
      because: "ran on Node 24: microtasks are drained before the timers phase; W01",
    },
    {
      runtime: ["go", "asyncio", "java"],
      kind: "log",
      equals: ["3 sync", "1 timeout", "2 promise"],
      because:
        "ran on Go 1.26, CPython 3.11 and JDK 25: spawn only queues and a sleep of zero returns at once or yields",
    },
  ],
});
