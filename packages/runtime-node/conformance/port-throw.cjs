// A message listener that throws defers the other messages of its port past check; other ports go on.
const { MessageChannel } = require("node:worker_threads");

const log = console.log;

process.on("uncaughtException", (e) => log("handler", e.message));
const a = new MessageChannel();
const b = new MessageChannel();
b.port2.on("message", (m) => log("b", m));
a.port2.on("message", (m) => {
  log("a", m);
  process.nextTick(() => log("tick", m));
  if (m === 2) {
    a.port1.close();
    b.port1.close();
  }
  if (m === 1) throw new Error("boom");
});
a.port1.postMessage(1);
a.port1.postMessage(2);
b.port1.postMessage(1);
setImmediate(() => log("immediate"));
