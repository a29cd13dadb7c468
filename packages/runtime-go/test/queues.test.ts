// Spec section 12.A: run queues, spawn, yield. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { expect, it } from "vitest";
import type { Go } from "../src/index.ts";
import { line, type Program } from "./harness.ts";

function* spawnOrder({ go, say }: Program): Go {
  const wg = go.waitGroup();
  for (let i = 0; i < 6; i++) {
    yield* wg.add(1);
    yield* go.go(function* (): Go {
      say(`${i}`);
      yield* wg.done();
    });
  }
  yield* wg.wait();
}
it("runs the last spawned goroutine first, the others in order", () => {
  expect(line(spawnOrder)).toBe("5 0 1 2 3 4");
});

it("puts children of a child before its older siblings", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      yield* wg.add(5);
      const g = (name: string) =>
        function* (): Go {
          say(name);
          yield* wg.done();
        };
      yield* go.go(function* (): Go {
        say("A");
        yield* go.go(g("A1"));
        yield* go.go(g("A2"));
        yield* g("a")();
      });
      yield* go.go(function* (): Go {
        say("B");
        yield* go.go(g("B1"));
        yield* wg.done();
      });
      yield* wg.wait();
    }),
  ).toBe("B B1 A a A2 A1");
});

it("does not switch at a go statement", () => {
  expect(
    line(function* ({ go, say }): Go {
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        say("child");
        yield* done.send(true);
      });
      say("parent");
      yield* done.recv();
      say("joined");
    }),
  ).toBe("parent child joined");
});

it("sends a yielding goroutine to the global queue, behind the local one", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      for (const n of ["a", "b"]) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          say(`${n}1`);
          yield* go.gosched();
          say(`${n}2`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    }),
  ).toBe("b1 a1 b2 a2");
});

it("runs all local goroutines before the one that yielded", () => {
  expect(
    line(function* ({ go, say }): Go {
      for (let i = 0; i < 4; i++)
        yield* go.go(function* (): Go {
          say(`${i}`);
        });
      say("m1");
      yield* go.gosched();
      say("m2");
    }),
  ).toBe("m1 3 0 1 2 m2");
});

it("runs main out of runnext when its child closes the channel it waits for", () => {
  expect(
    line(function* ({ go, say }): Go {
      const done = go.make<boolean>();
      for (const n of ["a", "b"])
        yield* go.go(function* (): Go {
          say(n);
        });
      yield* go.go(function* (): Go {
        say("z");
        yield* done.close();
      });
      yield* done.recv();
    }),
  ).toBe("z");
});

it("moves the 128 oldest and the newcomer to the global queue when the ring of 256 is full", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      const o: number[] = [];
      for (let i = 0; i < 300; i++) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          o.push(i);
          yield* wg.done();
        });
      }
      yield* wg.wait();
      const global = (i: number): boolean => i < 128 || i === 256;
      let pl = -1;
      let pg = -1;
      let lastLocal = 0;
      o.slice(1).forEach((i, k) => {
        if (global(i)) {
          if (i < pg) say("BAD");
          pg = i;
        } else {
          if (i < pl) say("BAD");
          pl = i;
          lastLocal = k + 1;
        }
      });
      const early = o.slice(0, lastLocal).filter(global).length;
      say(`first=${o[0]} early=${early === 2 || early === 3} lastThree=[${o.slice(297).join(" ")}]`);
    }),
  ).toBe("first=299 early=true lastThree=[126 127 256]");
});

/** Ticks between two turns of a goroutine in the global queue while every local one costs a tick. */
function* globalEvery61({ go, say }: Program): Go {
  let n = 0;
  let last = 0;
  const d: number[] = [];
  let stop = false;
  const done = go.make<boolean>();
  function* body(): Go {
    n++;
    if (stop) return;
    yield* go.go(body);
    yield* go.go(function* (): Go {}); // kicks body out of runnext
  }
  yield* go.go(function* (): Go {
    for (let i = 0; i < 6; i++) {
      yield* go.gosched();
      d.push(n - last);
      last = n;
    }
    stop = true;
    yield* done.close();
  });
  yield* go.go(body);
  yield* done.recv();
  say(`[${d.join(" ")}]`);
}
it("looks at the global queue first on every 61st tick", () => {
  expect(line(globalEvery61)).toMatch(/^\[\d+ 60 60 60 60 60\]$/);
});

it("does not tick along a chain of runnext", () => {
  expect(
    line(function* ({ go, say }): Go {
      let n = 0;
      let seen = 0;
      const done = go.make<boolean>();
      function* chain(): Go {
        n++;
        if (n < 5000) yield* go.go(chain);
      }
      yield* go.go(function* (): Go {
        yield* go.gosched();
        seen = n;
        yield* done.close();
      });
      yield* go.gosched();
      yield* go.go(chain);
      yield* done.recv();
      say(`${seen}`);
    }),
  ).toBe("5000");
});
