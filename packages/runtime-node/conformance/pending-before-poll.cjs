// A pipe connect that fails at once is told in the pending phase, ahead of descriptors that are ready already.
const fs = require("node:fs");
const net = require("node:net");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => {
  fs.stat(".", () => log("stat"));
  busy(15);
  net.connect("/no/such/socket").on("error", (e) => log(e.code));
  setImmediate(() => log("immediate"));
  setTimeout(() => log("timeout"), 1);
  busy(3);
}, 5);
