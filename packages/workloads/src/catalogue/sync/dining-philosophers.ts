import { add, and, at, dur, eq, int, mod, oneOf, program, sub } from "@orrery/program";
import { everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const diningPhilosophers = program(
  "dining-philosophers",
  {
    doc: "Philosophers at a round table share a fork with each neighbour and need both to eat.",
    params: {
      n: int(5, { min: 2, max: 100, doc: "philosophers, and forks" }),
      meals: int(3, { min: 1, max: 10_000, doc: "meals of each" }),
      order: oneOf("naive", ["naive", "asymmetric", "arbiter"], {
        doc: "all take the left fork first; the last takes the right one first; or one of them is kept from the table",
      }),
      reach: dur("1ms", { min: 0, max: "1s", doc: "time between taking the first fork and the second" }),
      eat: dur("1ms", { min: 0, max: "1s", doc: "length of a meal" }),
    },
  },
  ({ params, proc, main }) => {
    const dine = proc(
      "dine",
      { seat: "int", first: "mutex", second: "mutex", table: "sem" },
      (b, { seat, first, second, table }) => {
        b.repeat(params.meals, () => {
          const hungry = b.now("hungry");
          b.if(eq(params.order, "arbiter"), () => b.acquire(table));
          b.lock(first);
          b.sleep(params.reach);
          b.lock(second);
          b.mark("served", hungry);
          b.sleep(params.eat);
          b.count("meals");
          b.unlock(second);
          b.unlock(first);
          b.if(eq(params.order, "arbiter"), () => b.release(table));
        });
        b.log("p{0} is done", add(seat, 1));
      },
    );
    main((b) => {
      const table = b.sem("table", sub(params.n, 1));
      const forks = b.list("forks");
      b.repeat(params.n, () => {
        const fork = b.mutex("fork");
        b.push(forks, fork);
      });
      b.scope("waitAll", () => {
        b.repeat(params.n, "seat", (seat) => {
          const left = b.let("left", at(forks, seat));
          const right = b.let("right", at(forks, mod(add(seat, 1), params.n)));
          b.if(
            and(eq(params.order, "asymmetric"), eq(seat, sub(params.n, 1))),
            () => b.spawn(dine, { seat, first: right, second: left, table }),
            () => b.spawn(dine, { seat, first: left, second: right, table }),
          );
        });
      });
    });
  },
);

const everyoneEats = (order: string, because: string): readonly Expectation[] => {
  const premise = { runtime: "*", when: { parameters: { order }, profile: "any" }, because } as const;
  return [
    { ...premise, kind: "outcome", is: "completed" },
    { ...premise, kind: "count", name: "meals", min: 15, max: 15 },
  ];
};

/** Everyone holds a fork and waits for the next one: the same on every runtime, and the same two cures. */
export default workload({
  id: "W25",
  program: diningPhilosophers,
  question: "Does the order in which forks are taken end in deadlock?",
  headline:
    "Taking the left fork first deadlocks on every runtime; one left-handed philosopher or one fewer at the table cures it.",
  group: "sync",
  levels: everywhere("O4"),
  expectations: [
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      because: "all hold their left fork before the pause of 1 ms is over; W25",
    },
    {
      runtime: "*",
      kind: "count",
      name: "meals",
      min: 0,
      max: 0,
      because: "nobody gets a second fork; W25",
    },
    ...everyoneEats("asymmetric", "forks are ordered, so no cycle of waiting can close; W25"),
    ...everyoneEats("arbiter", "with n - 1 at the table someone has both neighbours' forks free; W25"),
  ],
});
