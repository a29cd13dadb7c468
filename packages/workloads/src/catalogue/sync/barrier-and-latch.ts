import { cells, eq, fromParam, int, lt, oneOf, or, program, sub, uniform } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";
import type { Expectation, Parameters } from "../../workload.ts";

const barrierAndLatch = program(
  "barrier-and-latch",
  {
    doc: "Tasks that do round after round together wait for each other at the end of each; or main waits once for all of them.",
    params: {
      version: oneOf("barrier", ["barrier", "counted", "latch", "latch-in-loop"], {
        doc: "a barrier; a counter and a semaphore that know no rounds; a group that main waits for, after the loop or in it",
      }),
      parties: int(4, { min: 2, max: 100, doc: "tasks" }),
      rounds: int(10, { min: 1, max: 10_000, doc: "rounds" }),
    },
    shared: { round: cells(fromParam("parties"), 0) },
  },
  ({ params, shared, proc, main }) => {
    const party = proc(
      "party",
      { number: "int", barrier: "barrier", arrived: "atomic", gate: "sem" },
      (b, { number, barrier, arrived, gate }) => {
        b.repeat(params.rounds, "round", (round) => {
          b.store(shared.round.at(number), round);
          b.if(
            eq(params.version, "barrier"),
            () => b.barrierWait(barrier),
            () => {
              const come = b.atomicAdd("come", arrived, 1);
              b.if(
                eq(come, params.parties),
                () => {
                  b.atomicStore(arrived, 0);
                  b.release(gate, sub(params.parties, 1));
                },
                () => {
                  // Who is slow here finds its permit taken by one who is a round ahead.
                  const slow = b.draw("slow", "slow", uniform("1ms", "5ms"));
                  b.sleep(slow);
                  b.acquire(gate);
                },
              );
            },
          );
          b.repeat(params.parties, "other", (other) => {
            const its = b.load("its", shared.round.at(other));
            b.if(lt(its, round), () => b.count("left behind"));
          });
          b.count("passed");
        });
      },
    );
    const worker = proc("worker", { busy: "group" }, (b, { busy }) => {
      b.count("passed");
      b.groupDone(busy);
    });
    main((b) => {
      b.if(
        or(eq(params.version, "barrier"), eq(params.version, "counted")),
        () => {
          const barrier = b.barrier("barrier", params.parties);
          const arrived = b.atomic("arrived");
          const gate = b.sem("gate", 0);
          b.scope("waitAll", () => {
            b.repeat(params.parties, "number", (number) =>
              b.spawn(party, { number, barrier, arrived, gate }),
            );
          });
        },
        () => {
          const busy = b.group("busy");
          b.groupAdd(busy, params.parties);
          b.repeat(params.parties, () => {
            b.spawn(worker, { busy });
            b.if(eq(params.version, "latch-in-loop"), () => b.groupWait(busy));
          });
          b.groupWait(busy);
        },
      );
    });
  },
);

const counts = (name: string, count: number, parameters: Parameters, because: string): Expectation => ({
  runtime: "*",
  kind: "count",
  name,
  min: count,
  max: count,
  when: { parameters, profile: "any" },
  because,
});

const deadlocks = (version: string, why: string): Expectation => ({
  runtime: "*",
  kind: "outcome",
  is: "deadlocked",
  when: { parameters: { version } },
  because: `ran on Go 1.26, CPython 3.11, JDK 25 and Node 24: ${why}`,
});

/** A barrier is used again and again, a latch once; both mistakes were found in programs that ran for years. */
export default workload({
  id: "W30",
  program: barrierAndLatch,
  question:
    "What goes wrong when a barrier forgets its rounds, or main waits for a group before all have started?",
  headline:
    "A counter that knows no rounds lets tasks go on too early and leaves others behind for ever, and a wait inside the loop ends with the first task, on every runtime.",
  group: "sync",
  levels: everywhere("O5"),
  expectations: [
    completes,
    counts("passed", 40, {}, "arithmetic: 4 * 10"),
    counts("left behind", 0, {}, "arithmetic: nobody goes on before all have come"),
    deadlocks(
      "counted",
      "some go on a round too early with the permits of those who are slow, and the last to end find none",
    ),
    counts("passed", 4, { version: "latch" }, "arithmetic: once a task"),
    deadlocks("latch-in-loop", "main waits for tasks that it has not started yet; moby/25384, W30"),
  ],
});
