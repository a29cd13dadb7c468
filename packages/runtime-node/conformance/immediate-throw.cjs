// The rest of a batch of immediates runs in the same check phase when one throws.
const log = console.log;

process.on("uncaughtException", (e) => {
  log("handler", e.message);
  process.nextTick(() => log("tick of handler"));
});
setImmediate(() => {
  process.nextTick(() => log("tick of i1"));
  setImmediate(() => log("i4"));
  log("i1");
  throw new Error("boom");
});
setImmediate(() => log("i2"));
setImmediate(() => log("i3"));
