// A completion that threw drains nothing: the drain of the next one takes what was left.
const fs = require("node:fs");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.env.UV_THREADPOOL_SIZE = "1";
process.on("uncaughtException", (e) => {
  log("handler", e.message);
  process.nextTick(() => log("tick of handler"));
});
fs.stat(".", () => {
  log("stat 1");
  process.nextTick(() => log("tick 1"));
  Promise.resolve().then(() => log("micro 1"));
  throw new Error("boom");
});
fs.stat(".", () => {
  log("stat 2");
  process.nextTick(() => log("tick 2"));
});
setImmediate(() => log("immediate"));
busy(120);
