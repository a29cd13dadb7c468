// What is posted inside the sweep of async handles is served in it; what a socket's callback posts, in the next poll.
const fs = require("node:fs");
const net = require("node:net");
const { MessageChannel } = require("node:worker_threads");

const log = console.log;

const { port1, port2 } = new MessageChannel();
port2.on("message", (m) => {
  log("message", m);
  if (m === "tcp") port1.close();
});
const server = net.createServer((s) =>
  s.on("data", () => {
    log("data");
    setImmediate(() => log("immediate tcp"));
    port1.postMessage("tcp");
    s.end();
    server.close();
  }),
);
fs.stat(".", () => {
  log("stat");
  setImmediate(() => {
    log("immediate pool");
    server.listen(0, "127.0.0.1", () => {
      const c = net.connect(server.address().port, "127.0.0.1", () => c.write("x"));
      c.resume();
    });
  });
  port1.postMessage("pool");
});
