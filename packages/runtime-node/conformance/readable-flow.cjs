// A stream resumes in a tick, and a sync source is pumped inside of it.
const { Readable } = require("node:stream");

const log = console.log;

let n = 0;
const r = new Readable({
  objectMode: true,
  highWaterMark: 2,
  read() {
    log("_read");
    this.push(n < 3 ? n++ : null);
  },
});
r.on("data", (d) => log("data", d))
  .on("end", () => log("end"))
  .on("close", () => log("close"));
process.nextTick(() => log("tick"));
Promise.resolve().then(() => log("micro"));
log("main");
