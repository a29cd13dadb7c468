import { add, bool, cell, dur, eq, int, lt, oneOf, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const readersWriters = program(
  "readers-writers",
  {
    doc: "Tasks read together and write alone; a policy says who goes first when both wait.",
    params: {
      policy: oneOf("writer", ["reader", "writer", "fair"], {
        doc: "readers pass waiting writers; writers go before readers that come later; or all queue at one door",
      }),
      tasks: int(20, { min: 1, max: 1_000, doc: "tasks" }),
      rounds: int(20, { min: 1, max: 10_000, doc: "accesses of each" }),
      reads: int(90, {
        min: 0,
        max: 100,
        doc: "reads in a hundred accesses",
        unit: "per cent",
        sweep: [50, 90, 99],
      }),
      hold: dur("1ms", { min: "1ms", max: "1s", doc: "length of an access" }),
      recursive: bool(false, { doc: "whether a reader of the writer policy takes the lock a second time" }),
    },
    shared: { readers: cell(0) },
  },
  ({ params, shared, proc, main }) => {
    const locks = { rwlock: "rwlock", door: "mutex", counting: "mutex", room: "sem" } as const;
    const read = proc("read", locks, (b, { rwlock, door, counting, room }) => {
      const asked = b.now("asked");
      b.if(
        eq(params.policy, "writer"),
        () => {
          b.rlock(rwlock);
          b.mark("reader wait", asked);
          b.sleep(params.hold);
          b.if(params.recursive, () => {
            b.rlock(rwlock);
            b.runlock(rwlock);
          });
          b.runlock(rwlock);
        },
        () => {
          b.if(eq(params.policy, "fair"), () => {
            b.lock(door);
            b.unlock(door);
          });
          b.lock(counting);
          const before = b.load("before", shared.readers);
          b.if(eq(before, 0), () => b.acquire(room));
          b.store(shared.readers, add(before, 1));
          b.unlock(counting);
          b.mark("reader wait", asked);
          b.sleep(params.hold);
          b.lock(counting);
          const inside = b.load("inside", shared.readers);
          b.store(shared.readers, sub(inside, 1));
          b.if(eq(inside, 1), () => b.release(room));
          b.unlock(counting);
        },
      );
    });
    const write = proc("write", locks, (b, { rwlock, door, room }) => {
      const asked = b.now("asked");
      b.match(params.policy, [
        [
          "writer",
          () => {
            b.wlock(rwlock);
            b.mark("writer wait", asked);
            b.sleep(params.hold);
            b.wunlock(rwlock);
          },
        ],
        [
          "reader",
          () => {
            b.acquire(room);
            b.mark("writer wait", asked);
            b.sleep(params.hold);
            b.release(room);
          },
        ],
        [
          "fair",
          () => {
            b.lock(door);
            b.acquire(room);
            b.mark("writer wait", asked);
            b.sleep(params.hold);
            b.unlock(door);
            b.release(room);
          },
        ],
      ]);
    });
    const task = proc("task", locks, (b, given) => {
      b.repeat(params.rounds, () => {
        const share = b.draw("share", "share", uniform(0, 99));
        b.if(
          lt(share, params.reads),
          () => b.call(read, given),
          () => b.call(write, given),
        );
        b.count("accesses");
      });
    });
    main((b) => {
      const given = {
        rwlock: b.rwlock("rwlock"),
        door: b.mutex("door"),
        counting: b.mutex("counting"),
        room: b.sem("room", 1),
      };
      b.scope("waitAll", () => b.repeat(params.tasks, () => b.spawn(task, given)));
    });
  },
);

const counts = (parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name: "accesses",
  min: 400,
  max: 400,
  when: { parameters, profile: "any" },
  because,
});

const writerWaits = (policy: string, minNs: number, maxNs: number, ran: string): Expectation => ({
  runtime: "*",
  kind: "mark",
  name: "writer wait",
  stat: "p50",
  minNs,
  maxNs,
  when: { parameters: { policy } },
  because: `ran: ${ran}`,
});

/** Courtois, Heymans and Parnas asked in 1971 who shall wait; Go's lock, and most others, let the writer go first. */
export default workload({
  id: "W28",
  program: readersWriters,
  question: "How long does a writer wait where nine accesses of ten are reads, and who must not read twice?",
  headline:
    "With a fair door a writer waits for a few accesses, behind a lock that prefers writers for those of all other writers as well, and longest where readers pass it; to read twice with a writer waiting between deadlocks on every runtime.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    counts({}, "arithmetic: 20 * 20"),
    counts({ policy: "reader" }, "arithmetic: 20 * 20"),
    counts({ policy: "fair" }, "arithmetic: 20 * 20"),
    writerWaits(
      "writer",
      4e6,
      30e6,
      "13.4 to 16.0 ms on Go 1.26, CPython 3.11, JDK 25 and Node 24, and up to 20 on a busy computer",
    ),
    writerWaits(
      "reader",
      6e6,
      50e6,
      "19.9 ms on Go 1.26, 22.5 on CPython 3.11, 24.3 on JDK 25, 25.5 on Node 24",
    ),
    writerWaits("fair", 0.7e6, 25e6, "4.4 ms on Go 1.26, 6.0 on CPython 3.11, 7.1 on JDK 25, 5.3 on Node 24"),
    {
      runtime: "*",
      kind: "outcome",
      is: "deadlocked",
      when: { parameters: { recursive: true } },
      because:
        "ran on Go 1.26, CPython 3.11, JDK 25 and Node 24: the second read waits for the writer, who waits for the first; W28",
    },
  ],
});
