// process.exit runs the listeners of exit and drops the queues.
const log = console.log;

process.on("exit", (c) => {
  log("exit", c);
  process.exitCode = 9;
});
process.exitCode = 4;
process.nextTick(() => {
  log("tick");
  process.exit();
});
process.nextTick(() => log("never"));
Promise.resolve().then(() => log("never"));
