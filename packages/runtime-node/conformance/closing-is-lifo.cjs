// Closing handles are a stack, and every close callback drains ticks.
const { MessageChannel } = require("node:worker_threads");

const log = console.log;

const cs = ["a", "b", "c"].map((n) => {
  const c = new MessageChannel();
  c.port1.on("close", () => {
    log("close", n);
    process.nextTick(() => log("tick", n));
  });
  return c;
});
setImmediate(() => {
  for (const c of cs) c.port1.close();
  setImmediate(() => log("immediate"));
});
