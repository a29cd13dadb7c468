// Async handles share one eventfd and are visited in the order of their creation: pool, V8's platform, ports.
const fs = require("node:fs");
const { MessageChannel } = require("node:worker_threads");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

const { port1, port2 } = new MessageChannel();
const ia = new Int32Array(new SharedArrayBuffer(4));
port2.on("message", () => {
  log("message");
  port1.close();
});
setTimeout(() => {
  Atomics.waitAsync(ia, 0, 0).value.then(() => log("waitAsync"));
  port1.postMessage(0);
  Atomics.notify(ia, 0);
  fs.stat(".", () => log("stat"));
  setImmediate(() => log("immediate"));
  busy(120);
}, 5);
