/** Programs of the conformance suite, section 12.2: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms } from "../src/index.ts";
import { prints } from "./run.ts";

test("a due list is emptied of every due timer before the next list is looked at", () => {
  expect(
    prints(function* ({ setTimeout, log }) {
      setTimeout(() => log("A due 10"), 10);
      yield ms(3);
      setTimeout(() => log("C due 15"), 12);
      yield ms(4);
      setTimeout(() => log("B due 17"), 10);
      yield ms(20);
    }),
  ).toBe("A due 10 ¶ B due 17 ¶ C due 15");
});

test("equal expiry: the list that was made first", () => {
  expect(
    prints(function* ({ setTimeout, log, process }) {
      const out: string[] = [];
      setTimeout(() => out.push("five"), 5);
      yield ms(2);
      setTimeout(() => out.push("three"), 3);
      yield ms(7);
      process.on("exit", () => log(out.join(" ")));
    }),
  ).toBe("five three");
});

test("a duration outside [1, 2^31-1] becomes 1 and joins the list of 1 ms", () => {
  expect(
    prints(function* ({ setTimeout, log }) {
      for (const after of [1, 0, -7, Number.NaN, 1.999, 0.5, 2 ** 31]) setTimeout(() => log(after), after);
      yield ms(4);
    }),
  ).toBe("1 ¶ 0 ¶ -7 ¶ NaN ¶ 1.999 ¶ 0.5 ¶ 2147483648");
});

test("lists are keyed by whole milliseconds", () => {
  expect(
    prints(function* ({ setTimeout, log }) {
      setTimeout(() => log("a 2"), 2);
      setTimeout(() => log("b 2.9"), 2.9);
      setTimeout(() => log("c 2"), 2);
      yield ms(6);
    }),
  ).toBe("a 2 ¶ b 2.9 ¶ c 2");
});

test("`now` is frozen for a pass, and what is overdue then is due one millisecond later", () => {
  expect(
    prints(function* ({ setTimeout, setImmediate, log }) {
      setTimeout(function* () {
        log("t1");
        setTimeout(() => log("nested, long due"), 1);
        setImmediate(() => log("immediate"));
        yield ms(10);
      }, 1);
      setTimeout(() => log("t2"), 2);
      yield ms(5);
    }),
  ).toBe("t1 ¶ t2 ¶ immediate ¶ nested, long due");
});

test("refresh moves to the tail", () => {
  expect(
    prints(function* ({ setTimeout, log }) {
      const a = setTimeout(() => log("a"), 5);
      setTimeout(() => log("b"), 5);
      a.refresh();
      yield ms(8);
    }),
  ).toBe("b ¶ a");
});

test("a timeout of the same length made in an interval's callback precedes its next tick", () => {
  expect(
    prints(({ setInterval, setTimeout, clearInterval, log }) => {
      let n = 0;
      const interval = setInterval(() => {
        log("interval", ++n);
        setTimeout(() => log("timeout", n), 4);
        if (n === 3) clearInterval(interval);
      }, 4);
    }),
  ).toBe("interval 1 ¶ timeout 1 ¶ interval 2 ¶ timeout 2 ¶ interval 3 ¶ timeout 3");
});

test("an interval's period counts from the start of its callback", () => {
  expect(
    prints(({ setInterval, setTimeout, clearInterval, log }) => {
      let n = 0;
      const interval = setInterval(function* () {
        log("interval", ++n);
        if (n === 2) return clearInterval(interval);
        yield ms(30);
        setTimeout(() => log("timeout"), 25);
      }, 40);
    }),
  ).toBe("interval 1 ¶ interval 2 ¶ timeout");
});

test("a timer of the same batch can be cleared by a callback or by the microtasks after it", () => {
  expect(
    prints(function* ({ setTimeout, clearTimeout, Promise, log }) {
      setTimeout(() => {
        log("a");
        clearTimeout(c);
        Promise.resolve().then(() => clearTimeout(d));
      }, 1);
      setTimeout(() => log("b"), 1);
      const c = setTimeout(() => log("c"), 1);
      const d = setTimeout(() => log("d"), 1);
      setTimeout(() => log("e"), 1);
      yield ms(4);
    }),
  ).toBe("a ¶ b ¶ e");
});

test("ticks and microtasks are drained between two timers", () => {
  expect(
    prints(function* ({ setTimeout, Promise, process, log }) {
      for (const n of [1, 2])
        setTimeout(() => {
          log("timer", n);
          Promise.resolve().then(() => log("micro", n));
          process.nextTick(() => log("tick", n));
        }, 1);
      yield ms(5);
    }),
  ).toBe("timer 1 ¶ tick 1 ¶ micro 1 ¶ timer 2 ¶ tick 2 ¶ micro 2");
});

test("promise timers share the lists, and their continuation runs before the next timer", () => {
  expect(
    prints(function* ({ setTimeout, setImmediate, tp, log }) {
      setTimeout(() => log("cb 1"), 1);
      tp.setTimeout(1, "promise").then(log);
      setTimeout(() => log("cb 2"), 1);
      tp.setImmediate("immediate promise").then(log);
      setImmediate(() => log("immediate cb"));
      tp.scheduler.yield().then(() => log("yield"));
      yield ms(4);
    }),
  ).toBe("cb 1 ¶ promise ¶ cb 2 ¶ immediate promise ¶ immediate cb ¶ yield");
});

test("a sleep of 1 ms takes the rest of the millisecond, or one more poll", () => {
  const waits: number[] = [];
  for (let seed = 0; seed < 50; seed++)
    prints(
      ({ setTimeout, performance }) => {
        const t0 = performance.now();
        setTimeout(() => waits.push(performance.now() - t0), 1);
      },
      { seed },
    );
  // Node: minimum 0.01 ms, at most 1 ms and what the wake-up costs.
  expect(Math.max(...waits)).toBeLessThan(1.2);
  expect(Math.min(...waits)).toBeLessThan(1);
  expect(waits.filter((wait) => wait >= 1).length).toBeGreaterThan(40);
});

test("a timer that is cleared after it fired and then refreshed holds the loop once more, and does nothing", () => {
  expect(
    prints(({ setTimeout, clearTimeout, process, log }) => {
      const timer = setTimeout(() => log("fired"), 1);
      setTimeout(() => {
        clearTimeout(timer);
        timer.refresh();
      }, 3);
      setTimeout(() => log("never"), 50).unref();
      process.on("exit", () => log("exit"));
    }),
  ).toBe("fired ¶ exit");
});
