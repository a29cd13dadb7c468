// An immediate of the same batch can be cleared.
const log = console.log;

setImmediate(() => {
  log("a");
  clearImmediate(b);
  process.nextTick(() => clearImmediate(d));
});
const b = setImmediate(() => log("b"));
setImmediate(() => {
  log("c");
  clearImmediate(e);
});
const d = setImmediate(() => log("d"));
const e = setImmediate(() => log("e"));
setImmediate(() => log("f"));
