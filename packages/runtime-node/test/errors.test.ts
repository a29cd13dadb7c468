/** Programs of the conformance suite, section 12.5: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms, runNode } from "../src/index.ts";
import { prints } from "./run.ts";

const boom = (): never => {
  throw new Error("boom");
};
const message = (error: Error): string => error.message;

test("a rejection may be handled in any microtask or tick of the same drain", () => {
  expect(
    prints(({ process, Promise, setImmediate, log }) => {
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
    }),
  ).toBe(
    "caught in tick ¶ caught in micro ¶ unhandled late ¶ immediate ¶ caught in immediate ¶ rejectionHandled",
  );
});

test("rejections are reported between two timers, in the order in which the promises were rejected", () => {
  expect(
    prints(function* ({ process, Promise, setTimeout, log }) {
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
    }),
  ).toBe("t1 ¶ unhandled r2 ¶ unhandled r1 ¶ tick ¶ tick ¶ t2");
});

test("an unhandled rejection ends the process with 1, ticks and microtasks first", () => {
  const { lines, exitCode, diagnostics } = runNode(({ process, Promise, setImmediate, log }) => {
    process.on("uncaughtExceptionMonitor", (error, origin) => log("monitor", message(error), origin));
    process.on("exit", (code) => log("exit", code));
    setImmediate(() => log("never"));
    process.nextTick(() => log("tick"));
    Promise.reject(new Error("boom"));
    Promise.resolve().then(() => log("micro"));
  });
  expect(lines).toEqual(["tick", "micro", "monitor boom unhandledRejection", "exit 1"]);
  expect(exitCode).toBe(1);
  expect(diagnostics).toEqual([{ kind: "uncaught", text: "Error: boom\n\nNode.js v24.21.0" }]);
});

test("a rejection with something else than an Error is wrapped", () => {
  const { exitCode, diagnostics } = runNode(({ Promise }) => void Promise.reject(42));
  expect(exitCode).toBe(1);
  expect(diagnostics[0]!.text).toMatch(
    /^UnhandledPromiseRejection: .* The promise rejected with the reason "42"\./,
  );
});

test("the ticks of a timer that threw wait until after the next timer", () => {
  expect(
    prints(function* ({ process, Promise, setTimeout, log }) {
      process.on("uncaughtException", (error) => log("handler", message(error)));
      setTimeout(() => {
        process.nextTick(() => log("tick of t1"));
        Promise.resolve().then(() => log("micro of t1"));
        log("t1");
        boom();
      }, 1);
      setTimeout(() => log("t2"), 1);
      setTimeout(() => log("t3"), 1);
      yield ms(4);
    }),
  ).toBe("t1 ¶ handler boom ¶ t2 ¶ tick of t1 ¶ micro of t1 ¶ t3");
});

test("the rest of a batch of immediates runs in the same check phase", () => {
  expect(
    prints(({ process, setImmediate, log }) => {
      process.on("uncaughtException", (error) => {
        log("handler", message(error));
        process.nextTick(() => log("tick of handler"));
      });
      setImmediate(() => {
        process.nextTick(() => log("tick of i1"));
        setImmediate(() => log("i4"));
        log("i1");
        boom();
      });
      setImmediate(() => log("i2"));
      setImmediate(() => log("i3"));
    }),
  ).toBe("i1 ¶ handler boom ¶ i2 ¶ tick of i1 ¶ tick of handler ¶ i3 ¶ i4");
});

test("ticks after one that threw are stranded until the next callback scope closes", () => {
  expect(
    prints(function* ({ process, Promise, setTimeout, log }) {
      process.on("uncaughtException", (error) => log("handler", message(error)));
      process.nextTick(() => {
        log("tick 1");
        boom();
      });
      process.nextTick(() => log("tick 2"));
      Promise.resolve().then(() => log("micro"));
      setTimeout(() => log("timer 1"), 1);
      setTimeout(() => log("timer 2"), 1);
      yield ms(4);
    }),
  ).toBe("tick 1 ¶ handler boom ¶ timer 1 ¶ tick 2 ¶ micro ¶ timer 2");
});

test("with no timer due, stranded ticks run before the first immediate", () => {
  expect(
    prints(({ process, setImmediate, log }) => {
      process.on("uncaughtException", (error) => log("handler", message(error)));
      process.nextTick(boom);
      process.nextTick(() => log("tick 2"));
      setImmediate(() => log("immediate"));
    }),
  ).toBe("handler boom ¶ tick 2 ¶ immediate");
});

test("a completion that threw drains nothing: the next one's drain takes what was left", () => {
  expect(
    prints(
      function* ({ process, Promise, fs, setImmediate, log }) {
        process.on("uncaughtException", (error) => {
          log("handler", message(error));
          process.nextTick(() => log("tick of handler"));
        });
        fs.stat(() => {
          log("stat 1");
          process.nextTick(() => log("tick 1"));
          Promise.resolve().then(() => log("micro 1"));
          boom();
        });
        fs.stat(() => {
          log("stat 2");
          process.nextTick(() => log("tick 2"));
        });
        setImmediate(() => log("immediate"));
        yield ms(120);
      },
      { poolSize: 1 },
    ),
  ).toBe("stat 1 ¶ handler boom ¶ stat 2 ¶ tick 1 ¶ tick of handler ¶ tick 2 ¶ micro 1 ¶ immediate");
});

test("a message listener that throws defers the port's other messages past check; other ports go on", () => {
  expect(
    prints(({ process, messageChannel, setImmediate, log }) => {
      process.on("uncaughtException", (error) => log("handler", message(error)));
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
        if (value === 1) boom();
      });
      a.port1.postMessage(1);
      a.port1.postMessage(2);
      b.port1.postMessage(1);
      setImmediate(() => log("immediate"));
    }),
  ).toBe("a 1 ¶ tick 1 ¶ handler boom ¶ b 1 ¶ immediate ¶ a 2 ¶ tick 2");
});

test("a microtask that throws does not stop the checkpoint", () => {
  expect(
    prints(({ process, queueMicrotask, log }) => {
      process.on("uncaughtException", (error) => {
        log("handler", message(error));
        queueMicrotask(() => log("micro of handler"));
      });
      queueMicrotask(() => {
        log("m1");
        boom();
      });
      queueMicrotask(() => log("m2"));
      process.nextTick(() => log("tick"));
    }),
  ).toBe("tick ¶ m1 ¶ handler boom ¶ m2 ¶ micro of handler");
});

test("process.exit drops the queues", () => {
  expect(
    prints(({ process, Promise, log }) => {
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
    }),
  ).toBe("tick ¶ exit 4 [exit 9]");
});

test("microtasks of an `exit` listener still run at a natural exit, ticks and immediates do not", () => {
  expect(
    prints(({ process, Promise, setImmediate, log }) => {
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
    }),
  ).toBe("beforeExit ¶ immediate ¶ beforeExit ¶ exit 0 ¶ micro in exit");
});

test("promises do not keep the process alive, and finally blocks are abandoned", () => {
  expect(
    prints(function* ({ process, async, Promise, log }) {
      yield* async(function* () {
        try {
          log("waiting");
          yield Promise.make(() => {});
        } finally {
          log("never");
        }
      })();
      process.on("exit", (code) => log("exit", code));
    }),
  ).toBe("waiting ¶ exit 0");
});

test("a handler that throws ends the process with 7, without `exit`", () => {
  expect(
    prints(({ process, log }) => {
      process.on("exit", () => log("never"));
      process.on("uncaughtException", () => {
        log("handler");
        throw new Error("again");
      });
      boom();
    }),
  ).toBe("handler [exit 7]");
});

test("an error that nobody catches ends the process with 1", () => {
  expect(
    prints(({ process, setTimeout, log }) => {
      process.on("exit", (code) => log("exit", code));
      setTimeout(boom, 1);
      setTimeout(() => log("never"), 5);
    }),
  ).toBe("exit 1 [exit 1]");
});

test("abort runs listeners at once; a timer promise with a signal rejects six turns later", () => {
  expect(
    prints(({ AbortController, tp, Promise, log }) => {
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
    }),
  ).toBe(
    "listener 1 why ¶ onabort ¶ after abort ¶ turn 1 ¶ turn 2 ¶ turn 3 ¶ turn 4 ¶ turn 5 ¶ turn 6 ¶ " +
      "AbortError ABORT_ERR why ¶ turn 7",
  );
});
