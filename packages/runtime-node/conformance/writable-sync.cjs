// After a sync _write the length is 0 again, so write() is true, and the callbacks come in one tick.
const { Writable } = require("node:stream");

const log = console.log;

const w = new Writable({
  highWaterMark: 2,
  write(c, e, cb) {
    log("_write", String(c));
    cb();
  },
});
w.on("drain", () => log("never"));
log(w.write("abc", () => log("cb 1")));
log(w.write("d", () => log("cb 2")));
process.nextTick(() => log("tick"));
log("main");
