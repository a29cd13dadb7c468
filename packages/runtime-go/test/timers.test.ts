// Spec section 12.C: timers, preemption, system calls, polling. Same programs as the Go originals, which go1.26.8 ran with these outputs.
import { zeroMachineCosts } from "@orrery/simulator";
import { expect, it } from "vitest";
import { type Go, zeroGoCosts } from "../src/index.ts";
import { line, MS, type Program, run } from "./harness.ts";

it("wakes sleepers by deadline", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      for (const ms of [24, 4, 14]) {
        yield* wg.add(1);
        yield* go.go(function* (): Go {
          yield* go.sleep(ms * MS);
          say(`${ms}`);
          yield* wg.done();
        });
      }
      yield* wg.wait();
    }),
  ).toBe("4 14 24");
});

function sleepers(ms: number, meanwhile: number) {
  return function* ({ go, say, yields }: Program): Go {
    const wg = go.waitGroup();
    for (let i = 0; i < 4; i++) {
      yield* wg.add(1);
      yield* go.go(function* (): Go {
        yield* go.sleep(ms * MS);
        say(`${i}`);
        yield* wg.done();
      });
    }
    if (meanwhile > 0) {
      yield* yields(1);
      yield* go.burn(meanwhile * MS);
    }
    yield* wg.wait();
  };
}

it("runs the last of the timers that expired together first", () => {
  expect(line(sleepers(1, 3))).toBe("2 3 0 1");
});

it("fires sleepers of an idle process together, for it sleeps in whole milliseconds", () => {
  expect(line(sleepers(3, 0))).toBe("2 3 0 1");
});

it("runs an expired timer's goroutine before everything queued", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* (): Go {
        yield* go.sleep(MS);
        say("S");
        yield* wg.done();
      });
      yield* yields(1);
      for (const n of ["A", "B"])
        yield* go.go(function* (): Go {
          say(n);
          yield* wg.done();
        });
      yield* go.burn(3 * MS);
      yield* wg.wait();
    }),
  ).toBe("S A B");
});

it("does nothing in Sleep(0), and Sleep(1) is no yield", () => {
  expect(
    line(function* ({ go, say }): Go {
      yield* go.go(function* (): Go {
        say("other");
      });
      yield* go.sleep(0);
      yield* go.sleep(-5);
      say("main");
      yield* go.sleep(1);
      say("end");
    }),
  ).toBe("main end");
});

it("runs each AfterFunc in a goroutine of its own", () => {
  expect(
    line(function* ({ go, say }): Go {
      const wg = go.waitGroup();
      yield* wg.add(3);
      for (let i = 0; i < 3; i++)
        go.afterFunc(MS, function* (): Go {
          say(`f${i}`);
          yield* wg.done();
        });
      yield* go.burn(3 * MS);
      say("main");
      yield* wg.wait();
    }),
  ).toBe("main f2 f0 f1");
});

it("fires a channel timer when somebody looks at it", () => {
  expect(
    line(function* ({ go, say }): Go {
      const t = go.newTimer(MS);
      yield* go.burn(3 * MS);
      say(`len${t.c.len} cap${t.c.cap}`);
      const { index } = yield* go.select([t.c.onRecv], true);
      say(index === 0 ? "fired" : "pending");
      say(`stop=${yield* t.stop()}`);
    }),
  ).toBe("len0 cap0 fired stop=false");
});

it("stops an expired timer that nobody looked at, and leaves no stale value", () => {
  expect(
    line(function* ({ go, say }): Go {
      const t = go.newTimer(MS);
      yield* go.burn(3 * MS);
      say(`stop=${yield* t.stop()}`);
      const { index } = yield* go.select([t.c.onRecv], true);
      say(index === 0 ? "stale" : "clean");
      say(`reset=${yield* t.reset(MS)}`);
      yield* t.c.recv();
      say("again");
    }),
  ).toBe("stop=true clean reset=false again");
});

it("tells whether Stop prevented an AfterFunc", () => {
  expect(
    line(function* ({ go, say }): Go {
      const t = go.afterFunc(3600e3 * MS, function* (): Go {
        say("no");
      });
      say(`${yield* t.stop()} ${yield* t.stop()}`);
      const u = go.afterFunc(MS, function* (): Go {
        say("yes");
      });
      yield* go.sleep(4 * MS);
      say(`${yield* u.stop()}`);
    }),
  ).toBe("true false yes false");
});

