import { add, at, cells, dur, fromParam, int, list, lt, mod, oneOf, program, uniform } from "@orrery/program";
import type { Body, E } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, RuntimeName } from "../../workload.ts";

const sharedDictionary = program(
  "shared-dictionary",
  {
    doc: "Workers read and write one dictionary that a mutex guards, a lock for readers and writers, or a task that owns it.",
    params: {
      guard: oneOf("mutex", ["mutex", "rwlock", "owner"], { doc: "who keeps the accesses apart" }),
      workers: int(20, { min: 1, max: 1_000, doc: "workers" }),
      accesses: int(100, { min: 1, max: 100_000, doc: "accesses of each", sweep: [100, 1_000, 10_000] }),
      writes: int(10, {
        min: 0,
        max: 100,
        doc: "writes in a hundred accesses",
        unit: "per cent",
        sweep: [0, 10, 50],
      }),
      keys: int(512, { min: 1, max: 100_000, doc: "keys" }),
      work: dur("10us", { min: 0, max: "10ms", doc: "processor time of an access" }),
    },
    shared: { values: cells(fromParam("keys"), 0) },
  },
  ({ params, shared, proc, main }) => {
    const read = (b: Body, key: E<"int"> | E<"any">): void => {
      b.load("value", shared.values.at(key));
      b.cpu(params.work);
      b.count("reads");
    };
    const write = (b: Body, key: E<"int"> | E<"any">): void => {
      const before = b.load("before", shared.values.at(key));
      b.cpu(params.work);
      b.store(shared.values.at(key), add(before, 1));
      b.count("writes");
    };
    const owner = proc("owner", { requests: "chan" }, (b, { requests }) => {
      b.range(requests, "request", (request) => {
        const key = b.let("key", at(request, 0));
        b.if(
          at(request, 1),
          () => write(b, key),
          () => read(b, key),
        );
        b.send(at(request, 2), key);
      });
    });
    const worker = proc(
      "worker",
      { mutex: "mutex", rwlock: "rwlock", requests: "chan" },
      (b, { mutex, rwlock, requests }) => {
        const replies = b.chan("replies", 1);
        b.repeat(params.accesses, () => {
          const drawn = b.draw("drawn", "key", uniform(0, 999_999));
          const share = b.draw("share", "share", uniform(0, 99));
          const key = b.let("key", mod(drawn, params.keys));
          const writes = b.let("writes", lt(share, params.writes));
          b.match(params.guard, [
            [
              "mutex",
              () => {
                b.lock(mutex);
                b.if(
                  writes,
                  () => write(b, key),
                  () => read(b, key),
                );
                b.unlock(mutex);
              },
            ],
            [
              "rwlock",
              () => {
                b.if(
                  writes,
                  () => {
                    b.wlock(rwlock);
                    write(b, key);
                    b.wunlock(rwlock);
                  },
                  () => {
                    b.rlock(rwlock);
                    read(b, key);
                    b.runlock(rwlock);
                  },
                );
              },
            ],
            [
              "owner",
              () => {
                b.send(requests, list(key, writes, replies));
                b.recv(replies);
              },
            ],
          ]);
        });
      },
    );
    main((b) => {
      const mutex = b.mutex("mutex");
      const rwlock = b.rwlock("rwlock");
      const requests = b.chan("requests");
      const keeper = b.spawn("keeper", owner, { requests });
      b.scope("waitAll", () => {
        b.repeat(params.workers, () => b.spawn(worker, { mutex, rwlock, requests }));
      });
      b.close(requests);
      b.join(keeper);
      const sum = b.let("sum", 0);
      b.repeat(params.keys, "key", (key) => {
        const value = b.load("value", shared.values.at(key));
        b.assign(sum, add(sum, value));
      });
      b.count("sum", sum);
    });
  },
);

const nothingLost = (guard: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "sum",
  min: 184,
  max: 184,
  when: { parameters: { guard }, profile: "any" },
  because: "ran: 184 writes are drawn, and each adds one",
});

/** All accesses, 2000 of 10 us, are 20 ms of one core. */
const takes = (
  runtime: "*" | readonly RuntimeName[],
  guard: string,
  minNs: number,
  maxNs: number,
  ran: string,
): Expectation => ({
  runtime,
  kind: "makespan",
  minNs,
  maxNs,
  when: { parameters: { guard } },
  because: `arithmetic: 2000 * 10 us at least; ran: ${ran}`,
});

/** Savina's concurrent dictionary, with the three guards that people argue about. */
export default workload({
  id: "W31",
  program: sharedDictionary,
  question:
    "What guards a dictionary best that is read nine times in ten: a mutex, a lock for readers and writers, or an owner?",
  headline:
    "Where readers have several cores, on Go and Java, their lock halves the time; on asyncio and Node nothing runs beside anything, and a guard is only a cost, the owner the highest.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    nothingLost("mutex"),
    nothingLost("rwlock"),
    nothingLost("owner"),
    takes(
      "*",
      "mutex",
      18e6,
      0.1e9,
      "21 to 31 ms on Go 1.26, JDK 25 and Node 24, up to 42 ms on CPython 3.11",
    ),
    takes(["asyncio", "node"], "rwlock", 18e6, 0.3e9, "94 ms on CPython 3.11 and 45 ms on Node 24"),
    takes("*", "owner", 18e6, 0.6e9, "81 ms on Go 1.26, 155 on JDK 25, 166 on Node 24, 220 on CPython 3.11"),
    {
      ...takes(["go", "java"], "rwlock", 4e6, 18e6, ""),
      when: { parameters: { guard: "rwlock" }, cores: 4 },
      because:
        "arithmetic: 184 writes alone and 1816 reads on up to four cores, 1.8 ms and 4.5 ms of 10 us each, and the waits between",
    },
  ],
});
