/** Programs of the conformance suite, section 12.3: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms } from "../src/index.ts";
import { prints } from "./run.ts";

test("immediates made by a batch wait for the next turn of the loop", () => {
  expect(
    prints(({ setImmediate, setTimeout, log }) => {
      setImmediate(function* () {
        log("i1");
        setImmediate(() => log("i3"));
        setTimeout(() => log("timer"), 1);
        yield ms(4);
      });
      setImmediate(() => log("i2"));
    }),
  ).toBe("i1 ¶ i2 ¶ timer ¶ i3");
});

test("an immediate of the same batch can be cleared", () => {
  expect(
    prints(({ setImmediate, clearImmediate, process, log }) => {
      setImmediate(() => {
        log("a");
        clearImmediate(b);
        process.nextTick(() => clearImmediate(d));
      });
      const b = setImmediate(() => log("b"));
      setImmediate(() => {
        log("c");
        clearImmediate(e);
      });
      const d = setImmediate(() => log("d"));
      const e = setImmediate(() => log("e"));
      setImmediate(() => log("f"));
    }),
  ).toBe("a ¶ c ¶ f");
});

test("after a CommonJS main: ticks, then microtasks", () => {
  expect(
    prints(({ Promise, process, queueMicrotask, log }) => {
      Promise.resolve().then(() => log("micro"));
      process.nextTick(() => log("tick"));
      queueMicrotask(() => log("micro 2"));
      log("main");
    }),
  ).toBe("main ¶ tick ¶ micro ¶ micro 2");
});

test("ticks are exhausted before microtasks, and microtasks before the ticks they make", () => {
  expect(
    prints(({ process, queueMicrotask, setImmediate, log }) => {
      process.nextTick(() => {
        log("tick 1");
        queueMicrotask(() => {
          log("micro 1");
          process.nextTick(() => log("tick 3"));
          queueMicrotask(() => log("micro 2"));
        });
        process.nextTick(() => log("tick 2"));
      });
      setImmediate(() => log("immediate"));
    }),
  ).toBe("tick 1 ¶ tick 2 ¶ micro 1 ¶ micro 2 ¶ tick 3 ¶ immediate");
});

test("microtasks starve ticks", () => {
  expect(
    prints(({ process, queueMicrotask, setImmediate, log }) => {
      let n = 0;
      queueMicrotask(function again() {
        if (++n < 1000) return queueMicrotask(again);
        log("micro", n);
      });
      queueMicrotask(() => process.nextTick(() => log("tick", n)));
      setImmediate(() => log("immediate"));
    }),
  ).toBe("micro 1000 ¶ tick 1000 ¶ immediate");
});

test("every message is a macrotask of its own, and what its handler posts is served before check", () => {
  expect(
    prints(({ messageChannel, receiveMessageOnPort, process, setImmediate, log }) => {
      const { port1, port2 } = messageChannel();
      port2.on("message", (message) => {
        log("message", message);
        process.nextTick(() => log("tick", message));
        if (message === 1) port1.postMessage(3);
        if (message === 3) port1.close();
      });
      port2.on("close", () => log("close"));
      for (const message of [0, 1, 2]) port1.postMessage(message);
      log("sync", receiveMessageOnPort(port2));
      setImmediate(() => log("immediate"));
    }),
  ).toBe("sync 0 ¶ message 1 ¶ tick 1 ¶ message 2 ¶ tick 2 ¶ message 3 ¶ tick 3 ¶ immediate ¶ close");
});

test("a port lets the loop go on after a thousand messages", () => {
  expect(
    prints(({ messageChannel, setImmediate, log }) => {
      const { port1, port2 } = messageChannel();
      let n = 0;
      port2.on("message", () => {
        if (++n < 2500) port1.postMessage(0);
        else port1.close();
      });
      port1.postMessage(0);
      setImmediate(function f() {
        log("immediate at", n);
        if (n < 2500) setImmediate(f);
      });
    }),
  ).toBe("immediate at 1000 ¶ immediate at 2000 ¶ immediate at 2500");
});

test("ports are served in the order of their creation", () => {
  expect(
    prints(({ messageChannel, log }) => {
      const a = messageChannel();
      const b = messageChannel();
      b.port2.on("message", (message) => log("b", message));
      a.port2.on("message", (message) => {
        log("a", message);
        if (message === 2) {
          a.port1.close();
          b.port1.close();
        }
      });
      b.port1.postMessage(1);
      a.port1.postMessage(1);
      b.port1.postMessage(2);
      a.port1.postMessage(2);
    }),
  ).toBe("a 1 ¶ a 2 ¶ b 1 ¶ b 2");
});

test("the body of a module runs inside a microtask: its awaits go on before the first tick", () => {
  expect(
    prints(
      function* ({ process, Promise, queueMicrotask, log }) {
        process.nextTick(() => log("tick"));
        Promise.resolve().then(() => log("micro"));
        log("main");
        yield null;
        log("after await");
        queueMicrotask(() => log("micro 2"));
      },
      { module: true },
    ),
  ).toBe("main ¶ micro ¶ after await ¶ micro 2 ¶ tick");
});

test("a module that awaits at its top level what never settles ends with 13", () => {
  expect(
    prints(
      function* ({ process, setTimeout, Promise, log }) {
        process.on("exit", (code) => log("exit", code));
        setTimeout(() => log("timeout"), 2);
        log("before");
        yield Promise.make(() => {});
        log("never");
      },
      { module: true },
    ),
  ).toBe("before ¶ timeout ¶ exit 13 [exit 13]");
});
