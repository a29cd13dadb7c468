/** The loop, beside what the conformance programs show: each of these prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms } from "../src/index.ts";
import { prints } from "./run.ts";

test("an unreferenced timer alone never fires", () => {
  expect(
    prints(({ setTimeout, process, log }) => {
      setTimeout(() => log("never"), 1).unref();
      process.on("exit", (code) => log("exit", code));
    }),
  ).toBe("exit 0");
});

test("the uv timer keeps a cleared timer's deadline, though it holds nothing", () => {
  expect(
    prints(({ setTimeout, clearTimeout, setImmediate, performance, log }) => {
      const t0 = performance.now();
      clearTimeout(setTimeout(() => log("never"), 10));
      setImmediate(() => log("woken", performance.now() - t0 >= 9 ? "at the old deadline" : "early")).unref();
      setTimeout(() => log("timer"), 30);
    }),
  ).toBe("woken at the old deadline ¶ timer");
});

test("posted inside the sweep of async handles: same sweep, before check", () => {
  expect(
    prints(({ messageChannel, fs, setImmediate, log }) => {
      const { port1, port2 } = messageChannel();
      port2.on("message", (message) => {
        log("message", message);
        port1.close();
      });
      fs.stat(() => {
        log("stat");
        setImmediate(() => log("immediate pool"));
        port1.postMessage("pool");
      });
    }),
  ).toBe("stat ¶ message pool ¶ immediate pool");
});

test("descriptors are served in the order in which they became ready", () => {
  expect(
    prints(({ net, pbkdf2, setTimeout, setImmediate, log }) => {
      setTimeout(function* () {
        net.request(12).then(() => log("data at 12"));
        net.request(4).then(() => log("data at 4"));
        pbkdf2(8, () => log("pool at 8"));
        pbkdf2(16, () => log("pool at 16, in the same sweep"));
        setImmediate(() => log("immediate"));
        yield ms(20);
      }, 5);
    }),
  ).toBe("data at 4 ¶ pool at 8 ¶ pool at 16, in the same sweep ¶ data at 12 ¶ immediate");
});
