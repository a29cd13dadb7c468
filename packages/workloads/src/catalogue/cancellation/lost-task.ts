import { dur, int, program } from "@orrery/program";
import { completes, everywhere, workload } from "../../workload.ts";

const lostTask = program(
  "lost-task",
  {
    doc: "Tasks are started and no reference to them is kept: some sleep, some wait for a promise that only they know.",
    params: {
      sleepers: int(100, { min: 0, max: 100_000, doc: "tasks that sleep" }),
      orphans: int(10, { min: 0, max: 100_000, doc: "tasks that wait for a promise nobody else knows" }),
      d: dur("20ms", { min: "1ms", max: "10s", doc: "how long a sleeper sleeps" }),
    },
  },
  ({ params, proc, main }) => {
    const sleeper = proc("sleeper", {}, (b) => {
      b.sleep(params.d);
      b.count("woken");
    });
    const orphan = proc("orphan", {}, (b) => {
      const mine = b.promise("mine");
      b.await(mine);
      b.count("resolved");
    });
    main((b) => {
      b.repeat(params.sleepers, () => b.detach(sleeper));
      b.repeat(params.orphans, () => b.detach(orphan));
    });
  },
);

/** What would wake a task also holds it; only a task that nothing can wake is held by nobody. */
export default workload({
  id: "W56",
  program: lostTask,
  question: "Does a task vanish when nobody keeps a reference to it?",
  headline:
    "Every sleeper wakes on every runtime, for its timer holds it; the orphans wait for ever, and on asyncio a garbage collection may take them.",
  group: "cancellation",
  levels: everywhere("O5"),
  expectations: [
    completes,
    {
      runtime: "*",
      kind: "count",
      name: "woken",
      min: 100,
      max: 100,
      when: { profile: "any" },
      because:
        "ran on CPython 3.11: all 100, even with gc.collect() while they sleep: the loop holds the timer, and the timer the task",
    },
    {
      runtime: "*",
      kind: "count",
      name: "resolved",
      min: 0,
      max: 0,
      when: { profile: "any" },
      because: "arithmetic: nobody can resolve what nobody knows",
    },
    {
      runtime: "*",
      kind: "leaked",
      tasks: 10,
      when: { profile: "any" },
      because: "arithmetic: every orphan; ran on CPython 3.11: gc.collect() destroys all ten, pending",
    },
  ],
});
