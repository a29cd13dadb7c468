import { describe, expect, test } from "vitest";
import { type BaseExceptionGroup, CancelledError, RuntimeError, SystemExit } from "../src/exceptions.ts";
import type { Future } from "../src/futures.ts";
import { runAsyncio } from "../src/run_asyncio.ts";
import type { Task } from "../src/task.ts";
import { conforms, ex, names, nop, prelude, sx, wrap } from "./prelude.ts";

class KeyError extends Error {
  override readonly name = "KeyError";
}

describe("futures, tasks, cancellation", () => {
  conforms(
    "future callbacks: queued in registration order; late registration queues at once; remove drops all; waiters in await order",
    "2 | set | no suspension | 1 | w 1 | w 2 | 2 | late | after",
    function* ({ asyncio, p, G, T, Z }) {
      const f = G().create_future();
      const cb = (): void => p("x");
      function* w(i: number) {
        yield* f;
        p("w", i);
      }
      f.add_done_callback(cb);
      f.add_done_callback(() => p("1"));
      const ts = [1, 2].map((i) => T(w(i)));
      yield* Z(0);
      f.add_done_callback(cb);
      f.add_done_callback(() => p("2"));
      p(f.remove_done_callback(cb));
      f.set_result(0);
      p("set");
      f.add_done_callback(() => p("late"));
      yield* f;
      p("no suspension");
      yield* asyncio.wait(ts);
      p("after");
    },
  );

  conforms(
    "a task cancelled before its first step never enters its body",
    "True False | True True False",
    function* ({ p, T, Z }) {
      function* c() {
        p("body");
      }
      const t = T(c());
      p(t.cancel(), t.done());
      yield* Z(0);
      p(t.done(), t.cancelled(), t.cancel());
    },
  );

  conforms(
    "cancelling the running task strikes at its next suspension; with none left its result is discarded",
    "still running | CancelledError | survived | CancelledError",
    function* ({ asyncio, p, T, Z }) {
      function* a() {
        asyncio.current_task()!.cancel();
        yield* nop();
        p("still running");
        p(yield* ex(Z(0)));
        return "survived";
      }
      function* b() {
        asyncio.current_task()!.cancel("m");
        return 42;
      }
      p(yield* ex(T(a())));
      p(yield* ex(T(b())));
    },
  );

  conforms(
    "cancelling the running task cancels what it awaits next, once: a task that refuses leaves it alive",
    "kept 1",
    function* ({ asyncio, p, T, Z }) {
      function* stubborn() {
        try {
          yield* Z(9);
        } catch {
          return "kept";
        }
        return "slept";
      }
      function* a(t: Task<string>) {
        asyncio.current_task()!.cancel();
        const kept = yield* t;
        yield* Z(0);
        p(kept, asyncio.current_task()!.cancelling());
      }
      const t = T(stubborn());
      yield* Z(0);
      yield* T(a(t));
    },
  );

  conforms(
    "several cancel() calls before the step deliver one CancelledError; cancelling and uncancel only count",
    "CancelledError 2 | alive 1 0 0 | ok False",
    function* ({ asyncio, p, T, Z }) {
      function* c() {
        const t = asyncio.current_task()!;
        p(yield* ex(Z(9)), t.cancelling());
        yield* Z(0);
        p("alive", t.uncancel(), t.uncancel(), t.uncancel());
        return "ok";
      }
      const t = T(c());
      yield* Z(0);
      t.cancel();
      t.cancel();
      p(yield* t, t.cancelled());
    },
  );

  conforms(
    "cancelling a task whose awaited future is already done loses the result",
    "True CancelledError | True InvalidStateError",
    function* ({ p, G, T, Z }) {
      let f = G().create_future();
      let t = T(wrap(f));
      yield* Z(0);
      f.set_result("v");
      p(t.cancel(), yield* ex(t));
      f = G().create_future();
      t = T(wrap(f));
      yield* Z(0);
      t.cancel();
      p(
        f.cancelled(),
        sx(() => f.set_result(1)),
      );
    },
  );

  conforms(
    "cancel reaches the innermost future at once; CancelledError climbs one task per iteration",
    "True | 1 1 | 2 2 | 3 3 | main 4",
    function* ({ p, G, T, Z, n }) {
      const f = G().create_future();
      let t: Future = f;
      let n0 = 0;
      function* lvl(aw: Future, k: number) {
        try {
          yield* aw;
        } finally {
          p(k, n() - n0);
        }
      }
      for (const k of [1, 2, 3]) {
        t = T(lvl(t, k));
        yield* Z(0);
      }
      n0 = n();
      t.cancel();
      p(f.cancelled());
      yield* ex(t);
      p("main", n() - n0);
    },
  );

  conforms(
    "illegal awaits become RuntimeErrors thrown into the task",
    "Task got bad yield | yield was used instead of yield from | Task cannot await on itself",
    function* ({ p, G, T }) {
      function* raw(x: unknown) {
        yield x;
      }
      function* t(aw: Iterable<unknown>) {
        try {
          yield* aw;
        } catch (error) {
          if (error instanceof RuntimeError) p(error.message.split(": ")[0]!.split(" in task")[0]);
        }
      }
      for (const aw of [raw("1"), raw(G().create_future())]) yield* T(t(aw));
      const box: Task[] = [];
      function* me() {
        yield* t(box[0]!);
      }
      box.push(T(me()));
      yield* box[0]!;
    },
  );

  conforms(
    "a raising callback does not stop the loop; the exception handler is told",
    "Exception in callback bad('x') | loop survives",
    function* ({ p, G, Z }) {
      G().set_exception_handler((_, context) => p(context.message));
      G().call_soon(function bad() {
        throw new KeyError();
      }, "x");
      G().call_soon(p, "loop survives");
      yield* Z(0);
    },
  );

  test("an exception that nobody retrieved is reported, one that was retrieved is not", () => {
    const { diagnostics } = runAsyncio(function* ({ asyncio, print }) {
      const { T, Z } = prelude(asyncio, print);
      function* bad() {
        throw new KeyError("boom");
      }
      T(bad(), "T");
      yield* ex(T(bad()));
      yield* Z(0);
    });
    expect(diagnostics).toEqual([
      "Task exception was never retrieved\nfuture: <Task finished name='T' exception=KeyError('boom')>\nKeyError: boom",
    ]);
  });

  conforms(
    "SystemExit in a task leaves run_forever at once; handles left in that iteration run during shutdown",
    "other | exit | left over | other CancelledError | raised SystemExit",
    function* ({ p, G, T, Z }) {
      function* bad() {
        p("exit");
        throw new SystemExit(3);
      }
      function* other() {
        p("other");
        p("other", yield* ex(Z(9)));
      }
      T(other());
      const t = T(bad());
      t.add_done_callback((done: Task) => void done.exception());
      G().call_soon(p, "left over");
      yield* Z(9);
    },
  );

  conforms(
    "after main returns: other ready handles get one more iteration, then tasks are cancelled",
    "bg | main returns | bg | bg cancelled",
    function* ({ p, T, Z }) {
      function* bg() {
        try {
          for (;;) {
            p("bg");
            yield* Z(0);
          }
        } catch (error) {
          if (error instanceof CancelledError) p("bg cancelled");
          throw error;
        }
      }
      T(bg());
      yield* Z(0);
      p("main returns");
    },
  );
});

