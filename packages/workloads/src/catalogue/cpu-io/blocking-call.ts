import { dur, int, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const blockingCall = program(
  "blocking-call",
  {
    doc: "One task sleeps a moment; then a few others make a call that blocks their thread. How late does the sleeper wake?",
    params: {
      n: int(4, { min: 0, max: 1000, doc: "tasks that make a blocking call", sweep: [1, 2, 4, 8] }),
      block: dur("100ms", { min: 0, max: "10s", doc: "length of each call" }),
      nap: dur("1ms", { min: "1ms", max: "1s", doc: "how long the sleeper means to sleep" }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => {
      const asleep = b.now("asleep");
      b.sleep(params.nap);
      const awake = b.now("awake");
      b.measure("lateness", sub(sub(awake, asleep), params.nap));
    });
    const caller = proc("caller", {}, (b) => b.block(params.block));
    main((b) => {
      b.scope("waitAll", () => {
        b.spawn(sleeper);
        b.repeat(params.n, () => b.spawn(caller));
      });
    });
  },
);

/** A blocking call in the middle of lightweight tasks: does it stop the others? */
export default workload({
  id: "W37",
  program: blockingCall,
  question: "What happens to everybody else while four tasks block their thread for 100 ms each?",
  headline:
    "Go hands the processor to another thread and all ends after 100 ms; Java's carrier is pinned and the loops stop, 400 ms in all.",
  group: "cpu-io",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "go",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 0,
      maxNs: 12e6,
      because: "ran: 0.8 to 7.2 ms on Go 1.26: sysmon hands the processor off",
    },
    {
      runtime: "go",
      kind: "makespan",
      minNs: 100e6,
      maxNs: 130e6,
      because: "ran: 107 to 110 ms on Go 1.26: the calls overlap on four threads",
    },
    {
      runtime: ["asyncio", "java", "node"],
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 390e6,
      maxNs: 450e6,
      because: "ran: 400 to 412 ms on CPython 3.11, JDK 25 and Node 24: 4 * 100 ms, one after the other",
    },
  ],
});
