// Promises do not keep the process alive, and finally blocks are abandoned.
const log = console.log;

(async () => {
  try {
    log("waiting");
    await new Promise(() => {});
  } finally {
    log("never");
  }
})();
process.on("exit", (c) => log("exit", c));
