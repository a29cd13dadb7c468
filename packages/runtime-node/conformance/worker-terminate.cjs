// terminate() ends a worker with 1: exit, its ticks, then the promise.
const { Worker } = require("node:worker_threads");

const log = console.log;

const w = new Worker(
  `
    const { parentPort } = require("node:worker_threads");
    setInterval(() => {}, 1000);
    parentPort.postMessage("up");
  `,
  { eval: true },
);
w.on("message", (m) => {
  log(m);
  w.terminate().then((c) => log("terminated", c));
  log("terminate called");
});
w.on("exit", (c) => {
  log("exit", c);
  process.nextTick(() => log("tick"));
});
