import { add, dur, eq, int, oneOf, program } from "@orrery/program";
import { completes, everywhere, oneWorker, workload } from "../../workload.ts";

const lockHandoff = program(
  "lock-handoff",
  {
    doc: "Main holds a lock that others wait for, gives it back and wants it again at once; each logs when it has the lock.",
    params: {
      n: int(3, { min: 1, max: 100, doc: "tasks that wait for the lock" }),
      rounds: int(4, { min: 1, max: 1_000, doc: "times that main takes it" }),
      how: oneOf("computes", ["computes", "sleeps"], { doc: "what main does while it holds the lock" }),
      work: dur("100us", { min: 0, max: "1s", doc: "how long it computes" }),
      nap: dur("2ms", { min: "1ms", max: "1s", doc: "or sleeps" }),
    },
  },
  ({ params, proc, main }) => {
    const waiter = proc("waiter", { number: "int", lock: "mutex" }, (b, { number, lock }) => {
      b.lock(lock);
      b.log("w{0}", number);
      b.unlock(lock);
    });
    main((b) => {
      const lock = b.mutex("lock");
      b.scope("waitAll", () => {
        b.repeat(params.rounds, "round", (round) => {
          b.lock(lock);
          b.log("main");
          b.if(eq(round, 0), () => {
            b.repeat(params.n, "i", (i) => b.spawn(waiter, { number: add(i, 1), lock }));
            b.yield();
          });
          b.if(
            eq(params.how, "computes"),
            () => b.cpu(params.work),
            () => b.sleep(params.nap),
          );
          b.unlock(lock);
        });
      });
    });
  },
);

/** Fair to those who wait, or quick for the one who is awake? */
export default workload({
  id: "W10",
  program: lockHandoff,
  question: "Who gets a lock that is given back while others wait: the next in the queue, or who asks first?",
  headline:
    "asyncio and Node serve the queue, so main has to join it; on Go and Java main takes the lock from those it has just woken, on Go until one of them sees that it has waited for more than 1 ms.",
  group: "order",
  options: oneWorker,
  levels: everywhere("O1"),
  expectations: [
    completes,
    {
      runtime: ["asyncio", "node"],
      kind: "log",
      equals: ["main", "w1", "w2", "w3", "main", "main", "main"],
      because: "ran on CPython 3.11 and Node 24: the lock goes to who has waited longest",
    },
    {
      runtime: "java",
      kind: "log",
      equals: ["main", "main", "main", "main", "w1", "w2", "w3"],
      because: "ran on JDK 25, one carrier: a semaphore of one permit that is not fair lets main barge",
    },
    {
      runtime: "go",
      kind: "log",
      equals: ["main", "main", "main", "main", "w3", "w1", "w2"],
      because:
        "ran on Go 1.26, GOMAXPROCS=1: the woken does not run while main computes, and the lock is never handed over",
    },
    {
      runtime: "go",
      kind: "log",
      equals: ["main", "main", "w3", "w1", "w2", "main", "main"],
      when: { parameters: { how: "sleeps" } },
      because:
        "ran on Go 1.26: the woken runs while main sleeps, has waited for more than 1 ms, and from then on the lock is handed over",
    },
    {
      runtime: "java",
      kind: "log",
      equals: ["main", "main", "main", "main", "w1", "w2", "w3"],
      when: { parameters: { how: "sleeps" } },
      because: "ran on JDK 25, one carrier: waiting longer changes nothing",
    },
  ],
});
