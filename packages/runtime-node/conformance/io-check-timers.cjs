// From the poll phase: ticks, microtasks, then the check phase, then timers.
const fs = require("node:fs");

const log = console.log;

fs.stat(".", () => {
  setTimeout(() => log("timeout"), 0);
  setImmediate(() => log("immediate"));
  process.nextTick(() => log("tick"));
  Promise.resolve().then(() => log("micro"));
  log("io");
});
