import {
  add,
  and,
  cell,
  dur,
  eq,
  ge,
  int,
  lt,
  mod,
  ne,
  not,
  oneOf,
  or,
  program,
  sub,
  uniform,
} from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const breaker = program(
  "breaker",
  {
    doc: "Callers share a circuit breaker: too many failures open it, then calls fail at once, and after a while one call probes.",
    params: {
      counting: oneOf("consecutive", ["consecutive", "cumulative", "windowed"], {
        doc: "which failures count: those since the last success, since the breaker closed, or in the current window of calls",
      }),
      threshold: int(5, { min: 1, max: 1000, doc: "failures that open it", sweep: [3, 5, 10] }),
      window: int(20, { min: 1, max: 10_000, doc: "calls in a window" }),
      reset: dur("30ms", {
        min: 0,
        max: "10m",
        doc: "how long it stays open",
        sweep: ["30ms", "30s", "60s"],
      }),
      callers: int(20, { min: 1, max: 1000, doc: "callers" }),
      calls: int(150, { min: 1, max: 100_000, doc: "calls of each" }),
      failures: int(10_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a call fails",
        unit: "per million",
        sweep: [0, 10_000, 100_000],
      }),
      outage: dur("0ns", { min: 0, max: "1h", doc: "how long every call fails, from the start" }),
    },
    shared: {
      state: cell("closed"),
      openedAt: cell("0ns"),
      failed: cell(0),
      ended: cell(0),
    },
  },
  ({ params, shared, proc, main }) => {
    const admits = proc("admits", { guard: "mutex" }, { returns: "bool" }, (b, { guard }) => {
      b.lock(guard);
      b.defer(() => b.unlock(guard));
      const state = b.load("state", shared.state);
      const openedAt = b.load("openedAt", shared.openedAt);
      const now = b.now("now");
      b.if(and(eq(state, "open"), ge(sub(now, openedAt), params.reset)), () => {
        b.store(shared.state, "half-open");
        b.count("probes");
        b.return(true);
      });
      b.return(eq(state, "closed"));
    });
    const record = proc("record", { guard: "mutex", failure: "bool" }, (b, { guard, failure }) => {
      b.lock(guard);
      b.defer(() => b.unlock(guard));
      const state = b.load("state", shared.state);
      const failed = b.load("failed", shared.failed);
      const ended = b.load("ended", shared.ended);
      b.if(failure, () => {
        b.assign(failed, add(failed, 1));
        b.count("errors");
      });
      b.if(
        and(failure, ne(state, "open"), or(eq(state, "half-open"), ge(failed, params.threshold))),
        () => {
          const now = b.now("now");
          b.store(shared.state, "open");
          b.store(shared.openedAt, now);
          b.count("opened");
        },
        () =>
          b.if(eq(state, "half-open"), () => {
            b.store(shared.state, "closed");
            b.assign(failed, 0);
          }),
      );
      b.match(params.counting, [
        ["consecutive", () => b.if(not(failure), () => b.assign(failed, 0))],
        ["windowed", () => b.if(eq(mod(add(ended, 1), params.window), 0), () => b.assign(failed, 0))],
      ]);
      b.store(shared.failed, failed);
      b.store(shared.ended, add(ended, 1));
    });
    const caller = proc("caller", { guard: "mutex" }, (b, { guard }) => {
      b.repeat(params.calls, () => {
        b.sleep("1ms");
        const admitted = b.call("admitted", admits, { guard });
        b.if(
          admitted,
          () => {
            b.sleep("1ms");
            const roll = b.draw("roll", "failures", uniform(0, 999_999));
            const now = b.now("now");
            b.call(record, { guard, failure: or(lt(roll, params.failures), lt(now, params.outage)) });
          },
          () => b.count("failed fast"),
        );
      });
    });
    main((b) => {
      const guard = b.mutex("guard");
      b.scope("waitAll", () => b.repeat(params.callers, () => b.spawn(caller, { guard })));
    });
  },
);

/** A breaker that never forgets a failure opens in the end, however good the service is. */
export default workload({
  id: "W62",
  program: breaker,
  question: "Does one failed call in a hundred open a circuit breaker with a threshold of five?",
  headline:
    "Counted since the last success or by the window it stays closed on every runtime; counted since it closed it opens after some 500 calls.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    ...(["consecutive", "windowed"] as const).map((counting) => ({
      runtime: "*" as const,
      kind: "count" as const,
      name: "opened",
      min: 0,
      max: 0,
      when: { parameters: { counting }, profile: "any" as const },
      because:
        "arithmetic: five failures in a row have a probability of 0.01^5, five in twenty calls one of 1.4 in a million; W62",
    })),
    {
      runtime: "*",
      kind: "count",
      name: "opened",
      min: 1,
      max: 6,
      when: { parameters: { counting: "cumulative" } },
      because: "arithmetic: five failures take 500 calls in the mean, of 3000; W62",
    },
    {
      runtime: "*",
      kind: "count",
      name: "probes",
      min: 1,
      max: 2,
      when: { parameters: { outage: 50e6 } },
      because:
        "arithmetic: it opens after a few ms, and of the probes at some 33 and 64 ms the second succeeds, or the first where a busy computer delays it",
    },
  ],
});
