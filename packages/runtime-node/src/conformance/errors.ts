/** Errors, cancellation, exit. */
import { ms } from "../library.ts";
import type { Program } from "./prelude.ts";

export const errors: readonly Program[] = [
  {
    name: "unhandled-after-drain",
    pins: "A rejection may be handled in any tick or microtask of the same drain; later it is reported",
    port({ process, Promise, setImmediate, log }) {
      process.on("unhandledRejection", (reason) => log("unhandled", reason));
      process.on("rejectionHandled", () => log("rejectionHandled"));
      const late = Promise.reject("late");
      const micro = Promise.reject("micro");
      const tick = Promise.reject("tick");
      Promise.resolve().then(() => micro.catch(() => log("caught in micro")));
      process.nextTick(() => tick.catch(() => log("caught in tick")));
      setImmediate(() => {
        log("immediate");
        late.catch(() => log("caught in immediate"));
      });
    },
  },
  {
    name: "unhandled-between-timers",
    pins: "Rejections are reported between two timers, in the order in which the promises were rejected",
    *port({ process, Promise, setTimeout, log }) {
      process.on("unhandledRejection", (reason) => {
        log("unhandled", reason);
        process.nextTick(() => log("tick"));
      });
      setTimeout(() => {
        log("t1");
        Promise.reject("r1").then(() => {});
        Promise.reject("r2");
      }, 1);
      setTimeout(() => log("t2"), 1);
      yield ms(4);
    },
  },
  {
    name: "unhandled-exit-1",
    pins: "An unhandled rejection ends the process with 1, ticks and microtasks first",
    port({ process, Promise, setImmediate, log }) {
      process.on("uncaughtExceptionMonitor", (error: Error, origin: string) =>
        log("monitor", error.message, origin),
      );
      process.on("exit", (code) => log("exit", code));
      setImmediate(() => log("never"));
      process.nextTick(() => log("tick"));
      Promise.reject(new Error("boom"));
      Promise.resolve().then(() => log("micro"));
    },
  },
  {
    name: "timer-throw",
    pins: "The ticks of a timer that threw wait until after the next timer",
    *port({ process, Promise, setTimeout, log }) {
      process.on("uncaughtException", (error: Error) => log("handler", error.message));
      setTimeout(() => {
        process.nextTick(() => log("tick of t1"));
        Promise.resolve().then(() => log("micro of t1"));
        log("t1");
        throw new Error("boom");
      }, 1);
      setTimeout(() => log("t2"), 1);
      setTimeout(() => log("t3"), 1);
      yield ms(4);
    },
  },
  {
    name: "immediate-throw",
    pins: "The rest of a batch of immediates runs in the same check phase when one throws",
    port({ process, setImmediate, log }) {
      process.on("uncaughtException", (error: Error) => {
        log("handler", error.message);
        process.nextTick(() => log("tick of handler"));
      });
      setImmediate(() => {
        process.nextTick(() => log("tick of i1"));
        setImmediate(() => log("i4"));
        log("i1");
        throw new Error("boom");
      });
      setImmediate(() => log("i2"));
      setImmediate(() => log("i3"));
    },
  },
  {
    name: "tick-throw",
    pins: "Ticks after one that threw are stranded until the next callback scope closes, here inside the pass of timers",
    *port({ process, Promise, setTimeout, log }) {
      process.on("uncaughtException", (error: Error) => log("handler", error.message));
      process.nextTick(() => {
        log("tick 1");
        throw new Error("boom");
      });
      process.nextTick(() => log("tick 2"));
      Promise.resolve().then(() => log("micro"));
      setTimeout(() => log("timer 1"), 1);
      setTimeout(() => log("timer 2"), 1);
      yield ms(4);
    },
  },
  {
    name: "tick-throw-check",
    pins: "With no timer due, stranded ticks run before the first immediate",
    port({ process, setImmediate, log }) {
      process.on("uncaughtException", (error: Error) => log("handler", error.message));
      process.nextTick(() => {
        throw new Error("boom");
      });
      process.nextTick(() => log("tick 2"));
      setImmediate(() => log("immediate"));
    },
  },
  {
    name: "io-throw",
    pins: "A completion that threw drains nothing: the drain of the next one takes what was left",
    poolSize: 1,
    *port({ process, Promise, fs, setImmediate, log }) {
      process.on("uncaughtException", (error: Error) => {
        log("handler", error.message);
        process.nextTick(() => log("tick of handler"));
      });
      fs.stat(() => {
        log("stat 1");
        process.nextTick(() => log("tick 1"));
        Promise.resolve().then(() => log("micro 1"));
        throw new Error("boom");
      });
      fs.stat(() => {
        log("stat 2");
        process.nextTick(() => log("tick 2"));
      });
      setImmediate(() => log("immediate"));
      yield ms(120);
    },
  },
  {
    name: "port-throw",
    pins: "A message listener that throws defers the other messages of its port past check; other ports go on",
    port({ process, messageChannel, setImmediate, log }) {
      process.on("uncaughtException", (error: Error) => log("handler", error.message));
      const a = messageChannel();
      const b = messageChannel();
      b.port2.on("message", (value) => log("b", value));
      a.port2.on("message", (value) => {
        log("a", value);
        process.nextTick(() => log("tick", value));
        if (value === 2) {
          a.port1.close();
          b.port1.close();
        }
        if (value === 1) throw new Error("boom");
      });
      a.port1.postMessage(1);
      a.port1.postMessage(2);
      b.port1.postMessage(1);
      setImmediate(() => log("immediate"));
    },
  },
  {
    name: "micro-throw",
    pins: "A microtask that throws does not stop the checkpoint",
    port({ process, queueMicrotask, log }) {
      process.on("uncaughtException", (error: Error) => {
        log("handler", error.message);
        queueMicrotask(() => log("micro of handler"));
      });
      queueMicrotask(() => {
        log("m1");
        throw new Error("boom");
      });
      queueMicrotask(() => log("m2"));
      process.nextTick(() => log("tick"));
    },
  },
  {
    name: "emitter-vs-eventtarget",
    pins: "emit() lets an error through; dispatchEvent() reports it in a tick and goes on with the next listener",
    port({ process, eventTarget, EventEmitter, setImmediate, log }) {
      process.on("uncaughtException", (error: Error) => log("handler", error.message));
      const t = eventTarget();
      const e = new EventEmitter();
      t.addEventListener("x", () => {
        log("t1");
        throw new Error("target");
      });
      t.addEventListener("x", () => log("t2"));
      e.on("x", () => {
        log("e1");
        e.off("x", e2);
        e.on("x", () => log("never"));
      });
      e.on("x", e2);
      function e2() {
        log("e2");
        throw new Error("emitter");
      }
      e.on("x", () => log("never"));
      setImmediate(() => {
        t.dispatchEvent("x");
        log("dispatched");
        e.emit("x");
        log("never");
      });
      setImmediate(() => log("next immediate"));
    },
  },
  {
    name: "exit-drops-queues",
    pins: "process.exit runs the listeners of exit and drops the queues",
    port({ process, Promise, log }) {
      process.on("exit", (code) => {
        log("exit", code);
        process.exitCode = 9;
      });
      process.exitCode = 4;
      process.nextTick(() => {
        log("tick");
        process.exit();
      });
      process.nextTick(() => log("never"));
      Promise.resolve().then(() => log("never"));
    },
  },
  {
    name: "before-exit",
    pins: "At a natural exit the microtasks of an exit listener still run, ticks and immediates do not",
    port({ process, Promise, setImmediate, log }) {
      let n = 0;
      process.on("beforeExit", () => {
        log("beforeExit");
        if (n++ < 1) setImmediate(() => log("immediate"));
      });
      process.on("exit", (code) => {
        log("exit", code);
        setImmediate(() => log("never"));
        process.nextTick(() => log("never"));
        Promise.resolve().then(() => log("micro in exit"));
      });
    },
  },
  {
    name: "pending-promise-exits",
    pins: "Promises do not keep the process alive, and finally blocks are abandoned",
    *port({ process, async, Promise, log }) {
      yield* async(function* () {
        try {
          log("waiting");
          yield Promise.make(() => {});
        } finally {
          log("never");
        }
      })();
      process.on("exit", (code) => log("exit", code));
    },
  },
  {
    name: "unsettled-tla",
    pins: "A module that awaits at its top level what never settles ends with 13",
    module: true,
    *port({ process, setTimeout, Promise, log }) {
      process.on("exit", (code) => log("exit", code));
      setTimeout(() => log("timeout"), 2);
      log("before");
      yield Promise.make(() => {});
      log("never");
    },
  },
  {
    name: "handler-throws",
    pins: "A handler of uncaught exceptions that throws ends the process with 7, without exit listeners",
    port({ process, log }) {
      process.on("exit", () => log("never"));
      process.on("uncaughtException", () => {
        log("handler");
        throw new Error("again");
      });
      throw new Error("boom");
    },
  },
  {
    name: "abort",
    pins: "abort() runs the listeners at once; a promise timer with a signal rejects six turns later",
    port({ AbortController, tp, Promise, log }) {
      const controller = new AbortController();
      const { signal } = controller;
      signal.addEventListener("abort", () => log("listener 1", signal.reason));
      tp.setTimeout(1000, 0, { signal }).catch((error: Error & { code: string }) =>
        log(error.name, error.code, error.cause),
      );
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- its place among the listeners is the subject
      signal.onabort = () => log("onabort");
      let p = Promise.resolve();
      for (const n of [1, 2, 3, 4, 5, 6, 7]) p = p.then(() => log("turn", n));
      controller.abort("why");
      controller.abort("again");
      log("after abort");
    },
  },
  {
    name: "abort-timeout",
    pins: "AbortSignal.timeout does not hold the loop, and any() marks all dependents as aborted before their events",
    port({ AbortSignal, AbortController, queueMicrotask, setTimeout, log }) {
      const s = AbortSignal.timeout(5);
      const any = AbortSignal.any([s, new AbortController().signal]);
      any.addEventListener("abort", () => log("any", (any.reason as Error).name));
      s.addEventListener("abort", () => {
        log("timeout", (s.reason as Error).name, any.aborted);
        queueMicrotask(() => log("micro"));
      });
      setTimeout(() => log("keeper"), 15);
      AbortSignal.timeout(60).addEventListener("abort", () => log("never"));
    },
  },
];
