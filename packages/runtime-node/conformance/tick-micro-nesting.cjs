// Ticks are exhausted before microtasks, and microtasks before the ticks that they make.
const log = console.log;

process.nextTick(() => {
  log("tick 1");
  queueMicrotask(() => {
    log("micro 1");
    process.nextTick(() => log("tick 3"));
    queueMicrotask(() => log("micro 2"));
  });
  process.nextTick(() => log("tick 2"));
});
setImmediate(() => log("immediate"));
