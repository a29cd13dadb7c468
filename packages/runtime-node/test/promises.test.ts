/** Programs of the conformance suite, section 12.4: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { delegate, give, JSPromise, type Node } from "../src/index.ts";
import { prints } from "./run.ts";

type Case = (cb: () => void) => Generator<unknown, unknown, unknown>;

/** Microtask turn, 1 being the first, in which the continuation runs: `turn-table.cjs`. */
const turns: [name: string, turn: number, start: (node: Node) => Case][] = [
  [
    "then",
    1,
    ({ Promise: P }) =>
      function* (cb) {
        P.resolve().then(cb);
      },
  ],
  [
    "await value",
    1,
    ({ async }) =>
      function* (cb) {
        yield* async(function* () {
          yield null;
          cb();
        })();
      },
  ],
  [
    "await promise",
    1,
    ({ async, Promise: P }) =>
      function* (cb) {
        yield* async(function* () {
          yield P.resolve();
          cb();
        })();
      },
  ],
  [
    "await thenable",
    2,
    ({ async }) =>
      function* (cb) {
        yield* async(function* () {
          yield {
            // oxlint-disable-next-line unicorn/no-thenable -- the subject of the test
            then(r: () => void) {
              r();
            },
          };
          cb();
        })();
      },
  ],
  [
    "resolve(promise)",
    3,
    ({ Promise: P }) =>
      function* (cb) {
        P.make((r) => r(P.resolve())).then(cb);
      },
  ],
  [
    "then returns promise",
    4,
    ({ Promise: P }) =>
      function* (cb) {
        P.resolve()
          .then(() => P.resolve())
          .then(cb);
      },
  ],
  [
    "async returns value",
    1,
    ({ async }) =>
      function* (cb) {
        (yield* async(function* () {
          return 1;
        })()).then(cb);
      },
  ],
  [
    "async returns promise",
    3,
    ({ async, Promise: P }) =>
      function* (cb) {
        (yield* async(function* () {
          return P.resolve();
        })()).then(cb);
      },
  ],
  [
    "async returns await",
    2,
    ({ async, Promise: P }) =>
      function* (cb) {
        (yield* async(function* () {
          return yield P.resolve();
        })()).then(cb);
      },
  ],
  [
    "catch passthrough",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.resolve()
          .catch(() => {})
          .then(cb);
      },
  ],
  [
    "finally",
    4,
    ({ Promise: P }) =>
      function* (cb) {
        P.resolve()
          .finally(() => {})
          .then(cb);
      },
  ],
  [
    "all([])",
    1,
    ({ Promise: P }) =>
      function* (cb) {
        P.all([]).then(cb);
      },
  ],
  [
    "all([p])",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.all([P.resolve()]).then(cb);
      },
  ],
  [
    "allSettled",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.allSettled([P.reject()]).then(cb);
      },
  ],
  [
    "race",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.race([P.resolve()]).then(cb);
      },
  ],
  [
    "any",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.any([P.resolve()]).then(cb);
      },
  ],
  [
    "any all rejected",
    2,
    ({ Promise: P }) =>
      function* (cb) {
        P.any([P.reject()]).catch(cb);
      },
  ],
  [
    "any([])",
    1,
    ({ Promise: P }) =>
      function* (cb) {
        P.any([]).catch(cb);
      },
  ],
  [
    "gen yield",
    2,
    ({ asyncGenerator }) =>
      function* (cb) {
        (yield* asyncGenerator(function* () {
          yield give(1);
        })().next()).then(cb);
      },
  ],
  [
    "gen end",
    1,
    ({ asyncGenerator }) =>
      function* (cb) {
        (yield* asyncGenerator(function* () {})().next()).then(cb);
      },
  ],
  [
    "gen return v",
    2,
    ({ asyncGenerator, Promise }) =>
      function* (cb) {
        (yield* asyncGenerator(function* () {
          return yield Promise.resolve(1);
        })().next()).then(cb);
      },
  ],
  [
    "gen yield*",
    3,
    ({ asyncGenerator }) =>
      function* (cb) {
        const inner = asyncGenerator(function* () {
          yield give(1);
        });
        (yield* asyncGenerator(function* () {
          yield* delegate(inner());
        })().next()).then(cb);
      },
  ],
  [
    "for await [1] body",
    2,
    ({ async, asyncFromSyncIterator }) =>
      function* (cb) {
        yield* async(function* () {
          const it = asyncFromSyncIterator([1]);
          if (!(yield it.next()).done) cb();
        })();
      },
  ],
  [
    "for await [1] after",
    4,
    ({ async, asyncFromSyncIterator }) =>
      function* (cb) {
        yield* async(function* () {
          const it = asyncFromSyncIterator([1]);
          while (!(yield it.next()).done);
          cb();
        })();
      },
  ],
  [
    "for await gen body",
    2,
    ({ async, asyncGenerator }) =>
      function* (cb) {
        yield* async(function* () {
          const it = asyncGenerator(function* () {
            yield give(1);
          })();
          if (!(yield yield* it.next()).done) cb();
        })();
      },
  ],
  [
    "for await gen after",
    3,
    ({ async, asyncGenerator }) =>
      function* (cb) {
        yield* async(function* () {
          const it = asyncGenerator(function* () {
            yield give(1);
          })();
          while (!(yield yield* it.next()).done);
          cb();
        })();
      },
  ],
  [
    "for await gen break",
    4,
    ({ async, asyncGenerator }) =>
      function* (cb) {
        yield* async(function* () {
          const it = asyncGenerator(function* () {
            yield give(1);
          })();
          yield yield* it.next();
          yield yield* it.return();
          cb();
        })();
      },
  ],
];

