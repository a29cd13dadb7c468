/**
 * Probes: small programs, each with one primitive of a runtime in a loop. The same probe runs on the real runtime and on the
 * model; what the model's costs must be for both to take the same time is calibration. None is a workload of the catalogue.
 */
import { add, constant, eq, int, type Program, program, service } from "@orrery/program";
import { loop, NOTES, probe, spawned } from "./probe.ts";
import { waits } from "./probes-waits.ts";

const plain: readonly Program[] = [
  probe("statements", "plain statements", ({ params, main }) => {
    main((b) => {
      const x = b.let("x", 0);
      b.repeat(params.n, "i", (i) => {
        b.assign(x, add(i, 1));
        b.assign(x, add(i, 2));
        b.if(eq(x, 0), () => b.assign(x, 1));
      });
    });
  }),
  probe("atomics", "an atomic addition", ({ params, main }) => {
    main((b) => {
      const a = b.atomic("a");
      b.repeat(params.n, () => b.atomicAdd(a, 1));
    });
  }),
  loop("logs", "a line of the log", (b) => b.log("a line"), NOTES),
  loop("marks", "two readings of the clock and a mark", (b) => b.mark("m", b.now("t")), NOTES),
  loop("counts", "a count", (b) => b.count("c"), NOTES),
  probe("calls", "a call of a procedure that cannot wait", ({ params, proc, main }) => {
    const add1 = proc("addOne", { x: "int" }, { returns: "int" }, (b, { x }) => b.return(add(x, 1)));
    main((b) => b.repeat(params.n, "i", (i) => b.call("y", add1, { x: i })));
  }),
  probe("waiting-calls", "a call of a procedure that yields", ({ params, proc, main }) => {
    const waits = proc("waits", {}, (b) => b.yield());
    main((b) => b.repeat(params.n, () => b.call(waits)));
  }),
  loop("raises", "an error raised and caught", (b) =>
    b.try({ body: () => b.throw("User:probe"), catch: [{ kinds: "*", body: () => {} }] }),
  ),
];

const tasks: readonly Program[] = [
  probe("spawn-join", "a task begun and joined", ({ params, proc, main }) => {
    const child = proc("child", {}, () => {});
    main((b) => b.repeat(params.n, () => b.join(b.spawn("t", child))));
  }),
  probe("spawn-many", "a hundred tasks begun, then joined", ({ params, proc, main }) => {
    const child = proc("child", {}, () => {});
    main((b) =>
      b.repeat(params.n, () => {
        const all = b.list("all");
        b.repeat(100, () => b.push(all, b.spawn("t", child)));
        b.joinAll(all);
      }),
    );
  }),
  ...[2, 20].map((count) =>
    probe(`scope-of-${count}`, `a scope with ${count} tasks`, ({ params, proc, main }) => {
      const child = proc("child", {}, () => {});
      main((b) => b.repeat(params.n, () => b.scope("waitAll", () => b.repeat(count, () => b.spawn(child)))));
    }),
  ),
  probe("crowd", "five thousand tasks begun that wait for main's end", ({ params, proc, main }) => {
    const child = proc("child", { gate: "promise" }, (b, { gate }) => b.await("x", gate));
    main((b) => {
      const gate = b.promise("gate");
      b.repeat(params.n, () => b.repeat(5_000, () => b.spawn(child, { gate })));
      b.resolve(gate, 1);
    });
  }),
  loop("yields-alone", "a yield with nobody else to run", (b) => b.yield()),
  ...[2, 20].map((count) =>
    probe(`yields-of-${count}`, `${count} tasks yield in turn`, ({ params, proc, main }) => {
      const child = proc("child", {}, (b) => b.repeat(params.n, () => b.yield()));
      main((b) => b.joinAll(spawned(count, (name) => b.spawn(name, child))));
    }),
  ),
];

