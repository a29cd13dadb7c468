// Rejections are reported between two timers, in the order in which the promises were rejected.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.on("unhandledRejection", (r) => {
  log("unhandled", r);
  process.nextTick(() => log("tick"));
});
setTimeout(() => {
  log("t1");
  Promise.reject("r1").then(() => {});
  Promise.reject("r2");
}, 1);
setTimeout(() => log("t2"), 1);
busy(4);
