/** Tasks of the platform and signals, beside what the conformance programs show: Node 24.21.0 prints what is expected here. */
import { expect, test } from "vitest";
import { prints } from "./run.ts";

test("what a notification resolves runs before beforeExit, though nothing holds the loop, and a timeout is forgotten", () => {
  expect(
    prints(({ Atomics, process, log }) => {
      const ia = new Int32Array(new SharedArrayBuffer(4));
      process.on("beforeExit", () => log("beforeExit"));
      process.on("exit", () => log("exit"));
      const first = Atomics.waitAsync(ia, 0, 0);
      if (first.async) first.value.then((value) => log("w", value));
      Atomics.notify(ia, 0);
      const second = Atomics.waitAsync(ia, 0, 0, 5);
      if (second.async) second.value.then((value) => log("never", value));
    }),
  ).toBe("w ok ¶ beforeExit ¶ exit");
});

test("a signal is told in poll, before check, and a wait that times out by a timer of the platform", () => {
  expect(
    prints(({ Atomics, process, setTimeout, setImmediate, log }) => {
      const ia = new Int32Array(new SharedArrayBuffer(4));
      for (const n of [1, 2]) {
        const wait = Atomics.waitAsync(ia, 0, 0, 5);
        if (wait.async) wait.value.then((value) => log(n, value));
      }
      setTimeout(() => log("timer"), 20);
      process.on("SIGUSR2", () => {
        log("signal");
        process.nextTick(() => log("tick"));
      });
      process.kill("SIGUSR2");
      log("after kill");
      setImmediate(() => log("immediate"));
    }),
  ).toBe("after kill ¶ signal ¶ tick ¶ immediate ¶ 1 timed-out ¶ 2 timed-out ¶ timer");
});

test("a signal that nobody listens to ends the process without events", () => {
  expect(
    prints(({ process, setTimeout, log }) => {
      process.on("exit", () => log("never"));
      setTimeout(() => log("never"), 100);
      process.kill("SIGTERM");
    }),
  ).toBe(" [exit 143]");
});
