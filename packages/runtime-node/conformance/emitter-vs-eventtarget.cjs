// emit() lets an error through; dispatchEvent() reports it in a tick and goes on with the next listener.
const { EventEmitter } = require("node:events");

const log = console.log;

process.on("uncaughtException", (e) => log("handler", e.message));
const t = new EventTarget();
const e = new EventEmitter();
t.addEventListener("x", () => {
  log("t1");
  throw new Error("target");
});
t.addEventListener("x", () => log("t2"));
e.on("x", () => {
  log("e1");
  e.off("x", e2);
  e.on("x", () => log("never"));
});
e.on("x", e2);
function e2() {
  log("e2");
  throw new Error("emitter");
}
e.on("x", () => log("never"));
setImmediate(() => {
  t.dispatchEvent(new Event("x"));
  log("dispatched");
  e.emit("x");
  log("never");
});
setImmediate(() => log("next immediate"));
