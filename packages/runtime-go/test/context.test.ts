// Spec section 12.E: package context. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { expect, it } from "vitest";
import { background, type Go } from "../src/index.ts";
import { line, MS, type Program } from "./harness.ts";

it("cancels a parent before its children, so that the deepest waiter runs first", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const [p, cancel] = yield* background(go).withCancel();
      const [c] = yield* p.withCancel();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* (): Go {
        yield* p.done.recv();
        say("P");
        yield* wg.done();
      });
      yield* go.go(function* (): Go {
        yield* c.done.recv();
        say(`C:${c.err}`);
        yield* wg.done();
      });
      yield* yields(1);
      yield* cancel();
      say("cancelled");
      yield* wg.wait();
    }),
  ).toBe("cancelled C:context canceled P");
});

it("tells a timeout and its cause, also to children made later", () => {
  expect(
    line(function* ({ go, say }): Go {
      const [c] = yield* background(go).withTimeout(MS, "why");
      yield* c.done.recv();
      say(`${c.err}|${c.cause}`);
      const [d, stop] = yield* c.withCancelCause();
      say(d.cause);
      yield* stop("late");
    }),
  ).toBe("context deadline exceeded|why why");
});

it("takes the earlier deadline of the parent", () => {
  expect(
    line(function* ({ go, say }): Go {
      const [p] = yield* background(go).withTimeout(MS);
      const [k] = yield* p.withTimeout(3600e3 * MS);
      yield* k.done.recv();
      say(`${p.deadlineNs === k.deadlineNs} ${k.err}`);
    }),
  ).toBe("true context deadline exceeded");
});

it("runs AfterFunc in a goroutine of its own unless it was stopped", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const [c, cancel] = yield* background(go).withCancel();
      const s1 = yield* c.afterFunc(function* (): Go {
        say("af1");
      });
      const s2 = yield* c.afterFunc(function* (): Go {
        say("af2");
      });
      say(`${yield* s2()}`);
      yield* cancel();
      say("main");
      yield* yields(1);
      say(`${yield* s1()}`);
    }),
  ).toBe("true main af1 false");
});

function* siblings({ go, say, yields }: Program): Go {
  const [p, cancel] = yield* background(go).withCancel();
  const wg = go.waitGroup();
  for (let i = 0; i < 2; i++) {
    const [c] = yield* p.withCancel();
    yield* wg.add(1);
    yield* go.go(function* (): Go {
      yield* c.done.recv();
      say(`${i}`);
      yield* wg.done();
    });
  }
  yield* yields(1);
  yield* cancel();
  yield* wg.wait();
}

it("reaches siblings in map order: of two, the second runs first 7 times in 8", () => {
  let inOrder = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const output = line(siblings, { seed });
    expect(["0 1", "1 0"]).toContain(output);
    if (output === "0 1") inOrder++;
  }
  expect(inOrder).toBeGreaterThan(10); // 25 of 200 expected; go1.26.8: 24 of 160
  expect(inOrder).toBeLessThan(45);
});

it("interrupts nobody: the victim looks", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const [c, cancel] = yield* background(go).withCancel();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        for (let i = 0; c.err === ""; i++) {
          say(`w${i}`);
          yield* go.gosched();
        }
        say("bye");
        yield* done.close();
      });
      yield* yields(2);
      yield* cancel();
      say("cancelled");
      yield* done.recv();
    }),
  ).toBe("w0 w1 cancelled bye");
});

it("lets the first error of a group win", () => {
  expect(
    line(function* ({ go, say }): Go {
      const [c, cancel] = yield* background(go).withCancelCause();
      const wg = go.waitGroup();
      const once = go.once();
      let err = "";
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          if (i === 0) {
            yield* c.done.recv();
            say(`t0:${c.cause}`);
          } else {
            say(`t${i}`);
            yield* once.do(function* (): Go {
              err = `e${i}`;
              yield* cancel(err);
            });
          }
          yield* wg.done();
        });
      }
      yield* wg.wait();
      say(`err=${err}`);
    }),
  ).toBe("t2 t0:e2 t1 err=e2");
});
