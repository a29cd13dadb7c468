// Two Ps: what a spinning M may find, and when.
import { expect, it } from "vitest";
import { type Go, runGo } from "../src/index.ts";

const RUNS = 50;
/** About when the M that the first yields have woken begins to look for work, ns. */
const FIRST_LOOK_NS = 5_000;
const STEP_NS = 20;

it("lets a new goroutine wait before main, which has yielded, goes on at the spinning P and signals", () => {
  const ends = Array.from({ length: RUNS }, (_, run) => {
    const { stop, status } = runGo(
      function* (go): Go {
        const mu = go.mutex();
        const cond = go.cond(mu);
        const done = go.make<never>();
        yield* go.gosched();
        yield* go.burn(FIRST_LOOK_NS + run * STEP_NS);
        yield* go.go(function* waiter(): Go {
          yield* mu.lock();
          yield* cond.wait();
          yield* mu.unlock();
          yield* done.close();
        });
        yield* go.gosched();
        yield* mu.lock();
        yield* cond.signal();
        yield* mu.unlock();
        yield* done.recv2();
      },
      { gomaxprocs: 2, seed: run },
    );
    return { stop, status };
  });
  for (const end of ends) expect(end).toEqual({ stop: "halted", status: 0 });
});
