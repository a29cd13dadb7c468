// An error destroys the streams of a pipeline upstream, then downstream, and the callback comes last.
const { Readable, Writable, Transform, pipeline } = require("node:stream");

const log = console.log;

const tag = (s, n) => s.on("close", () => log(n, "close")).on("error", () => log(n, "error"));
let n = 0;
pipeline(
  tag(
    new Readable({
      objectMode: true,
      read() {
        this.push(++n);
      },
    }),
    "src",
  ),
  tag(
    new Transform({
      objectMode: true,
      transform(c, e, cb) {
        setImmediate(() => (c === 2 ? cb(new Error("bad")) : cb(null, c)));
      },
    }),
    "mid",
  ),
  tag(
    new Writable({
      objectMode: true,
      write(c, e, cb) {
        log("write", c);
        process.nextTick(cb);
      },
    }),
    "dst",
  ),
  (e) => log("callback", e.message),
);
