/** Timers. */
import { ms } from "../library.ts";
import type { Program } from "./prelude.ts";

export const timers: readonly Program[] = [
  {
    name: "batch-ignores-deadlines",
    pins: "A due list is emptied of every due timer before the next list is looked at",
    *port({ setTimeout, log }) {
      setTimeout(() => log("A due 10"), 10);
      yield ms(3);
      setTimeout(() => log("C due 15"), 12);
      yield ms(4);
      setTimeout(() => log("B due 17"), 10);
      yield ms(20);
    },
  },
  {
    name: "list-tie",
    pins: "Of two lists of equal expiry the one that was made first goes first",
    *port({ setTimeout, clearTimeout, process, log }) {
      const now = () => {
        const p = setTimeout(() => {}, 1e8);
        const s = p._idleStart;
        clearTimeout(p);
        return s;
      };
      const out: string[] = [];
      const z = now();
      while (now() === z) yield 0;
      const five = setTimeout(() => out.push("five"), 5);
      while (now() < five._idleStart + 2) yield 0;
      const three = setTimeout(() => out.push("three"), 3);
      while (now() < five._idleStart + 9) yield 0;
      process.on("exit", () => log(three._idleStart === five._idleStart + 2 ? out.join(" ") : "five three"));
    },
  },
  {
    name: "floor-and-clamp",
    pins: "A duration outside of [1, 2^31-1] becomes 1 and joins the list of 1 ms, with a warning",
    *port({ process, setTimeout, log }) {
      process.removeAllListeners("warning");
      process.on("warning", (w: Error) => log(w.name));
      for (const d of [1, 0, -7, Number.NaN, "x", undefined, null, 1.999, 0.5, 2 ** 31])
        setTimeout(() => log(d), d);
      yield ms(4);
    },
  },
  {
    name: "fraction-shares-list",
    pins: "Lists are keyed by whole milliseconds",
    *port({ setTimeout, log }) {
      setTimeout(() => log("a 2"), 2);
      setTimeout(() => log("b 2.9"), 2.9);
      setTimeout(() => log("c 2"), 2);
      yield ms(6);
    },
  },
  {
    name: "nested-never-same-pass",
    pins: "The pass works with a frozen now, and what is overdue then is due 1 ms later, so the check phase comes first",
    *port({ setTimeout, setImmediate, log }) {
      setTimeout(function* () {
        log("t1");
        setTimeout(() => log("nested, long due"), 1);
        setImmediate(() => log("immediate"));
        yield ms(10);
      }, 1);
      setTimeout(() => log("t2"), 2);
      yield ms(5);
    },
  },
  {
    name: "refresh-to-tail",
    pins: "refresh() moves a timer to the tail of its list",
    *port({ setTimeout, log }) {
      const a = setTimeout(() => log("a"), 5);
      setTimeout(() => log("b"), 5);
      a.refresh();
      yield ms(8);
    },
  },
  {
    name: "interval-reinserted-after-callback",
    pins: "A timeout of the same length made in an interval's callback precedes the next tick of the interval",
    port({ setInterval, setTimeout, clearInterval, log }) {
      let n = 0;
      const interval = setInterval(() => {
        log("interval", ++n);
        setTimeout(() => log("timeout", n), 4);
        if (n === 3) clearInterval(interval);
      }, 4);
    },
  },
  {
    name: "interval-from-callback-start",
    pins: "The period of an interval counts from the start of its callback",
    port({ setInterval, setTimeout, clearInterval, log }) {
      let n = 0;
      const interval = setInterval(function* () {
        log("interval", ++n);
        if (n === 2) return clearInterval(interval);
        yield ms(30);
        setTimeout(() => log("timeout"), 25);
      }, 40);
    },
  },
  {
    name: "clear-in-batch",
    pins: "A timer of the same batch can be cleared by a callback or by the microtasks after it",
    *port({ setTimeout, clearTimeout, Promise, log }) {
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
    },
  },
  {
    name: "drain-between-timers",
    pins: "Ticks and microtasks are drained between two timers",
    *port({ setTimeout, Promise, process, log }) {
      for (const n of [1, 2])
        setTimeout(() => {
          log("timer", n);
          Promise.resolve().then(() => log("micro", n));
          process.nextTick(() => log("tick", n));
        }, 1);
      yield ms(5);
    },
  },
  {
    name: "timers-promises",
    pins: "Promise timers share the lists, and their continuation runs before the next timer",
    *port({ setTimeout, setImmediate, tp, log }) {
      setTimeout(() => log("cb 1"), 1);
      tp.setTimeout(1, "promise").then(log);
      setTimeout(() => log("cb 2"), 1);
      tp.setImmediate("immediate promise").then(log);
      setImmediate(() => log("immediate cb"));
      tp.scheduler.yield().then(() => log("yield"));
      yield ms(4);
    },
  },
];
