// A port lets the loop go on after as many messages as were waiting, and at least 1000.
const { MessageChannel } = require("node:worker_threads");

const log = console.log;

const { port1, port2 } = new MessageChannel();
let n = 0;
port2.on("message", () => {
  if (++n < 2500) port1.postMessage(0);
  else port1.close();
});
port1.postMessage(0);
setImmediate(function f() {
  log("immediate at", n);
  if (n < 2500) setImmediate(f);
});