const channels: readonly Program[] = [
  probe("channel-buffered", "a send and a receive that find room and a value", ({ params, main }) => {
    main((b) => {
      const c = b.chan("c", 1);
      b.repeat(params.n, "i", (i) => {
        b.send(c, i);
        b.recv("x", c);
      });
    });
  }),
  probe(
    "channel-handover",
    "two tasks hand a value to and fro without a buffer",
    ({ params, proc, main }) => {
      const echo = proc("echo", { there: "chan", back: "chan" }, (b, { there, back }) =>
        b.repeat(params.n, () => b.send(back, b.recv("x", there))),
      );
      main((b) => {
        const there = b.chan("there");
        const back = b.chan("back");
        const t = b.spawn("t", echo, { there, back });
        b.repeat(params.n, "i", (i) => {
          b.send(there, i);
          b.recv("y", back);
        });
        b.join(t);
      });
    },
  ),
  probe("channel-stream", "a producer and a consumer with a buffer of 16", ({ params, proc, main }) => {
    const produce = proc("produce", { c: "chan" }, (b, { c }) => {
      b.repeat(params.n, "i", (i) => b.send(c, i));
      b.close(c);
    });
    main((b) => {
      const c = b.chan("c", 16);
      const t = b.spawn("t", produce, { c });
      b.range(c, "x", () => {});
      b.join(t);
    });
  }),
  probe(
    "channel-in-scope",
    "a hand-over between tasks of a scope, which can be cancelled",
    ({ params, proc, main }) => {
      const produce = proc("produce", { c: "chan" }, (b, { c }) =>
        b.repeat(params.n, "i", (i) => b.send(c, i)),
      );
      const consume = proc("consume", { c: "chan" }, (b, { c }) => b.repeat(params.n, () => b.recv(c)));
      main((b) => {
        const c = b.chan("c");
        b.scope("cancelSiblings", () => {
          b.spawn(produce, { c });
          b.spawn(consume, { c });
        });
      });
    },
  ),
  loop("channel-made", "a channel made", (b) => b.chan("c", 1)),
  probe("channel-try", "a receive that must not wait and finds nothing", ({ params, main }) => {
    main((b) => {
      const c = b.chan("c", 1);
      b.repeat(params.n, () => b.tryRecv("x", "ok", c));
    });
  }),
  ...[2, 8].map((count) =>
    probe(`select-of-${count}`, `a select of ${count} channels, one with a value`, ({ params, main }) => {
      main((b) => {
        const c = b.chan("c", 1);
        const others = Array.from({ length: count - 1 }, (_, i) => b.chan(`d${i}`, 1));
        b.repeat(params.n, "i", (i) => {
          b.send(c, i);
          b.select([c, ...others].map((each) => b.onRecv(each, () => {})));
        });
      });
    }),
  ),
  probe("select-waiting", "a select that waits for the other task", ({ params, proc, main }) => {
    const produce = proc("produce", { c: "chan" }, (b, { c }) =>
      b.repeat(params.n, "i", (i) => b.send(c, i)),
    );
    main((b) => {
      const [c, d] = [b.chan("c"), b.chan("d")];
      const t = b.spawn("t", produce, { c });
      b.repeat(params.n, () => b.select([b.onRecv(c, () => {}), b.onRecv(d, () => {})]));
      b.join(t);
    });
  }),
];

