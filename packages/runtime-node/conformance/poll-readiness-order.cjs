// Descriptors are served in the order in which they became ready.
const fs = require("node:fs");
const net = require("node:net");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

let c;
const server = net
  .createServer((s) => {
    s.on("data", (d) => log("data", String(d)));
    s.on("close", () => server.close());
    setTimeout(round1, 10);
  })
  .listen(0, "127.0.0.1", () => {
    c = net.connect(server.address().port, "127.0.0.1");
  });
function round1() {
  c.write("1");
  busy(5);
  fs.stat(".", () => log("stat 1"));
  busy(15);
  setTimeout(() => setImmediate(round2), 10);
}
function round2() {
  fs.stat(".", () => log("stat 2"));
  busy(120);
  c.write("2");
  busy(5);
  setTimeout(() => c.end(), 10);
}
