// Every message is a macrotask of its own, and what its handler posts is served before check.
const { MessageChannel, receiveMessageOnPort } = require("node:worker_threads");

const log = console.log;

const { port1, port2 } = new MessageChannel();
port2.on("message", (m) => {
  log("message", m);
  process.nextTick(() => log("tick", m));
  if (m === 1) port1.postMessage(3);
  if (m === 3) port1.close();
});
port2.on("close", () => log("close"));
for (const m of [0, 1, 2]) port1.postMessage(m);
log("sync", receiveMessageOnPort(port2).message);
setImmediate(() => log("immediate"));
