import { div, dur, exponential, int, mul, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const sleepingBarber = program(
  "sleeping-barber",
  {
    doc: "Customers come to a barber at random, wait on one of a few chairs, and go away when all are taken.",
    params: {
      customers: int(150, { min: 1, max: 100_000, doc: "customers", sweep: [150, 1_000, 5_000] }),
      chairs: int(3, { min: 0, max: 10_000, doc: "chairs to wait on", sweep: [0, 1, 3, 10, 1_000] }),
      gap: dur("2ms", { min: "1ms", max: "1s", doc: "mean time between two customers" }),
      cut: dur("2ms", { min: "1ms", max: "1s", doc: "mean time of a haircut" }),
    },
  },
  ({ params, proc, main }) => {
    const barber = proc("barber", { chairs: "chan" }, (b, { chairs }) => {
      b.range(chairs, "finished", (finished) => {
        const effort = b.draw("effort", "cut", exponential(1_000));
        b.sleep(div(mul(params.cut, effort), 1_000));
        b.count("cut");
        b.send(finished, true);
      });
    });
    const customer = proc("customer", { chairs: "chan" }, (b, { chairs }) => {
      const arrived = b.now("arrived");
      const finished = b.chan("finished", 1);
      const seated = b.trySend("seated", chairs, finished);
      b.if(
        seated,
        () => {
          b.recv(finished);
          b.mark("in the shop", arrived);
        },
        () => b.count("lost"),
      );
    });
    main((b) => {
      const chairs = b.chan("chairs", params.chairs);
      const shop = b.spawn("shop", barber, { chairs });
      b.scope("waitAll", () => {
        b.repeat(params.customers, () => {
          const pause = b.draw("pause", "arrival", exponential(1_000));
          b.sleep(div(mul(params.gap, pause), 1_000));
          b.spawn(customer, { chairs });
        });
      });
      b.close(chairs);
      b.join(shop);
    });
  },
);

/** A queue of chairs + 1 places with exponential gaps and cuts turns away what M/M/1/K says. */
const lost = (parameters: Parameters, min: number, max: number, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "lost",
  min,
  max,
  when: { parameters },
  because: `arithmetic: ${because}`,
});

/** Dijkstra's barber as a queue with an end: the chairs are the buffer, and the lost customers its price. */
export default workload({
  id: "W26",
  program: sleepingBarber,
  question: "How many customers does a barber lose who has three chairs to wait on?",
  headline:
    "A fifth of them, as a queue of four places and equal rates predicts; at 2 ms fewer on Go, asyncio and Node, whose timers keep to whole milliseconds or come late and make both sides more regular.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    lost({}, 10, 50, "1 / 5 are 30 of 150; ran: 18 to 28 on Go 1.26, CPython 3.11, JDK 25 and Node 24"),
    lost({ chairs: 1_000 }, 0, 0, "there are more chairs than customers"),
    lost(
      { customers: 5_000, gap: 20e6, cut: 20e6 },
      830,
      1_170,
      "1 / 5 are 1000, give or take three standard errors of losses that come in clusters",
    ),
    lost({ customers: 5_000, gap: 20e6, cut: 10e6 }, 100, 225, "at load 1 / 2 it is 1 / 31, 161"),
  ],
});
