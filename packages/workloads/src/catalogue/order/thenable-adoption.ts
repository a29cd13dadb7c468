import { add, bool, int, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const thenableAdoption = program(
  "thenable-adoption",
  {
    doc: "Two chains of handlers start from one settled promise; the first handler of A gives back a promise that is settled already.",
    params: {
      length: int(4, { min: 1, max: 100, doc: "handlers of chain B" }),
      adopt: bool(true, { doc: "whether A's first handler gives back a promise or its value" }),
    },
  },
  ({ params, proc, main }) => {
    const givesPromise = proc(
      "givesPromise",
      { settled: "promise", value: "int" },
      { returns: "promise" },
      (b, { settled }) => {
        b.log("A1");
        b.return(settled);
      },
    );
    const givesValue = proc("givesValue", { value: "int" }, { returns: "int" }, (b, { value }) => {
      b.log("A1");
      b.return(value);
    });
    const last = proc("last", { value: "int" }, { returns: "int" }, (b, { value }) => {
      b.log("A2");
      b.return(value);
    });
    const link = proc("link", { number: "int", value: "int" }, { returns: "int" }, (b, { number, value }) => {
      b.log("B{0}", number);
      b.return(value);
    });
    main((b) => {
      const start = b.promise("start");
      b.resolve(start, 0);
      const ends = b.list("ends");
      b.if(
        params.adopt,
        () => {
          const first = b.onResolve("first", start, givesPromise, { settled: start });
          const end = b.onResolve("end", first, last);
          b.push(ends, end);
        },
        () => {
          const first = b.onResolve("former", start, givesValue);
          const end = b.onResolve("latter", first, last);
          b.push(ends, end);
        },
      );
      const tail = b.let("tail", start);
      b.repeat(params.length, "i", (i) => {
        const next = b.onResolve("next", tail, link, { number: add(i, 1) });
        b.assign(tail, next);
      });
      b.push(ends, tail);
      b.forEach(ends, "each", (each) => b.await(each));
    });
  },
);

/** A promise that a handler gives back has to be asked like any other, and that takes turns. */
export default workload({
  id: "W03",
  program: thenableAdoption,
  question: "How many turns later does a chain go on whose handler gives back a promise?",
  headline:
    "Two turns later on Node, one on asyncio, and on Java none, where a settled future calls its handlers at once; Go starts a goroutine a handler and keeps the newest first.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: "node",
      kind: "log",
      equals: ["A1", "B1", "B2", "B3", "A2", "B4"],
      because: "ran on Node 24: one turn to ask the promise and one to settle with its answer; W03",
    },
    {
      runtime: "asyncio",
      kind: "log",
      equals: ["A1", "B1", "B2", "A2", "B3", "B4"],
      because: "ran on CPython 3.11 with futures and add_done_callback",
    },
    {
      runtime: "java",
      kind: "log",
      equals: ["A1", "A2", "B1", "B2", "B3", "B4"],
      because: "ran on JDK 25 with CompletableFuture",
    },
    {
      runtime: "go",
      kind: "log",
      equals: ["B1", "B2", "B3", "B4", "A1", "A2"],
      because:
        "ran on Go 1.26, GOMAXPROCS=1: the goroutine started last runs first, and so does what it wakes",
    },
    {
      runtime: ["asyncio", "node"],
      kind: "log",
      equals: ["A1", "B1", "A2", "B2", "B3", "B4"],
      when: { parameters: { adopt: false } },
      because: "ran on CPython 3.11 and Node 24: the chains take turns",
    },
  ],
});
