// All queued completions are delivered in one poll, before any immediate.
const fs = require("node:fs");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.env.UV_THREADPOOL_SIZE = "1";
for (const n of [1, 2, 3])
  fs.stat(".", () => {
    log("stat", n);
    setImmediate(() => log("immediate", n));
    process.nextTick(() => log("tick", n));
  });
busy(120);