describe("combinators and scopes", () => {
  conforms(
    "gather: the first error is delivered at once; siblings keep running and their late errors are swallowed",
    "end 0.01 | ValueError | end 0.02 | end 0.03 | end 0.001 | [OSError(), 3]",
    function* ({ asyncio, p, Z }) {
      function* c(d: number, e: string | null = null) {
        yield* Z(d);
        p("end", d);
        if (e !== null) throw named(e);
      }
      p(yield* ex(asyncio.gather(c(0.03), c(0.01, "ValueError"), c(0.02, "KeyError"))));
      yield* Z(0.05);
      p(yield* asyncio.gather_settled(c(0.001, "OSError"), nop(3)));
    },
  );

  conforms(
    "gather: cancelling it cancels every child; a cancelled child alone does not cancel the awaiter",
    "c 1 | c 2 | CancelledError True | c 3 | CancelledError None | c 4 | CancelledError 0",
    function* ({ asyncio, p, T, Z, G }) {
      function* c(i: number) {
        try {
          yield* Z(9);
        } finally {
          p("c", i);
        }
      }
      const t = T(wrap(asyncio.gather_settled(c(1), c(2))));
      yield* Z(0);
      yield* Z(0);
      t.cancel();
      p(yield* ex(t), t.cancelled());
      let x = T(c(3));
      yield* Z(0);
      x.cancel();
      const r = yield* asyncio.gather_settled(x, nop());
      p(r[0] instanceof CancelledError ? "CancelledError" : "?", r[1]);
      x = T(c(4));
      G().call_later(0.005, () => x.cancel());
      p(yield* ex(asyncio.gather(x)), asyncio.current_task()!.cancelling());
    },
  );

  conforms(
    "wait never cancels; everything finished by the time it resumes is in the done set",
    "['x', 'y'] ['0.01', '0.3'] | ['0.01'] ['0.3'] | ['0.01', '0.02'] ['0.3']",
    function* ({ asyncio, p, T, Z }) {
      function* c(d: number, v = 0) {
        yield* Z(d);
        if (v !== 0) throw named("AssertionError");
      }
      const K = (d: number, v = 0): Task => T(c(d, v), String(d)) as Task;
      const N = (done: readonly Future[], pending: readonly Future[]): void => p(names(done), names(pending));
      let r = yield* asyncio.wait([K(0.01), K(0.3), T(nop(), "x"), T(nop(), "y")], {
        return_when: "FIRST_COMPLETED",
      });
      N(r.done, r.pending);
      r = yield* asyncio.wait(r.pending, { timeout: 0.1 });
      N(r.done, r.pending);
      r = yield* asyncio.wait([K(0.01), K(0.02, 1), K(0.3)], { return_when: "FIRST_EXCEPTION" });
      N(r.done, r.pending);
      for (const t of r.done) t.exception();
    },
  );

  conforms(
    "wait_for: on timeout the child is cancelled and awaited first; timeout<=0 never starts a coroutine",
    "cleaned | TimeoutError | TimeoutError | v",
    function* ({ asyncio, p, G, Z }) {
      function* c() {
        try {
          yield* Z(9);
        } finally {
          yield* Z(0.02);
          p("cleaned");
        }
      }
      p(yield* ex(asyncio.wait_for(c(), 0.005)));
      p(yield* ex(asyncio.wait_for(c(), 0)));
      const f = G().create_future();
      f.set_result("v");
      p(yield* asyncio.wait_for(f, 0));
    },
  );

  conforms(
    "wait_for 3.11 runs its coroutine in a task of its own and swallows a cancel that races with completion",
    "False True | v 1",
    function* ({ asyncio, p, T, G, Z }) {
      const m = asyncio.current_task();
      function* c() {
        return asyncio.current_task() === m;
      }
      p(yield* asyncio.wait_for(c(), 9), yield* asyncio.wait_for(c(), null));
      const f = G().create_future();
      const t = T(asyncio.wait_for(f, 9));
      yield* Z(0);
      f.set_result("v");
      t.cancel();
      p(yield* ex(t), t.cancelling());
    },
  );

  conforms(
    "shield: cancelling the awaiter leaves the inner task running; cancelling the inner cancels the shield",
    "CancelledError False | inner done | 5 | True",
    function* ({ asyncio, p, T, Z }) {
      function* c() {
        yield* Z(0.01);
        p("inner done");
        return 5;
      }
      const i = T(c());
      const w = T(wrap(asyncio.shield(i)));
      yield* Z(0);
      w.cancel();
      p(yield* ex(w), i.done());
      p(yield* i);
      const j = T(c());
      const s = asyncio.shield(j);
      yield* Z(0);
      j.cancel();
      yield* Z(0.002);
      p(s.cancelled());
    },
  );

  conforms(
    "as_completed: completion order; after the timeout every remaining await raises",
    "0.01 0.03 0.05 | 0.005 TimeoutError TimeoutError",
    function* ({ asyncio, p, Z }) {
      function* c(d: number) {
        yield* Z(d);
        return d;
      }
      const a: unknown[] = [];
      for (const f of asyncio.as_completed([c(0.05), c(0.01), c(0.03)])) a.push(yield* f);
      p(...a);
      const b: unknown[] = [];
      for (const f of asyncio.as_completed([c(0.005), c(9), c(9)], 0.15)) b.push(yield* ex(f));
      p(...b);
    },
  );

  conforms(
    "timeout scopes: the expired scope converts, inner unexpired ones let CancelledError pass; a scope needs a suspension",
    "inner False outer True | TimeoutError | no suspension False | TimeoutError | CancelledError | False True 0",
    function* ({ asyncio, p, Z }) {
      function* nest() {
        yield* asyncio.timeout(0.005).scope(function* (o) {
          yield* asyncio.timeout(9).scope(function* (i) {
            try {
              yield* Z(9);
            } finally {
              p("inner", i.expired(), "outer", o.expired());
            }
          });
        });
      }
      p(yield* ex(nest()));
      const z = asyncio.timeout(-1);
      yield* z.scope(function* () {});
      p("no suspension", z.expired());
      function* zero() {
        yield* asyncio.timeout(0).scope(function* () {
          yield* Z(0);
          p("not reached");
        });
      }
      p(yield* ex(zero()));
      const r = asyncio.timeout(0.005);
      yield* r.scope(function* () {
        r.reschedule(null);
        yield* Z(0.01);
      });
      const s = asyncio.timeout(0.005);
      yield* s.scope(function* () {
        p(yield* ex(Z(9)));
      });
      p(r.expired(), s.expired(), asyncio.current_task()!.cancelling());
    },
  );

  conforms(
    "task group: first failure cancels siblings, then the parent body; errors in completion order",
    "sib cancelled | body cancelled 1 | ['ValueError', 'KeyError'] unhandled errors in a TaskGroup True 0",
    function* ({ asyncio, p, Z }) {
      function* bad(d: number) {
        yield* Z(d);
        throw named("ValueError");
      }
      function* sib() {
        try {
          yield* Z(9);
        } finally {
          p("sib cancelled");
        }
      }
      function* stub() {
        try {
          yield* Z(9);
        } catch {
          throw named("KeyError");
        }
      }
      let s: Task | null = null;
      try {
        yield* asyncio.TaskGroup().scope(function* (g) {
          g.create_task(bad(0.005));
          s = g.create_task(sib()) as Task;
          g.create_task(stub());
          try {
            yield* Z(9);
          } finally {
            p("body cancelled", asyncio.current_task()!.cancelling());
          }
        });
      } catch (error) {
        const { exceptions, message } = error as BaseExceptionGroup;
        p(
          exceptions.map((e) => (e as Error).name),
          message,
          s!.cancelled(),
          asyncio.current_task()!.cancelling(),
        );
      }
    },
  );

  conforms(
    "task group: body errors join the group; a lone child cancel is ignored; a finished group refuses, a waiting one accepts",
    "1 | ignored True RuntimeError | late ok",
    function* ({ asyncio, p, Z }) {
      try {
        yield* asyncio.TaskGroup().scope(function* () {
          throw named("OSError");
        });
      } catch (error) {
        p((error as BaseExceptionGroup).exceptions.length);
      }
      const g = asyncio.TaskGroup();
      let t: Task | null = null;
      yield* g.scope(function* () {
        t = g.create_task(Z(9)) as Task;
        yield* Z(0);
        t.cancel();
      });
      p(
        "ignored",
        t!.cancelled(),
        sx(() => g.create_task(nop())),
      );
      const h = asyncio.TaskGroup();
      function* late() {
        yield* Z(0.003);
        h.create_task(nop());
        p("late ok");
      }
      yield* h.scope(function* () {
        h.create_task(late());
      });
    },
  );

  conforms(
    "3.11: uncancel() to zero, and a group that fails while its parent is in __aexit__, leave the cancel standing",
    "CancelledError | group 1 | CancelledError | group 1 | None",
    function* ({ asyncio, p, T, Z }) {
      function* bad(d: number) {
        try {
          yield* Z(d);
        } catch {
          throw named("ValueError");
        }
        throw named("ValueError");
      }
      function* grp(d: number) {
        try {
          yield* asyncio.TaskGroup().scope(function* (g) {
            g.create_task(bad(d));
          });
        } catch (error) {
          if ((error as Error).name !== "ExceptionGroup") throw error;
          p("group", asyncio.current_task()!.cancelling());
        }
      }
      function* a() {
        const t = asyncio.current_task()!;
        t.cancel();
        t.uncancel();
        yield* Z(0);
      }
      p(yield* ex(T(a())));
      function* b() {
        yield* asyncio.timeout(0.01).scope(function* () {
          yield* grp(0);
          yield* Z(9);
        });
      }
      p(yield* ex(T(b())));
      function* c() {
        yield* grp(9);
        yield* Z(0);
      }
      const t = T(c());
      yield* Z(0);
      yield* Z(0);
      t.cancel();
      p(yield* ex(t));
    },
  );

  conforms("3.11: gather of a done future takes two iterations", "2", function* ({ asyncio, p, G, n }) {
    const f = G().create_future();
    f.set_result(1);
    const a = n();
    yield* asyncio.gather(f);
    p(n() - a);
  });
});

function named(name: string): Error {
  const error = new Error("");
  error.name = name;
  return error;
}
