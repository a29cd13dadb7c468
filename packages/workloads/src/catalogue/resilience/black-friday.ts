import { add, and, bool, cell, dur, eq, ge, int, lt, oneOf, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const blackFriday = program(
  "black-friday",
  {
    doc: "Many orders at once need a payment gateway that has stalled. A few at a time may ask it, wait for so long, and then take the order unpaid.",
    params: {
      orders: int(100, { min: 1, max: 100_000, doc: "orders, all at once", sweep: [20, 100, 1000] }),
      slots: int(20, { min: 1, max: 10_000, doc: "orders that may ask the gateway at a time" }),
      timeout: dur("20ms", {
        min: 0,
        max: "1h",
        doc: "how long an order waits for the gateway",
        sweep: ["20ms", "50ms", "100ms", "2s", "5s", "10s"],
      }),
      adaptive: bool(false, {
        doc: "whether the timeout follows the last call: 20 ms after one below 10 ms, 50 ms after one below 30 ms, else 100 ms",
      }),
      breaker: bool(false, { doc: "whether ten failures in a row keep orders from the gateway for 300 ms" }),
      cached: int(0, { min: 0, max: 100, doc: "orders that a cache answers, without a slot", unit: "%" }),
      gateway: oneOf("stalled", ["stalled", "healthy"], { doc: "whether it answers, after 5 ms" }),
    },
    shared: { timeout: cell("20ms"), failures: cell(0), failedAt: cell("0ns") },
  },
  ({ params, shared, proc, main }) => {
    const charge = proc("charge", { answer: "chan" }, (b, { answer }) => {
      b.sleep("5ms");
      b.send(answer, true);
    });
    const isOpen = proc("isOpen", { guard: "mutex" }, { returns: "bool" }, (b, { guard }) => {
      b.lock(guard);
      const failures = b.load("failures", shared.failures);
      const failedAt = b.load("failedAt", shared.failedAt);
      b.unlock(guard);
      const now = b.now("now");
      b.return(and(params.breaker, ge(failures, 10), lt(sub(now, failedAt), "300ms")));
    });
    const learn = proc(
      "learn",
      { guard: "mutex", asked: "dur", paid: "bool" },
      (b, { guard, asked, paid }) => {
        const now = b.now("now");
        const took = b.let("took", sub(now, asked));
        b.lock(guard);
        b.if(
          lt(took, "10ms"),
          () => b.store(shared.timeout, "20ms"),
          () =>
            b.if(
              lt(took, "30ms"),
              () => b.store(shared.timeout, "50ms"),
              () => b.store(shared.timeout, "100ms"),
            ),
        );
        b.if(
          paid,
          () => b.store(shared.failures, 0),
          () => {
            const failures = b.load("failures", shared.failures);
            b.store(shared.failures, add(failures, 1));
            b.store(shared.failedAt, now);
          },
        );
        b.unlock(guard);
      },
    );
    const pay = proc("pay", { guard: "mutex" }, { returns: "bool" }, (b, { guard }) => {
      const timeout = b.let("timeout", params.timeout);
      b.if(params.adaptive, () => {
        b.lock(guard);
        const learned = b.load("learned", shared.timeout);
        b.unlock(guard);
        b.assign(timeout, learned);
      });
      const asked = b.now("asked");
      const answer = b.chan("answer", 1);
      const paid = b.let("paid", false);
      b.if(eq(params.gateway, "healthy"), () => b.spawn(charge, { answer }));
      b.select([b.onRecv(answer, () => b.assign(paid, true))], {
        timeout: { dur: timeout, body: () => b.count("timeouts") },
      });
      b.call(learn, { guard, asked, paid });
      b.return(paid);
    });
    const order = proc("order", { slots: "sem", guard: "mutex" }, (b, { slots, guard }) => {
      const arrived = b.now("arrived");
      const hit = b.draw("hit", "cache", uniform(0, 99));
      b.if(lt(hit, params.cached), () => {
        b.count("from cache");
        b.mark("order", arrived);
        b.return();
      });
      b.acquire(slots);
      const paid = b.let("paid", false);
      const open = b.call("open", isOpen, { guard });
      b.if(eq(open, false), () => b.assign(paid, b.call("answered", pay, { guard })));
      b.release(slots);
      b.if(
        paid,
        () => b.count("paid"),
        () => b.count("unpaid"),
      );
      b.mark("order", arrived);
    });
    main((b) => {
      const slots = b.sem("slots", params.slots);
      const guard = b.mutex("guard");
      b.scope("waitAll", () => b.repeat(params.orders, () => b.spawn(order, { slots, guard })));
    });
  },
);

/** Timeouts of 2, 5 and 10 s, and 10 and 30 s for latencies and breaker, stand here at a hundredth. */
export default workload({
  id: "W70",
  program: blackFriday,
  question:
    "How many orders a second do 20 slots let through when the gateway has stalled, and does it help to adapt the timeout?",
  headline:
    "Slots divided by the timeout on every runtime, so a timeout that grows with latency makes it worse; a breaker helps, and so does a cache, by the share of orders that never ask.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "makespan",
      minNs: 95e6,
      maxNs: 300e6,
      because: "arithmetic: 100 orders / 20 slots * 20 ms; W70: 10 orders a second at 2 s",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 245e6,
      maxNs: 500e6,
      when: { parameters: { timeout: 50e6 } },
      because: "arithmetic: 100 / 20 * 50 ms; W70: 4 orders a second at 5 s",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 495e6,
      maxNs: 800e6,
      when: { parameters: { timeout: 100e6 } },
      because: "arithmetic: 100 / 20 * 100 ms; W70: 2 orders a second at 10 s",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 365e6,
      maxNs: 700e6,
      when: { parameters: { adaptive: true } },
      because:
        "arithmetic: 20 + 50 + 3 * 100 ms: each timeout is taken for a slow answer; W70: it makes it worse",
    },
    {
      runtime: "*",
      kind: "makespan",
      minNs: 15e6,
      maxNs: 200e6,
      when: { parameters: { cached: 90 } },
      because: "arithmetic: some 10 of 100 orders are left, half of what the slots take at a time",
    },
    {
      runtime: "*",
      kind: "count",
      name: "timeouts",
      min: 20,
      max: 29,
      when: { parameters: { breaker: true } },
      because: "arithmetic: the first 20, and those who take the place of one of the first nine",
    },
    {
      runtime: "*",
      kind: "count",
      name: "paid",
      min: 100,
      max: 100,
      when: { parameters: { gateway: "healthy", timeout: 100e6 } },
      because: "arithmetic: an answer takes 5 ms",
    },
  ],
});
