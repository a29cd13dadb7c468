import { add, at, cells, div, eq, gt, int, mod, mul, oneOf, program, uniform } from "@orrery/program";
import type { Body, E } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

/** A head is the number of its top cell, 0 when there is none, and above that its tag. */
const TAG = 1_000;

const treiberStack = program(
  "treiber-stack",
  {
    doc: "Tasks pop a cell off a stack and push the same cell again; a cell that two tasks hold at once tells that the stack is broken.",
    params: {
      version: oneOf("treiber", ["treiber", "tagged", "lock"], {
        doc: "swap the top cell if it is still the same, swap it together with a tag, or take a lock",
      }),
      pauses: int(3, {
        min: 0,
        max: 1_000,
        doc: "a task yields up to so many times between looking at the stack and changing it",
        sweep: [0, 1, 3, 10],
      }),
      tasks: int(4, { min: 1, max: 100, doc: "tasks" }),
      ops: int(100, { min: 1, max: 1_000_000, doc: "cells that each pops and pushes", sweep: [100, 10_000] }),
      depth: int(8, { min: 1, max: 999, doc: "cells on the stack at first" }),
    },
    shared: { below: cells(TAG, 0) },
  },
  ({ params, shared, proc, main }) => {
    const pause = (b: Body<"int"> | Body): void => {
      const drawn = b.draw("drawn", "pause", uniform(0, 999_999));
      b.repeat(mod(drawn, add(params.pauses, 1)), () => b.yield());
    };
    const swap = (b: Body<"int"> | Body, head: E<"atomic">, seen: E<"int">, top: E<"int">): E<"bool"> => {
      const next = b.let("next", top);
      b.if(eq(params.version, "tagged"), () => b.assign(next, add(top, mul(TAG, add(div(seen, TAG), 1)))));
      pause(b);
      return b.atomicCas("swapped", head, seen, next);
    };
    const pop = proc("pop", { head: "atomic" }, { returns: "int" }, (b, { head }) => {
      b.while(true, { spin: true }, () => {
        const seen = b.atomicLoad("seen", head);
        const top = b.let("top", mod(seen, TAG));
        b.if(eq(top, 0), () => b.return(0));
        const below = b.load("below", shared.below.at(top));
        const swapped = swap(b, head, seen, below);
        b.if(swapped, () => b.return(top));
        b.count("retries");
      });
    });
    const push = proc("push", { head: "atomic", cell: "int" }, (b, { head, cell }) => {
      b.while(true, { spin: true }, () => {
        const seen = b.atomicLoad("seen", head);
        b.store(shared.below.at(cell), mod(seen, TAG));
        const swapped = swap(b, head, seen, cell);
        b.if(swapped, () => b.return());
        b.count("retries");
      });
    });
    const worker = proc(
      "worker",
      { head: "atomic", holders: "list", lock: "mutex" },
      (b, { head, holders, lock }) => {
        const guarded = (change: () => void): void => {
          b.if(
            eq(params.version, "lock"),
            () => {
              const asked = b.now("asked");
              b.lock(lock);
              b.mark("lock wait", asked);
              change();
              b.unlock(lock);
            },
            change,
          );
        };
        const cell = b.let("cell", 0);
        b.repeat(params.ops, () => {
          guarded(() => {
            const popped = b.call("popped", pop, { head });
            b.assign(cell, popped);
          });
          b.if(eq(cell, 0), () => {
            b.count("empty");
            b.yield();
            b.continue();
          });
          const held = b.atomicAdd("held", at(holders, cell), 1);
          b.if(gt(held, 1), () => b.count("held twice"));
          pause(b);
          b.atomicAdd(at(holders, cell), -1);
          guarded(() => b.call(push, { head, cell }));
        });
      },
    );
    main((b) => {
      const head = b.atomic("head");
      const lock = b.mutex("lock");
      const holders = b.list("holders");
      b.repeat(add(params.depth, 1), "cell", (cell) => {
        const holder = b.atomic("holder");
        b.push(holders, holder);
        b.if(gt(cell, 0), () => b.call(push, { head, cell }));
      });
      b.scope("waitAll", () => b.repeat(params.tasks, () => b.spawn(worker, { head, holders, lock })));
    });
  },
);

const counts = (
  name: string,
  min: number,
  max: number,
  because: string,
  parameters: Parameters = {},
): Expectation => ({ runtime: "*", kind: "count", name, min, max, when: { parameters }, because });

/** Lock-free is not careless: a top cell that is the same again need not be the top of the same stack. */
export default workload({
  id: "W32",
  program: treiberStack,
  question: "What does a stack without a lock pay instead, and is the same top cell the same stack?",
  headline:
    "Swaps that fail and are done again, as soon as another task may run in between; and without a tag two tasks end up with the same cell, on every runtime.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    counts("held twice", 1, 800, "ran: 63 on Go 1.26, 9 on CPython 3.11, JDK 25 and Node 24"),
    counts("retries", 1, 10_000, "ran: 51 on Go 1.26, 687 on CPython 3.11, JDK 25 and Node 24"),
    counts("held twice", 0, 0, "arithmetic: a tag never comes back, so neither does a head", {
      version: "tagged",
    }),
    counts("held twice", 0, 0, "arithmetic: one task at a time has the stack", { version: "lock" }),
    counts("retries", 0, 0, "arithmetic: one task at a time has the stack", { version: "lock" }),
    {
      ...counts("retries", 0, 0, "arithmetic: no other task runs between the look and the swap", {
        pauses: 0,
      }),
      runtime: ["asyncio", "node"],
    },
  ],
});
