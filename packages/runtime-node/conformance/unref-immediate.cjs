// An unreferenced immediate neither holds the loop nor keeps the poll from sleeping.
const log = console.log;

const t0 = performance.now();
setImmediate(() => log("immediate", performance.now() - t0 > 15 ? "after the sleep" : "at once")).unref();
setTimeout(() => log("timer"), 20);
