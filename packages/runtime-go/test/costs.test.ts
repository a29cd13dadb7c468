// What a run takes when one action alone costs anything: where and how often it is charged.
import { zeroMachineCosts } from "@orrery/simulator";
import { describe, expect, it } from "vitest";
import { type Go, type GoCosts, type GoLibrary, runGo, zeroGoCosts } from "../src/index.ts";

/** Virtual time of a program in which only `action` costs, a nanosecond each. */
function times(action: keyof GoCosts & string, main: (go: GoLibrary) => Go): number {
  const costs = { ...zeroGoCosts, [action]: 1 };
  return runGo(main, { gomaxprocs: 1, cores: 2, costs, machineCosts: zeroMachineCosts }).nowNs;
}

/** So many goroutines that live at the same time, in so many rounds. */
const crowd = (count: number, rounds: number) =>
  function* (go: GoLibrary): Go {
    for (let round = 0; round < rounds; round++) {
      const gate = go.make<number>();
      const all = go.waitGroup();
      for (let i = 0; i < count; i++)
        yield* all.go(function* child(): Go {
          yield* gate.recv2();
        });
      yield* go.gosched();
      yield* gate.close();
      yield* all.wait();
    }
  };

describe("malg", () => {
  it("makes as many Gs as ever live at a time; later goroutines get theirs from gFree", () => {
    expect(times("malg", crowd(10, 1))).toBe(10);
    expect(times("malg", crowd(10, 5))).toBe(10);
    expect(times("malg", crowd(30, 2))).toBe(30);
  });
});

describe("a cold G", () => {
  it("is one that runs again after thousands of others, and none among a few", () => {
    expect(times("coldG", crowd(1_000, 8))).toBe(0);
    const cold = times("coldG", crowd(5_000, 1)); // each as it begins but the last, which is runnext; many as they are woken
    expect(cold).toBeGreaterThan(4_998);
    expect(cold).toBeLessThan(10_000);
  });
});

describe("the semaRoot", () => {
  it("is asked by who queues and by who finds a waiter, not by a free lock", () => {
    const free = times("semaRoot", function* (go) {
      const mu = go.mutex();
      yield* mu.lock();
      yield* mu.unlock();
    });
    const wanted = times("semaRoot", function* (go) {
      const mu = go.mutex();
      yield* mu.lock();
      yield* go.go(function* child(): Go {
        yield* mu.lock();
        yield* mu.unlock();
      });
      yield* go.gosched();
      yield* mu.unlock();
      yield* go.gosched();
    });
    expect(free).toBe(0);
    expect(wanted).toBe(2);
  });
});

describe("a select", () => {
  it("pays for its cases again when it waits", () => {
    const select = (ready: boolean) =>
      times("selectWait", function* (go) {
        const [a, b] = [go.make<number>(1), go.make<number>(1)];
        if (ready) yield* a.send(1);
        else
          yield* go.go(function* child(): Go {
            yield* a.send(1);
          });
        yield* go.select([a.onRecv, b.onRecv]);
      });
    expect(select(true)).toBe(0);
    expect(select(false)).toBe(2);
  });
});
