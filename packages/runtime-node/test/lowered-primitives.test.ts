/** Programs of the conformance suite, section 12.7: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import type { AbortSignal } from "../src/node/abort-controller.ts";
import type { JSPromise, Node } from "../src/index.ts";
import { prints } from "./run.ts";

test("mutex: direct hand-off, FIFO, no barging", () => {
  expect(
    prints(function* ({ async, Promise, log }) {
      let held = false;
      const queue: JSPromise[] = [];
      const lock = () => {
        if (!held) {
          held = true;
          return Promise.resolve();
        }
        const waiter = Promise.withResolvers();
        queue.push(waiter);
        return waiter;
      };
      const unlock = () => {
        const next = queue.shift();
        if (next !== undefined) next.resolve();
        else held = false;
      };
      const task = async(function* (name: string, n: number) {
        for (let i = 0; i < n; i++) {
          yield lock();
          log(name, i);
          yield null;
          unlock();
        }
      });
      yield* task("A", 2);
      yield* task("B", 2);
      yield* task("C", 1);
    }),
  ).toBe("A 0 ¶ B 0 ¶ C 0 ¶ A 1 ¶ B 1");
});

test("latch: one promise, many waiters, one turn, in the order of registration", () => {
  expect(
    prints(function* ({ async, Promise, setImmediate, log }) {
      const gate = Promise.withResolvers();
      const waiter = async(function* (n: number) {
        yield gate;
        log("through", n);
        yield null;
        log("second", n);
      });
      for (const n of [1, 2, 3]) yield* waiter(n);
      setImmediate(() => {
        gate.resolve();
        Promise.resolve().then(() => log("queued after open"));
        log("opened");
      });
    }),
  ).toBe("opened ¶ through 1 ¶ through 2 ¶ through 3 ¶ queued after open ¶ second 1 ¶ second 2 ¶ second 3");
});

test("nursery: the first failure aborts the siblings, the scope waits for all cleanups", () => {
  expect(
    prints(function* ({ async, AbortController, Promise, tp, log }: Node) {
      type Child = (signal: AbortSignal) => Generator<unknown, JSPromise, unknown>;
      const nursery = async(function* (fs: Child[]) {
        const controller = new AbortController();
        const ps: JSPromise[] = [];
        for (const f of fs)
          ps.push(
            (yield* f(controller.signal)).catch((error) => {
              controller.abort(error);
              throw error;
            }),
          );
        yield Promise.allSettled(ps);
        if (controller.signal.aborted) throw controller.signal.reason as Error;
      });
      const child = (name: string, after: number, bad = false): Child =>
        async(function* (signal: AbortSignal) {
          try {
            yield tp.setTimeout(after, null, { signal });
            if (bad) throw new Error(`${name} failed`);
            log(name, "ok");
          } catch (error) {
            log(name, (error as Error).name);
            throw error;
          } finally {
            log(name, "cleanup");
          }
        });
      yield* async(function* () {
        try {
          yield yield* nursery([child("a", 2), child("b", 12, true), child("c", 500)]);
        } catch (error) {
          log("nursery:", (error as Error).message);
        }
      })();
    }),
  ).toBe("a ok ¶ a cleanup ¶ b Error ¶ b cleanup ¶ c AbortError ¶ c cleanup ¶ nursery: b failed");
});

test("timeout scope: the losing timer must be aborted or it holds the process", () => {
  expect(
    prints(function* ({ async, AbortController, Promise, tp, setTimeout, performance, process, log }: Node) {
      const within = async(function* (p: JSPromise, after: number) {
        const controller = new AbortController();
        try {
          return yield Promise.race([p, tp.setTimeout(after, "timeout", { signal: controller.signal })]);
        } finally {
          controller.abort();
        }
      });
      yield* async(function* () {
        log(
          yield yield* within(
            Promise.make(() => {}),
            3,
          ),
        );
        const fast = Promise.make((resolve) => void setTimeout(() => resolve("fast"), 3));
        log(yield yield* within(fast, 60_000));
      })();
      process.on("exit", () => log(performance.now() < 1000 ? "at once" : "late"));
    }),
  ).toBe("timeout ¶ fast ¶ at once");
});
