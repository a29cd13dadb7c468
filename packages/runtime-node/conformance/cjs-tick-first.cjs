// After a CommonJS main script: ticks, then microtasks.
const log = console.log;

Promise.resolve().then(() => log("micro"));
process.nextTick(() => log("tick"));
queueMicrotask(() => log("micro 2"));
log("main");
