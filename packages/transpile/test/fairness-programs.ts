/** Who gets a mutex that is unlocked, under each policy that says so; the same for all four languages. */
import { checkOrThrow, not, type Fairness, program, type Program } from "@orrery/program";
import type { Entry } from "../src/index.ts";

/** Two wait; main unlocks and comes again, takes its turn at a condition, and waits like the others. */
function locks(lockFairness: Fairness): Program {
  return program("locks", { doc: "Who is next?", policies: { lockFairness } }, ({ proc, main }) => {
    const visitor = proc("visitor", { m: "mutex", n: "int" }, (b, { m, n }) =>
      b.repeat(2, "i", (i) => {
        b.lock(m);
        b.log("{0} in, {1}", n, i);
        b.unlock(m);
      }),
    );
    main((b) => {
      const m = b.mutex("m");
      const c = b.cond("c", m);
      const tasks = b.list("tasks");
      b.lock(m);
      b.repeat(2, "n", (n) => {
        b.push(tasks, b.spawn("t", visitor, { m, n }));
        b.sleep("10ms");
      });
      b.unlock(m);
      const free = b.tryLock("free", m);
      b.log("free {0}", free);
      b.if(not(free), () => b.lock(m));
      b.log("main in");
      const signalled = b.condWaitFor("signalled", c, "10ms");
      b.log("signalled {0}", signalled);
      b.unlock(m);
      b.joinAll(tasks);
    });
  });
}

/** The first of two that wait is cancelled; the lock does not come in time. */
function left(lockFairness: Fairness): Program {
  return program("left", { doc: "Who waits no longer?", policies: { lockFairness } }, ({ proc, main }) => {
    const visitor = proc("visitor", { m: "mutex", n: "int" }, (b, { m, n }) => {
      b.try({ body: () => b.lock(m), finally: () => b.log("{0} waits no longer", n) });
      b.unlock(m);
    });
    main((b) => {
      const m = b.mutex("m");
      b.lock(m);
      const gone = b.spawn("gone", visitor, { m, n: 0 });
      b.sleep("10ms");
      const patient = b.spawn("patient", visitor, { m, n: 1 });
      b.sleep("10ms");
      b.cancel(gone);
      b.settleAll([gone]);
      b.log("in time {0}", b.lockFor("inTime", m, "5ms"));
      b.unlock(m);
      b.lock(m);
      b.log("main in");
      b.sleep("10ms");
      b.unlock(m);
      b.join(patient);
    });
  });
}

const entry = (key: string, made: Program): Entry => ({ key, ...checkOrThrow(made) });

export const fairnessEntries: readonly Entry[] = [
  entry("FifoLocks", locks("fifo")),
  entry("BargingLocks", locks("barging")),
  entry("FifoLeft", left("fifo")),
  entry("BargingLeft", left("barging")),
];
