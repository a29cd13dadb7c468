import { div, dur, eq, exponential, int, mul, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const cqrsLag = program(
  "cqrs-lag",
  {
    doc: "What is written appears in the view that is read after a random time. Each reader looks after a pause, and again after pauses twice as long, until it sees it.",
    params: {
      writes: int(300, { min: 1, max: 100_000, doc: "writes, each with a reader" }),
      gap: dur("1ms", { min: 0, max: "1h", doc: "time between two writes" }),
      lag: dur("40ms", { min: 0, max: "1h", doc: "time until a write is in the view, in the mean" }),
      pause: dur("20ms", {
        min: "1ms",
        max: "1h",
        doc: "pause before the first look",
        sweep: ["20ms", "1s"],
      }),
    },
  },
  ({ params, proc, main }) => {
    const projection = proc("projection", { view: "atomic" }, (b, { view }) => {
      const thousandths = b.draw("thousandths", "projection", exponential(1000));
      b.sleep(div(mul(params.lag, thousandths), 1000));
      b.atomicStore(view, 1);
    });
    const reader = proc("reader", { view: "atomic" }, (b, { view }) => {
      const written = b.now("written");
      const pause = b.let("pause", params.pause);
      b.repeat(20, "look", (look) => {
        b.sleep(pause);
        b.count("looks");
        const seen = b.atomicLoad("seen", view);
        b.if(eq(seen, 1), () => {
          b.mark("seen", written);
          b.return();
        });
        b.match(look, [
          [0, () => b.count("stale at the first look")],
          [1, () => b.count("stale at the second look")],
        ]);
        b.assign(pause, mul(pause, 2));
      });
    });
    main((b) => {
      b.scope("waitAll", () =>
        b.repeat(params.writes, () => {
          const view = b.atomic("view");
          b.spawn(projection, { view });
          b.spawn(reader, { view });
          b.sleep(params.gap);
        }),
      );
    });
  },
);

/** Looks after 1, 3, 7 s and so on stand here at a fiftieth. */
export default workload({
  id: "W75",
  program: cqrsLag,
  question:
    "How many reads are stale that follow a write by 20 and by 60 ms, when the view lags by 40 ms in the mean?",
  headline: "61 % and 22 % on every runtime: the lag decides, the runtime adds what its timers add.",
  group: "distributed",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "stale at the first look",
      min: 150,
      max: 208,
      because: "arithmetic: 300 * e^(-20/40) = 182, three standard errors are 25",
    },
    {
      runtime: "*",
      kind: "count",
      name: "stale at the second look",
      min: 40,
      max: 89,
      because: "arithmetic: 300 * e^(-60/40) = 67, three standard errors are 22",
    },
  ],
});
