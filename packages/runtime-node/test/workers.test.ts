/** Worker threads, beside what the conformance programs show: Node 24.21.0 prints what is expected here. */
import { expect, test } from "vitest";
import { prints } from "./run.ts";

test("a Worker that listens lives until its port is closed", () => {
  expect(
    prints(({ worker, process, log }) => {
      const w = worker((_, parentPort) => {
        parentPort.on("message", (m) => {
          parentPort.postMessage(`echo ${String(m)}`);
          if (m === 2) parentPort.close();
        });
      });
      w.on("online", () => {
        log("online");
        w.postMessage(1);
        w.postMessage(2);
      });
      w.on("message", (m) => {
        log(m);
        process.nextTick(() => log("tick"));
      });
      w.on("exit", (code) => log("exit", code));
    }),
  ).toBe("online ¶ echo 1 ¶ tick ¶ echo 2 ¶ tick ¶ exit 0");
});

test("an error that a Worker does not catch is told to its parent, then exit", () => {
  expect(
    prints(({ worker, process, log }) => {
      const w = worker(({ setImmediate }, parentPort) => {
        parentPort.postMessage("before");
        setImmediate(() => {
          throw new Error("boom");
        });
      });
      w.on("message", (m) => {
        log(m);
        process.nextTick(() => log("tick of", m));
      });
      w.on("error", (error: Error) => {
        log("error", error.message);
        process.nextTick(() => log("tick of error"));
      });
      w.on("exit", (code) => log("exit", code));
    }),
  ).toBe("before ¶ tick of before ¶ error boom ¶ tick of error ¶ exit 1");
});

test("Workers share the process's pool: four threads serve both loops", () => {
  expect(
    prints(({ worker, fs, setTimeout, performance, log }) => {
      for (let i = 0; i < 4; i++) setTimeout(() => fs.open(200, () => {}), 60);
      const w = worker(({ fs, setTimeout }, parentPort) => {
        setTimeout(() => fs.stat(() => parentPort.postMessage("stat")), 60);
      });
      w.on("message", () => log(performance.now() > 250 ? "after the blocked opens" : "at once"));
    }),
  ).toBe("after the blocked opens");
});
