import { cell, dur, eq, not, oneOf, or, program } from "@orrery/program";
import { everywhere, workload } from "../../workload.ts";
import type { Expectation, Outcome, Parameters } from "../../workload.ts";

const lostWakeup = program(
  "lost-wakeup",
  {
    doc: "One task waits on a condition for another to be ready; the other is ready before the first has begun to wait.",
    params: {
      version: oneOf("bare", ["bare", "unlocked", "correct"], {
        doc: "waits without asking whether it is too late; asks, but the flag is set without the lock; or set under it",
      }),
      look: dur("20ms", {
        min: "2ms",
        max: "10s",
        doc: "time from looking at the flag to waiting, with the lock held",
      }),
      ready: dur("10ms", { min: 0, max: "10s", doc: "when the other is ready", sweep: ["10ms", "40ms"] }),
    },
    shared: { ready: cell(false) },
  },
  ({ params, shared, proc, main }) => {
    const waiter = proc("waiter", { lock: "mutex", changed: "cond" }, (b, { lock, changed }) => {
      b.lock(lock);
      const ready = b.load("ready", shared.ready);
      b.sleep(params.look);
      b.if(or(eq(params.version, "bare"), not(ready)), () => b.condWait(changed));
      b.unlock(lock);
      b.log("woken");
    });
    const notifier = proc("notifier", { lock: "mutex", changed: "cond" }, (b, { lock, changed }) => {
      b.sleep(params.ready);
      b.if(
        eq(params.version, "correct"),
        () => {
          b.lock(lock);
          b.store(shared.ready, true);
          b.signal(changed);
          b.unlock(lock);
        },
        () => {
          b.store(shared.ready, true);
          b.signal(changed);
        },
      );
      b.log("signalled");
    });
    main((b) => {
      const lock = b.mutex("lock");
      const changed = b.cond("changed", lock);
      b.scope("waitAll", () => {
        b.spawn(waiter, { lock, changed });
        b.spawn(notifier, { lock, changed });
      });
    });
  },
);

const ends = (parameters: Parameters, is: Outcome, why: string): Expectation => ({
  runtime: "*",
  kind: "outcome",
  is,
  when: { parameters, profile: "any" },
  because: `ran on Go 1.26, CPython 3.11, JDK 25 and Node 24: ${why}`,
});

/** A signal is not kept: whoever is not waiting yet never hears of it. */
export default workload({
  id: "W33",
  program: lostWakeup,
  question: "What becomes of a signal that comes before anybody waits for it?",
  headline:
    "It is lost, and the one who comes later waits for ever, on every runtime; only a flag that is set and asked under the lock keeps it.",
  group: "sync",
  levels: everywhere("O4"),
  expectations: [
    ends({}, "deadlocked", "the signal came 10 ms before the wait"),
    ends({ version: "unlocked" }, "deadlocked", "the flag changed between the look at it and the wait"),
    ends({ version: "correct" }, "completed", "the other cannot set the flag before the first waits"),
    ends({ ready: 40e6 }, "completed", "who waits already is woken"),
  ],
});
