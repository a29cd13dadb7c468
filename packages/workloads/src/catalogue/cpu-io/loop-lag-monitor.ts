import { add, dur, eq, ge, int, lt, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const loopLagMonitor = program(
  "loop-lag-monitor",
  {
    doc: "A monitor samples how late the runtime is while another task stalls it now and then.",
    params: {
      probe: oneOf("timer", ["timer", "immediate"], {
        doc: "how late the interval's timer was, or how long one turn takes once it has fired",
      }),
      interval: dur("10ms", { min: "1ms", max: "10s", doc: "time between samples", sweep: ["10ms", "1s"] }),
      threshold: dur("50ms", { min: 0, max: "10s", doc: "lag that is an alarm", sweep: ["50ms", "100ms"] }),
      samples: int(12, { min: 1, max: 10_000, doc: "samples" }),
      stalls: int(2, { min: 0, max: 1000, doc: "stalls" }),
      stall: dur("120ms", { min: 0, max: "10s", doc: "processor time of one stall" }),
      pause: dur("25ms", { min: "1ms", max: "10s", doc: "time before each stall" }),
    },
  },
  ({ params, proc, main }) => {
    const monitor = proc("monitor", {}, (b) => {
      b.repeat(params.samples, () => {
        const set = b.now("set");
        b.sleep(params.interval);
        const due = b.let("due", add(set, params.interval));
        b.if(eq(params.probe, "immediate"), () => {
          const fired = b.now("fired");
          b.assign(due, fired);
          b.yield();
        });
        const seen = b.now("seen");
        const lag = b.let("lag", sub(seen, due));
        b.measure("lag", lag);
        b.if(ge(lag, params.threshold), () => b.count("alarms"));
        b.if(
          lt(lag, "10ms"),
          () => b.count("below 10 ms"),
          () => b.count("10 ms and more"),
        );
      });
    });
    const stall = proc("stall", {}, (b) => {
      b.repeat(params.stalls, () => {
        b.sleep(params.pause);
        b.cpu(params.stall);
      });
    });
    main((b) => {
      b.scope("waitAll", () => {
        b.spawn(monitor);
        b.spawn(stall);
      });
    });
  },
);

const loops = ["asyncio", "java", "node"] as const;
const lag = (
  runtime: Expectation["runtime"],
  minMs: number,
  maxMs: number,
  probe: string,
  because: string,
): Expectation => ({
  runtime,
  kind: "measure",
  name: "lag",
  stat: "max",
  minNs: minMs * 1e6,
  maxNs: maxMs * 1e6,
  when: { parameters: { probe } },
  because,
});
const alarms = (
  runtime: Expectation["runtime"],
  count: number,
  probe: string,
  because: string,
): Expectation => ({
  runtime,
  kind: "count",
  name: "alarms",
  min: count,
  max: count,
  when: { parameters: { probe } },
  because,
});

/** A probe that starts its clock only when it is its turn cannot see how long it has waited for that turn. */
export default workload({
  id: "W36",
  program: loopLagMonitor,
  question: "Does a lag monitor see stalls of 120 ms?",
  headline:
    "On asyncio, Java and Node the timer probe tells of each stall and the immediate probe of none; Go preempts the stall, and both see a slice of it.",
  group: "cpu-io",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    lag(loops, 90, 250, "timer", "ran: 101 to 163 ms: the stall, less what was left of the interval"),
    lag("go", 5, 45, "timer", "ran: 10 to 28 ms on Go 1.26: the stall is preempted after 10 to 20 ms"),
    lag(loops, 0, 5, "immediate", "ran: below 1 ms: the probe starts when the stall is over"),
    lag("go", 5, 60, "immediate", "ran: the probe's own yield lets the stall have a slice"),
    alarms(loops, 2, "timer", "arithmetic: one a stall"),
    alarms("go", 0, "timer", "arithmetic: no slice is as long as the threshold"),
    alarms(loops, 0, "immediate", "W36: near 0"),
  ],
});
