/** Servers and sockets, beside what the conformance programs show: Node 24.21.0 prints what is expected here. */
import { expect, test } from "vitest";
import { prints } from "./run.ts";

test("a connection from its early write to both ends' close, event by event", () => {
  expect(
    prints(({ net, process, setImmediate, log }) => {
      const server = net.createServer((s) => {
        log("conn");
        s.on("data", (d) => {
          log("s data", d);
          s.end("pong");
        });
        for (const event of ["end", "finish", "close"]) s.on(event, () => log("s", event));
      });
      server.listen(() => {
        const c = net.connect(server);
        for (const event of ["connect", "ready", "end", "finish", "close"])
          c.on(event, () => {
            log("c", event);
            process.nextTick(() => log("tick after", event));
            setImmediate(() => log("immediate after", event));
          });
        c.on("data", (d) => log("c data", d));
        c.write("early", () => log("written"));
        c.on("close", () => server.close(() => log("server closed")));
      });
    }),
  ).toBe(
    "conn ¶ c connect ¶ written ¶ c ready ¶ tick after connect ¶ tick after ready ¶ immediate after connect ¶ immediate after ready ¶ s data early ¶ s finish ¶ c data pong ¶ c end ¶ tick after end ¶ c finish ¶ tick after finish ¶ immediate after end ¶ immediate after finish ¶ c close ¶ tick after close ¶ s end ¶ server closed ¶ immediate after close ¶ s close",
  );
});

test("a write that the kernel does not take whole is done when the other side has read", () => {
  expect(
    prints(({ net, setTimeout, log }) => {
      const server = net.createServer((s) => {
        let bytes = 0;
        s.on("data", (d: string) => (bytes += d.length));
        s.on("end", () => log("received", bytes));
        s.pause();
        setTimeout(() => {
          log("resume");
          s.resume();
        }, 20);
      });
      server.listen(() => {
        const c = net.connect(server, () => {
          log(c.write("x".repeat(5_000_000), () => log("written")));
          c.end();
        });
        c.resume();
        c.on("close", () => server.close());
      });
    }),
  ).toBe("false ¶ resume ¶ written ¶ received 5000000");
});

test("who connects where nobody listens any more is refused", () => {
  expect(
    prints(({ net, log }) => {
      const server = net.createServer(() => log("never"));
      server.listen(() => {
        server.close(() => log("server closed"));
        const c = net.connect(server, () => log("never"));
        c.on("error", (error: Error & { code: string }) => log(error.code));
        c.on("close", () => log("close"));
      });
    }),
  ).toBe("server closed ¶ ECONNREFUSED ¶ close");
});
