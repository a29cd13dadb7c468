import { add, at, cells, eq, int, mod, mul, oneOf, program, sub, uniform } from "@orrery/program";
import type { Body, E } from "@orrery/program";
import { everywhere, workload } from "../../workload.ts";
import type { Expectation } from "../../workload.ts";

const cigaretteSmokers = program(
  "cigarette-smokers",
  {
    doc: "Of three ingredients each smoker has one and needs the other two; an agent puts two on the table and waits until somebody has smoked.",
    params: {
      rounds: int(200, { min: 1, max: 100_000, doc: "cigarettes", sweep: [200, 1_000] }),
      version: oneOf("naive", ["naive", "pushers", "select"], {
        doc: "smokers take one ingredient after the other; three pushers tell whose turn it is; or one does, with a select",
      }),
    },
    shared: { there: cells(3, false) },
  },
  ({ params, shared, proc, main }) => {
    const after = (i: E<"int">, steps: number): E<"int"> => mod(add(i, steps), 3);
    const naive = proc(
      "naive",
      { has: "int", table: "list", smoked: "chan" },
      (b, { has, table, smoked }) => {
        b.range(at(table, after(has, 1)), "first", () => {
          b.recv(at(table, after(has, 2)));
          b.count("smoked");
          b.send(smoked, has);
        });
      },
    );
    const smoker = proc(
      "smoker",
      { has: "int", turn: "chan", smoked: "chan" },
      (b, { has, turn, smoked }) => {
        b.range(turn, "go", () => {
          b.count("smoked");
          b.send(smoked, has);
        });
      },
    );
    /** With the second ingredient it is the turn of who has the third. */
    const push = (b: Body, got: E<"int">, turns: E<"list">): void => {
      b.store(shared.there.at(got), true);
      b.repeat(2, "i", (i) => {
        const partner = b.let("partner", mod(add(got, add(i, 1)), 3));
        const both = b.load("both", shared.there.at(partner));
        b.if(both, () => {
          b.store(shared.there.at(got), false);
          b.store(shared.there.at(partner), false);
          b.send(at(turns, sub(sub(3, got), partner)), true);
        });
      });
    };
    const pusher = proc(
      "pusher",
      { what: "int", table: "list", turns: "list", thinking: "mutex" },
      (b, { what, table, turns, thinking }) => {
        b.range(at(table, what), "ingredient", () => {
          b.lock(thinking);
          push(b, what, turns);
          b.unlock(thinking);
        });
      },
    );
    const selector = proc("selector", { table: "list", turns: "list" }, (b, { table, turns }) => {
      b.repeat(mul(2, params.rounds), () => {
        const got = b.let("got", 0);
        b.select([
          b.onRecv(at(table, 0), () => b.assign(got, 0)),
          b.onRecv(at(table, 1), () => b.assign(got, 1)),
          b.onRecv(at(table, 2), () => b.assign(got, 2)),
        ]);
        push(b, got, turns);
      });
    });
    main((b) => {
      const table = b.list("table");
      const turns = b.list("turns");
      const smoked = b.chan("smoked");
      const thinking = b.mutex("thinking");
      b.repeat(3, () => {
        const ingredient = b.chan("ingredient", 1);
        b.push(table, ingredient);
        const turn = b.chan("turn", 1);
        b.push(turns, turn);
      });
      b.scope("waitAll", () => {
        b.repeat(3, "i", (i) => {
          b.match(params.version, [["naive", () => b.spawn(naive, { has: i, table, smoked })]], () =>
            b.spawn(smoker, { has: i, turn: at(turns, i), smoked }),
          );
          b.if(eq(params.version, "pushers"), () => b.spawn(pusher, { what: i, table, turns, thinking }));
        });
        b.if(eq(params.version, "select"), () => b.spawn(selector, { table, turns }));
        b.repeat(params.rounds, () => {
          const kept = b.draw("kept", "kept", uniform(0, 2));
          b.send(at(table, after(kept, 1)), true);
          b.send(at(table, after(kept, 2)), true);
          b.recv(smoked);
        });
        b.forEach(table, "ingredient", (ingredient) => b.close(ingredient));
        b.forEach(turns, "turn", (turn) => b.close(turn));
      });
    });
  },
);

const everyRound = (version: string, because: string): readonly Expectation[] => {
  const premise = { runtime: "*", when: { parameters: { version }, profile: "any" }, because } as const;
  return [
    { ...premise, kind: "outcome", is: "completed" },
    { ...premise, kind: "count", name: "smoked", min: 200, max: 200 },
  ];
};

/** Patil's puzzle: two semaphores, each right, taken one after the other by three parties. */
export default workload({
  id: "W29",
  program: cigaretteSmokers,
  question:
    "Can three smokers take two ingredients from a table, one after the other, without blocking each other?",
  headline:
    "No: within a few rounds two of them hold one ingredient each, on every runtime; helpers that know what is on the table cure it.",
  group: "sync",
  levels: everywhere("O4"),
  expectations: [
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      because:
        "ran on Go 1.26, CPython 3.11, JDK 25 and Node 24, after 0 to 3 cigarettes: the second ingredient of one smoker is the first of another",
    },
    ...everyRound("pushers", "arithmetic: a pusher takes only its own ingredient, and knows of the others'"),
    ...everyRound("select", "arithmetic: one task sees both ingredients"),
  ],
});
