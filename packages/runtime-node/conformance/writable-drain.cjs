// The callback of an async _write comes after the flush of the buffer; drain, when the length is 0, precedes it.
const { Writable } = require("node:stream");

const log = console.log;

const w = new Writable({
  highWaterMark: 4,
  write(c, e, cb) {
    log("_write", String(c));
    setImmediate(cb);
  },
});
w.on("drain", () => log("drain"))
  .on("finish", () => log("finish"))
  .on("close", () => log("close"));
log(w.write("ab", () => log("cb ab")));
log(w.write("cd", () => log("cb cd")));
w.once("drain", () => {
  log(w.write("e"));
  w.end(() => log("end cb"));
});
