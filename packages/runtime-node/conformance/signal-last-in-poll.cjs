// The pipe of signals is dispatched after every other descriptor of the batch.
const fs = require("node:fs");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.once("SIGUSR2", () => log("signal"));
setTimeout(() => {
  process.kill(process.pid, "SIGUSR2");
  busy(10);
  fs.stat(".", () => log("stat"));
  setImmediate(() => log("immediate"));
  busy(120);
}, 5);
