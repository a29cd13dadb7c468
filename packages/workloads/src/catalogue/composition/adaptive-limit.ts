import { add, div, dur, eq, ge, int, lt, max, min, mul, oneOf, program, service, sub } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const adaptiveLimit = program(
  "adaptive-limit",
  {
    doc: "A controller moves the number of calls under way by the share that succeeds; halfway through, the backend loses most of its capacity.",
    params: {
      decrease: oneOf("additive", ["additive", "multiplicative"], {
        doc: "what happens when too many calls fail: the limit goes down by `step`, or is halved",
      }),
      step: int(2, { min: 1, max: 100, doc: "how much the limit goes up when nearly all calls succeed" }),
      start: int(10, { min: 1, max: 1000, doc: "limit at the start" }),
      least: int(2, { min: 1, max: 1000, doc: "smallest limit" }),
      most: int(50, { min: 1, max: 1000, doc: "largest limit, and callers" }),
      good: int(95, { min: 0, max: 100, doc: "share of successes from which the limit goes up", unit: "%" }),
      poor: int(80, { min: 0, max: 100, doc: "share of successes below which it goes down", unit: "%" }),
      period: dur("20ms", { min: "1ms", max: "60s", doc: "time between two decisions" }),
      periods: int(24, { min: 2, max: 1000, doc: "decisions" }),
      pause: dur("5ms", { min: "1ms", max: "10s", doc: "pause of a caller that was refused" }),
    },
    services: {
      healthy: service({ servers: 20, queueLimit: 4, latency: "5ms" }),
      degraded: service({ servers: 4, queueLimit: 4, latency: "5ms" }),
    },
  },
  ({ params, services, proc, main }) => {
    const shared = { limit: "atomic", asked: "atomic", served: "atomic", phase: "atomic" } as const;
    const caller = proc(
      "caller",
      { place: "int", ...shared },
      (b, { place, limit, asked, served, phase }) => {
        b.while(true, { spin: true }, () => {
          const now = b.atomicLoad("now", phase);
          const places = b.atomicLoad("places", limit);
          b.if(eq(now, 2), () => b.return());
          b.if(
            lt(place, places),
            () => {
              b.atomicAdd(asked, 1);
              b.try({
                body: () => {
                  b.if(
                    eq(now, 0),
                    () => b.callService(services.healthy),
                    () => b.callService(services.degraded),
                  );
                  b.atomicAdd(served, 1);
                  b.count("served");
                },
                catch: [
                  {
                    kinds: "Rejected",
                    body: () => {
                      b.count("refused");
                      b.sleep(params.pause);
                    },
                  },
                ],
              });
            },
            () => b.sleep(params.period),
          );
        });
      },
    );
    main((b) => {
      const limit = b.atomic("limit", params.start);
      const asked = b.atomic("asked");
      const served = b.atomic("served");
      const phase = b.atomic("phase");
      b.scope("waitAll", () => {
        b.repeat(params.most, "place", (place) => b.spawn(caller, { place, limit, asked, served, phase }));
        b.repeat(params.periods, "period", (period) => {
          b.if(eq(period, div(params.periods, 2)), () => b.atomicStore(phase, 1));
          b.sleep(params.period);
          const calls = b.atomicLoad("calls", asked);
          const successes = b.atomicLoad("successes", served);
          b.atomicStore(asked, 0);
          b.atomicStore(served, 0);
          const now = b.atomicLoad("now", limit);
          const share = b.let("share", div(mul(100, successes), max(1, calls)));
          b.if(ge(share, params.good), () => {
            b.atomicStore(limit, min(params.most, add(now, params.step)));
            b.count("up");
          });
          b.if(lt(share, params.poor), () => {
            const less = b.let("less", sub(now, params.step));
            b.if(eq(params.decrease, "multiplicative"), () => b.assign(less, div(now, 2)));
            b.atomicStore(limit, max(params.least, less));
            b.count("down");
          });
        });
        b.atomicStore(phase, 2);
      });
      const last = b.atomicLoad("last", limit);
      b.count("limit at end", last);
    });
  },
);

const refused = (min: number, max: number, decrease: string, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "refused",
  min,
  max,
  when: { parameters: { decrease } },
  because,
});
const limitAtEnd: Expectation = {
  runtime: "*",
  kind: "count",
  name: "limit at end",
  min: 4,
  max: 14,
  because: "arithmetic: 4 + 4 calls fit in, and two of ten may fail",
};

/** The guide's limit of 2 to 50 calls, +2 from 95 % and -2 below 80 %, with its 30 s made 20 ms; halving for comparison. */
export default workload({
  id: "W51",
  program: adaptiveLimit,
  question: "How quickly does a limit follow when the backend loses most of its capacity?",
  headline:
    "Going down by two takes all the rest of the run and is refused about four times as often as halving, on every runtime.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    refused(200, 900, "additive", "XX"),
    refused(30, 200, "multiplicative", "XX"),
    limitAtEnd,
    { ...limitAtEnd, when: { parameters: { decrease: "multiplicative" } } },
  ],
});
