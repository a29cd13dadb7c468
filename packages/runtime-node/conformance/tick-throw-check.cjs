// With no timer due, stranded ticks run before the first immediate.
const log = console.log;

process.on("uncaughtException", (e) => log("handler", e.message));
process.nextTick(() => {
  throw new Error("boom");
});
process.nextTick(() => log("tick 2"));
setImmediate(() => log("immediate"));
