/** Probes of what tasks wait for beside channels and plain locks: conditions, timers, cancellation, handlers. */
import { cell, eq, int, not, type Program, program, sub } from "@orrery/program";
import { loop, probe, spawned, TURNS } from "./probe.ts";

const condHandover = program(
  "cond-handover",
  {
    doc: "two tasks that wait for each other's turn",
    params: { n: int(100, { min: 1, max: TURNS, doc: "turns" }) },
    shared: { turn: cell(0) },
  },
  ({ params, shared, proc, main }) => {
    const player = proc("player", { m: "mutex", c: "cond", own: "int" }, (b, { m, c, own }) =>
      b.repeat(params.n, () => {
        b.lock(m);
        const waiting = b.let("waiting", true);
        b.while(waiting, { spin: true }, () => {
          b.assign(waiting, not(eq(b.load("turn", shared.turn), own)));
          b.if(waiting, () => b.condWait(c));
        });
        b.store(shared.turn, sub(1, own));
        b.signal(c);
        b.unlock(m);
      }),
    );
    main((b) => {
      const m = b.mutex("m");
      const c = b.cond("c", m);
      b.joinAll([0, 1].map((own) => b.spawn(`t${own}`, player, { m, c, own })));
    });
  },
);

const conditions: readonly Program[] = [
  probe("rwlock-free", "a lock to read and one to write that nobody else wants", ({ params, main }) => {
    main((b) => {
      const l = b.rwlock("l");
      b.repeat(params.n, () => {
        b.rlock(l);
        b.runlock(l);
        b.wlock(l);
        b.wunlock(l);
      });
    });
  }),
  probe("rwlock-wanted", "a reader and a writer that yield while they hold it", ({ params, proc, main }) => {
    const reader = proc("reader", { l: "rwlock" }, (b, { l }) =>
      b.repeat(params.n, () => {
        b.rlock(l);
        b.yield();
        b.runlock(l);
      }),
    );
    main((b) => {
      const l = b.rwlock("l");
      const t = b.spawn("t", reader, { l });
      b.repeat(params.n, () => {
        b.wlock(l);
        b.yield();
        b.wunlock(l);
      });
      b.join(t);
    });
  }),
  condHandover,
  probe("barrier-rounds", "four tasks that meet at a barrier", ({ params, proc, main }) => {
    const child = proc("child", { r: "barrier" }, (b, { r }) => b.repeat(params.n, () => b.barrierWait(r)));
    main((b) => {
      const r = b.barrier("r", 4);
      b.joinAll(spawned(4, (name) => b.spawn(name, child, { r })));
    });
  }),
  probe("once-done", "a procedure that is to be called once, and has been", ({ params, proc, main }) => {
    const nothing = proc("nothing", {}, () => {});
    main((b) => {
      const o = b.once("o");
      b.repeat(params.n, () => b.onceDo(o, nothing));
    });
  }),
  loop("event-set", "an event that is set, then waited for", (b) => {
    const e = b.event("e");
    b.eventSet(e);
    b.eventWait(e);
  }),
  probe("event-waited", "an event that another task sets", ({ params, proc, main }) => {
    const child = proc("child", { e: "event" }, (b, { e }) => b.eventSet(e));
    main((b) =>
      b.repeat(params.n, () => {
        const e = b.event("e");
        b.spawn(child, { e });
        b.eventWait(e);
      }),
    );
  }),
];

const timers: readonly Program[] = [
  loop("timer-stopped", "a timer made and stopped", (b) => {
    const [timer] = b.timer("t", "c", "1h");
    b.stopTimer(timer);
  }),
  probe("timer-reset", "a timer started anew, again and again", ({ params, main }) => {
    main((b) => {
      const [timer] = b.timer("t", "c", "1h");
      b.repeat(params.n, () => b.resetTimer(timer, "1h"));
      b.stopTimer(timer);
    });
  }),
  loop("timer-fired", "a channel that gets a value after a millisecond", (b) => b.recv(b.after("c", "1ms"))),
  loop("deadline-kept", "a deadline of an hour around nothing", (b) => b.deadline("1h", () => b.check())),
];

const cancellation: readonly Program[] = [
  probe("cancelled-sleep", "a task that sleeps, cancelled and joined", ({ params, proc, main }) => {
    const child = proc("child", {}, (b) => b.sleep("1h"));
    main((b) =>
      b.repeat(params.n, () => {
        const t = b.spawn("t", child);
        b.yield();
        b.cancel(t);
        b.try({ body: () => b.join(t), catch: [{ kinds: "*", body: () => {} }] });
      }),
    );
  }),
  loop("shields", "a shield around a yield", (b) => b.shield(() => b.yield())),
  loop("tokens", "a token made and cancelled", (b) => b.cancelToken(b.token("k"))),
];

const handlers: readonly Program[] = [
  probe(
    "handler-called",
    "a handler of a promise that is resolved, and the next in line",
    ({ params, proc, main }) => {
      const handler = proc("handler", { x: "int" }, { returns: "int" }, (b, { x }) => b.return(x));
      main((b) =>
        b.repeat(params.n, () => {
          const p = b.promise("p");
          const q = b.onResolve("q", p, handler);
          b.resolve(p, 1);
          b.await(q);
        }),
      );
    },
  ),
];

export const waits: readonly Program[] = [...conditions, ...timers, ...cancellation, ...handlers];
