import { add, cell, eq, ge, int, le, lt, oneOf, program, sub } from "@orrery/program";
import type { Body, E } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const boundedBuffer = program(
  "bounded-buffer",
  {
    doc: "Producers put items into a buffer with so many places, consumers take them out; who cannot go on waits on a condition.",
    params: {
      version: oneOf("correct", ["correct", "signal", "if"], {
        doc: "two conditions, each checked again; one condition for both sides, still signalled to one; or checked once",
      }),
      size: int(50, { min: 1, max: 10_000, doc: "places in the buffer", sweep: [1, 10, 50] }),
      pairs: int(40, { min: 1, max: 1_000, doc: "producers, and consumers" }),
      items: int(25, { min: 1, max: 100_000, doc: "items of each", sweep: [25, 1_000] }),
    },
    shared: { filled: cell(0) },
  },
  ({ params, shared, proc, main }) => {
    /** Waits, with the lock held, until the buffer lets this side go on. */
    const room = (b: Body, until: E<"cond">, blocked: (filled: E<"int">) => E<"bool">): void => {
      const waiting = b.let("waiting", true);
      b.while(waiting, { spin: true }, () => {
        const filled = b.load("filled", shared.filled);
        b.assign(waiting, blocked(filled));
        b.if(waiting, () => {
          b.count("waits");
          b.condWait(until);
          b.if(eq(params.version, "if"), () => b.assign(waiting, false));
        });
      });
    };
    const sides = { lock: "mutex", notFull: "cond", notEmpty: "cond" } as const;
    const producer = proc("producer", sides, (b, { lock, notFull, notEmpty }) => {
      b.repeat(params.items, () => {
        b.lock(lock);
        room(b, notFull, (filled) => ge(filled, params.size));
        const before = b.load("before", shared.filled);
        b.store(shared.filled, add(before, 1));
        b.if(ge(before, params.size), () => b.count("overflows"));
        b.signal(notEmpty);
        b.unlock(lock);
      });
    });
    const consumer = proc("consumer", sides, (b, { lock, notFull, notEmpty }) => {
      b.repeat(params.items, () => {
        b.lock(lock);
        room(b, notEmpty, (filled) => le(filled, 0));
        const before = b.load("before", shared.filled);
        b.store(shared.filled, sub(before, 1));
        b.if(lt(before, 1), () => b.count("taken from nothing"));
        b.signal(notFull);
        b.unlock(lock);
        b.count("taken");
      });
    });
    main((b) => {
      const lock = b.mutex("lock");
      const notFull = b.cond("notFull", lock);
      const notEmpty = b.cond("notEmpty", lock);
      const readers = b.let("readers", notEmpty);
      b.if(eq(params.version, "signal"), () => b.assign(readers, notFull));
      b.scope("waitAll", () => {
        b.repeat(params.pairs, () => b.spawn(consumer, { lock, notFull, notEmpty: readers }));
        b.repeat(params.pairs, () => b.spawn(producer, { lock, notFull, notEmpty: readers }));
      });
    });
  },
);

/** The exercise of every course, with the two mistakes that every course warns of. */
export default workload({
  id: "W27",
  program: boundedBuffer,
  question: "Does it matter whom a signal wakes, and whether the woken look again?",
  headline:
    "A signal that may wake the wrong side ends in a standstill on every runtime; a check that is not repeated takes from an empty buffer on Go, asyncio and Java, and Node gets away with it.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "taken",
      min: 1_000,
      max: 1_000,
      when: { profile: "any" },
      because: "arithmetic: 40 * 25",
    },
    {
      runtime: "*",
      kind: "count",
      name: "taken from nothing",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: a consumer looks at the buffer with the lock in its hand",
    },
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      when: { parameters: { version: "signal", size: 1 } },
      because:
        "ran on Go 1.26, CPython 3.11, JDK 25 and Node 24: after 1 to 20 items every signal has gone to somebody who could not use it",
    },
    {
      runtime: ["go", "asyncio", "java"],
      kind: "count",
      name: "taken from nothing",
      min: 1,
      max: 1_000,
      when: { parameters: { version: "if" } },
      because:
        "ran: 70 on Go 1.26, 223 on CPython 3.11, 936 on JDK 25: somebody who never waited took the item before the woken had the lock",
    },
    {
      runtime: "node",
      kind: "count",
      name: "taken from nothing",
      min: 0,
      max: 0,
      when: { parameters: { version: "if" } },
      because: "ran on Node 24: no consumer comes between the signal and the woken",
    },
  ],
});
