// A descriptor that the last wait reported keeps its place ahead of those that became ready since.
const fs = require("node:fs");
const net = require("node:net");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

let c;
let n = 0;
const server = net
  .createServer((s) => {
    s.on("close", () => server.close());
    setTimeout(() => c.write("1"), 20);
    s.on("data", (d) => {
      log("data", String(d));
      if (++n === 1)
        setImmediate(() => {
          fs.stat(".", () => log("stat"));
          busy(120);
          c.write("2");
          busy(5);
          setTimeout(() => c.end(), 10);
        });
    });
  })
  .listen(0, "127.0.0.1", () => {
    c = net.connect(server.address().port, "127.0.0.1");
  });