it("drops a ticker's missed ticks and keeps its grid", () => {
  expect(
    line(function* ({ go, say }): Go {
      const s = go.now();
      const t = go.newTicker(10 * MS);
      yield* go.burn(35 * MS);
      const a = Math.round((((yield* t.c.recv()) - s) / MS) * 10) / 10;
      const b = Math.round(((yield* t.c.recv()) - s) / MS);
      say(`${a}ms ${b >= 40 && b % 10 === 0}`);
    }),
  ).toBe("10ms true");
});

it("takes the timeout of a select", () => {
  expect(
    line(function* ({ go, say }): Go {
      const c = go.make<number>();
      const { index } = yield* go.select([c.onRecv, go.after(2 * MS).onRecv]);
      say(index === 0 ? "value" : "timeout");
    }),
  ).toBe("timeout");
});

function* hog({ go, say }: Program): Go {
  let stop = false;
  yield* go.go(function* (): Go {
    while (!stop) yield* go.spin();
  });
  const t = go.now();
  yield* go.sleep(MS);
  const d = go.now() - t;
  stop = true;
  say(`${d >= 9 * MS}`);
}

it("preempts a CPU hog after 10 ms", () => {
  expect(line(hog)).toBe("true");
});

it("lets an idle second P take the timer of a busy one", () => {
  expect(line(hog, { gomaxprocs: 2 })).toBe("false");
});

it("queues a preempted goroutine behind the one that is in the global queue", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      let stop = false;
      const wg = go.waitGroup();
      yield* wg.add(2);
      yield* go.go(function* (): Go {
        while (!stop) yield* go.spin();
        say("hog-end");
        yield* wg.done();
      });
      yield* yields(1);
      say("main");
      yield* go.go(function* (): Go {
        say("late");
        stop = true;
        yield* wg.done();
      });
      yield* wg.wait();
    }),
  ).toBe("main late hog-end");
});

it("frees the P of a goroutine in a blocking system call", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const p = go.rawPipe();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        say(`read-${yield* p.read()}`);
        yield* done.close();
      });
      yield* yields(1);
      say("main-runs");
      yield* p.write("x");
      yield* done.recv();
    }),
  ).toBe("main-runs read-x");
});

it("sends a goroutine that returns from a system call without a P to the global queue", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const p = go.rawPipe();
      const wg = go.waitGroup();
      yield* wg.add(3);
      yield* go.go(function* (): Go {
        yield* p.read();
        say("S");
        yield* wg.done();
      });
      yield* yields(1);
      yield* p.write("x");
      for (const n of ["A", "B"])
        yield* go.go(function* (): Go {
          say(n);
          yield* wg.done();
        });
      yield* go.burn(4 * MS);
      yield* wg.wait();
    }),
  ).toMatch(/^(B A S|S B A)$/);
});

it("does not switch in short system calls", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      yield* go.go(function* (): Go {
        say("other");
      });
      for (let i = 0; i < 100; i++) yield* go.getppid();
      say("main");
      yield* yields(1);
    }),
  ).toBe("main other");
});

it("parks the reader of a pollable pipe without holding a thread", () => {
  expect(
    line(function* ({ go, say, yields }): Go {
      const p = go.pipe();
      const done = go.make<boolean>();
      yield* go.go(function* (): Go {
        say(`read-${yield* p.read()}`);
        yield* done.close();
      });
      yield* yields(1);
      say("main-runs");
      yield* p.write("x");
      say("written");
      yield* done.recv();
    }),
  ).toBe("main-runs written read-x");
});

it("ends a read at its deadline", () => {
  expect(
    line(function* ({ go, say }): Go {
      const p = go.pipe();
      yield* p.setReadDeadline(2 * MS);
      say(`${yield* p.read()}`);
    }),
  ).toBe("null");
});

it("looks on the schedule of a fresh sysmon: the first preemption is at 11.22 ms", () => {
  const preempted = run(
    function* ({ go }): Go {
      yield* go.burn(40 * MS);
    },
    { costs: zeroGoCosts, machineCosts: zeroMachineCosts, trace: true, cores: 2 },
  );
  const { trace } = preempted;
  const requests: number[] = [];
  for (let row = 0; row < trace.length; row++)
    if (trace.at(row).reason.startsWith("sysmon: preemptone")) requests.push(trace.at(row).timeNs / MS);
  expect(requests[0]).toBeCloseTo(11.22, 6);
  expect(requests[1]).toBeCloseTo(21.22 + 10, 6);
});
