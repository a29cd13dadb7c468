// Microtasks that make microtasks keep ticks waiting.
const log = console.log;

let n = 0;
queueMicrotask(function again() {
  if (++n < 1000) return queueMicrotask(again);
  log("micro", n);
});
queueMicrotask(() => process.nextTick(() => log("tick", n)));
setImmediate(() => log("immediate"));
