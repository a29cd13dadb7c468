// With one pool thread completions come in the order of submission, and each drains ticks and microtasks.
const fs = require("node:fs");
const { pbkdf2 } = require("node:crypto");

const log = console.log;

process.env.UV_THREADPOOL_SIZE = "1";
pbkdf2("p", "s", 200000, 32, "sha256", () => {
  log("pbkdf2");
  process.nextTick(() => log("tick"));
});
fs.stat(".", () => {
  log("stat");
  Promise.resolve().then(() => log("micro"));
});
fs.access(".", () => log("access"));
fs.promises.stat(".").then(() => log("promises.stat"));
log("main");
