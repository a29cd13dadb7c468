// The closing phase sits between check and timers.
const { MessageChannel } = require("node:worker_threads");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

const { port1 } = new MessageChannel();
port1.on("close", () => log("close"));
setImmediate(() => {
  log("immediate 1");
  setTimeout(() => log("timeout"), 1);
  setImmediate(() => log("immediate 2"));
  port1.close();
  busy(5);
});
