/** Programs of the conformance suite, section 12.1: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms } from "../src/index.ts";
import { prints } from "./run.ts";

test("from poll: ticks, microtasks, then check, then timers", () => {
  expect(
    prints(({ fs, setTimeout, setImmediate, process, Promise, log }) => {
      fs.stat(() => {
        setTimeout(() => log("timeout"), 0);
        setImmediate(() => log("immediate"));
        process.nextTick(() => log("tick"));
        Promise.resolve().then(() => log("micro"));
        log("io");
      });
    }),
  ).toBe("io ¶ tick ¶ micro ¶ immediate ¶ timeout");
});

test("uv_run runs timers once before the loop's body", () => {
  expect(
    prints(function* ({ setImmediate, setTimeout, log }) {
      setImmediate(() => log("immediate"));
      setTimeout(() => log("timeout"), 1);
      yield ms(5);
    }),
  ).toBe("timeout ¶ immediate");
});

test("without a busy wait a millisecond boundary decides between timeout 0 and immediate", () => {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < 200; seed++) {
    const printed = prints(
      ({ setTimeout, setImmediate, log }) => {
        setTimeout(() => log("timeout"), 0);
        setImmediate(() => log("immediate"));
      },
      { seed },
    );
    seen.set(printed, (seen.get(printed) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(["immediate ¶ timeout", "timeout ¶ immediate"]);
  // 6 % of 200 runs of Node: 12, give or take three standard deviations of a binomial.
  expect(seen.get("timeout ¶ immediate")).toBeGreaterThanOrEqual(2);
  expect(seen.get("timeout ¶ immediate")).toBeLessThanOrEqual(24);
});

test("the closing phase sits between check and timers", () => {
  expect(
    prints(({ messageChannel, setImmediate, setTimeout, log }) => {
      const { port1 } = messageChannel();
      port1.on("close", () => log("close"));
      setImmediate(function* () {
        log("immediate 1");
        setTimeout(() => log("timeout"), 1);
        setImmediate(() => log("immediate 2"));
        port1.close();
        yield ms(5);
      });
    }),
  ).toBe("immediate 1 ¶ close ¶ timeout ¶ immediate 2");
});

test("closing handles are a stack, and every close callback drains ticks", () => {
  expect(
    prints(({ messageChannel, setImmediate, process, log }) => {
      const channels = ["a", "b", "c"].map((name) => {
        const channel = messageChannel();
        channel.port1.on("close", () => {
          log("close", name);
          process.nextTick(() => log("tick", name));
        });
        return channel;
      });
      setImmediate(() => {
        for (const channel of channels) channel.port1.close();
        setImmediate(() => log("immediate"));
      });
    }),
  ).toBe("close c ¶ tick c ¶ close b ¶ tick b ¶ close a ¶ tick a ¶ immediate");
});

test("timers run once more before the alive check, unreferenced ones too", () => {
  expect(
    prints(({ setImmediate, setTimeout, process, log }) => {
      setImmediate(function* () {
        setTimeout(() => log("unref timer ran"), 1).unref();
        yield ms(5);
        log("immediate");
      });
      process.on("exit", () => log("exit"));
    }),
  ).toBe("immediate ¶ unref timer ran ¶ exit");
});

test("an unreferenced immediate neither holds the loop nor keeps the poll from sleeping", () => {
  expect(
    prints(({ setImmediate, setTimeout, performance, log }) => {
      const t0 = performance.now();
      setImmediate(() =>
        log("immediate", performance.now() - t0 > 15 ? "after the sleep" : "at once"),
      ).unref();
      setTimeout(() => log("timer"), 20);
    }),
  ).toBe("immediate after the sleep ¶ timer");
});

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

test("a pipe connect that fails at once is told in the pending phase, ahead of what is ready already", () => {
  expect(
    prints(({ setTimeout, setImmediate, fs, net, log }) => {
      setTimeout(function* () {
        fs.stat(() => log("stat"));
        yield ms(15);
        net.connectMissingPipe(() => log("ENOENT"));
        setImmediate(() => log("immediate"));
        setTimeout(() => log("timeout"), 1);
        yield ms(3);
      }, 5);
    }),
  ).toBe("ENOENT ¶ stat ¶ immediate ¶ timeout");
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
