/** Promises. */
import { isSteps } from "@orrery/runtime";
import { delegate, give } from "../v8/async-generator.ts";
import { JSPromise } from "../v8/promise.ts";
import type { Program } from "./prelude.ts";

export const promises: readonly Program[] = [
  {
    name: "turn-table",
    pins: "The microtask turn, 1 being the first, in which the continuation of each construct runs",
    *port({
      async,
      asyncGenerator,
      asyncFromSyncIterator,
      arrayFromAsync,
      Promise: P,
      setImmediate,
      queueMicrotask,
      log,
    }) {
      const r0 = () => P.resolve();
      const one = asyncGenerator(function* () {
        yield give(1);
      });
      const cases: Readonly<Record<string, (cb: () => void) => unknown>> = {
        // oxlint-disable-next-line unicorn/no-thenable -- a name in the table
        then: (cb) => r0().then(cb),
        "await value": async(function* (cb) {
          yield null;
          cb();
        }),
        "await promise": async(function* (cb) {
          yield r0();
          cb();
        }),
        "await thenable": async(function* (cb) {
          yield {
            // oxlint-disable-next-line unicorn/no-thenable -- the subject of the program
            then(r: () => void) {
              r();
            },
          };
          cb();
        }),
        "await subclass": async(function* (cb) {
          class S extends JSPromise {}
          const s = new S(r0().isolate);
          s.resolve();
          yield s;
          cb();
        }),
        "resolve(promise)": (cb) => P.make((r) => r(r0())).then(cb),
        "then returns promise": (cb) => r0().then(r0).then(cb),
        *"async returns value"(cb) {
          (yield* async(function* () {
            return 1;
          })()).then(cb);
        },
        *"async returns promise"(cb) {
          (yield* async(function* () {
            return r0();
          })()).then(cb);
        },
        *"async returns await"(cb) {
          (yield* async(function* () {
            return yield r0();
          })()).then(cb);
        },
        "catch passthrough": (cb) =>
          r0()
            .catch(() => {})
            .then(cb),
        finally: (cb) =>
          r0()
            .finally(() => {})
            .then(cb),
        "all([])": (cb) => P.all([]).then(cb),
        "all([p])": (cb) => P.all([r0()]).then(cb),
        allSettled: (cb) => P.allSettled([P.reject()]).then(cb),
        race: (cb) => P.race([r0()]).then(cb),
        any: (cb) => P.any([r0()]).then(cb),
        "any all rejected": (cb) => P.any([P.reject()]).catch(cb),
        "any([])": (cb) => P.any([]).catch(cb),
        "try(() => p)": (cb) => P.try(r0).then(cb),
        *"gen yield"(cb) {
          (yield* one().next()).then(cb);
        },
        *"gen end"(cb) {
          (yield* asyncGenerator(function* () {})().next()).then(cb);
        },
        *"gen return v"(cb) {
          (yield* asyncGenerator(function* () {
            return yield P.resolve(1);
          })().next()).then(cb);
        },
        *"gen yield*"(cb) {
          (yield* asyncGenerator(function* () {
            yield* delegate(one());
          })().next()).then(cb);
        },
        "for await [1] body": async(function* (cb) {
          const it = asyncFromSyncIterator([1]);
          while (!(yield it.next()).done) cb();
        }),
        "for await [1] after": async(function* (cb) {
          const it = asyncFromSyncIterator([1]);
          while (!(yield it.next()).done);
          cb();
        }),
        "for await gen body": async(function* (cb) {
          const it = one();
          while (!(yield yield* it.next()).done) cb();
        }),
        "for await gen after": async(function* (cb) {
          const it = one();
          while (!(yield yield* it.next()).done);
          cb();
        }),
        "for await gen break": async(function* (cb) {
          const it = one();
          yield yield* it.next();
          yield yield* it.return();
          cb();
        }),
        *"Array.fromAsync"(cb) {
          (yield* arrayFromAsync([1])).then(cb);
        },
      };
      yield* async(function* () {
        const out: string[] = [];
        for (const [k, start] of Object.entries(cases)) {
          yield P.make((r) => void setImmediate(r));
          let turn = 0;
          let done = false;
          const started = start(() => {
            done = true;
            out.push(`${k} ${turn + 1}`);
          });
          if (isSteps(started)) yield* started;
          queueMicrotask(function next() {
            turn++;
            if (!done) queueMicrotask(next);
          });
        }
        yield P.make((r) => void setImmediate(r));
        log(out.join("\n"));
      })();
    },
  },
  {
    name: "await-interleave",
    pins: "Awaits of async functions interleave with chains of then turn by turn",
    *port({ async, Promise, log }) {
      const b = async(function* () {
        log("b1");
      });
      const a = async(function* () {
        log("a1");
        yield yield* b();
        log("a2");
        yield null;
        log("a3");
      });
      const c = async(function* () {
        log("c1");
        return Promise.resolve(1);
      });
      yield* a();
      yield* async(function* () {
        yield yield* c();
        log("after c");
      })();
      Promise.resolve()
        .then(() => log("t1"))
        .then(() => log("t2"))
        .then(() => log("t3"))
        .then(() => log("t4"));
      log("main");
    },
  },
  {
    name: "combinators",
    pins: "Losers keep running, results keep the order of the input, and the first queued reaction wins a race",
    *port({ async, Promise, setTimeout, setImmediate, log }) {
      const d = (after: number, value: string, bad = false) =>
        Promise.make((resolve, reject) => {
          setTimeout(() => {
            log("settle", value);
            if (bad) reject(value);
            else resolve(value);
          }, after);
        });
      const b = Promise.withResolvers();
      yield* async(function* () {
        log(yield Promise.all([d(15, "slow"), d(5, "fast"), "now"]));
        try {
          yield Promise.all([d(5, "x", true), d(12, "y")]);
        } catch (error) {
          log("caught", error);
        }
        log(yield Promise.race([Promise.resolve().then(() => "one turn later"), "plain"]));
        setImmediate(() => b.resolve("b"));
        log(yield Promise.race([d(50, "a"), b]));
        const error: AggregateError = yield Promise.any([d(30, "late", true), d(15, "early", true)]).catch(
          (e) => e,
        );
        log(error.constructor.name, error.errors.join());
      })();
    },
  },
  {
    name: "thenable-job",
    pins: "then() of a thenable is called in a job of its own",
    *port({ async, Promise, log }) {
      const t = {
        // oxlint-disable-next-line unicorn/no-thenable -- the subject of the program
        then(ok: (value: string) => void) {
          log("then called");
          ok("v");
        },
      };
      Promise.resolve(t).then((v) => log("resolved", v));
      yield* async(function* () {
        log("awaited", yield t);
      })();
      Promise.resolve()
        .then(() => log("1"))
        .then(() => log("2"))
        .then(() => log("3"));
      log("main");
    },
  },
  {
    name: "async-gen-queue",
    pins: "Requests of an async generator queue, and return() runs finally in its place",
    *port({ asyncGenerator, log }) {
      const g = asyncGenerator(function* () {
        try {
          log("start");
          yield give(1);
          yield give(2);
        } finally {
          log("cleanup");
        }
      });
      const it = g();
      const show = (result: unknown) => log(JSON.stringify(result));
      (yield* it.next()).then(show);
      (yield* it.next()).then(show);
      (yield* it.return("r")).then(show);
      (yield* it.next()).then(show);
      log("main");
    },
  },
  {
    name: "events-once-on",
    pins: "once() goes on two turns after the emit, and the buffered events of on() come one turn apart",
    *port({ EventEmitter, events, async, setImmediate, Promise, process, log }) {
      const e = new EventEmitter();
      yield* async(function* () {
        log("once", yield events.once(e, "x"));
      })();
      yield* async(function* () {
        const it = events.on(e, "x");
        for (;;) {
          const {
            value: [x],
          }: { value: number[] } = yield it.next();
          log("on", x);
          if (x === 2) break;
        }
        yield it.return();
        log("left", e.listenerCount("x"));
      })();
      setImmediate(() => {
        e.emit("x", 1);
        e.emit("x", 2);
        Promise.resolve()
          .then(() => log("turn 1"))
          .then(() => log("turn 2"))
          .then(() => log("turn 3"));
        process.nextTick(() => log("tick"));
        log("emitted");
      });
    },
  },
  {
    name: "await-using",
    pins: "Resources are disposed of in reverse order at the end of their block, which goes on a turn after an await using",
    *port({ async, Promise, log }) {
      yield* async(function* () {
        const a = async(function* () {
          log("dispose a");
        });
        const b = () => log("dispose b");
        // The end of the block as ECMAScript has it: `using` calls, `await using` calls and awaits.
        try {
          log("body");
        } finally {
          b();
          yield yield* a();
        }
        log("after block");
      })();
      Promise.resolve()
        .then(() => log("turn 1"))
        .then(() => log("turn 2"));
      log("main");
    },
  },
  {
    name: "web-locks",
    pins: "Locks are granted first come, first served, and a free one at once; a held lock does not keep the process alive",
    *port({ locks, async, process, Promise, log }) {
      const a = yield* locks.request(
        "a",
        {},
        async(function* () {
          log("A in");
          yield null;
          log("A out");
        }),
      );
      a.then(() => log("A done"));
      const logs = (...values: unknown[]) =>
        async(function* () {
          log(...values);
        });
      yield* locks.request("a", {}, logs("B in"));
      for (const s of ["S1", "S2"]) yield* locks.request("a", { mode: "shared" }, logs(s, "in"));
      yield* locks.request("a", { ifAvailable: true }, (lock) => logs("C", lock)());
      process.nextTick(() => log("tick"));
      Promise.resolve()
        .then(() => log("m1"))
        .then(() => log("m2"))
        .then(() => log("m3"))
        .then(() => log("m4"));
      log("main");
    },
  },
];