test.each(turns)("%s: turn %d", (_name, turn, start) => {
  expect(
    prints((node) => {
      const { setImmediate, queueMicrotask, log } = node;
      setImmediate(function* () {
        let now = 0;
        let done = false;
        yield* start(node)(() => {
          done = true;
          log(now + 1);
        }) as Generator<number>;
        queueMicrotask(function next() {
          now++;
          if (!done) queueMicrotask(next);
        });
      });
    }),
  ).toBe(String(turn));
});

test("awaits of async functions interleave with then chains turn by turn", () => {
  expect(
    prints(function* ({ async, Promise, log }) {
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
    }),
  ).toBe("a1 ¶ b1 ¶ c1 ¶ main ¶ a2 ¶ t1 ¶ a3 ¶ t2 ¶ after c ¶ t3 ¶ t4");
});

test("losers keep running, results keep the order of the input, the first queued reaction wins a race", () => {
  expect(
    prints(function* ({ async, Promise, setTimeout, setImmediate, log }) {
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
        log(String(yield Promise.all([d(15, "slow"), d(5, "fast"), "now"])));
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
    }),
  ).toBe(
    "settle fast ¶ settle slow ¶ slow,fast,now ¶ settle x ¶ caught x ¶ plain ¶ b ¶ settle y ¶ settle early ¶ " +
      "settle late ¶ AggregateError late,early ¶ settle a",
  );
});

test("`then` of a thenable is called in a job of its own", () => {
  expect(
    prints(function* ({ async, Promise, log }) {
      const t = {
        // oxlint-disable-next-line unicorn/no-thenable -- the subject of the test
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
    }),
  ).toBe("main ¶ then called ¶ then called ¶ 1 ¶ resolved v ¶ awaited v ¶ 2 ¶ 3");
});

test("only the first call of the resolving functions counts, while the promise follows another one too", () => {
  expect(
    prints(({ Promise, setImmediate, log }) => {
      const followed = Promise.withResolvers();
      const promise = Promise.withResolvers();
      promise.resolve(followed);
      promise.resolve("second");
      promise.then(log);
      setImmediate(() => {
        promise.reject("third");
        followed.resolve("first");
      });
    }),
  ).toBe("first");
});

test("an async function runs at once up to its first await", () => {
  const script = function* ({ async, log }: Node) {
    const task = async(function* (name: string) {
      log(name);
      yield null;
    });
    for (const name of ["t1", "t2", "t3", "t4"]) yield* task(name);
    log("main");
  };
  expect(prints(script)).toBe("t1 ¶ t2 ¶ t3 ¶ t4 ¶ main");
});

test("a promise that is settled already still costs a turn", () => {
  expect(
    prints(function* ({ async, Promise, queueMicrotask, log }) {
      yield* async(function* () {
        const settled = Promise.resolve("settled");
        expect(settled).toBeInstanceOf(JSPromise);
        queueMicrotask(() => log("micro"));
        log(yield settled);
      })();
      log("main");
    }),
  ).toBe("main ¶ micro ¶ settled");
});

test("requests of an async generator queue; return() runs finally in its place", () => {
  expect(
    prints(function* ({ asyncGenerator, log }) {
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
    }),
  ).toBe(
    'start ¶ main ¶ {"value":1,"done":false} ¶ {"value":2,"done":false} ¶ cleanup ¶ {"value":"r","done":true} ¶ {"done":true}',
  );
});
