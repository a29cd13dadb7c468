// What a worker posts from its queues arrives in order, and exit comes last.
const { Worker } = require("node:worker_threads");

const log = console.log;

const w = new Worker(
  `
    const { parentPort } = require("node:worker_threads");
    parentPort.postMessage("sync");
    process.nextTick(() => parentPort.postMessage("tick"));
    Promise.resolve().then(() => parentPort.postMessage("micro"));
    setImmediate(() => {
      parentPort.postMessage("immediate");
      process.exit(7);
      parentPort.postMessage("never");
    });
  `,
  { eval: true },
);
w.on("online", () => log("online"))
  .on("message", (m) => log(m))
  .on("exit", (c) => log("exit", c));
log("created");
