// Promise timers share the lists, and their continuation runs before the next timer.
const tp = require("node:timers/promises");

const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

setTimeout(() => log("cb 1"), 1);
tp.setTimeout(1, "promise").then(log);
setTimeout(() => log("cb 2"), 1);
tp.setImmediate("immediate promise").then(log);
setImmediate(() => log("immediate cb"));
tp.scheduler.yield().then(() => log("yield"));
busy(4);
