// A microtask that throws does not stop the checkpoint.
const log = console.log;

process.on("uncaughtException", (e) => {
  log("handler", e.message);
  queueMicrotask(() => log("micro of handler"));
});
queueMicrotask(() => {
  log("m1");
  throw new Error("boom");
});
queueMicrotask(() => log("m2"));
process.nextTick(() => log("tick"));
