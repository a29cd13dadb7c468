// Spec section 12.E: errors, exit, threads, stealing. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { expect, it } from "vitest";
import type { Go } from "../src/index.ts";
import { line, MS } from "./harness.ts";

it("lets the losers of a race run on", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>(3);
      for (let i = 0; i < 3; i++)
        yield* go.go(function* (): Go {
          say(`s${i}`);
          yield* c.send(i);
          say(`e${i}`);
        });
      say(`won${yield* c.recv()}`);
      yield* yields(2);
    }),
  ).toBe("s2 e2 won2 s0 e0 s1 e1");
});

it("leaks the losers of a race over an unbuffered channel", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const c = go.make<number>();
      for (let i = 0; i < 3; i++) yield* go.go(() => c.send(i));
      say(`won${yield* c.recv()}`);
      yield* yields(3);
      say(`live${go.numGoroutine()}`);
    }),
  ).toBe("won2 live3");
});

it("dies of a panic in any goroutine, after that goroutine's deferred calls only", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      try {
        yield* go.go(function* (): Go {
          try {
            go.panic("boom");
          } finally {
            say("deferred");
          }
        });
        yield* yields(1);
        say("unreached");
      } finally {
        say("never");
      }
    }),
  ).toBe("deferred [exit 2: panic: boom]");
});

it("prints the text of an error that it panics with", () => {
  expect(
    line(function* ({ go, yields }): Go {
      yield* go.go(function* (): Go {
        go.panic("wrapped: context canceled");
      });
      yield* yields(1);
    }),
  ).toBe("[exit 2: panic: wrapped: context canceled]");
});

it("runs deferred calls at Goexit", () => {
  expect(
    line(function* ({ go, say }): Go {
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        try {
          try {
            yield* go.goexit();
            say("never");
          } catch {
            say("recovered");
          } finally {
            say("deferred");
          }
        } finally {
          yield* done.close();
        }
      });
      yield* done.recv();
      say("main");
    }),
  ).toBe("deferred main");
});

it("reports that all goroutines are asleep", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>();
      yield* go.go(function* (): Go {
        yield* c.send(1);
        yield* c.send(2);
      });
      say(`${yield* c.recv()}`);
      yield* go.select([]);
    }),
  ).toBe("1 [exit 2: fatal error: all goroutines are asleep - deadlock!]");
});

it("reports a mutex locked twice", () => {
  expect(
    line(function* ({ go }): Go {
      const mu = go.mutex();
      yield* mu.lock();
      yield* mu.lock();
    }),
  ).toBe("[exit 2: fatal error: all goroutines are asleep - deadlock!]");
});

it("reports the end of all goroutines after main's Goexit", () => {
  expect(
    line(function* ({ go, say }): Go {
      yield* go.go(function* (): Go {
        say("g");
      });
      yield* go.goexit();
    }),
  ).toBe("g [exit 2: fatal error: no goroutines (main called runtime.Goexit) - deadlock!]");
});

it("reports no deadlock while a timer is pending", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>();
      go.afterFunc(3 * MS, () => c.send(1));
      say(`got${yield* c.recv()}`);
    }),
  ).toBe("got1");
});

it("hangs without a word when a reader waits on the poller", () => {
  expect(
    line(function* ({ go }): Go {
      const p = go.pipe();
      yield* p.read();
    }),
  ).toBe("[quiescent]");
});

it("dies of unlocking an unlocked mutex, whatever recovers", () => {
  expect(
    line(function* ({ go, say }): Go {
      const mu = go.mutex();
      try {
        yield* mu.unlock();
      } catch {
        say("recovered");
      }
    }),
  ).toBe("[exit 2: fatal error: sync: unlock of unlocked mutex]");
});

it("ends with main, without the deferred calls of others", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      yield* go.go(function* (): Go {
        try {
          say("started");
          yield* go.select([]);
        } finally {
          say("never");
        }
      });
      yield* yields(1);
    }),
  ).toBe("started");
});

it("exits without deferred calls", () => {
  expect(
    line(function* ({ go, say }): Go {
      try {
        say("x");
        yield* go.exit(3);
      } finally {
        say("never");
      }
    }),
  ).toBe("x [exit 3: ]");
});

it("runs a locked goroutine at its normal place in the queues", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* (): Go {
        yield* go.lockOSThread();
        say("L1");
        yield* go.gosched();
        say("L2");
        yield* wg.done();
      });
      for (const n of ["a", "b"])
        yield* go.go(function* (): Go {
          say(`${n}1`);
          yield* go.gosched();
          say(`${n}2`);
          yield* wg.done();
        });
      yield* wg.wait();
    }),
  ).toBe("b1 L1 a1 b2 L2 a2");
});

it("steals the older half of a ring and runs the last of it first, runnext as the last resort", () => {
  const orders = new Set<string>();
  for (let seed = 1; seed <= 10; seed++)
    orders.add(
      line(
        function* ({ go, say }): Go {
          let up = false;
          let start = false;
          let left = 8;
          const o: number[] = [];
          yield* go.go(function* (): Go {
            up = true;
            while (!start) yield* go.spin();
          });
          while (!up) yield* go.spin();
          for (let i = 0; i < 8; i++)
            yield* go.go(function* (): Go {
              o.push(i);
              left--;
            });
          start = true;
          while (left > 0) yield* go.spin();
          say(`[${o.join(" ")}]`);
        },
        { gomaxprocs: 2, seed },
      ),
    );
  for (const order of orders) expect(["[3 0 1 2 5 4 6 7]", "[7 0 1 2 3 4 5 6]"]).toContain(order);
  expect(orders).toContain("[3 0 1 2 5 4 6 7]");
});
