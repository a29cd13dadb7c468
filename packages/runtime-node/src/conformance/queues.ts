/** Immediates, ticks, microtasks, messages. */
import { ms } from "../library.ts";
import type { Program } from "./prelude.ts";

export const queues: readonly Program[] = [
  {
    name: "immediate-snapshot",
    pins: "Immediates made by a batch wait for the next turn of the loop",
    port({ setImmediate, setTimeout, log }) {
      setImmediate(function* () {
        log("i1");
        setImmediate(() => log("i3"));
        setTimeout(() => log("timer"), 1);
        yield ms(4);
      });
      setImmediate(() => log("i2"));
    },
  },
  {
    name: "immediate-clear-in-batch",
    pins: "An immediate of the same batch can be cleared",
    port({ setImmediate, clearImmediate, process, log }) {
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
    },
  },
  {
    name: "cjs-tick-first",
    pins: "After a CommonJS main script: ticks, then microtasks",
    port({ Promise, process, queueMicrotask, log }) {
      Promise.resolve().then(() => log("micro"));
      process.nextTick(() => log("tick"));
      queueMicrotask(() => log("micro 2"));
      log("main");
    },
  },
  {
    name: "esm-micro-first",
    pins: "The body of an ES module runs inside a microtask: its awaits go on before the first tick",
    module: true,
    *port({ process, Promise, queueMicrotask, log }) {
      process.nextTick(() => log("tick"));
      Promise.resolve().then(() => log("micro"));
      log("main");
      yield null;
      log("after await");
      queueMicrotask(() => log("micro 2"));
    },
  },
  {
    name: "tick-micro-nesting",
    pins: "Ticks are exhausted before microtasks, and microtasks before the ticks that they make",
    port({ process, queueMicrotask, setImmediate, log }) {
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
    },
  },
  {
    name: "micro-starves-ticks",
    pins: "Microtasks that make microtasks keep ticks waiting",
    port({ process, queueMicrotask, setImmediate, log }) {
      let n = 0;
      queueMicrotask(function again() {
        if (++n < 1000) return queueMicrotask(again);
        log("micro", n);
      });
      queueMicrotask(() => process.nextTick(() => log("tick", n)));
      setImmediate(() => log("immediate"));
    },
  },
  {
    name: "port-messages",
    pins: "Every message is a macrotask of its own, and what its handler posts is served before check",
    port({ messageChannel, receiveMessageOnPort, process, setImmediate, log }) {
      const { port1, port2 } = messageChannel();
      port2.on("message", (message) => {
        log("message", message);
        process.nextTick(() => log("tick", message));
        if (message === 1) port1.postMessage(3);
        if (message === 3) port1.close();
      });
      port2.on("close", () => log("close"));
      for (const message of [0, 1, 2]) port1.postMessage(message);
      log("sync", receiveMessageOnPort(port2)?.message);
      setImmediate(() => log("immediate"));
    },
  },
  {
    name: "port-thousand-per-turn",
    pins: "A port lets the loop go on after as many messages as were waiting, and at least 1000",
    port({ messageChannel, setImmediate, log }) {
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
    },
  },
  {
    name: "port-handle-order",
    pins: "Ports are served in the order of their creation, not of the messages",
    port({ messageChannel, log }) {
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
    },
  },
  {
    name: "atomics-wait-async",
    pins: "waitAsync is resolved through the platform's task queue in poll, never at once, and does not hold the loop",
    port({ Atomics, process, Promise, setTimeout, log }) {
      const ia = new Int32Array(new SharedArrayBuffer(4));
      log(Atomics.waitAsync(ia, 0, 1).value, Atomics.waitAsync(ia, 0, 0, 0).value);
      for (const n of [1, 2]) {
        const wait = Atomics.waitAsync(ia, 0, 0);
        if (wait.async) wait.value.then((value) => log(`w${n}`, value));
      }
      log("notified", Atomics.notify(ia, 0));
      process.nextTick(() => log("tick"));
      Promise.resolve().then(() => log("micro"));
      setTimeout(() => log("timer"), 30);
    },
  },
];
