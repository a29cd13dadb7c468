// Spec section 12.D: package sync. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { expect, it } from "vitest";
import type { Go } from "../src/index.ts";
import { line, MS } from "./harness.ts";

it("lets a running goroutine take a mutex before the one that Unlock woke", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const done = go.make<boolean>();
      yield* mu.lock();
      yield* go.go(function* (): Go {
        yield* mu.lock();
        say("W");
        yield* mu.unlock();
        yield* done.close();
      });
      yield* yields(1);
      yield* mu.unlock();
      yield* mu.lock();
      say("main-again");
      yield* yields(1);
      say("still-main");
      yield* mu.unlock();
      yield* done.recv();
    }),
  ).toBe("main-again still-main W");
});

it("serves waiters of a mutex in the order in which they parked", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* mu.lock();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* mu.lock();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* mu.unlock();
      say("main");
      yield* wg.wait();
    }),
  ).toBe("main 3 0 1 2");
});

it("hands a mutex over, and the processor with it, to a waiter that starved", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const done = go.make<boolean>();
      yield* mu.lock();
      yield* go.go(function* (): Go {
        yield* mu.lock();
        say("W");
        yield* mu.unlock();
        yield* done.close();
      });
      yield* yields(1);
      yield* go.burn(2 * MS);
      yield* mu.unlock();
      yield* mu.lock();
      yield* yields(1); // W wakes, loses, turns the mutex to starvation mode
      say(`try=${yield* mu.tryLock()}`);
      yield* mu.unlock();
      say("main");
      yield* done.recv();
    }),
  ).toBe("try=false W main");
});

it("wakes one waiter only, however often the mutex is unlocked before it runs", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* mu.lock();
      for (let i = 0; i < 2; i++)
        yield* go.go(function* (): Go {
          yield* mu.lock();
          say(`w${i}`);
          yield* go.gosched();
          say(`u${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      yield* yields(1);
      yield* mu.unlock();
      yield* mu.lock();
      yield* mu.unlock();
      yield* wg.wait();
    }),
  ).toBe("w1 u1 w0 u0");
});

it("lets a running goroutine steal the wake-up token of a mutex", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* mu.lock();
      const taker = (name: string) =>
        function* (): Go {
          yield* mu.lock();
          say(name);
          yield* mu.unlock();
          yield* wg.done();
        };
      yield* go.go(taker("W"));
      yield* yields(1);
      yield* mu.unlock();
      yield* mu.lock();
      yield* go.go(taker("Y")); // kicks W out of runnext
      yield* yields(1);
      yield* mu.unlock();
      yield* wg.wait();
    }),
  ).toBe("Y W");
});

it("blocks new readers while a writer waits", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const rw = go.rwMutex();
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* rw.rlock();
      yield* go.go(function* (): Go {
        yield* rw.lock();
        say("W");
        yield* rw.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      yield* go.go(function* (): Go {
        yield* rw.rlock();
        say("R2");
        yield* rw.runlock();
        yield* wg.done();
      });
      yield* yields(1);
      say(`try=${yield* rw.tryRLock()}`);
      yield* rw.runlock();
      yield* wg.wait();
    }),
  ).toBe("try=false W R2");
});

it("lets the readers that queued during a write in before the next writer", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const rw = go.rwMutex();
      const wg = go.waitGroup();
      yield* wg.add(4);
      yield* rw.lock();
      yield* go.go(function* (): Go {
        yield* rw.lock();
        say("W2");
        yield* rw.unlock();
        yield* wg.done();
      });
      yield* yields(1);
      for (let i = 0; i < 3; i++)
        yield* go.go(function* (): Go {
          yield* rw.rlock();
          say(`r${i}`);
          yield* rw.runlock();
          yield* wg.done();
        });
      yield* yields(1);
      yield* rw.unlock();
      yield* wg.wait();
    }),
  ).toBe("r2 r0 r1 W2");
});

it("signals waiters of a condition in ticket order", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const c = go.cond(mu);
      const wg = go.waitGroup();
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* mu.lock();
          yield* c.wait();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      for (let i = 0; i < 3; i++) {
        yield* c.signal();
        yield* yields(1);
      }
      yield* wg.wait();
    }),
  ).toBe("2 0 1");
});

it("runs the last of a broadcast first", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const c = go.cond(mu);
      const wg = go.waitGroup();
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* mu.lock();
          yield* c.wait();
          say(`${i}`);
          yield* mu.unlock();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* c.broadcast();
      yield* wg.wait();
    }),
  ).toBe("2 3 0 1");
});

it("loses a signal that nobody waits for", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const mu = go.mutex();
      const c = go.cond(mu);
      let ok = false;
      yield* c.signal();
      yield* go.go(function* (): Go {
        yield* mu.lock();
        yield* c.wait();
        ok = true;
        yield* mu.unlock();
      });
      yield* yields(2);
      say(`${ok}`);
      yield* c.signal();
      yield* yields(2);
      say(`${ok}`);
    }),
  ).toBe("false true");
});

it("releases the waiters of a WaitGroup in order, the last one runs first", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const g = go.waitGroup();
      const wg = go.waitGroup();
      yield* g.add(1);
      for (let i = 0; i < 4; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* g.wait();
          say(`${i}`);
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* g.done();
      say("main");
      yield* wg.wait();
    }),
  ).toBe("main 2 3 0 1");
});

it("does not yield in Wait at zero, and panics below zero", () => {
  expect(
    line(function* ({ go, say, yields, attempt }): Go {
      const wg = go.waitGroup();
      yield* go.go(function* (): Go {
        say("other");
      });
      yield* wg.wait();
      say("main");
      yield* yields(1);
      yield* attempt(() => wg.done());
    }),
  ).toBe("main other <sync: negative WaitGroup counter>");
});

it("makes a second caller of Once wait for the first", () => {
  expect(
    line(function* ({ go, say }): Go {
      const o = go.once();
      const wg = go.waitGroup();
      yield* wg.add(2);
      for (let i = 0; i < 2; i++)
        yield* go.go(function* (): Go {
          yield* o.do(function* (): Go {
            say(`init${i}`);
            yield* go.gosched();
            say("ready");
          });
          say(`use${i}`);
          yield* wg.done();
        });
      yield* wg.wait();
    }),
  ).toBe("init1 ready use1 use0");
});

it("counts a panicking Once as done", () => {
  expect(
    line(function* ({ go, say, attempt }): Go {
      const o = go.once();
      yield* attempt(() =>
        o.do(function* (): Go {
          go.panic("boom");
        }),
      );
      yield* o.do(function* (): Go {
        say("never");
      });
      say("end");
    }),
  ).toBe("<boom> end");
});

it("serves a channel used as a semaphore in order", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const sem = go.make<null>(1);
      const wg = go.waitGroup();
      yield* sem.send(null);
      for (let i = 0; i < 3; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* sem.send(null);
          say(`${i}`);
          yield* sem.recv();
          yield* wg.done();
        });
      }
      yield* yields(1);
      yield* sem.recv();
      say("main");
      yield* wg.wait();
    }),
  ).toBe("main 2 0 1");
});
