// once() goes on two turns after the emit, and the buffered events of on() come one turn apart.
const { EventEmitter, once, on } = require("node:events");

const log = console.log;

const e = new EventEmitter();
(async () => {
  log("once", await once(e, "x"));
})();
(async () => {
  for await (const [x] of on(e, "x")) {
    log("on", x);
    if (x === 2) break;
  }
  log("left", e.listenerCount("x"));
})();
setImmediate(() => {
  e.emit("x", 1);
  e.emit("x", 2);
  Promise.resolve()
    .then(() => log("turn 1"))
    .then(() => log("turn 2"))
    .then(() => log("turn 3"));
  process.nextTick(() => log("tick"));
  log("emitted");
});
