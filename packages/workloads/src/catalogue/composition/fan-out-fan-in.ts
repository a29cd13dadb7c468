import { add, int, mul, program, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const fanOutFanIn = program(
  "fan-out-fan-in",
  {
    doc: "A generator feeds several squarers, whose results are merged into one channel that is closed when all are done.",
    params: {
      n: int(20, { min: 1, max: 100_000, doc: "numbers generated" }),
      squarers: int(3, { min: 1, max: 1000, doc: "tasks of the middle stage" }),
    },
  },
  ({ params, proc, main }) => {
    const generate = proc("generate", { numbers: "chan" }, (b, { numbers }) => {
      b.repeat(params.n, "i", (i) => b.send(numbers, add(i, 1)));
      b.close(numbers);
    });
    const square = proc(
      "square",
      { numbers: "chan", squares: "chan", busy: "group" },
      (b, { numbers, squares, busy }) => {
        b.range(numbers, "number", (number) => {
          const effort = b.draw("effort", "effort", uniform("1ms", "3ms"));
          b.sleep(effort);
          b.send(squares, mul(number, number));
        });
        b.groupDone(busy);
      },
    );
    const closer = proc("closer", { squares: "chan", busy: "group" }, (b, { squares, busy }) => {
      b.groupWait(busy);
      b.close(squares);
    });
    main((b) => {
      const numbers = b.chan("numbers");
      const squares = b.chan("squares");
      const busy = b.group("busy");
      b.spawn(generate, { numbers });
      b.groupAdd(busy, params.squarers);
      b.repeat(params.squarers, () => b.spawn(square, { numbers, squares, busy }));
      b.spawn(closer, { squares, busy });
      const sum = b.let("sum", 0);
      b.range(squares, "value", (value) => {
        b.log("{0}", value);
        b.assign(sum, add(sum, value));
      });
      b.count("sum", sum);
    });
  },
);

/** Who closes the channel when there are many senders? The one that waits for them all. */
export default workload({
  id: "W44",
  program: fanOutFanIn,
  question: "In which order do the results of parallel stages arrive, and do all of them arrive?",
  headline: "All squares arrive everywhere and no task is left behind, but their order is the runtime's own.",
  group: "composition",
  levels: everywhere("O4"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "sum",
      min: 2870,
      max: 2870,
      when: { profile: "any" },
      because: "1 + 4 + 9 + ... + 400",
    },
    {
      runtime: "*",
      kind: "leaked",
      tasks: 0,
      when: { profile: "any" },
      because: "each channel is closed by its only or last sender",
    },
  ],
});
