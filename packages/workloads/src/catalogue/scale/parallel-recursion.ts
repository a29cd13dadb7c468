import {
  add,
  at,
  div,
  dur,
  eq,
  int,
  le,
  len,
  list,
  lt,
  max,
  mul,
  oneOf,
  or,
  program,
  sub,
  uniform,
} from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters, RuntimeName } from "../../workload.ts";

const parallelRecursion = program(
  "parallel-recursion",
  {
    doc: "A recursion whose calls are tasks for the first levels and plain calls below: Fibonacci numbers, quicksort or the queens' problem.",
    params: {
      kind: oneOf("fib", ["fib", "quicksort", "nqueens"], { doc: "what is computed" }),
      levels: int(100, {
        min: 0,
        max: 100,
        doc: "levels on which a call is a task",
        sweep: [0, 1, 2, 4, 8, 100],
      }),
      work: dur("20us", { min: 0, max: "10ms", doc: "processor time of a call of fib and nqueens" }),
      fib: int(16, { min: 1, max: 25, doc: "which Fibonacci number", sweep: [12, 16, 20, 25] }),
      items: int(100_000, { min: 1, max: 1_000_000, doc: "items sorted", sweep: [100_000, 1_000_000] }),
      cutoff: int(2_048, { min: 1, max: 1_000_000, doc: "so few items are sorted in one go" }),
      item: dur("100ns", { min: 0, max: "10us", doc: "processor time for an item of a pass" }),
      queens: int(8, { min: 1, max: 12, doc: "queens, and side of the board", sweep: [6, 8, 10, 12] }),
    },
  },
  ({ params, proc, main }) => {
    const fib = proc("fib", { n: "int", level: "int" }, { returns: "int" }, (b, { n, level }, self) => {
      b.cpu(params.work);
      b.if(lt(n, 2), () => b.return(n));
      const below = { level: add(level, 1) };
      b.if(lt(level, params.levels), () => {
        const first = b.spawn("first", self, { n: sub(n, 1), ...below });
        const second = b.spawn("second", self, { n: sub(n, 2), ...below });
        const one = b.join("one", first);
        const two = b.join("two", second);
        b.return(add(one, two));
      });
      const one = b.call("former", self, { n: sub(n, 1), ...below });
      const two = b.call("latter", self, { n: sub(n, 2), ...below });
      b.return(add(one, two));
    });
    // The items themselves play no part: a pass costs their number, and the pivot is drawn.
    const sort = proc(
      "sort",
      { size: "int", level: "int" },
      { returns: "int" },
      (b, { size, level }, self) => {
        b.cpu(mul(params.item, size));
        b.if(le(size, params.cutoff), () => b.return(size));
        const pivot = b.draw("pivot", "pivot", uniform(250, 750));
        const small = b.let("small", div(mul(size, pivot), 1_000));
        const below = { level: add(level, 1) };
        b.if(lt(level, params.levels), () => {
          const first = b.spawn("first", self, { size: small, ...below });
          const second = b.spawn("second", self, { size: sub(size, small), ...below });
          const one = b.join("one", first);
          const two = b.join("two", second);
          b.return(add(one, two));
        });
        const one = b.call("former", self, { size: small, ...below });
        const two = b.call("latter", self, { size: sub(size, small), ...below });
        b.return(add(one, two));
      },
    );
    const place = proc("place", { columns: "list" }, { returns: "int" }, (b, { columns }, self) => {
      b.cpu(params.work);
      const row = b.let("row", len(columns));
      b.if(eq(row, params.queens), () => b.return(1));
      const found = b.let("found", 0);
      const tasks = b.list("tasks");
      b.repeat(params.queens, "column", (column) => {
        const safe = b.let("safe", true);
        const taken = b.list("taken");
        b.repeat(row, "other", (other) => {
          const its = b.let("its", at(columns, other));
          b.push(taken, its);
          const apart = b.let("apart", max(sub(column, its), sub(its, column)));
          b.if(or(eq(apart, 0), eq(apart, sub(row, other))), () => b.assign(safe, false));
        });
        b.if(safe, () => {
          b.push(taken, column);
          b.if(
            lt(row, params.levels),
            () => {
              const t = b.spawn("t", self, { columns: taken });
              b.push(tasks, t);
            },
            () => {
              const below = b.call("below", self, { columns: taken });
              b.assign(found, add(found, below));
            },
          );
        });
      });
      b.forEach(tasks, "task", (task) => {
        const part = b.join("part", task);
        b.assign(found, add(found, part));
      });
      b.return(found);
    });
    main((b) => {
      const root = b.let("root", 0);
      b.match(params.kind, [
        [
          "fib",
          () => {
            const n = b.call("n", fib, { n: params.fib, level: 0 });
            b.assign(root, n);
          },
        ],
        [
          "quicksort",
          () => {
            const sorted = b.call("sorted", sort, { size: params.items, level: 0 });
            b.assign(root, sorted);
          },
        ],
        [
          "nqueens",
          () => {
            const solutions = b.call("solutions", place, { columns: list() });
            b.assign(root, solutions);
          },
        ],
      ]);
      b.count("result", root);
    });
  },
);

const result = (parameters: Parameters, value: number, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "result",
  min: value,
  max: value,
  when: { parameters, profile: "any" },
  because,
});

const takes = (
  runtime: readonly RuntimeName[],
  cores: number | undefined,
  minNs: number,
  maxNs: number,
  where: string,
): Expectation => ({
  runtime,
  kind: "makespan",
  minNs,
  maxNs,
  when: cores === undefined ? {} : { cores },
  because: `arithmetic: 3193 * 20 us are 63.9 ms${where}`,
});

/** Divide and conquer: the one shape in which tasks are there to compute and not to wait. */
export default workload({
  id: "W24",
  program: parallelRecursion,
  question: "How much faster does a recursion get when its calls are tasks?",
  headline:
    "Go and Java gain almost as many times as there are cores; asyncio and Node compute on one and only pay for the tasks.",
  group: "scale",
  levels: everywhere("O5"),
  expectations: [
    completes,
    result({}, 987, "arithmetic: the sixteenth Fibonacci number"),
    result({ levels: 0 }, 987, "arithmetic: the sixteenth Fibonacci number"),
    result({ kind: "quicksort" }, 100_000, "arithmetic: every item is in one part"),
    result({ kind: "nqueens" }, 92, "ran on Go 1.26, CPython 3.11, JDK 25 and Node 24"),
    takes(["go", "java"], 4, 15.9e6, 48e6, ", and a quarter of that on four cores"),
    takes(
      ["go", "java"],
      2,
      31e6,
      0.4e9,
      ", and half of that on two cores; ran: 37 to 47 ms on Go 1.26, 106 to 139 on a cold JDK 25",
    ),
    takes(["go", "java"], 1, 63e6, 0.2e9, ""),
    takes(
      ["asyncio", "node"],
      undefined,
      62e6,
      0.3e9,
      " on any number of cores; ran: 123 to 132 ms on CPython 3.11, 70 to 72 on Node 24",
    ),
  ],
});
