/** Idioms: what a library of promises makes of the primitives. */
import type { AbortSignal } from "../node/abort-controller.ts";
import type { JSPromise } from "../v8/promise.ts";
import { ms } from "../library.ts";
import type { Program } from "./prelude.ts";

export const idioms: readonly Program[] = [
  {
    name: "mutex",
    pins: "A mutex of promises: direct hand-off, first come, first served, no barging",
    *port({ async, Promise, log }) {
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
    },
  },
  {
    name: "channel",
    pins: "A bounded channel hands to a waiting receiver, and refills its buffer from a waiting sender",
    *port({ async, Promise, log }) {
      class Channel {
        readonly #cap: number;
        readonly #buf: unknown[] = [];
        readonly #rq: JSPromise[] = [];
        readonly #sq: { readonly v: unknown; readonly sent: JSPromise }[] = [];
        #closed = false;
        constructor(cap: number) {
          this.#cap = cap;
        }
        send(v: unknown) {
          if (this.#closed) return Promise.reject(new Error("closed"));
          const r = this.#rq.shift();
          if (r !== undefined) {
            r.resolve({ value: v, done: false });
            return Promise.resolve();
          }
          if (this.#buf.length < this.#cap) {
            this.#buf.push(v);
            return Promise.resolve();
          }
          const sent = Promise.withResolvers();
          this.#sq.push({ v, sent });
          return sent;
        }
        next() {
          if (this.#buf.length > 0) {
            const value = this.#buf.shift();
            const s = this.#sq.shift();
            if (s !== undefined) {
              this.#buf.push(s.v);
              s.sent.resolve();
            }
            return Promise.resolve({ value, done: false });
          }
          const s = this.#sq.shift();
          if (s !== undefined) {
            s.sent.resolve();
            return Promise.resolve({ value: s.v, done: false });
          }
          if (this.#closed) return Promise.resolve({ value: undefined, done: true });
          const received = Promise.withResolvers();
          this.#rq.push(received);
          return received;
        }
        close() {
          this.#closed = true;
          for (const r of this.#rq.splice(0)) r.resolve({ value: undefined, done: true });
          for (const s of this.#sq.splice(0)) s.sent.reject(new Error("closed"));
        }
      }
      const ch = new Channel(1);
      yield* async(function* () {
        for (let i = 0; i < 4; i++) {
          yield ch.send(i);
          log("sent", i);
        }
        ch.close();
        log("closed");
      })();
      yield* async(function* () {
        for (;;) {
          const { value, done }: IteratorResult<unknown> = yield ch.next();
          if (done === true) break;
          log("got", value);
        }
        log("end");
        yield ch.send(9).catch((error: Error) => log(error.message));
      })();
      log("main");
    },
  },
  {
    name: "latch",
    pins: "One promise, many waiters: they go on in one turn, in the order of their awaits",
    *port({ async, Promise, setImmediate, log }) {
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
    },
  },
  {
    name: "nursery",
    pins: "The first failure aborts the siblings, and the scope waits for all cleanups",
    *port({ async, AbortController, Promise, tp, log }) {
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
    },
  },
  {
    name: "timeout-scope",
    pins: "The losing timer of a race must be aborted, or it holds the process",
    *port({ async, AbortController, Promise, tp, setTimeout, process, log }) {
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
        log("timers left", process.getActiveResourcesInfo().filter((x) => x === "Timeout").length);
      })();
    },
  },
  {
    name: "als",
    pins: "An AsyncLocalStorage context follows who awaits, not who resolves",
    *port({ asyncLocalStorage, async, Promise, setTimeout, setImmediate, process, log }) {
      const als = asyncLocalStorage();
      const ws: (() => void)[] = [];
      yield* als.run(
        "waiter",
        async(function* () {
          yield Promise.make((resolve) => ws.push(resolve));
          log("resumed", als.getStore());
        }),
      );
      yield* als.run("timer", () =>
        setTimeout(() => {
          ws[0]!();
          process.nextTick(() => log("tick", als.getStore()));
        }, 1),
      );
      yield* als.run("imm", () => setImmediate(() => log("immediate", als.getStore())));
      log("outside", als.getStore());
      yield ms(2); // cold code: on Node the timer is due when the loop begins
    },
  },
  {
    name: "async-hooks",
    pins: "destroy events are batched into the next check phase",
    *port({ enableHook, setImmediate, process, async, log }) {
      const ids = new Map<number, string>();
      const out: string[] = [];
      const k: Record<string, number> = {};
      const nm = (id: number): string => ids.get(id) ?? "-";
      const h = enableHook({
        init(id, t, tr) {
          k[t] = (k[t] ?? 0) + 1;
          ids.set(id, t + k[t]);
          out.push(`init ${nm(id)} < ${nm(tr)}`);
        },
        before: (id) => void out.push(`before ${nm(id)}`),
        after: (id) => void out.push(`after ${nm(id)}`),
        destroy(id) {
          if (!nm(id).startsWith("P")) out.push(`destroy ${nm(id)}`);
        },
        promiseResolve: (id) => void out.push(`resolve ${nm(id)}`),
      });
      setImmediate(() => {
        process.nextTick(() => {});
      });
      yield* async(function* () {
        yield null;
      })();
      setImmediate(() => {
        setImmediate(() => {
          h.disable();
          log(out.join("\n"));
        });
      });
    },
  },
];
