import { add, bool, dur, eq, exponential, gt, int, lt, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const serviceGraph = program(
  "service-graph",
  {
    doc: "A page is made of many parts, each from a cache in memory, a shared cache, or a service that is slow at times and fails at times. What is not there in time is left out, or the page fails.",
    params: {
      pages: int(60, { min: 1, max: 100_000, doc: "pages" }),
      gap: dur("8ms", { min: 0, max: "1h", doc: "time between two pages" }),
      parts: int(50, { min: 1, max: 1000, doc: "parts of a page", sweep: [10, 50, 100] }),
      patience: dur("100ms", { min: 0, max: "1h", doc: "how long a page waits for its parts" }),
      partial: bool(true, { doc: "whether a page with missing parts is shown" }),
      near: int(500_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a part is cached in memory",
        unit: "per million",
        sweep: [0, 500_000],
      }),
      far: int(800_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that any other is in the shared cache, 2 ms away",
        unit: "per million",
        sweep: [0, 800_000],
      }),
      failures: int(10_000, {
        min: 0,
        max: 1_000_000,
        doc: "probability that a service fails",
        unit: "per million",
      }),
    },
  },
  ({ params, proc, main }) => {
    const fetch = proc("fetch", {}, { returns: "bool" }, (b) => {
      const near = b.draw("near", "near", uniform(0, 999_999));
      b.if(lt(near, params.near), () => b.return(true));
      const far = b.draw("far", "far", uniform(0, 999_999));
      b.if(lt(far, params.far), () => {
        b.sleep("2ms");
        b.return(true);
      });
      b.count("service calls");
      const time = b.draw("time", "service", exponential("20ms"));
      b.sleep(time);
      const luck = b.draw("luck", "failures", uniform(0, 999_999));
      b.return(gt(luck, sub(params.failures, 1)));
    });
    const part = proc("part", { parts: "chan" }, (b, { parts }) => {
      const fetched = b.call("fetched", fetch);
      b.send(parts, fetched);
    });
    const page = proc("page", {}, (b) => {
      const asked = b.now("asked");
      const parts = b.chan("parts", params.parts);
      b.repeat(params.parts, () => b.spawn(part, { parts }));
      const there = b.let("there", 0);
      b.repeat(params.parts, { bind: "n", label: "parts" }, () => {
        const now = b.now("now");
        const left = b.let("left", sub(params.patience, sub(now, asked)));
        b.if(lt(left, "1ms"), () => b.break("parts"));
        b.select(
          [
            b.onRecv(parts, "fetched", (fetched) =>
              b.if(eq(fetched, true), () => b.assign(there, add(there, 1))),
            ),
          ],
          { timeout: { dur: left, body: () => b.break("parts") } },
        );
      });
      b.mark("page", asked);
      b.if(
        eq(there, params.parts),
        () => b.count("complete"),
        () =>
          b.if(
            params.partial,
            () => {
              b.count("partial");
              b.count("missing", sub(params.parts, there));
            },
            () => b.count("failed"),
          ),
      );
    });
    main((b) => {
      b.scope("waitAll", () =>
        b.repeat(params.pages, () => {
          b.spawn(page);
          b.sleep(params.gap);
        }),
      );
    });
  },
);

/** A page of fifty parts is as good as its worst part, unless it may leave that out. */
export default workload({
  id: "W81",
  program: serviceGraph,
  question: "How many pages of 50 parts are complete within 100 ms, with two caches and with none?",
  headline:
    "92 % with the caches and 43 % without, on every runtime; most others lack one or two parts, and fail only where none may be missing.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "complete",
      min: 48,
      max: 60,
      because: "arithmetic: 60 * (1 - 0.1 * (1 - 0.99 * (1 - e^-5)))^50 = 55, three standard errors are 6",
    },
    {
      runtime: "*",
      kind: "count",
      name: "complete",
      min: 10,
      max: 38,
      when: { parameters: { near: 0, far: 0 } },
      because: "arithmetic: 60 * (0.99 * (1 - e^-5))^50 = 26, three standard errors are 12",
    },
    {
      runtime: "*",
      kind: "count",
      name: "failed",
      min: 0,
      max: 12,
      when: { parameters: { partial: false } },
      because: "arithmetic: the five pages of 60 that would be partial, three standard errors are 6",
    },
  ],
});
