import {
  add,
  and,
  cell,
  cells,
  div,
  dur,
  duration,
  eq,
  fromParam,
  ge,
  int,
  lt,
  min,
  mod,
  mul,
  oneOf,
  program,
  sub,
} from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const rateLimiters = program(
  "rate-limiters",
  {
    doc: "Several callers ask a limiter for more than it lets through: a bucket of tokens, or a window that slides over the last admissions.",
    params: {
      kind: oneOf("token", ["token", "window"], { doc: "which limiter" }),
      rate: int(1000, { min: 1, max: 1_000_000, doc: "admissions a second", sweep: [100, 1000, 10_000] }),
      burst: int(100, { min: 1, max: 100_000, doc: "tokens of a full bucket, or admissions of a window" }),
      callers: int(10, { min: 1, max: 1000, doc: "callers, each of which asks every millisecond" }),
      lasts: dur("300ms", { min: 0, max: "1h", doc: "how long they ask" }),
    },
    shared: {
      credit: cell("0ns"),
      refilled: cell("0ns"),
      admissions: cell(0),
      admittedAt: cells(fromParam("burst"), "0ns"),
    },
  },
  ({ params, shared, proc, main }) => {
    /** Time is what the bucket holds: a token is the time in which one is added. */
    const takeToken = proc("takeToken", { now: "dur" }, { returns: "bool" }, (b, { now }) => {
      const token = b.let("token", div(duration("1s"), params.rate));
      const credit = b.load("credit", shared.credit);
      const refilled = b.load("refilled", shared.refilled);
      b.assign(credit, min(add(credit, sub(now, refilled)), mul(token, params.burst)));
      b.store(shared.refilled, now);
      const enough = b.let("enough", ge(credit, token));
      b.if(enough, () => b.assign(credit, sub(credit, token)));
      b.store(shared.credit, credit);
      b.return(enough);
    });
    /** The window is as long as a burst takes at the rate; the ring holds when the last burst was admitted. */
    const enterWindow = proc("enterWindow", { now: "dur" }, { returns: "bool" }, (b, { now }) => {
      const window = b.let("window", div(mul(duration("1s"), params.burst), params.rate));
      const admissions = b.load("admissions", shared.admissions);
      const place = b.let("place", mod(admissions, params.burst));
      const oldest = b.load("oldest", shared.admittedAt.at(place));
      b.if(and(ge(admissions, params.burst), lt(sub(now, oldest), window)), () => b.return(false));
      b.store(shared.admittedAt.at(place), now);
      b.store(shared.admissions, add(admissions, 1));
      b.return(true);
    });
    const caller = proc("caller", { guard: "mutex", start: "dur" }, (b, { guard, start }) => {
      const now = b.let("now", start);
      b.while(lt(sub(now, start), params.lasts), { bound: 1_000_000 }, () => {
        b.lock(guard);
        b.assign(now, b.now("asked"));
        const admitted = b.let("admitted", false);
        b.if(
          eq(params.kind, "token"),
          () => b.assign(admitted, b.call("taken", takeToken, { now })),
          () => b.assign(admitted, b.call("entered", enterWindow, { now })),
        );
        b.unlock(guard);
        b.count("asked");
        b.if(admitted, () => b.count("admitted"));
        b.sleep("1ms");
      });
    });
    main((b) => {
      const guard = b.mutex("guard");
      const start = b.now("start");
      b.store(shared.refilled, start);
      b.store(shared.credit, mul(div(duration("1s"), params.rate), params.burst));
      b.scope("waitAll", () => b.repeat(params.callers, () => b.spawn(caller, { guard, start })));
    });
  },
);

/** What a limiter admits is b + r * t at most, whatever the callers do. */
export default workload({
  id: "W69",
  program: rateLimiters,
  question:
    "How many of some 3000 requests in 300 ms do a token bucket and a sliding window of 1000 a second admit?",
  headline:
    "At most the burst and the rate times the time, 400, on every runtime: the bucket all of them, the window 300 to 400.",
  group: "resilience",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "admitted",
      min: 330,
      max: 420,
      because:
        "arithmetic: 100 + 1000 a second for 300 ms and the last round of callers, which may be late; ran: 370 on a busy computer, where the bucket fills up; W69: b + r * t",
    },
    {
      runtime: "*",
      kind: "count",
      name: "admitted",
      min: 280,
      max: 420,
      when: { parameters: { kind: "window" } },
      because: "arithmetic: 100 in each window of 100 ms, of which three or four begin; W69",
    },
  ],
});
