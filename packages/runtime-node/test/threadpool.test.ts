/** Programs of the conformance suite, section 12.6: each prints on Node 24.21.0 what is expected here. */
import { expect, test } from "vitest";
import { ms, type Node } from "../src/index.ts";
import { prints } from "./run.ts";

test("with one pool thread completions come in the order of submission, and each drains", () => {
  expect(
    prints(
      ({ pbkdf2, fs, process, Promise, log }) => {
        pbkdf2(30, () => {
          log("pbkdf2");
          process.nextTick(() => log("tick"));
        });
        fs.stat(() => {
          log("stat");
          Promise.resolve().then(() => log("micro"));
        });
        fs.access(() => log("access"));
        fs.promises.stat().then(() => log("promises.stat"));
        log("main");
      },
      { poolSize: 1 },
    ),
  ).toBe("main ¶ pbkdf2 ¶ tick ¶ stat ¶ micro ¶ access ¶ promises.stat");
});

test("all queued completions are delivered in one poll, before any immediate", () => {
  expect(
    prints(
      function* ({ fs, setImmediate, process, log }) {
        for (const n of [1, 2, 3])
          fs.stat(() => {
            log("stat", n);
            setImmediate(() => log("immediate", n));
            process.nextTick(() => log("tick", n));
          });
        yield ms(120);
      },
      { poolSize: 1 },
    ),
  ).toBe("stat 1 ¶ tick 1 ¶ stat 2 ¶ tick 2 ¶ stat 3 ¶ tick 3 ¶ immediate 1 ¶ immediate 2 ¶ immediate 3");
});

test("getaddrinfo is slow I/O: a second look-up goes behind work queued after it", () => {
  expect(
    prints(
      ({ pbkdf2, dns, fs, log }) => {
        pbkdf2(50, () => log("pbkdf2"));
        dns.lookup(1, () => log("lookup 1"));
        dns.lookup(1, () => log("lookup 2"));
        fs.stat(() => log("stat 1"));
        fs.stat(() => log("stat 2"));
      },
      { poolSize: 1 },
    ),
  ).toBe("pbkdf2 ¶ lookup 1 ¶ stat 1 ¶ stat 2 ¶ lookup 2");
});

test("slow I/O occupies at most half of the threads", () => {
  expect(
    prints(({ dns, fs, log }) => {
      for (const n of [1, 2, 3, 4]) dns.lookup(100, () => log("lookup", n));
      fs.stat(() => log("stat"));
    }),
  ).toBe("stat ¶ lookup 1 ¶ lookup 2 ¶ lookup 3 ¶ lookup 4");
});

test("readFile takes open, fstat, read, close: three stats overtake it", () => {
  expect(
    prints(
      ({ fs, log }) => {
        let n = 0;
        let done = false;
        fs.readFile(1000, () => {
          done = true;
          log("readFile after", n, "stats");
        });
        (function again() {
          fs.stat(() => {
            n++;
            if (!done) again();
          });
        })();
      },
      { poolSize: 1 },
    ),
  ).toBe("readFile after 3 stats");
});

test("four blocked opens hold up a stat; a larger pool does not", () => {
  const script = ({ fs, performance, log }: Node) => {
    for (let i = 0; i < 4; i++) fs.open(200, () => {});
    fs.stat(() => log(Math.round(performance.now())));
  };
  expect(prints(script)).toBe("200");
  expect(prints(script, { poolSize: 5 })).toBe("0");
});
