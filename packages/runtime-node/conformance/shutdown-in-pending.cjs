// An end() inside poll finishes before check, in the pending rounds after poll; one inside check only after timers.
const net = require("node:net");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

const server = net.createServer({ allowHalfOpen: true }, (s) =>
  s.on("data", (d) => {
    log("data", String(d));
    s.on("finish", () => log("finish (server)"));
    setImmediate(() => log("immediate"));
    setTimeout(() => log("timer"), 1);
    s.end();
    busy(4);
  }),
);
server.listen(0, "127.0.0.1", () => {
  const c = net.connect({ port: server.address().port, host: "127.0.0.1", allowHalfOpen: true }, () =>
    c.write("x"),
  );
  c.resume();
  c.on("close", () => server.close());
  c.on("end", () =>
    setImmediate(() => {
      log("--");
      c.on("finish", () => log("finish (client)"));
      setTimeout(() => log("timer 2"), 1);
      setImmediate(() => log("immediate 2"));
      c.end();
      busy(4);
    }),
  );
});
