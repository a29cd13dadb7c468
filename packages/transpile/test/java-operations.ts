/** Programs of Java's fixtures beyond those that all targets share: its kinds of monitors, and what else only Java writes in its own way. */
import { add, cell, eq, mul, program, type MonitorVia, type Program } from "@orrery/program";
import type { Entry } from "../src/index.ts";
import { entryOf } from "./java-programs.ts";
import { pythonEntries } from "./python-programs.ts";

/** Waits, notifications in turn, times that run out, reentrance, on a monitor of each kind. */
function monitors(name: string, vias: readonly MonitorVia[]): Program {
  return program(
    name,
    { doc: "Who waits, who is notified.", shared: { inside: cell(0) } },
    ({ shared, proc, main }) => {
      const inner = proc("inner", { m: "monitor", n: "int" }, { returns: "int" }, (b, { m, n }) => {
        b.enter(m, () => b.return(mul(n, 2)));
        b.return(0);
      });
      const waiter = proc("waiter", { m: "monitor", n: "int" }, (b, { m, n }) => {
        b.enter(m, () => {
          b.monitorWait(m);
          const doubled = b.call("doubled", inner, { m, n });
          b.log("w{0} woken {1}", n, doubled);
        });
        b.log("w{0} out", n);
      });
      const patient = proc("patient", { m: "monitor" }, (b, { m }) => {
        b.repeat(2, { bind: "i", label: "tries" }, (i) =>
          b.enter(m, () => {
            const signalled = b.monitorWaitFor("signalled", m, "20ms");
            b.log("{0} {1}", i, signalled);
            b.if(signalled, () => b.break("tries"));
          }),
        );
      });
      const pinned = proc("pinned", { m: "monitor" }, (b, { m }) =>
        b.enter(m, () => {
          b.log("holds the carrier");
          b.sleep("5ms");
          const n = b.load("n", shared.inside);
          b.log("still {0}", n);
        }),
      );
      main((b) => {
        const m = b.monitor("m", vias[0]);
        b.scope("waitAll", () => {
          b.repeat(2, "n", (n) => b.spawn(waiter, { m, n }));
          b.sleep("5ms");
          b.enter(m, () => {
            b.notify(m);
            b.log("notified");
          });
          b.sleep("5ms");
          b.enter(m, () => b.notifyAll(m));
          b.spawn(patient, { m });
        });
        for (const [index, via] of vias.slice(1).entries()) {
          const other = b.monitor(`other${index}`, via);
          b.scope("waitAll", () => {
            b.spawn(pinned, { m: other });
            b.yield();
            b.store(shared.inside, 1);
            b.enter(other, () => b.log("entered"));
          });
        }
        b.try({
          body: () => b.notify(m),
          catch: [{ kinds: "UnlockOfUnlocked", body: () => b.log("not the owner") }],
        });
      });
    },
  );
}

const stages = program("stages", { doc: "Newest first, and what they complete." }, ({ proc, main }) => {
  const say = proc("say", { n: "int", v: "int" }, { returns: "int" }, (b, { n, v }) => {
    b.log("h{0} {1}", n, v);
    b.return(add(v, n));
  });
  const settle = proc("settle", { q: "promise", v: "int" }, (b, { q, v }) => {
    b.resolve(q, v);
    b.log("settled");
  });
  const zero = proc("zero", { v: "int" }, { returns: "int" }, (b, { v }) => {
    b.assert(eq(v, 0), "not zero");
    b.return(v);
  });
  main((b) => {
    const p = b.promise("p");
    const q = b.promise("q");
    const first = b.onResolve("first", p, say, { n: 1 });
    b.onResolve(first, say, { n: 2 });
    b.onResolve(first, say, { n: 3 });
    b.onResolve(q, say, { n: 4 });
    b.onResolve(p, settle, { q });
    const failed = b.onResolve("failed", p, zero);
    b.onResolve(failed, say, { n: 5 });
    b.resolve(p, 10);
    b.log("resolved");
    b.onResolve(p, say, { n: 6 });
    b.try({ body: () => b.await(failed), catch: [{ kinds: "AssertFailed", body: () => b.log("failed") }] });
  });
});

const programs: Readonly<Record<string, Program>> = {
  Synchronized: monitors("synchronized", ["synchronized"]),
  Juc: monitors("juc", ["juc"]),
  Pinned: monitors("pinned", ["synchronized", "nativeFrame"]),
  MixedMonitors: monitors("mixed-monitors", ["juc", "synchronized", "nativeFrame"]),
  Stages: stages,
};

export const operations: readonly Entry[] = [
  ...pythonEntries,
  ...Object.entries(programs).map(([key, each]) => entryOf(each, key)),
];
