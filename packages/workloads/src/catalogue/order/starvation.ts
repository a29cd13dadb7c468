import { and, cell, dur, eq, lt, not, oneOf, program, sub } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const starvation = program(
  "starvation",
  {
    doc: "One task works a little and queues itself again, for ever if nobody stops it; another has set a timer that would.",
    params: {
      kind: oneOf("micro", ["micro", "macro"], { doc: "how the spinner queues itself: yieldMicro or yield" }),
      timer: dur("5ms", { min: "1ms", max: "1s", doc: "when the timer is due" }),
      work: dur("10us", { min: "1us", max: "10ms", doc: "processor time of one turn" }),
      patience: dur("100ms", {
        min: "1ms",
        max: "10s",
        doc: "when the spinner gives up waiting for the timer",
      }),
    },
    shared: { fired: cell(false) },
  },
  ({ params, shared, proc, main }) => {
    const alarm = proc("alarm", {}, (b) => {
      const set = b.now("set");
      b.sleep(params.timer);
      const rung = b.now("rung");
      b.measure("lateness", sub(sub(rung, set), params.timer));
      b.store(shared.fired, true);
    });
    const spinner = proc("spinner", {}, (b) => {
      const start = b.now("start");
      const waiting = b.let("waiting", true);
      b.while(waiting, { spin: true }, () => {
        b.cpu(params.work);
        b.count("turns");
        b.if(
          eq(params.kind, "micro"),
          () => b.yieldMicro(),
          () => b.yield(),
        );
        const fired = b.load("fired", shared.fired);
        const time = b.now("time");
        b.assign(waiting, and(not(fired), lt(sub(time, start), params.patience)));
      });
    });
    main((b) => {
      const clock = b.spawn("clock", alarm);
      const busy = b.spawn("busy", spinner);
      b.joinAll([clock, busy]);
    });
  },
);

/** A loop that is polite by its own lights may still let nobody in. */
export default workload({
  id: "W06",
  program: starvation,
  question: "Does a task that keeps queueing itself again let a 5 ms timer fire?",
  headline:
    "Node's microtasks keep the timer out until they end, and so does Thread.yield on one carrier; setImmediate, call_soon and Gosched let it fire.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: ["go", "asyncio"],
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 0,
      maxNs: 3e6,
      because: "ran: 0.01 ms on Go 1.26 and 0.05 ms on CPython 3.11, which look at timers between two turns",
    },
    {
      runtime: ["java", "node"],
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 94e6,
      maxNs: 110e6,
      because: "ran: 96 ms on JDK 25 and on Node 24: the timer fires when the spinner gives up",
    },
    {
      runtime: ["go", "asyncio", "node"],
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: -2e6,
      maxNs: 3e6,
      when: { parameters: { kind: "macro" } },
      because:
        "ran: with setImmediate Node's timer fires on its millisecond, up to 0.7 ms early by a finer clock",
    },
    {
      runtime: "java",
      kind: "measure",
      name: "lateness",
      stat: "max",
      minNs: 94e6,
      maxNs: 110e6,
      when: { parameters: { kind: "macro" } },
      because:
        "ran: 96 ms on JDK 25: a yielder rejoins the very queue its carrier polls, and the woken thread's is never looked at",
    },
  ],
});
