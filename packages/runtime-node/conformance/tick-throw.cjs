// Ticks after one that threw are stranded until the next callback scope closes, here inside the pass of timers.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

process.on("uncaughtException", (e) => log("handler", e.message));
process.nextTick(() => {
  log("tick 1");
  throw new Error("boom");
});
process.nextTick(() => log("tick 2"));
Promise.resolve().then(() => log("micro"));
setTimeout(() => log("timer 1"), 1);
setTimeout(() => log("timer 2"), 1);
busy(4);