const locks: readonly Program[] = [
  probe("mutex-free", "a lock and an unlock that nobody else wants", ({ params, main }) => {
    main((b) => {
      const m = b.mutex("m");
      b.repeat(params.n, () => {
        b.lock(m);
        b.unlock(m);
      });
    });
  }),
  probe("mutex-wanted", "four tasks that yield while they hold the lock", ({ params, proc, main }) => {
    const child = proc("child", { m: "mutex" }, (b, { m }) =>
      b.repeat(params.n, () => {
        b.lock(m);
        b.yield();
        b.unlock(m);
      }),
    );
    main((b) => {
      const m = b.mutex("m");
      b.joinAll(spawned(4, (name) => b.spawn(name, child, { m })));
    });
  }),
  probe("semaphore-free", "a permit taken and given back", ({ params, main }) => {
    main((b) => {
      const s = b.sem("s", 1);
      b.repeat(params.n, () => {
        b.acquire(s);
        b.release(s);
      });
    });
  }),
  probe(
    "semaphore-wanted",
    "four tasks that yield while they hold one of two permits",
    ({ params, proc, main }) => {
      const child = proc("child", { s: "sem" }, (b, { s }) =>
        b.repeat(params.n, () => {
          b.acquire(s);
          b.yield();
          b.release(s);
        }),
      );
      main((b) => {
        const s = b.sem("s", 2);
        b.joinAll(spawned(4, (name) => b.spawn(name, child, { s })));
      });
    },
  ),
  probe("groups", "a group that main waits for", ({ params, proc, main }) => {
    const child = proc("child", { g: "group" }, (b, { g }) => b.groupDone(g));
    main((b) => {
      const g = b.group("g");
      b.repeat(params.n, () => {
        b.groupAdd(g, 1);
        b.spawn(child, { g });
        b.groupWait(g);
      });
    });
  }),
  loop("promise-done", "a promise resolved and awaited", (b) => {
    const p = b.promise("p");
    b.resolve(p, 1);
    b.await("x", p);
  }),
  probe("promise-waited", "a promise that another task resolves", ({ params, proc, main }) => {
    const child = proc("child", { p: "promise" }, (b, { p }) => b.resolve(p, 1));
    main((b) =>
      b.repeat(params.n, () => {
        const p = b.promise("p");
        b.spawn(child, { p });
        b.await("x", p);
      }),
    );
  }),
];

const outside: readonly Program[] = [
  loop("sleeps", "a sleep of one millisecond", (b) => b.sleep("1ms")),
  probe("sleepers", "tasks that sleep five milliseconds at the same time", ({ params, proc, main }) => {
    const child = proc("child", {}, (b) => b.sleep("5ms"));
    main((b) => b.scope("waitAll", () => b.repeat(params.n, () => b.spawn(child))));
  }),
  loop("offloads", "a job for another thread, of no length", (b) => b.offload("0ns")),
  loop("blocking", "a call that blocks for one millisecond", (b) => b.block("1ms")),
  loop("file-reads", "a file of a thousand bytes read", (b) => b.fileRead(1000)),
  loop("file-stats", "a file's status", (b) => b.fileStat()),
  program(
    "requests",
    {
      doc: "a request to a service that takes a millisecond",
      params: { n: int(100, { min: 1, max: 1_000_000, doc: "turns" }) },
      services: { web: service({ latency: constant("1ms") }) },
    },
    ({ params, services, main }) => main((b) => b.repeat(params.n, () => b.callService(services.web))),
  ),
];

/** What a program does for the first time: every statement is another one, and none runs twice. */
const once: readonly Program[] = [1, 4].map((copies) =>
  probe(
    `once-each-${copies}`,
    `${copies} of everything, once`,
    ({ proc, main }) => {
      const child = proc("child", { out: "chan" }, (b, { out }) => b.send(out, 1));
      main((b) => {
        for (let i = 0; i < copies; i++) {
          const c = b.chan(`c${i}`);
          const t = b.spawn(`t${i}`, child, { out: c });
          b.recv(`x${i}`, c);
          b.join(t);
          const m = b.mutex(`m${i}`);
          b.lock(m);
          b.yield();
          b.unlock(m);
          const p = b.promise(`p${i}`);
          b.resolve(p, i);
          b.await(`y${i}`, p);
          b.log("{0}", i);
        }
      });
    },
    1,
  ),
);

export const probes: readonly Program[] = [
  ...once,
  ...plain,
  ...tasks,
  ...channels,
  ...locks,
  ...waits,
  ...outside,
];
