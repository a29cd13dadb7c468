// An unhandled rejection ends the process with 1, ticks and microtasks first.
const log = console.log;

process.on("uncaughtExceptionMonitor", (e, origin) => log("monitor", e.message, origin));
process.on("exit", (c) => log("exit", c));
setImmediate(() => log("never"));
process.nextTick(() => log("tick"));
Promise.reject(new Error("boom"));
Promise.resolve().then(() => log("micro"));
