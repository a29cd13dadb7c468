// Ticks and microtasks are drained between two timers.
const log = console.log;
const busy = (ms) => {
  const e = performance.now() + ms;
  while (performance.now() < e);
};

for (const n of [1, 2])
  setTimeout(() => {
    log("timer", n);
    Promise.resolve().then(() => log("micro", n));
    process.nextTick(() => log("tick", n));
  }, 1);
busy(5);
