// A handler of uncaught exceptions that throws ends the process with 7, without exit listeners.
const log = console.log;

process.on("exit", () => log("never"));
process.on("uncaughtException", () => {
  log("handler");
  throw new Error("again");
});
throw new Error("boom");
