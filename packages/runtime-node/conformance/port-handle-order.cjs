// Ports are served in the order of their creation, not of the messages.
const { MessageChannel } = require("node:worker_threads");

const log = console.log;

const a = new MessageChannel();
const b = new MessageChannel();
b.port2.on("message", (m) => log("b", m));
a.port2.on("message", (m) => {
  log("a", m);
  if (m === 2) {
    a.port1.close();
    b.port1.close();
  }
});
b.port1.postMessage(1);
a.port1.postMessage(1);
b.port1.postMessage(2);
a.port1.postMessage(2);
