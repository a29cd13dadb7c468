// The ticks of a timer that threw wait until after the next timer.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.on("uncaughtException", (e) => log("handler", e.message));
setTimeout(() => {
  process.nextTick(() => log("tick of t1"));
  Promise.resolve().then(() => log("micro of t1"));
  log("t1");
  throw new Error("boom");
}, 1);
setTimeout(() => log("t2"), 1);
setTimeout(() => log("t3"), 1);
busy(4);
