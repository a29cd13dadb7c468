import {
  add,
  cell,
  dur,
  fromParam,
  int,
  isNone,
  le,
  lt,
  none,
  oneOf,
  program,
  service,
} from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const singleFlight = program(
  "single-flight",
  {
    doc: "Waves of callers want the same value, which a slow backend has and a cache keeps for a while.",
    params: {
      share: oneOf("memo", ["nothing", "memo", "flight"], {
        doc: "what callers share: nothing, the cached value, or the call under way as well",
      }),
      callers: int(100, { min: 1, max: 10_000, doc: "callers in a wave" }),
      waves: int(3, { min: 1, max: 100, doc: "waves" }),
      pause: dur("200ms", { min: "1ms", max: "60s", doc: "time between two waves" }),
      latency: dur("20ms", { min: "1ms", max: "10s", doc: "how long the backend takes" }),
      ttl: dur("250ms", { min: 0, max: "1h", doc: "how long a value is good, from when it was asked for" }),
    },
    services: { backend: service({ latency: fromParam("latency") }) },
    shared: { goodUntil: cell("0ms"), flight: cell(null, "promise") },
  },
  ({ params, services, shared, proc, main }) => {
    const fetch = proc("fetch", { guard: "mutex" }, (b, { guard }) => {
      const asked = b.now("asked");
      b.callService(services.backend);
      b.count("calls");
      b.lock(guard);
      b.store(shared.goodUntil, add(asked, params.ttl));
      b.store(shared.flight, none);
      b.unlock(guard);
    });
    const memo = proc("memo", { guard: "mutex" }, (b, { guard }) => {
      const asked = b.now("asked");
      b.lock(guard);
      const goodUntil = b.load("goodUntil", shared.goodUntil);
      b.unlock(guard);
      b.if(le(goodUntil, asked), () => b.call(fetch, { guard }));
    });
    const flight = proc("flight", { guard: "mutex" }, (b, { guard }) => {
      const asked = b.now("asked");
      const landed = b.promise("landed");
      b.lock(guard);
      const goodUntil = b.load("goodUntil", shared.goodUntil);
      const underWay = b.load("underWay", shared.flight);
      const stale = b.let("stale", le(goodUntil, asked));
      const first = b.let("first", isNone(underWay));
      b.if(stale, () => b.if(first, () => b.store(shared.flight, landed)));
      b.unlock(guard);
      b.if(stale, () =>
        b.if(
          first,
          () => {
            b.call(fetch, { guard });
            b.resolve(landed, true);
          },
          () => b.await(underWay),
        ),
      );
    });
    const caller = proc("caller", { guard: "mutex" }, (b, { guard }) => {
      b.match(params.share, [
        ["nothing", () => b.call(fetch, { guard })],
        ["memo", () => b.call(memo, { guard })],
        ["flight", () => b.call(flight, { guard })],
      ]);
      b.count("answers");
    });
    main((b) => {
      const guard = b.mutex("guard");
      b.scope("waitAll", () => {
        b.repeat(params.waves, "wave", (wave) => {
          b.if(lt(0, wave), () => b.sleep(params.pause));
          b.repeat(params.callers, () => b.spawn(caller, { guard }));
        });
      });
    });
  },
);

const calls = (count: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "calls",
  min: count,
  max: count,
  when: { parameters },
  because,
});

/** The first wave finds nothing, the second the cached value, the third one that is too old. */
export default workload({
  id: "W49",
  program: singleFlight,
  question: "How often is the backend called for one key that a hundred callers want at once?",
  headline:
    "A cache alone still sends 100 calls whenever its value is missing or too old, on every runtime; sharing the call under way makes that one.",
  group: "composition",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "answers",
      min: 300,
      max: 300,
      when: { profile: "any" },
      because: "arithmetic: an answer for every caller",
    },
    calls(200, {}, "arithmetic: the stampedes of the first wave and of the third; W49"),
    calls(300, { share: "nothing" }, "arithmetic: a call for every caller"),
    calls(2, { share: "flight" }, "arithmetic: one call for the first wave and one for the third; W49"),
  ],
});
